"""A printed page as text: nothing is lost, articles are proposed, repeats are marked."""

import json
import random
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from sources.formats.newspaper.printed_page import body_html, lay_out, looks_like, read
from sources.formats.raw_article import Page, Unreadable

CORPUS = Path(__file__).parent.parent.parent / "corpus" / "newspaper"
CASES = sorted(CORPUS.glob("*.json"))
PROSE = "渡口的老船工摇了三十年橹，河上的桥通车以后，他把船漆成蓝色，留给孩子们看。"


def read_text(text):
    *articles, page = read(text.encode(), "page.txt")
    return articles, page


@pytest.mark.parametrize("sidecar", CASES, ids=lambda path: path.stem)
def test_the_page_is_laid_out_as_the_sidecar_says(sidecar):
    case = json.loads(sidecar.read_text())
    *articles, page = read(sidecar.with_suffix(".in").read_bytes(), case["name"])
    assert len(articles) == len(case["articles"])
    for raw, proposal, wanted in zip(articles, page.articles, case["articles"], strict=True):
        found = {
            "blocks": proposal["blocks"],
            "edition_date": raw.edition_date and raw.edition_date.isoformat(),
        }
        assert {key: found.get(key, getattr(raw, key, None)) for key in wanted} == wanted
        assert (proposal["title"], proposal["byline"]) == (raw.title, raw.byline)
        assert not any(words in raw.body_html for words in case.get("lacks", ()))
        assert case.get("has_problem", "OCR 版面拆出") in "\n".join(problem.text for problem in raw.problems)
    assert any(case["has_text"] in raw.plain.text for raw in articles)
    laid_out = json.loads(json.dumps(asdict(page)))
    assert {key: laid_out[key] for key in ("repeats", "left_over", "variants")} == {"variants": {}} | {
        key: case[key] for key in ("repeats", "left_over", "variants") if key in case
    }


def assert_nothing_is_lost(text):
    page = lay_out(text)
    assert "".join(page.blocks) == (text if text.strip() else "")
    dealt = [number for one in page.articles for number in one["blocks"]]
    dealt += [*page.repeats, *page.left_over]
    assert sorted(dealt) == list(range(1, len(page.blocks) + 1))
    assert not page.repeats.keys() & set(page.repeats.values())


@pytest.mark.parametrize("seed", range(40))
def test_shuffled_pages_lose_no_character_and_deal_every_block_once(seed):
    chance = random.Random(seed)
    pages = (path.read_bytes().decode("utf-8", "replace") for path in sorted(CORPUS.glob("*.in")))
    blocks = [block for text in pages for block in lay_out(text).blocks]
    assert_nothing_is_lost("".join(chance.choices(blocks, k=chance.randint(0, 60))))


@pytest.mark.parametrize("seed", range(40))
def test_pages_of_mere_signs_lose_no_character_and_deal_every_block_once(seed):
    chance = random.Random(seed)
    signs = "渡口桥□■ 记者本报讯电**——。，“”（）1版2031年5月6日\n\n\n\r\t#：\u3000\x0c\u2028<p>&"
    for _ in range(20):
        assert_nothing_is_lost("".join(chance.choices(signs, k=chance.randint(0, 150))))


def test_line_ends_and_blanks_of_every_kind_stay_in_the_blocks():
    assert_nothing_is_lost("\r\n\r\n 渡口\r\n\u3000\r\n" + PROSE + "\n\n\n\n \n末行没有换行")


@pytest.mark.parametrize("data", [b"", b" \r\n\t", "\ufeff\u3000\n".encode(), b"\0\0\0PK", b"\0"])
def test_what_holds_no_text_is_unreadable(data):
    with pytest.raises(Unreadable):
        list(read(data, "page.txt"))


def test_each_article_is_a_part_with_its_own_bytes_and_goes_to_review():
    articles, _ = read_text((CORPUS / "small-stories.in").read_text())
    assert [raw.part for raw in articles] == ["1", "2", "3"]
    assert "石匠师傅" in articles[1].raw.decode() and "石匠师傅" not in articles[0].raw.decode()
    assert all(raw.problems and raw.published_at is None for raw in articles)


def test_our_own_paper_names_no_outlet_but_the_editor_is_told_who_signs_elsewhere_on_the_page():
    articles, _ = read_text((CORPUS / "small-stories.in").read_text())
    assert [raw.outlet for raw in articles] == ["", "石城晚报", ""]
    assert any("石城晚报" in problem.text for problem in articles[0].problems)
    assert not any("来源" in problem.text for problem in articles[1].problems)


def test_bold_and_numbered_heads_are_told_apart():
    text = f"# 渡口\n\n**□ 记者 方小禾**\n\n{PROSE}\n\n**桥通以后\n船去哪里**\n\n{PROSE[5:]}\n\n# 夜市\n\n{PROSE[9:]}"
    articles, _ = read_text(text)
    assert [(raw.title, raw.byline) for raw in articles] == [("渡口", "方小禾"), ("夜市", "")]
    assert "<h3>桥通以后 船去哪里</h3>" in articles[0].body_html and "**" not in articles[0].body_html


def test_a_label_or_a_short_line_that_stands_twice_is_no_repeat_but_prose_is():
    text = (
        f"渡口\n\n□ 记者 方小禾\n\n截至年底——\n\n桥通了。\n\n{PROSE}\n\n截至年底——\n\n桥通了。\n\n{PROSE}\n"
    )
    assert lay_out(f"{text}\n又是一年。").repeats == {8: 5}


def test_an_ocr_slip_makes_a_variant_and_no_repeat():
    page = lay_out(f"渡口\n\n□ 记者 方小禾\n\n{PROSE}\n\n{PROSE.replace('三十', '二十')}\n")
    assert (page.repeats, page.variants, page.left_over) == ({}, {4: 3}, [])


def test_two_printed_lines_are_a_paragraph_of_the_pages_column():
    printed = (
        "北坡村盼了二十年的水渠昨天\n通水，清水沿着新砌的石槽流\n进了每一块田，老人们蹲在渠\n边，捧起来喝。"
    )
    short = "村支书说，修渠用了两年时间\n，石头是背上山的。"
    articles, page = read_text(
        f"水渠通到家门口\n\n□ 本报记者 周舟\n\n{printed}\n\n{short}\n\n水渠边的\n老人\n"
    )
    assert "<p>村支书说，修渠用了两年时间，石头是背上山的。</p>" in articles[0].body_html
    assert "<h3>村支书" not in articles[0].body_html
    assert [block.strip() for block in page.blocks[-2:]] == [
        "水渠边的",
        "老人",
    ]  # no full line: nothing is known


def test_lines_under_a_head_are_no_heads_but_what_stands_over_text_is_one():
    lines = "潮水时刻\n\n今天早潮 6点\n\n今天晚潮 18点\n\n明天早潮 7点"
    articles, _ = read_text(f"渡口\n\n□ 记者 方小禾\n\n{PROSE}\n\n桥通以后\n\n{PROSE[5:]}\n\n{lines}\n")
    assert "<h3>桥通以后</h3>" in articles[0].body_html and "<h3>潮水时刻</h3>" in articles[0].body_html
    assert "<p>今天早潮 6点</p>" in articles[0].body_html and "<p>明天早潮 7点</p>" in articles[0].body_html


def test_a_sentence_that_breaks_off_for_good_is_named_to_the_editor():
    articles, _ = read_text(f"渡口\n\n□ 记者 方小禾\n\n{PROSE}\n\n{PROSE[:-6]}\n\n“他说，船还能走。”\n")
    assert any("第 4 段没有写完" in problem.text for problem in articles[0].problems)
    assert not any("第 3 段" in problem.text for problem in articles[0].problems)


def test_an_impossible_day_in_the_margin_is_no_edition_date():
    articles, _ = read_text(f"石城晚报 2031年2月30日 星期二\n\n渡口\n\n□ 记者 方小禾\n\n{PROSE}\n")
    assert articles[0].edition_date is None
    articles, _ = read_text(f"石城晚报 2031年2月20日 星期二\n\n渡口\n\n□ 记者 方小禾\n\n{PROSE}\n")
    assert articles[0].edition_date == date(2031, 2, 20) and articles[0].published_at is None


def test_markup_in_a_page_is_text_and_never_html():
    articles, _ = read_text(
        f"渡口\n\n□ 记者 方小禾\n\n<script>alert(1)</script>{PROSE}\n\n■<b onclick=x>一项</b>\n"
    )
    assert "<script" not in articles[0].body_html and "<b " not in articles[0].body_html
    assert "&lt;script&gt;" in articles[0].body_html


def test_an_editor_may_compose_the_body_of_any_blocks_in_any_order():
    page = lay_out((CORPUS / "lead-before-headline.in").read_text())
    assert "在茶园边上" in body_html(page.blocks, [15, 20])
    assert body_html(page.blocks, [20, 15]).count("<p>") == 2
    assert body_html(page.blocks, [13, 14]).startswith("<ul>\n<li>青岭镇")


def test_a_page_looks_like_one_and_a_scrape_or_a_post_does_not():
    page = (CORPUS / "lead-before-headline.in").read_text()
    assert looks_like(page)
    assert not looks_like(page.replace("\n", ""))
    assert not looks_like(f"---\ntitle: x\n---\n{page}")
    assert not looks_like("\n\n".join([PROSE] * 20))


def test_the_real_page_gives_its_two_lead_stories_and_its_thirteen_repeats(corpus):
    data = (corpus / "seeds" / "chongqing-ribao-page.txt").read_bytes()
    *articles, page = read(data, "page.txt")
    assert [(raw.byline, raw.outlet) for raw in articles] == [("黄光红", "重庆日报"), ("", "")]
    assert [raw.title.split()[-1][:4] for raw in articles] == ["重庆打好", "“智融惠"]
    assert 16 in page.articles[1]["blocks"] and 70 in page.articles[0]["blocks"]
    assert isinstance(page, Page) and "".join(page.blocks).encode() == data
    assert page.repeats == {number: number - 13 for number in range(87, 100)}
    assert page.left_over == []
