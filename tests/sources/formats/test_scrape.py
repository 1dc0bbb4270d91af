"""A page scraped into one line: title, one lead, paragraphs, and no word lost. Its corpus is read by test_formats."""

import pytest

from sources.formats.raw_article import Unreadable
from sources.formats.scrape.scraped_line import cut_head, looks_like, read

LEAD = "5月18日，澜江银行在澜州召开座谈会，三十位种粮大户到场。主要内容如下："
REST = "会上先看了一段短片。" * 40
TITLE = "澜江银行扎根乡村服务种粮大户"


def read_text(text):
    (raw,) = read(text.encode(), "page.txt")
    return raw


def words_of(text):
    return "".join(text.split())


def test_the_repeated_lead_stands_once_and_no_other_word_is_lost():
    raw = read_text(f"{LEAD}原标题：{TITLE}{LEAD}{REST}")
    assert (raw.title, raw.original_title) == (TITLE, TITLE)
    assert words_of(raw.plain.text) == words_of(LEAD + REST)
    assert raw.body_html.startswith(f"<p>{LEAD}</p>")


def test_a_lead_cut_short_with_dots_gives_way_to_the_whole_one():
    raw = read_text(f"{LEAD[:30]}……原标题：{TITLE}{LEAD}{REST}")
    assert raw.title == TITLE
    assert words_of(raw.plain.text) == words_of(LEAD + REST)


def test_what_stands_before_the_first_lead_stays():
    raw = read_text(f"首页 > 要闻 {LEAD}原标题：{TITLE}{LEAD}{REST}")
    assert raw.title == TITLE
    assert words_of(raw.plain.text) == words_of(f"首页>要闻{LEAD}{REST}")


def test_two_leads_that_differ_both_stay():
    other = LEAD.replace("三十位", "四十位")
    raw = read_text(f"{LEAD}原标题：{TITLE}{other}{REST}")
    assert raw.title == TITLE
    assert "三十位" in raw.plain.text and "四十位" in raw.plain.text
    assert any("写法不同" in problem.text for problem in raw.problems)


def test_a_year_is_never_guessed_but_the_bare_day_is_noted():
    raw = read_text(f"{LEAD}原标题：{TITLE}{LEAD}{REST}")
    assert raw.published_at is None
    assert any("5月18日" in note for note in raw.notes)
    assert any("没有日期" in problem.text for problem in raw.problems)


@pytest.mark.parametrize(
    "stamp, day",
    [
        ("发布时间：2021-05-06", "2021-05-06"),
        ("2021年5月6日 来源：石城晚报 ", "2021-05-06"),
        ("2021年5月6日，桥通车了。", None),
        ("发布时间：2021-05-06 发布时间：2021-05-07", None),
        ("发布时间：2021-13-06", None),
    ],
)
def test_only_a_day_that_is_labelled_once_is_the_day_of_publication(stamp, day):
    at = read_text(f"{stamp} {REST}").published_at
    assert (at and at.date().isoformat()) == day


def test_an_outlet_is_taken_only_from_a_credit_or_a_named_source():
    assert read_text(f"来源：石城晚报 {REST}").outlet == "石城晚报"
    assert read_text(f"{REST}（文章来源：石城晚报）").outlet == "石城晚报"
    assert read_text(f"{REST}数据来源：石城统计局 {REST}").outlet == ""
    raw = read_text(f"石城晚报说，桥通了。{REST}")
    assert raw.outlet == "" and any("来源" in problem.text for problem in raw.problems)


def test_paragraphs_end_with_sentences_and_quotes_stay_whole():
    raw = read_text(f"{REST}有人问：“贷款要跑几趟？跑到哪里？一共几天？”经理答一趟。{REST}")
    assert any("“贷款要跑几趟？跑到哪里？一共几天？”" in line for line in raw.body_html.split("\n"))
    assert raw.body_html.count("<p>") >= 5
    assert all(line.endswith(("。</p>", "”</p>")) for line in raw.body_html.split("\n"))


@pytest.mark.parametrize(
    "sentence, head",
    [
        ("降低门槛，让种粮大户贷得到款首先，该行取消了抵押。", "降低门槛，让种粮大户贷得到款"),
        (
            "扎根乡村二十年成为种粮大户的伙伴党的二十大以来，网点开到了乡镇。",
            "扎根乡村二十年成为种粮大户的伙伴",
        ),
        (
            "澜江银行扎根乡村，提升服务种粮大户本领为更好地服务春耕，该行加了人手。",
            "澜江银行扎根乡村，提升服务种粮大户本领",
        ),
        ("澜江银行扎根乡村三十年的老支行为更好地服务春耕，加了人手。", ""),
        ("自党的二十大以来，网点开到了乡镇。", ""),
        ("我们首先，要感谢农户。", ""),
        ("面对早春的低温和连日的阴雨天气首先，要保住秧苗。", ""),
        ("会议指出，要修路，要架桥，要通水首先，要有图纸。", ""),
    ],
)
def test_a_head_is_cut_off_only_where_the_next_sentence_surely_begins(sentence, head):
    found, rest = cut_head(sentence, TITLE)
    assert found == head
    assert found + rest == sentence


def test_lines_of_a_text_that_has_many_are_kept_as_its_paragraphs():
    lines = [f"第{number}回，" + "船过了一座又一座桥，" * 15 + "天就亮了。" for number in range(8)]
    assert read_text("\n".join(lines)).plain.text == "\n".join(lines)


def test_markup_in_a_scrape_is_text_and_never_html():
    raw = read_text(f"<script>alert(1)</script>{REST}")
    assert "<script" not in raw.body_html and "&lt;script&gt;" in raw.body_html


@pytest.mark.parametrize("data", [b"", b" \r\n", "\ufeff\u3000".encode(), b"\0", b"PK\0\0"])
def test_what_holds_no_text_is_unreadable(data):
    with pytest.raises(Unreadable):
        list(read(data, "page.txt"))


def test_a_scrape_looks_like_one_and_other_texts_do_not():
    assert looks_like(f"{LEAD}原标题：{TITLE}{LEAD}{REST}")
    assert looks_like(REST)
    assert not looks_like(LEAD)
    assert not looks_like("\n".join([LEAD * 10] * 12))
    assert not looks_like(f"<html><p>{REST}</p></html>")


def test_the_real_scrape_gives_title_paragraphs_and_every_word(corpus):
    data = (corpus / "seeds" / "bohai-bank-scrape.txt").read_bytes()
    (raw,) = read(data, "bohai.txt")
    before, _, after = data.decode().partition("原标题：")
    assert raw.title and after.startswith(raw.title + before)
    assert words_of(raw.plain.text) == words_of(after.removeprefix(raw.title))
    assert raw.plain.text.count(before) == 1
    assert raw.body_html.count("<p>") >= 12 and raw.body_html.count("<h3>") == 3
    assert raw.published_at is None and raw.outlet == "" and raw.problems


# ------------------------------------------------------------------ what stands under the title, and below the text
DAY, OUTLET, NAMES = "2021年5月6日 08:15", "来源：石城晚报", "本报记者 何思远 林小川"


@pytest.mark.parametrize("glue", ["", " "])
@pytest.mark.parametrize(
    "under, day, outlet, byline",
    [
        (f"{DAY} {OUTLET} ", "2021-05-06", "石城晚报", ""),
        ("2021-05-06 08:15 ", "2021-05-06", "", ""),
        (f"{OUTLET} ", None, "石城晚报", ""),
        (f"{NAMES} ", None, "", "何思远 林小川"),
        (f"发布时间：2021-05-06 | {OUTLET} | 作者：何思远 ", "2021-05-06", "石城晚报", "何思远"),
    ],
)
def test_what_stands_under_a_title_is_no_part_of_it(glue, under, day, outlet, byline):
    for text in (f"{LEAD}原标题：{TITLE}{glue}{under}{LEAD}{REST}", f"{TITLE}\n{under}\n{LEAD}{REST}"):
        raw = read_text(text)
        assert (raw.title, raw.outlet, raw.byline) == (TITLE, outlet, byline)
        assert (raw.published_at and raw.published_at.date().isoformat()) == day
        assert raw.body_html.startswith(f"<p>{LEAD}") and words_of(raw.plain.text) == words_of(LEAD + REST)


def test_words_that_could_be_a_name_stay_with_the_text():
    raw = read_text(f"{TITLE}\n本报记者 何思远 近日走访了渡口。{REST}")
    assert words_of(raw.plain.text) == words_of(f"本报记者 何思远 近日走访了渡口。{REST}")


def test_a_bare_day_under_a_title_is_noted_and_no_year_guessed():
    raw = read_text(f"{LEAD}原标题：{TITLE} 12-10 08:15 来源：石城网 {LEAD}{REST}")
    assert (raw.title, raw.outlet, raw.published_at) == (TITLE, "石城网", None)
    assert any("12-10" in note for note in raw.notes)


@pytest.mark.parametrize(
    "tail",
    [
        "相关新闻：旧桥拆了 2021-03-05 来源：渝州晨报 更多",
        " 相关阅读 旧桥拆了 发布时间：2021-03-05 来源：渝州晨报 ",
        "旧桥拆了 2021-03-05 来源：渝州晨报 更多",
    ],
)
def test_day_and_outlet_of_other_news_below_are_not_the_article_s(tail):
    raw = read_text(f"{LEAD}原标题：{TITLE}{LEAD}{REST}{tail}")
    assert (raw.published_at, raw.outlet) == (None, "")
    assert words_of(raw.plain.text) == words_of(LEAD + REST + tail)


def test_other_news_below_are_no_editor_and_stand_apart():
    raw = read_text(f"{LEAD}原标题：{TITLE}{LEAD}{REST}责任编辑：何思远 相关阅读 旧桥拆了")
    assert raw.editor == "何思远"
    assert raw.body_html.endswith("<p>相关阅读 旧桥拆了</p>")
    assert any("文末" in problem.text for problem in raw.problems)


def test_words_about_other_news_in_a_sentence_are_the_article_s():
    assert read_text(f"{REST}会上还放了相关新闻报道。{REST}").body_html.count("相关新闻报道") == 1
    assert not any("文末" in one.text for one in read_text(f"{REST}相关新闻发布会开了三场。{REST}").problems)


# ------------------------------------------------------------------ where 原标题 stands elsewhere
BODY = "".join(f"会上放了第{number}段短片，讲的是第{number}座桥怎么通的车。" for number in range(24))


@pytest.mark.parametrize(
    "text, editor",
    [
        (f"{BODY}（原标题：{TITLE}）责任编辑：何思远", "何思远"),
        (f"{BODY}【原标题：{TITLE}】（责任编辑：何思远）", "何思远"),
        (f"{BODY}原标题：{TITLE}", ""),
        (f"{BODY} 原标题：{TITLE} 责任编辑：何思远 SN042", "何思远"),
    ],
)
def test_a_title_named_at_the_end_is_the_title_and_the_text_has_its_paragraphs(text, editor):
    raw = read_text(text)
    assert (raw.title, raw.original_title, raw.editor) == (TITLE, TITLE, editor)
    assert words_of(raw.plain.text) == words_of(BODY)
    assert raw.body_html.count("<p>") >= 3


@pytest.mark.parametrize(
    "before", [TITLE, f"{TITLE}_要闻_石城网", f"{TITLE} {LEAD}", f"{TITLE} {DAY} {OUTLET} {LEAD}"]
)
def test_title_and_lead_before_the_label_are_their_second_copies(before):
    raw = read_text(f"{before}原标题：{TITLE}{'' if LEAD not in before else ' '}{LEAD}{BODY}")
    assert raw.title == TITLE
    assert words_of(raw.plain.text) == words_of(LEAD + BODY)


def test_a_lead_that_breaks_off_within_a_word_gives_way_to_the_whole_one():
    for text in (f"{LEAD[:30]}{LEAD}{BODY}", f"{LEAD[:30]}原标题：{TITLE}{LEAD}{BODY}"):
        raw = read_text(text)
        assert words_of(raw.plain.text) == words_of(LEAD + BODY)
        assert LEAD in raw.plain.text.split("\n")[0]


def test_a_year_before_the_second_lead_is_the_lead_s():
    raw = read_text(f"{LEAD}原标题：{TITLE}2021年{LEAD}{BODY}")
    assert raw.title == TITLE and raw.plain.text.startswith(f"2021年{LEAD}")
