"""The triggers that write the log of changes: made once, missed when they are gone, made again on demand."""

from io import StringIO

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article, Revision
from articles.models.change_log import Change
from articles.search.index import follow, index
from tests.support.builders import make_article
from tests.support.editors import words

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = "0017_namesake"  # the last migration before that of the triggers
# As they were made after each `migrate`, up to then.
OLD_POSTGRESQL = """
CREATE OR REPLACE FUNCTION articles_log_{what}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO articles_change (article_id, transaction, made_at)
    SELECT {row}.id, pg_current_xact_id()::text::bigint, statement_timestamp() FROM {row};
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER articles_log_{what} AFTER {what} ON articles_article REFERENCING {seen} AS {row}
FOR EACH STATEMENT EXECUTE FUNCTION articles_log_{what}();
"""
OLD_SQLITE = """
CREATE TRIGGER IF NOT EXISTS articles_log_{what} AFTER {what} ON articles_article
BEGIN
    INSERT INTO articles_change (article_id, "transaction", made_at)
    VALUES ({row}.id, 0, strftime('%Y-%m-%d %H:%M:%f', 'now'));
END
"""


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop(*events: str) -> None:
    on = " ON articles_article" if connection.vendor == "postgresql" else ""
    execute(*(f"DROP TRIGGER IF EXISTS articles_log_{event}{on}" for event in events))


def make_old_triggers() -> None:
    drop("insert", "update", "delete")
    if connection.vendor == "postgresql":
        rows = {
            "INSERT": ("fresh", "NEW TABLE"),
            "UPDATE": ("fresh", "NEW TABLE"),
            "DELETE": ("stale", "OLD TABLE"),
        }
        execute(*(OLD_POSTGRESQL.format(what=what, row=row, seen=seen) for what, (row, seen) in rows.items()))
    else:
        rows = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
        execute(*(OLD_SQLITE.format(what=what, row=row) for what, row in rows.items()))


def logged() -> list[int]:
    return list(Change.objects.order_by("pk").values_list("article_id", flat=True))


def faults() -> list[str]:
    return [one.id for one in run_checks(tags=[Tags.database], databases=["default"]) if one.is_serious()]


@pytest.fixture(autouse=True)
def empty_log():
    """Emptying the tables of the test before may have been written down, too."""
    Change.objects.all().delete()


@pytest.fixture
def whole():
    """Whatever a test does to the triggers is made good after it."""
    yield
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("repair_change_log", stdout=StringIO())
    assert faults() == []


def test_a_database_that_has_the_triggers_of_the_older_code_is_taken_over(whole):
    call_command("migrate", "articles", BEFORE, verbosity=0)
    make_old_triggers()
    article = make_article(status="draft")  # the summaries of published ones have other columns there
    call_command("migrate", "articles", verbosity=0)
    assert logged() == [article.pk]  # nothing was missed, so nothing is read again
    article.revise(Revision.Kind.EDIT, reason="改")
    assert logged() == [article.pk] * 2  # once each: the old ones are gone
    assert faults() == []


def test_articles_of_a_time_without_triggers_are_all_read_again(whole):
    call_command("migrate", "articles", BEFORE, verbosity=0)
    drop("insert", "update", "delete")
    one, other = (make_article(status="draft") for _ in range(2))
    call_command("migrate", "articles", verbosity=0)
    assert logged() == [one.pk, other.pk]


def test_a_database_before_the_migration_is_not_said_to_lack_anything(whole):
    call_command("migrate", "articles", BEFORE, verbosity=0)
    assert faults() == []


@pytest.mark.parametrize("gone", [["update"], ["insert", "delete"], ["insert", "update", "delete"]])
def test_missing_triggers_are_named_with_what_to_do_and_the_portal_is_not_ready(gone, whole, client):
    follow.rebuild()
    drop(*gone)
    said = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("check", databases=["default"], stderr=said)
    assert "newsportal.E001" in str(refused.value) and "repair_change_log" in str(refused.value)
    for event in ("insert", "update", "delete"):
        assert (f"articles_log_{event}" in str(refused.value)) == (event in gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "change log triggers missing")


def test_repairing_lets_search_find_what_was_changed_meanwhile(whole, client):
    article = make_article("沧澜银行公告")
    follow.rebuild()
    drop("update")
    article.title = "石城电力公告"
    article.revise(Revision.Kind.EDIT, reason="改")
    assert follow.catch_up() and "石城电力公告" not in words(client.get("/search/?q=石城电力"))
    said = StringIO()
    call_command("repair_change_log", stdout=said)
    assert "补上了 1 个触发器" in said.getvalue()
    assert follow.catch_up() and "石城电力公告" in words(client.get("/search/?q=石城电力"))
    assert client.get("/readyz").json()["migrations"] == "ok"
    index.close()


def test_repairing_what_is_whole_changes_nothing():
    make_article()
    said = StringIO()
    call_command("repair_change_log", stdout=said)
    assert "没有改动" in said.getvalue()
    assert len(logged()) == Article.objects.count() == 1
