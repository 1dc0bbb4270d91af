"""Who signs a piece of a printed page: in brackets, written as one, in the dateline, at the end."""

import pytest

from sources.formats.newspaper.printed_page import read

TEXT = "渡口的老船工摇了三十年橹，河上的桥通车以后，他把船漆成蓝色，留给孩子们看。"
MORE = "夜市搬进了旧厂房，六十个摊位摆得满满当当，每晚营业到十一点。"


def read_text(*blocks: str):
    *articles, page = read(("\n\n".join(blocks) + "\n").encode(), "page.txt")
    return articles


@pytest.mark.parametrize(
    "line, names",
    [
        ("（本报记者 林越）", "林越"),
        ("【本报记者 林越】", "林越"),
        ("(记者 林越 通讯员 苏晴)", "林越 苏晴"),
        ("（记者林越）", "林越"),
        ("本报记者林越 苏晴", "林越 苏晴"),
        ("本报记者林越、苏晴", "林越 苏晴"),
        ("本报驻渡口首席记者 林越 实习生 苏晴", "林越 苏晴"),
    ],
)
def test_a_line_of_names_under_a_headline_opens_an_article(line, names):
    articles = read_text("夜市开张", "□ 记者 何川", MORE, "渡口通了桥", line, TEXT)
    assert [(raw.title, raw.byline) for raw in articles] == [("夜市开张", "何川"), ("渡口通了桥", names)]
    assert TEXT in articles[1].plain.text and line not in articles[1].plain.text


@pytest.mark.parametrize(
    "lead, names",
    [
        ("本报讯（记者林越 通讯员苏晴）", "林越 苏晴"),
        ("本报讯（记者 林越 通讯员 苏晴）", "林越 苏晴"),
        ("本报石城5月6日讯 记者林越报道：", "林越"),
        ("新华社石城5月6日电 记者从港务局获悉，", ""),
    ],
)
def test_a_dateline_says_who_wrote(lead, names):
    (raw,) = read_text("渡口通了桥", lead + TEXT)
    assert raw.byline == names and raw.plain.text.startswith(lead[:4])


def test_names_in_brackets_at_the_end_sign_the_piece_above_and_open_none():
    articles = read_text(
        "渡口通了桥", "本报讯 " + TEXT, "（记者 林越）", "夜市开张", "□ 记者 何川", MORE, "（记者 何川）"
    )
    assert [(raw.title, raw.byline) for raw in articles] == [("渡口通了桥", "林越"), ("夜市开张", "何川")]
    assert "（记者 何川）" in articles[1].plain.text


@pytest.mark.parametrize("rubric", ["【记者手记】", "（记者观察）"])
def test_a_rubric_is_no_byline(rubric):
    articles = read_text("渡口通了桥", "□ 记者 何川", TEXT, rubric, MORE)
    assert len(articles) == 1 and articles[0].byline == "何川"
