"""Files made to cost much, or to break their reader: each is read as far as it goes, or refused in words."""

import pytest

from sources.files.inputs import Found
from sources.formats import FORMATS
from sources.formats.raw_article import Unreadable
from sources.problem import Code
from sources.reading.read import read_input
from tests.sources.formats.test_documents import ARCHIVE, LONG, docx, epub, paragraph
from tests.support.swollen_files import (
    book_of,
    galleries,
    repeated,
)


def test_a_chapter_that_a_book_names_twice_is_one_article():
    data = book_of('<item id="a" href="text/one.xhtml"/>', '<itemref idref="a"/><itemref idref="a"/>')
    (found,) = FORMATS["epub"](data, "a.epub")
    assert found.plain.text == LONG


def test_more_pictures_than_any_post_has_are_named_and_the_text_stays():
    (found, _) = FORMATS["wxr"](galleries(2000).replace("[gallery]", "[gallery]字", 3).encode(), "a.xml")
    assert found.plain.text.count("字") == 3
    assert any("[gallery]" in problem.text and "短代码" in problem.text for problem in found.problems)


@pytest.mark.parametrize("depth", [31, 100, 280])
def test_parts_in_parts_of_an_email_are_refused_before_every_line_is_held_against_all_of_them(depth):
    nested = repeated("Content-Type: multipart/mixed; boundary=b{0}\n\n--b{0}\n", depth)
    data = f"From: a\nTo: b\nMIME-Version: 1.0\n{nested}Content-Type: text/plain\n\n{'甲\n' * 50_000}"
    with pytest.raises(Unreadable, match="太深"):
        list(FORMATS["mail"](data.encode(), "a.eml"))


def test_many_parts_beside_each_other_are_not_taken_for_parts_in_parts():
    inner = 'Content-Type: multipart/alternative;\n boundary="i{0}"\n\n--i{0}\n'
    inner += "Content-Type: text/plain\n\n甲{0}。\n--i{0}--\n"
    parts = repeated(f"--b\n{inner}", 60)
    data = f"From: a\nTo: b\nSubject: c\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n"
    (found,) = FORMATS["mail"](data.encode(), "a.eml")
    assert found.plain.text == "甲0。"


ADDRESS = "https://www.lanzhou-zaobao.example/2022/port.html"


@pytest.mark.parametrize(
    ("format_name", "name", "data"),
    [
        (
            "mhtml",
            "a.mht",
            ARCHIVE.replace(ADDRESS, "https://a.cn/港口").format(kind="text/html", body=f"<p>{LONG * 4}</p>"),
        ),
        ("mail", "a.eml", f"From: {'a:' * 4000}\nTo: b\nSubject: c\n\n{LONG}"),
        ("mail", "a.eml", f"From: {'(' * 4000}\nTo: b\nSubject: c\n\n{LONG}"),
        ("mail", "a.eml", f"From: a\nTo: b\nSubject: =?g\ufffdb?Q?a?=\n\n{LONG}"),
        ("mail", "a.eml", f"From: a\nTo: b\nSubject: =?gb\x162312?B?uNs=?=\n\n{LONG}"),
        (
            "feed",
            "a.xml",
            f"<rss><channel><item><title>甲&#x110000;<b>乙</title><description>{LONG}</description></item>",
        ),
        (
            "feed",
            "a.xml",
            f"<rss><channel><item><title>甲&#{'9' * 5000};<b></title><description>{LONG}</description></item>",
        ),
    ],
)
def test_a_value_that_its_library_breaks_at_costs_itself_alone(format_name, name, data):
    (read_one,) = read_input(Found(name, "", data=data.encode()), format_name)
    assert read_one.rejected is None
    assert LONG in read_one.found[0].plain.text


@pytest.mark.parametrize("method", [1, 9, 12, 14, 97])
@pytest.mark.parametrize(("name", "data"), [("a.epub", epub()), ("a.docx", docx(paragraph(LONG)))])
def test_a_part_that_cannot_be_unpacked_is_called_damaged(name, data, method):
    """As a part packed in another way than its directory says, or in one that nobody knows."""
    at = data.index(b"PK\x01\x02")
    broken = data[: at + 10] + method.to_bytes(2, "little") + data[at + 12 :]
    (one,) = read_input(Found(name, "", data=broken))
    assert one.rejected.code in (Code.DAMAGED, Code.WRONG_FORMAT) and "再导入" in one.rejected.text
