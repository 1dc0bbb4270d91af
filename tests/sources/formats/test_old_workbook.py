"""Workbooks of Excel 97 to 2003: read as the new ones are, and refused in words."""

from pathlib import Path

import pytest

from sources.formats import detect
from sources.formats.raw_article import Broken, Unreadable
from sources.formats.table import table_file
from sources.formats.table.table_header import read_header

# Three sheets: rows whose dates are a date cell, a bare number and a text; a note; a table without dates.
BOOK = (Path(__file__).parent.parent.parent / "support" / "sheets.xls").read_bytes()


def read(data, name="a.xls"):
    return list(table_file.read(data, name))


def test_rows_of_all_sheets_are_read_and_a_sheet_that_is_no_table_is_named():
    found = read(BOOK)
    assert [one.part for one in found] == ["2", "3", "4", "5", "说明", "四月:2"]
    assert isinstance(found[4], Broken) and found[5].plain.text == "字" * 100
    (again,) = read(found[0].raw, "a.xls:2")
    assert (again.title, again.published_at) == (found[0].title, found[0].published_at)


def test_only_a_cell_that_is_a_date_is_a_date():
    dates = [one.published_at and one.published_at.isoformat() for one in read(BOOK)[:3]]
    assert dates == ["2022-03-01T09:12:03+08:00", None, "2022-03-01T09:12:03+08:00"]


def test_it_is_found_by_its_name_and_read_whatever_excel_calls_it():
    assert detect("a.xls", BOOK) == "table"
    assert len(read(BOOK, "a.xlsx")) == 6
    assert read_header(BOOK, "a.xls").names == ["标题", "发布时间", "来源", "正文"]


def encrypted():
    """The book with a record that says it is encrypted, in place of the one with its user's name."""
    at = BOOK.index(b"\x5c\x00\x70\x00")
    return BOOK[:at] + b"\x2f\x00" + BOOK[at + 2 :]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (encrypted(), "a.xls", "去掉密码"),
        (BOOK[:512] + "EncryptedPackage".encode("utf-16-le") + BOOK[512:], "a.xlsx", "去掉密码"),
        (BOOK[: len(BOOK) // 2], "a.xls", "另存为"),
        (BOOK[:1000] + bytes(len(BOOK) - 1000), "a.xls", "另存为"),
        (BOOK.replace("Workbook".encode("utf-16-le"), "Document".encode("utf-16-le")), "a.xls", "另存为"),
        (BOOK, "a.csv", "改成 .xls"),
        ("<html><table><tr><td>标题</td></tr></table></html>".encode(), "a.xls", "内容却不是"),
        ("标题\t正文\n甲\t乙\n".encode(), "a.xls", "改成 .csv"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(data, name, words):
    with pytest.raises(Unreadable, match=words):
        read(data, name)


def test_a_book_cut_off_anywhere_ends_in_articles_or_in_words():
    for cut in range(8, len(BOOK), 97):
        try:
            found = read(BOOK[:cut])
        except Unreadable as reason:
            assert len(str(reason)) > 6
        else:
            assert found
