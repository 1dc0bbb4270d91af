"""`prune_changes`: rows that every follower has passed go, and none that somebody needs."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from articles.models import Article, Change, PrunedChanges, Revision, change_log
from articles.models.change_log import START, Position
from articles.search.index import follow, index
from tests.support.builders import make_article, make_source
from tests.support.editors import words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_log():
    """Emptying the tables of the test before may have been written down, too."""
    Change.objects.all().delete()
    yield
    index.close()


def prune(**options) -> str:
    said = StringIO()
    call_command("prune_changes", stdout=said, **options)
    return said.getvalue()


def search(client, word: str) -> str:
    return words(client.get("/search/", {"q": word}))


def test_what_the_index_has_taken_in_goes_and_it_goes_on_from_where_it_was(client):
    article = make_article("沧澜银行公告")
    follow.rebuild()
    article.title = "石城电力公告"
    article.revise(Revision.Kind.EDIT, reason="改")
    assert follow.catch_up()
    generation = index.current_generation()
    assert prune() == "删去了 2 行变更，还留着 0 行。\n"
    assert not follow.is_behind()
    article.title = "泰克网公告"
    article.revise(Revision.Kind.EDIT, reason="改")
    assert follow.is_behind() and follow.catch_up()
    assert index.current_generation() == generation  # not made anew
    assert "泰克网公告" in search(client, "泰克网公告")


def test_what_the_index_has_not_taken_in_stays(client):
    make_article("沧澜银行公告")
    follow.rebuild()
    late = make_article("石城电力公告")
    assert prune() == "删去了 1 行变更，还留着 1 行。\n"
    assert list(Change.objects.values_list("article_id", flat=True)) == [late.pk]
    assert follow.catch_up() and "石城电力公告" in search(client, "石城电力")


def test_pruning_twice_deletes_nothing_more():
    make_article()
    follow.rebuild()
    prune()
    assert prune() == "删去了 0 行变更，还留着 0 行。\n"
    assert not follow.is_behind()


def test_an_index_that_was_never_made_needs_no_row_and_finds_everything_when_it_is(client):
    make_article("沧澜银行公告")
    assert prune() == "删去了 1 行变更，还留着 0 行。\n"
    assert follow.catch_up() and "沧澜银行公告" in search(client, "沧澜银行")


def test_an_index_of_another_machine_that_is_further_behind_is_made_anew(client, settings, tmp_path):
    article = make_article("沧澜银行公告")
    ours, theirs = settings.SEARCH_HOME, tmp_path / "another machine"
    for home in (ours, theirs):
        settings.SEARCH_HOME = home
        index.close()
        follow.rebuild()
    article.title = "石城电力公告"
    article.revise(Revision.Kind.EDIT, reason="改")
    settings.SEARCH_HOME = ours
    index.close()
    follow.catch_up()
    prune()
    settings.SEARCH_HOME = theirs
    index.close()
    generation = index.current_generation()
    assert follow.is_behind() and follow.catch_up()
    assert index.current_generation() != generation
    assert "石城电力公告" in search(client, "石城电力")


def test_an_import_does_not_go_on_with_an_index_that_is_too_far_behind(client, settings, tmp_path):
    article = make_article("沧澜银行公告", source=make_source("沧澜晚报"))
    follow.rebuild()
    article.title = "石城电力公告"
    article.revise(Revision.Kind.EDIT, reason="改")
    Change.objects.prune(Change.objects.head())  # as another machine's prune_changes would
    (tmp_path / "2024-03-01-a.md").write_text(
        "---\ntitle: 泰克网公告\ndate: 2024-03-01\n---\n<p>公告的正文。</p>"
    )
    call_command("import_articles", str(tmp_path), "--source", "沧澜晚报", stdout=StringIO())
    for title in ("石城电力公告", "泰克网公告"):
        assert title in search(client, title)


def test_young_rows_stay_if_asked_for_and_all_that_came_after_them():
    old, young, after = (make_article() for _ in range(3))
    times = {old: 9, young: 3, after: 9}  # written at 9 days ago, but later in the log
    for article, days in times.items():
        Change.objects.filter(article_id=article.pk).update(made_at=timezone.now() - timedelta(days=days))
    assert prune(keep_days=7) == "删去了 1 行变更，还留着 2 行。\n"
    assert set(Change.objects.values_list("article_id", flat=True)) == {young.pk, after.pk}


def test_many_rows_go_in_small_transactions(monkeypatch):
    monkeypatch.setattr(change_log, "PRUNED_AT_ONCE", 3)
    for _ in range(8):
        make_article()
    assert prune() == "删去了 8 行变更，还留着 0 行。\n"


def test_while_an_index_is_being_made_nothing_goes():
    make_article()
    with index.index_lock(follow.REBUILDING), pytest.raises(CommandError, match="正在重建") as refused:
        prune()
    assert refused.value.returncode == 2
    assert Change.objects.count() == 1


def test_a_negative_number_of_days_is_refused():
    with pytest.raises(CommandError, match="不能是负数"):
        prune(keep_days=-1)


def test_what_commits_late_is_not_pruned_and_not_passed_over():
    late, quick = make_article(), make_article()
    begun, go_on = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            Article.objects.filter(pk=late.pk).update_versioned(byline="慢的")
            begun.set()
            go_on.wait(10)
        connections.close_all()

    position = Change.objects.head()
    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert begun.wait(10)
    if connection.vendor == "sqlite":
        go_on.set()  # one writes after the other: the quick one would wait for it
        writer.join()
    Article.objects.filter(pk=quick.pk).update_versioned(byline="快的")
    if connection.vendor == "postgresql":
        prune()
        assert not Change.objects.after(position).exists()  # the quick one waits for the slow one
    go_on.set()
    writer.join()
    left = set(Change.objects.after(position).values_list("article_id", flat=True))
    assert left == {late.pk, quick.pk}


def test_a_note_that_came_from_another_server_keeps_nobody_from_following():
    """Moved to another PostgreSQL server, or from one to SQLite: transactions are numbered anew."""
    make_article()
    follow.rebuild()
    PrunedChanges.objects.note(Position(2**40, 5))
    assert PrunedChanges.objects.position() == START
    assert Change.objects.has_been_at(Change.objects.head()) and not follow.is_behind()


def test_positions_before_the_pruned_ones_are_none_to_go_on_from():
    make_article()
    first = Change.objects.head()
    assert Change.objects.has_been_at(START)
    make_article()
    last = Change.objects.head()
    prune()
    assert not Change.objects.has_been_at(START)
    assert Change.objects.has_been_at(last)
    if connection.vendor == "sqlite":
        assert not Change.objects.has_been_at(first)
