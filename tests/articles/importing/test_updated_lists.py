"""An article that an import updates stands on the lists of what it names, at its new time; undo puts it back."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Mention, Security, TaggedArticle
from articles.undo.undo import undo_import
from tests.support.deliveries import LINK, bring, deliver, post, tables

pytestmark = pytest.mark.django_db


def moved(text: str, to: str) -> str:
    return text.replace("date: 2022-03-01 09:00:00 +0800", f"date: {to} +0800")


def times() -> set:
    return {
        *Mention.objects.values_list("public_at", flat=True),
        *TaggedArticle.objects.values_list("public_at", flat=True),
    }


def test_one_that_was_completed_and_published_is_on_its_lists(tmp_path, client):
    undated = moved(post(1, LINK), "")
    bring(deliver(tmp_path / "first", n1=undated))
    before = tables()
    assert times() == {None}
    run = bring(deliver(tmp_path / "second", n1=post(1, LINK)))
    article = Article.objects.get()
    assert article.public_at and times() == {article.public_at}
    cache.clear()
    for address in ("/securities/600160.SH/", f"/tags/{article.tags.get().slug}/"):
        assert f"/articles/{article.pk}/" in client.get(address).content.decode()
    undo_import(run)
    assert tables() == before
    cache.clear()
    assert client.get("/securities/600160.SH/").status_code == 404


def test_one_that_came_again_with_another_date_moves_on_its_lists(tmp_path):
    bring(deliver(tmp_path / "first", n1=post(1, LINK), n2=post(2, LINK)))
    before = tables()
    again = moved(post(1, LINK + "<p>又一段。</p>"), "2022-03-05 10:00:00")
    run = bring(deliver(tmp_path / "second", n1=again))
    article, other = Article.objects.order_by("pk")
    assert set(article.mentions.values_list("public_at", flat=True)) == {article.public_at}
    assert set(article.tagged.values_list("public_at", flat=True)) == {article.public_at}
    assert set(other.mentions.values_list("public_at", flat=True)) == {other.public_at} != {article.public_at}
    undo_import(run)
    assert tables() == before


def test_securities_and_tags_that_only_the_new_text_names_are_recorded_and_undone(tmp_path):
    plain = post(1).replace("keywords: [银行]\n", "")
    bring(deliver(tmp_path / "first", n1=plain, n2=post(2, LINK)))
    before = tables()
    run = bring(deliver(tmp_path / "second", n1=post(1, LINK + LINK.replace("600160", "600161"))))
    article = Article.objects.get(title="第 1 篇")
    assert set(article.securities.values_list("code", flat=True)) == {"600160", "600161"}
    assert [tag.name for tag in article.tags.all()] == ["银行"]
    undo_import(run)
    assert tables() == before


def test_what_an_earlier_update_had_recorded_stays_when_the_last_one_is_undone(tmp_path):
    bring(deliver(tmp_path / "first", n1=post(1)))
    bring(deliver(tmp_path / "second", n1=post(1, LINK)))
    before = tables()
    run = bring(deliver(tmp_path / "third", n1=post(1, LINK.replace("600160", "600161") * 2)))
    assert Security.objects.count() == 2
    undo_import(run)
    assert tables() == before


def test_an_update_names_no_security_twice(tmp_path):
    bring(deliver(tmp_path / "first", n1=post(1, LINK)))
    bring(deliver(tmp_path / "second", n1=post(1, LINK + "<p>又一段。</p>")))
    assert Mention.objects.count() == TaggedArticle.objects.count() == 1


def test_updating_many_asks_the_database_as_often_as_updating_two(tmp_path):
    asked = []
    for last in (2, 9):
        many = {f"n{n}": post(n, LINK) for n in range(1, last + 1)}
        bring(deliver(tmp_path / f"first {last}", **many))
        day = f"2022-03-0{last} 10:00:00"
        later = {key: moved(f"{text}<p>{last}。</p>", day) for key, text in many.items()}
        with CaptureQueriesContext(connection) as queries:
            bring(deliver(tmp_path / f"second {last}", **later))
        asked.append(len(queries))
    assert len(times()) == 1
    assert asked[1] <= asked[0] + 3
