"""Readers keep to what the database takes: the same on SQLite, which would not mind, and PostgreSQL."""

import pytest

from articles.models import Article
from sources.formats.raw_article import LIMITS, RawArticle
from sources.models import ImportItem, OldSlug, Source
from sources.text.plain import read_plain

COLUMNS = {
    "outlet": (Source, "name"),
    "channel": (Source, "name"),
    "channel_slug": (OldSlug, "slug"),
    "teller": (ImportItem, "outlet"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_no_value_may_be_longer_than_its_column(name):
    model, column = COLUMNS.get(name, (Article, name))
    assert LIMITS[name][0] <= model._meta.get_field(column).max_length


def test_what_is_too_long_is_cut_and_said_and_what_cannot_be_cut_is_left_out():
    raw = RawArticle(
        "长" * 20_000,
        "国际商报",
        "<p>文</p>",
        read_plain("", "<p>文</p>"),
        original_url="http://a.cn/" + "a" * 3000,
    )
    raw.fit()
    assert len(raw.title) == 500
    assert raw.original_url == ""
    assert len(raw.problems) == 2


def test_line_breaks_and_controls_never_reach_a_headline():
    raw = RawArticle(
        "标题\r\nSet-Cookie: a=b\x1b[31m\0\ud800",
        "国际商报",
        "",
        read_plain("", ""),
        tags=["\0", "甲\n乙", "长" * 60],
    )
    raw.fit()
    assert raw.title == "标题 Set-Cookie: a=b [31m"
    assert raw.tags == ["甲 乙"]
