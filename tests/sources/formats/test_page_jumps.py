"""A sentence that breaks off at the foot of a column goes on where it belongs, or nowhere."""

import pytest

from sources.formats.newspaper.printed_page import body_html, lay_out, read

SHIPYARD = "造船厂今年订单排满\n\n□ 本报记者 林越\n\n造船厂的船台今年一天也没有空过，十二艘货轮同时开工，订单排到后年。"
ORCHARD = (
    "果园装上了新水管\n\n□ 本报记者 苏晴\n\n山上的果园去年旱死了三百棵梨树，今年果农凑钱装上了滴灌水管。"
)


def page(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"


def read_text(text: str):
    *articles, laid_out = read(text.encode(), "page.txt")
    assert "".join(laid_out.blocks) == text
    return articles, laid_out


def paragraphs(raw) -> list[str]:
    return raw.plain.text.split("\n")


def two_stories(*after: str, ship_end: str, orchard_end: str):
    top = [SHIPYARD, ship_end, ORCHARD, orchard_end]
    return read_text(page(*top, *after))


def test_two_stories_cut_within_a_word_each_get_their_own_ending():
    ship, orchard = two_stories(
        "接工人，仍然赶不上交船的日子。",
        "造船厂说，明年还要再添一座船台，货轮可以造得更大。",
        "费，每亩只有四十元。",
        "果农打算明年把滴灌水管铺到东坡的梨树下。",
        ship_end="车间主任说，工人三班倒，厂里又从外地招来了六十名焊",
        orchard_end="村里的会计说，水管由县里补贴一半，果农自己只出了水",
    )[0]
    assert "厂里又从外地招来了六十名焊接工人，仍然赶不上交船的日子。" in paragraphs(ship)[1]
    assert "果农自己只出了水费，每亩只有四十元。" in paragraphs(orchard)[1]
    assert "货轮可以造得更大" in ship.plain.text and "东坡的梨树" in orchard.plain.text
    assert "水接工人" not in orchard.plain.text
    assert not any("没有找到" in problem.text for problem in ship.problems + orchard.problems)


def test_a_sentence_cut_between_two_words_goes_on_behind_a_whole_other_story():
    ship, orchard = two_stories(
        "全市货轮出口的主力。",
        "造船厂统计，今年货轮出口比去年多了四艘，船台一直满负荷。",
        ship_end="厂长介绍，从去年起，厂里造的货轮全部卖到国外，已经成为",
        orchard_end="果农周守田说，水管装好以后，梨树的叶子一天比一天绿。",
    )[0]
    assert "全部卖到国外，已经成为全市货轮出口的主力。" in paragraphs(ship)[1]
    assert "今年货轮出口比去年多了四艘" in ship.plain.text
    assert "货轮" not in orchard.plain.text


def test_an_open_quote_goes_on_where_it_is_closed():
    ship, orchard = two_stories(
        "平安”。",
        "造船厂的船台旁还挂着十年前的旧照片，货轮那时要小得多。",
        ship_end="老师傅在每艘货轮的船头漆上四个字：“一路",
        orchard_end="果农周守田说，水管装好以后，梨树的叶子一天比一天绿。",
    )[0]
    assert "老师傅在每艘货轮的船头漆上四个字：“一路平安”。" in paragraphs(ship)
    assert "平安" not in orchard.plain.text


def test_what_stands_right_behind_is_no_ending_when_it_opens_a_sentence_of_its_own():
    articles, _ = two_stories(
        "日前，气象台发布消息，本周山区有雨。",
        ship_end="车间主任说，工人三班倒，船台上灯火通明。",
        orchard_end="村里的会计说，水管由县里补贴一半，果农自己只出了",
    )
    orchard = articles[1]
    assert paragraphs(orchard)[1].endswith("果农自己只出了")
    assert any("没有写完" in problem.text and "没有找到续文" in problem.text for problem in orchard.problems)


def test_an_ending_whose_beginning_is_not_on_the_page_is_named_and_joined_to_nothing():
    articles, laid_out = two_stories(
        "，仍然赶不上渡船的班次。",
        ship_end="车间主任说，工人三班倒，船台上灯火通明。",
        orchard_end="果农周守田说，水管装好以后，梨树的叶子一天比一天绿。",
    )
    said = [problem for raw in articles for problem in raw.problems]
    assert any("从句子中间开始" in problem.text and "没有找到上文" in problem.text for problem in said)
    assert not any("绿。，仍然" in raw.plain.text for raw in articles)


def test_behind_a_jump_each_paragraph_stays_with_the_story_it_speaks_of():
    ship, orchard = two_stories(
        "全市货轮出口的主力。",
        "造船厂统计，今年货轮出口比去年多了四艘，船台一直满负荷。",
        "果农们商量，明年把滴灌水管铺到东坡，再种两百棵梨树。",
        ship_end="厂长介绍，从去年起，厂里造的货轮全部卖到国外，已经成为",
        orchard_end="果农周守田说，水管装好以后，梨树的叶子一天比一天绿。",
    )[0]
    assert "东坡" in orchard.plain.text and "东坡" not in ship.plain.text
    assert "比去年多了四艘" in ship.plain.text


def test_each_end_has_one_ending_and_each_ending_one_end():
    laid_out = lay_out(page(*(f"渡口的老船工摇了三十年橹，河上的桥通车以后第{i}年，他把" for i in range(30))))
    dealt = [number for one in laid_out.articles for number in one["blocks"]]
    assert sorted([*dealt, *laid_out.left_over, *laid_out.repeats]) == list(range(1, 31))


@pytest.mark.parametrize("proposed, paragraphs", [((), 1), (([1, 2],), 2)])
def test_what_an_editor_puts_behind_a_broken_sentence_is_its_ending_but_not_what_stood_there(
    proposed, paragraphs
):
    blocks = [
        "从外地来的客商看中了坡上的梨树，当场签下了",
        "周守田的狗跟着客商走了一路，天黑了才自己跑回村里来。",
        "会计又数了一遍。",
    ]
    assert body_html(blocks, [1, 2], proposed).count("<p>") == paragraphs
    assert body_html(blocks, [3, 2], proposed).count("<p>") == 2


def test_what_goes_on_on_another_page_is_joined_to_nothing_on_this_one():
    articles, _ = two_stories(
        "，仍然赶不上交船的日子。",
        ship_end="车间主任说，工人三班倒，厂里又从外地招来了六十名（下转6版）",
        orchard_end="果农周守田说，水管装好以后，梨树的叶子一天比一天绿。",
    )
    assert not any("六十名，仍然" in raw.plain.text for raw in articles)
    assert any("六十名（下转6版）" in paragraph for raw in articles for paragraph in paragraphs(raw))


def test_half_a_character_in_a_broken_sentence_stops_nothing():
    broken = "车间主任说，工人三班倒，厂里又从外地招来了六十名\ud83d焊"
    laid_out = lay_out(page(SHIPYARD, broken, ORCHARD, "\ude00接工人，仍然赶不上交船的日子。"))
    assert broken in [block.strip() for block in laid_out.blocks]


def test_what_comes_from_another_page_is_left_over_and_in_no_article_of_this_one():
    text = page(SHIPYARD, "（上接1版）", "各镇都要管好渡口，汛期里不许夜航。", ORCHARD)
    articles, laid_out = read_text(text)
    assert not any("夜航" in raw.plain.text for raw in articles)
    assert [laid_out.blocks[number - 1].strip() for number in laid_out.left_over] == [
        "（上接1版）",
        "各镇都要管好渡口，汛期里不许夜航。",
    ]
