"""How well articles are found, as the bench judges it, on a small part of the real items; and its own rules."""

from pathlib import Path

import pytest

from articles.models.search_terms import SearchAlias
from articles.search.index import follow
from bench.generate.draw_questions import KINDS, draw
from bench.generate.fill_portal import fill
from bench.generate.texts import Texts, real
from bench.quality.judge import judge
from bench.quality.known_items import Desk
from bench.quality.search_quality import reached

NOWHERE = Path("/nonexistent")


@pytest.fixture
def items(corpus):
    return list(real(corpus))[4_000:4_600]


@pytest.mark.django_db(transaction=True)
def test_real_items_are_found_by_what_one_remembers_of_them_and_by_every_piece(items):
    SearchAlias.objects.all().delete()
    for word, other in (
        ("发改委", "发展改革委"),
        ("央行", "中国人民银行"),
        ("新冠", "新冠肺炎"),
        ("一带一路", "丝绸之路"),
    ):
        SearchAlias.objects.create(word=word, expansions=other)
    fill(items)
    assert follow.catch_up(wait=30)
    judged = judge(items, questions=100, substrings=400, seed=3)
    assert judged["missed"] == []
    assert reached(judged), judged["questions"]


def test_another_seed_asks_other_questions_and_the_same_seed_the_same(items):
    def asked(seed):
        return [one.words for one in Desk(items, [("发改委", "发展改革委")], seed).questions(20)]

    assert asked(1) == asked(1)
    assert asked(1) != asked(2)


def test_made_up_articles_come_without_the_corpus_the_same_for_the_same_seed():
    made = list(Texts(1, NOWHERE).pieces(50))
    assert made == list(Texts(1, NOWHERE).pieces(50))
    assert all(one.title and one.text for one in made)


def test_questions_are_drawn_of_every_kind_and_hold_what_the_articles_say():
    sample = [(one.title, one.text) for one in Texts(1, NOWHERE).pieces(400)]
    drawn = draw(sample, 5, seed=1)
    assert set(drawn) == set(KINDS)
    assert all(drawn.values())
    texts = "\n".join(text for _, text in sample)
    assert all(phrase.strip("“”") in texts for phrase in drawn["phrase"])
