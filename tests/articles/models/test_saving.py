"""Saving an article: never over a change that was not seen, and no more statements than the change asks for."""

import ast
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, connections
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext

from articles.models import Article, DayFront, Mention, OutletFront, Revision, StaleArticle, TaggedArticle
from articles.models.story import Story
from tests.support.builders import make_article, make_security, make_source
from tests.support.editors import change_url, chief, open_form

pytestmark = pytest.mark.django_db
EDIT = Revision.Kind.EDIT
EARLY, LATE = datetime(2024, 3, 1, 1, tzinfo=UTC), datetime(2024, 3, 2, 1, tzinfo=UTC)


def read(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def listed_article() -> Article:
    """One with everything that hangs on an article: twenty tags, twenty securities, a first version."""
    securities = [make_security(f"6019{number:02}.SH") for number in range(20)]
    article = make_article(tags=[f"标签{number}" for number in range(20)], securities=securities)
    Revision.objects.create(article=article, version=1, kind=Revision.Kind.IMPORT)
    return article


def writes(queries) -> list[str]:
    """The tables that statements wrote to."""
    verbs = ("INSERT INTO ", "UPDATE ", "DELETE FROM ")
    said = [one["sql"] for one in queries if one["sql"].startswith(verbs)]
    return [sql.split('"')[1] for sql in said]


# ------------------------------------------------------------------ the lock
@pytest.mark.parametrize("save", [Article.save, lambda copy: copy.revise(EDIT, reason="乙")])
def test_a_copy_that_has_gone_stale_is_refused_and_nothing_of_it_is_written(save):
    article = make_article("原题")
    mine, theirs = read(article), read(article)
    theirs.title = "甲的题"
    theirs.revise(EDIT, reason="甲")
    mine.title = "乙的题"
    with pytest.raises(StaleArticle):
        save(mine)
    assert (read(article).title, read(article).version, mine.version) == ("甲的题", 2, 1)
    assert [one.reason for one in article.revisions.all()] == ["甲", ""]


def test_a_copy_that_was_saved_can_be_saved_again():
    article = make_article()
    for number in range(2, 5):
        article.byline = f"记者{number}"
        article.revise(EDIT, reason="改")
        assert (article.version, read(article).byline) == (number, f"记者{number}")


def test_a_bulk_update_of_what_is_seen_makes_every_copy_stale():
    article = make_article(byline="甲")
    copy = read(article)
    assert Article.objects.filter(pk=article.pk).update_versioned(byline="乙") == 1
    with pytest.raises(StaleArticle):
        copy.save()
    assert (read(article).byline, read(article).version) == ("乙", 2)


def test_a_row_that_goes_while_a_copy_is_open_does_not_come_back():
    article = make_article()
    copy = read(article)
    Article.objects.filter(pk=article.pk).delete()
    with pytest.raises(Article.DoesNotExist):
        copy.save()
    assert not Article.objects.exists()


def test_a_new_article_never_takes_the_place_of_another():
    article = make_article("原题")
    with pytest.raises(IntegrityError):
        Article.objects.create(pk=article.pk, source=article.source, title="别的")


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_save_one_copy_at_once_one_is_told_it_is_saved():
    article = make_article()
    start = Barrier(10)

    def save(number: int) -> bool:
        copy = read(article)
        copy.title = f"第 {number} 人的题"
        start.wait(30)
        try:
            copy.revise(EDIT, reason=copy.title)
        except StaleArticle:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(10) as people:
        saved = list(people.map(save, range(10)))
    assert saved.count(True) == 1
    now = read(article)
    assert (now.title, now.version) == (f"第 {saved.index(True)} 人的题", 2)
    assert article.revisions.get(version=2).reason == now.title


def test_the_update_itself_asks_for_the_version_where_no_row_is_locked():
    """SQLite has no row locks: between the look at the version and the UPDATE another could have come first."""
    article = make_article("原题")
    copy, overtaken = read(article), []

    def overtake(execute, sql, params, many, context):
        if sql.startswith('UPDATE "articles_revision"') and not overtaken:
            overtaken.append(Article.objects.filter(pk=article.pk).update_versioned(byline="抢先的"))
        return execute(sql, params, many, context)

    copy.title = "乙的题"
    with connection.execute_wrapper(overtake), pytest.raises(StaleArticle):
        copy.revise(EDIT, reason="改")
    assert overtaken == [1]
    assert (read(article).title, article.revisions.count()) == ("原题", 0)


def test_saving_moves_no_article_to_the_story_it_was_in_when_it_was_read():
    article, story = make_article(), Story.objects.create()
    copy = read(article)
    Article.objects.file_under({article.pk: story.pk})
    copy.revise(EDIT, reason="改")
    assert read(article).story_id == story.pk


def test_a_copy_that_was_read_in_part_leaves_the_rest_as_it_is():
    article = make_article(byline="记者甲", page="第01版")
    copy = Article.objects.defer("byline", "page").get(pk=article.pk)
    copy.title = "新题"
    copy.save()
    assert (read(article).title, read(article).byline, read(article).page) == ("新题", "记者甲", "第01版")


def test_named_fields_are_saved_with_what_follows_from_them_and_no_others():
    article = make_article("原题", body_html="<p>旧文。</p>")
    article.title, article.body_html = "没有点名的题", "<p>新的正文。</p>"
    article.save(update_fields=["body_html"])
    now = read(article)
    assert (now.title, now.text, now.digest, now.version) == ("原题", "新的正文。", "新的正文。", 2)


def test_whoever_listens_to_saves_hears_of_each():
    heard = []

    def listen(instance, created, **signal):
        heard.append((instance.title, created))

    post_save.connect(listen, sender=Article)
    try:
        article = make_article("甲")
        article.revise(EDIT, reason="改")
    finally:
        post_save.disconnect(listen, sender=Article)
    assert heard == [("甲", True), ("甲", False)]


def test_no_product_code_updates_articles_behind_the_back_of_their_version():
    root, found = Path(settings.BASE_DIR), []
    for room in ("articles", "newsportal", "sources"):
        for path in (root / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func
                if called and called.attr in ("update", "bulk_update"):
                    found += [str(path)] if ast.unparse(called).startswith("Article.objects") else []
    assert found == []


# ------------------------------------------------------------------ how many statements
def test_a_byline_fix_costs_at_most_eight_statements(django_assert_max_num_queries):
    article = read(listed_article())
    article.byline = "记者 李越"
    with django_assert_max_num_queries(8) as asked:
        article.revise(EDIT, reason="改了作者／记者")
    assert sorted(writes(asked)) == ["articles_article", "articles_revision", "articles_revision"]
    assert read(article).byline == "记者 李越"


def test_the_form_writes_the_article_its_version_and_the_log_for_a_byline_fix():
    article, client = listed_article(), chief()
    sent = open_form(client, article) | {"byline": "记者 李越"}
    with CaptureQueriesContext(connection) as asked:
        assert client.post(change_url(article), sent).status_code == 302
    since = next(n for n, one in enumerate(asked) if one["sql"].startswith("UPDATE"))
    assert writes(asked) == [
        *("articles_revision", "articles_article", "articles_revision"),
        "django_admin_log",
    ]
    assert len(asked) - since <= 8
    assert (read(article).byline, read(article).tags.count()) == ("记者 李越", 20)


def test_tags_typed_in_the_form_are_kept():
    article, client = listed_article(), chief()
    sent = open_form(client, article) | {"tags": "标签1，新标签"}
    assert client.post(change_url(article), sent).status_code == 302
    assert sorted(article.tags.names()) == ["新标签", "标签1"]
    assert set(TaggedArticle.objects.values_list("public_at", flat=True)) == {article.public_at}


# ------------------------------------------------------------------ what follows from a change
def fronts() -> dict[str, tuple[int, list[str]]]:
    rows = OutletFront.objects.values_list("source__name", "count", "newest")
    return {name: (count, [head["title"] for head in newest]) for name, count, newest in rows}


def days() -> dict[date, int]:
    return dict(DayFront.objects.values_list("day", "count"))


def test_a_new_headline_is_on_the_front_page_and_no_day_is_counted_again():
    article = make_article("原题", source=make_source("石城晚报"))
    article.title = "新题"
    with CaptureQueriesContext(connection) as asked:
        article.revise(EDIT, reason="改题")
    assert fronts() == {"石城晚报": (1, ["新题"])}
    assert "articles_dayfront" not in writes(asked)


def test_another_outlet_takes_the_article_with_it():
    article = make_article("甲", source=make_source("石城晚报"))
    article.source = make_source("泰克网")
    article.revise(EDIT, reason="改来源")
    assert fronts() == {"泰克网": (1, ["甲"])}


def test_another_date_moves_it_between_days_and_on_every_list():
    article = make_article(published_at=EARLY, tags=["甲"], securities=[make_security()])
    make_article(published_at=EARLY)
    article.published_at = LATE
    article.revise(EDIT, reason="改时间")
    assert days() == {date(2024, 3, 1): 1, date(2024, 3, 2): 1}
    for through in (TaggedArticle, Mention):
        assert list(through.objects.values_list("public_at", flat=True)) == [LATE]


def test_another_hour_of_the_day_is_shown_and_the_day_is_not_counted_again():
    article = make_article(published_at=EARLY)
    article.published_at = EARLY.replace(hour=2)
    with CaptureQueriesContext(connection) as asked:
        article.revise(EDIT, reason="改时间")
    assert OutletFront.objects.get().latest_at == article.published_at
    assert "articles_dayfront" not in writes(asked)


def test_withdrawing_and_publishing_again_leave_and_come_back_everywhere():
    article = make_article("甲", source=make_source("石城晚报"), published_at=EARLY, tags=["甲"])
    article.status = Article.Status.WITHDRAWN
    article.revise(Revision.Kind.WITHDRAWAL, reason="有误")
    assert (fronts(), days(), TaggedArticle.objects.get().public_at) == ({}, {}, None)
    article.status = Article.Status.PUBLISHED
    article.revise(EDIT, reason="更正后发布")
    assert (fronts(), days()) == ({"石城晚报": (1, ["甲"])}, {date(2024, 3, 1): 1})
    assert TaggedArticle.objects.get().public_at == EARLY


def test_a_draft_counts_nothing_however_it_is_changed():
    article = make_article(status="draft")
    article.title, article.source = "别的题", make_source()
    with CaptureQueriesContext(connection) as asked:
        article.revise(EDIT, reason="改")
    assert (fronts(), days()) == ({}, {})
    assert set(writes(asked)) == {"articles_article", "articles_revision"}
