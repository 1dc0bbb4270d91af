"""The log of changes: one row for each change of an article, whatever made it, and none missed by who follows."""

import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from articles.models import Article, Revision
from articles.models.change_log import START, Change, Position
from articles.revisions.bulk_revise import bulk_revise
from tests.support.builders import make_article, make_category, make_source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_log():
    """Emptying the tables of the test before may have been written down, too."""
    Change.objects.all().delete()


def changed_since(position: Position) -> list[int]:
    return list(Change.objects.after(position).values_list("article_id", flat=True))


def test_a_new_article_an_edit_a_sweep_and_a_deletion_are_a_row_each():
    head = Change.objects.head()
    article = make_article()
    assert changed_since(head) == [article.pk]
    steps = [
        lambda: article.revise(Revision.Kind.EDIT, reason="改"),
        lambda: bulk_revise(
            Article.objects.all(), {"category_id": make_category().pk}, kind=Revision.Kind.SECTION
        ),
        lambda: Article.objects.filter(pk=article.pk).update_versioned(source=make_source()),
        lambda: Article.objects.filter(pk=article.pk).delete(),
    ]
    pk = article.pk
    for step in steps:
        head = Change.objects.head()
        step()
        assert set(changed_since(head)) == {pk}, step


def test_filing_an_article_under_a_story_is_no_change_of_it():
    article = make_article()
    head = Change.objects.head()
    Article.objects.file_under({article.pk: None})
    assert changed_since(head) == []


def test_a_change_that_was_rolled_back_is_not_in_the_log():
    head = Change.objects.head()
    with pytest.raises(RuntimeError), transaction.atomic():
        make_article()
        raise RuntimeError
    assert changed_since(head) == []


def test_an_import_is_in_the_log_article_by_article(tmp_path):
    for number in range(3):
        (tmp_path / f"2024-03-01-a{number}.md").write_text(
            f"---\ntitle: 沧澜银行公告{number}\ndate: 2024-03-01 08:00\n---\n<p>第 {number} 份公告的正文。</p>"
        )
    call_command("import_articles", str(tmp_path), "--source", "沧澜晚报", stdout=StringIO())
    assert sorted(changed_since(START)) == sorted(Article.objects.values_list("pk", flat=True))
    assert Article.objects.count() == 3


def test_what_commits_late_is_not_passed_over():
    late, quick = make_article(), make_article()
    position = Change.objects.head()
    begun, go_on = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            Article.objects.filter(pk=late.pk).update_versioned(title="慢的")
            begun.set()
            go_on.wait(10)
        connections.close_all()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert begun.wait(10)
    if connection.vendor == "sqlite":
        go_on.set()  # one writes after the other: the quick one would wait for it
    Article.objects.filter(pk=quick.pk).update_versioned(title="快的")
    seen = list(Change.objects.after(position))
    if seen:
        position = Position(seen[-1].transaction, seen[-1].pk)
    go_on.set()
    writer.join()
    assert {change.article_id for change in seen} | set(changed_since(position)) == {late.pk, quick.pk}


def test_a_position_of_another_database_is_told_from_one_of_this():
    make_article()
    head = Change.objects.head()
    assert Change.objects.has_been_at(head)
    assert Change.objects.has_been_at(START)
    assert not Change.objects.has_been_at(Position(head.transaction + 10**9, head.id + 1))
    assert Position.read(str(head)) == head


def test_the_log_goes_and_comes_with_its_migration_and_is_written_again():
    call_command("migrate", "articles", "0011", verbosity=0)
    make_article("没有日志的时候", status="draft")  # the summaries of published ones have other columns there
    call_command("migrate", "articles", verbosity=0)
    head = Change.objects.head()
    article = make_article()
    assert changed_since(head) == [article.pk]
