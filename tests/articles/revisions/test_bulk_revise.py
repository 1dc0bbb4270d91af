"""Versions of many articles at once: each is kept, none is overwritten unseen, and few statements do it."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Revision, StaleArticle, TaggedArticle
from articles.revisions.bulk_revise import bulk_revise, rewriting
from articles.revisions.history import snapshot_of
from tests.support.builders import make_article, make_category, make_source

pytestmark = pytest.mark.django_db


def make_articles(count: int) -> dict[int, Article]:
    source = make_source()
    return {
        one.pk: one for one in (make_article(f"原题{n}", source=source, tags=["甲"]) for n in range(count))
    }


def retitle(articles: dict[int, Article]) -> None:
    with transaction.atomic(), rewriting(articles):
        for article in articles.values():
            article.title = f"新的{article.title}"
            article.derive()


def test_what_each_said_is_kept_and_what_it_says_now_is_the_next_version():
    articles = make_articles(3)
    first = next(iter(articles.values()))
    Revision.objects.create(article=first, version=1, kind=Revision.Kind.IMPORT)
    retitle(articles)
    for article in Article.objects.all():
        assert (article.title[:3], article.version) == ("新的原", 2)
        kept = article.revisions.get(version=1)
        assert kept.snapshot["title"] == article.title.removeprefix("新的")
    # The version that an import had made stays that of the import.
    assert first.revisions.get().kind == Revision.Kind.IMPORT


@pytest.mark.parametrize(
    "change",
    [
        retitle,
        lambda articles: bulk_revise(
            Article.objects.filter(pk__in=articles),
            {"category_id": make_category().pk},
            kind=Revision.Kind.SECTION,
        ),
    ],
)
def test_every_copy_that_was_open_is_stale(change):
    articles = make_articles(2)
    copies = list(Article.objects.all())
    change(articles)
    for copy in copies:
        with pytest.raises(StaleArticle):
            copy.save()


def test_lists_learn_of_an_article_that_is_shown_no_more():
    articles = make_articles(2)
    gone, stays = articles.values()
    with transaction.atomic(), rewriting(articles):
        gone.status = Article.Status.REVIEW
        gone.derive()
    shown = dict(TaggedArticle.objects.values_list("content_object", "public_at"))
    assert shown == {gone.pk: None, stays.pk: stays.public_at}


def test_twenty_take_as_many_statements_as_two():
    def statements(count: int) -> int:
        articles = make_articles(count)
        with CaptureQueriesContext(connection) as asked:
            retitle(articles)
        return sum(not one["sql"].startswith(("UPDATE", "INSERT", "COPY", "SELECT nextval")) for one in asked)

    assert statements(2) == statements(20)


def test_of_no_articles_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0), rewriting({}):
        pass


def test_what_fails_half_way_leaves_everything_as_it_was():
    articles = make_articles(2)
    with pytest.raises(RuntimeError), transaction.atomic(), rewriting(articles):
        next(iter(articles.values())).title = "半截"
        raise RuntimeError
    assert set(Article.objects.values_list("version", flat=True)) == {1}
    assert not Revision.objects.exists()


def test_a_bulk_change_copies_no_text_and_the_version_before_can_be_told():
    article = make_article("原题", category=make_category("旧栏"))
    Revision.objects.create(article=article, version=1, kind=Revision.Kind.IMPORT)
    bulk_revise(Article.objects.all(), {"category_id": None}, kind=Revision.Kind.SECTION)
    before = article.revisions.get(version=1)
    assert before.snapshot is None
    assert snapshot_of(before, Article.objects.get())["category_id"] == article.category_id
