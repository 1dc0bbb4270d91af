"""The judged set, made and asked on a small portal of made-up articles."""

from collections import Counter
from itertools import chain, islice
from pathlib import Path

import pytest

from articles.search.index import follow
from bench.generate.fill_portal import fill
from bench.generate.texts import Texts, real
from bench.quality.judged import by_kind
from bench.quality.judged.ask import ask, grade
from bench.quality.judged.kinds import EACH, KINDS, cases
from bench.quality.judged.papers import published

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = Path("/nonexistent")
BY_HAND = ("abbreviation", "question", "pinyin", "exclusion", "topic")


def portal(count):
    """So many made-up articles, as the judge reads them."""
    fill(Texts(1, NOWHERE).pieces(count))
    return published()


def test_articles_are_read_as_they_are_published():
    papers = portal(100)
    assert len(papers) == 100
    assert any(one.byline for one in papers)
    assert any(one.section for one in papers)
    some = next(one for one in papers if one.listed)
    assert {share.market for one in papers for share in one.listed} == {"SH", "SZ", "HK"}
    assert some.listed[0].name in some.text
    assert all(one.outlet and not one.is_item for one in papers)


def test_there_are_fifteen_kinds_of_twenty_the_same_for_the_same_seed():
    papers = portal(600)
    made = cases(papers, seed=1)
    count = Counter(one.kind for one in made)
    assert len(KINDS) == 15
    assert set(count) <= set(KINDS)
    assert max(count.values()) == EACH
    # Days in full, and most figures, are only in real items.
    full = {kind for kind, some in count.items() if some == EACH}
    assert full >= {*BY_HAND, "company", "code", "phrase", "person or title", "outlet or section"}
    assert len({(one.kind, one.words) for one in made}) == len(made)
    assert [one.words for one in cases(papers, seed=1)] == [one.words for one in made]
    assert [one.words for one in cases(papers, seed=2)] != [one.words for one in made]


def test_with_the_real_items_there_are_three_hundred(corpus):
    fill(chain(islice(real(corpus), 2_000), Texts(1, NOWHERE).pieces(600)))
    made = cases(published())
    assert Counter(one.kind for one in made) == dict.fromkeys(KINDS, EACH)


def test_what_the_search_finds_is_judged():
    papers = portal(300)
    assert follow.catch_up(wait=30)
    told = ask(grade(papers)[::4])
    found = by_kind.means(told)
    assert found["company"][0] > 0.8, "a security's name"
    assert found["outlet or section"][1] > 0.5
    assert all(len(one["first"]) <= 3 for one in told)
    graded = [one for one in told if one["graded"]]
    assert all(one["wrong"] for one in graded if not one["first"])
    assert not any(one["wrong"] for one in told if one["first"] and one["first"][0][1])
    assert not any(one["success"] for one in graded if not one["first"])
