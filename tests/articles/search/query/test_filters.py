"""What narrows and orders what is found: words, choices, facets, pages, and the address that says them all."""

from datetime import date

import pytest

from articles.search.index import follow
from articles.search.query.results import (
    MOST_PAGES,
    SearchRequest,
)
from articles.search.query.run import (
    search,
)
from tests.support.builders import make_article, make_security, make_source
from tests.support.search_requests import titles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("来源:国际商报", "甲"),
        ("来源:《国际商报》", "甲"),
        ("-来源:国际商报", "乙丙"),
        ("来源:国际商报 来源:北京晚报", "甲乙丙"),
        ("来源:晚报", "乙丙"),
        ("来源:没有这家", ""),
        ("栏目:信贷", "甲"),
        ("栏目:credit", "甲"),
        ("标题:降准", "甲丙"),
        ("标题:贷款", ""),
        ("作者:李悦", "丙"),
        ("代码:601939", "乙"),
        ("代码:601939.sh 股票", "乙"),
        ("标签:股市", "乙"),
        ("日期:2023", "甲"),
        ("日期:2024-05-01..2024-05-31", "乙"),
        ("日期:..1960", ""),
        ("日期:1950..2023", "甲"),
    ],
)
def test_words_narrow(three, words, found):
    assert sorted(title[0] for title in titles(words)) == sorted(found)


def test_choices_narrow_and_say_so(three):
    assert titles("贷款", source="guojishangbao") == ["甲：沧澜银行降准"]
    assert titles("贷款", security="601939.SH") == ["乙：股票大涨"]
    assert titles("贷款", category="credit", source="beijingwanbao") == []
    assert titles(since=date(2024, 5, 4), until=date(2024, 5, 4)) == ["乙：股票大涨"]
    assert titles("贷款", source="nirgends") == []
    assert "没有叫“nirgends”的来源" in search(SearchRequest("贷款", source="nirgends")).said


def test_newest_first_if_asked(three):
    assert [title[0] for title in titles("贷款", sort="newest")] == ["丙", "乙", "甲"]


def test_facets_count_and_lead_on(three):
    facets = {facet.name: facet for facet in search(SearchRequest("贷款")).facets}
    assert [(one.label, one.count) for one in facets["source"].choices] == [("北京晚报", 2), ("国际商报", 1)]
    assert [(one.label, one.count) for one in facets["year"].choices] == [("2024 年", 2), ("2023 年", 1)]
    assert [(one.label, one.count) for one in facets["security"].choices] == [("建设银行 601939.SH", 1)]
    assert facets["category"].choices[0].query == "?q=%E8%B4%B7%E6%AC%BE&category=credit"
    assert "from=2024-01-01&to=2024-12-31" in facets["year"].choices[0].query


def test_a_choice_that_was_made_can_be_taken_back_even_if_it_leaves_nothing(three):
    found = search(
        SearchRequest("降准", source="guojishangbao", since=date(2024, 1, 1), until=date(2024, 12, 31))
    )
    (choice,) = next(facet for facet in found.facets if facet.name == "source").choices
    assert (choice.label, choice.count, choice.chosen) == ("国际商报", 0, True)
    assert "source" not in choice.query and "from=2024-01-01" in choice.query


def test_pages_are_turned_up_to_a_limit():
    source = make_source()
    for number in range(45):
        make_article(f"第 {number} 份公报", source)
    follow.rebuild()
    first, last = search(SearchRequest("公报")), search(SearchRequest("公报", page=3))
    assert (first.total, len(first.hits), len(last.hits)) == (45, 20, 5)
    assert first.newer == "" and first.older == SearchRequest("公报").query(page=2)
    assert last.older == "" and last.newer == SearchRequest("公报").query(page=2)
    beyond = search(SearchRequest("公报", page=MOST_PAGES))
    assert not beyond.hits and beyond.newer == SearchRequest("公报").query(page=3)
    assert len({hit.id for page in (1, 2, 3) for hit in search(SearchRequest("公报", page=page)).hits}) == 45


def test_an_address_is_read_without_a_complaint():
    asked = SearchRequest.read(
        {
            "q": " 降准\0 ",
            "source": "a" * 9000,
            "from": "2024-02-30",
            "to": "2024-02-29",
            "sort": "best",
            "page": "1" + "0" * 30,
        }
    )
    assert (asked.q, asked.since, asked.until, asked.sort, asked.page) == (
        *("降准", None, date(2024, 2, 29)),
        *("relevance", 1),
    )
    assert (
        SearchRequest.read({"page": "77"}).page == MOST_PAGES and SearchRequest.read({"page": "-1"}).page == 1
    )
    assert SearchRequest.read({}) == SearchRequest() and SearchRequest().query() == "?"


def test_an_address_leaves_out_what_goes_without_saying():
    asked = SearchRequest("降准", since=date(2024, 1, 1), page=3)
    assert asked.query() == "?q=%E9%99%8D%E5%87%86&from=2024-01-01"
    assert asked.query(page=2, sort="newest", since=None) == "?q=%E9%99%8D%E5%87%86&sort=newest&page=2"


@pytest.mark.parametrize("code", ["BRK.B", "brk.b.n"])
def test_a_code_with_its_share_class_narrows_with_or_without_its_market(code):
    make_article("甲公司回购", securities=[make_security("BRK.A.N")])
    make_article("乙公司回购", securities=[make_security("BRK.B.N")])
    follow.rebuild()
    assert titles(f"回购 代码:{code}") == ["乙公司回购"]
