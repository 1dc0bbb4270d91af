"""A printed page's own line gives outlet, day and page, and is part of no article."""

from datetime import date

import pytest

from sources.formats.newspaper.printed_page import read
from sources.text.printed.mastheads import read_masthead

STORY = "渡口通了桥\n\n□ 记者 方小禾\n\n渡口的老船工摇了三十年橹，河上的桥通车以后，他把船漆成蓝色。"
DAY = date(2031, 5, 6)


def first(text: str):
    *articles, page = read(text.encode(), "page.txt")
    assert "".join(page.blocks) == text and len(articles) == 1
    return articles[0]


@pytest.mark.parametrize(
    "line, day, number, paper",
    [
        ("石城晚报 2031年5月6日 星期二 第3版", DAY, "3", "石城晚报"),
        ("石城晚报 | 2031-05-06 | 版次：03", DAY, "03", "石城晚报"),
        ("石城晚报　2031.5.6　星期二　A3", DAY, "A3", "石城晚报"),
        ("版次 A03 2031年5月6日 石城晚报", DAY, "A03", "石城晚报"),
        ("第3版 2031年5月6日 石城晚报", DAY, "3", "石城晚报"),
        ("第十二版 2031年5月6日 石城晚报", DAY, "12", "石城晚报"),
        ("【2031-05-06 第03版:经济】", DAY, "03", ""),
        ("A06 石城商报 2031年5月6日 星期二 版次：A06", DAY, "A06", "石城商报"),
        ("经济 03 石城晚报 2031年5月6日 星期二 编辑：何川 校对：苏晴", DAY, "03", "石城晚报"),
        ("石城晚报 2031年5月6日 星期二 农历辛亥年闰三月十五 第8123期 今日16版", DAY, "", "石城晚报"),
        ("石城晚报", None, "", "石城晚报"),
        ("石城晚报\n\n2031年5月6日 星期二\n\n第B2版 上市公司\n\n要闻", DAY, "B2", "石城晚报"),
    ],
)
@pytest.mark.parametrize("at_the_foot", [False, True], ids=["head", "foot"])
def test_a_masthead_is_read_and_no_article(line, day, number, paper, at_the_foot):
    lines = line.split("\n\n")
    if at_the_foot and len(lines) > 1:
        return
    raw = first(f"{STORY}\n\n{line}\n" if at_the_foot else f"{line}\n\n{STORY}\n")
    assert (raw.edition_date, raw.page, raw.outlet) == (day, number, paper)
    assert raw.title == "渡口通了桥" and line not in raw.plain.text


@pytest.mark.parametrize(
    "headline",
    ["天气预报", "三家公司发布年报", "2031年5月6日起渡口免费", "渡口 桥", "经济"],
)
def test_a_headline_is_no_masthead(headline):
    raw = first(
        f"{headline}\n\n□ 记者 方小禾\n\n渡口的老船工摇了三十年橹，河上的桥通车以后，他把船漆成蓝色。\n"
    )
    assert (raw.title, raw.outlet, raw.page) == (headline, "", "")


def test_a_papers_name_in_the_middle_of_a_page_is_no_masthead():
    raw = first(f"{STORY}\n\n石城晚报\n\n{STORY[-20:]}\n\n{STORY[-24:]}\n\n船到岸了。\n")
    assert raw.outlet == "" and "石城晚报" in raw.plain.text


@pytest.mark.parametrize(
    "line", ["", "。", "渡口通了桥，老船工把船漆成蓝色", "石城晚报" * 30, "2031年5月6日，他走了"]
)
def test_a_line_that_says_more_is_no_masthead(line):
    assert read_masthead(line) is None
