"""The pages of an article's history show what all full texts would show, and load next to none of them."""

import json
from contextlib import contextmanager

import pytest
from django.db.models.signals import post_init

from articles.admin.article.version_rows import find_version, outline
from articles.models import Article, Revision
from articles.revisions.bulk_revise import bulk_revise
from articles.revisions.history import Version, history
from tests.support.builders import make_article, make_category, make_source
from tests.support.editors import change_url, correct, editor, make_user, open_form, words

pytestmark = pytest.mark.django_db
LONG = "<p>" + "长文" * 5_000 + "</p>"


def revise(article: Article, **fields) -> None:
    article.refresh_from_db()
    for name, value in fields.items():
        setattr(article, name, value)
    article.revise(Revision.Kind.EDIT, make_user("编辑"), "改")


def file_under(article: Article, category) -> None:
    bulk_revise(Article.objects.filter(pk=article.pk), {"category_id": category.pk}, kind="section")


def waiting(article: Article, state: str, **fields) -> None:
    article.refresh_from_db()
    snapshot = article.kept() | fields
    Revision.objects.create(article=article, kind="import", state=state, snapshot=snapshot)


def make_varied() -> Article:
    """An article whose history has every kind of line: with a copy and without one, in force or not."""
    article = make_article("一", body_html="<p>文</p>", status="review")
    revise(article, title="二", digest="摘要")
    revise(article, body_html="<p>另一文</p>", published_at=None)
    waiting(article, "dropped", title="未采用")
    file_under(article, make_category("甲栏"))
    waiting(article, "superseded", body_html="<p>旧稿</p>")
    file_under(article, make_category("乙栏"))
    revise(article, body_html="", byline="记者")
    revise(article, body_html="<p>反斜杠 \\ 和引号 ' \" 和 𠀀</p>", source=make_source())
    waiting(article, "twin")
    file_under(article, make_category("丙栏"))
    # As old databases may have it: a field that was not kept yet, one that is null, a version nobody wrote down.
    old = article.revisions.get(version=2)
    old.snapshot.pop("original_title")
    old.snapshot |= {"subtitle": None, "body_html": None}
    old.save()
    article.revisions.filter(version=1).update(snapshot=None)
    waiting(article, "pending", title="等着的", body_html="<p>新稿</p>")
    article.refresh_from_db()
    return article


def shown(version: Version) -> tuple:
    return version.revision.pk, version.kept, version.before, version.in_force, version.changed


def test_the_list_and_each_version_say_what_all_full_texts_say():
    article = make_varied()
    full = history(article, list(article.revisions.order_by("-id")))
    assert {one.is_known for one in full} == {True, False}
    listed = outline(article)
    assert [(one.revision.pk, one.in_force, one.is_known, one.changed) for one in listed] == [
        (one.revision.pk, one.in_force, one.is_known, one.changed) for one in full
    ]
    assert any("正文" in one.changed for one in listed)
    for one in full:
        assert shown(find_version(article, one.revision.pk)) == shown(one), one.revision


def test_a_version_of_another_article_is_none_of_these():
    other = make_varied()
    assert find_version(make_article(), other.revisions.first().pk) is None


def test_the_pages_open_on_every_line_of_a_history():
    article, client = make_varied(), editor()
    assert "乙栏" not in words(client.get(f"/admin/articles/article/{article.pk}/history/"))
    for revision in article.revisions.all():
        page = client.get(f"/admin/articles/article/{article.pk}/versions/{revision.pk}/")
        assert page.status_code == 200, revision


@contextmanager
def loaded_texts():
    """The snapshots that revisions were loaded with in here, as JSON."""
    loaded = []

    def note(sender, instance, **kwargs):
        if snapshot := vars(instance).get("snapshot"):
            loaded.append(json.dumps(snapshot))

    post_init.connect(note, sender=Revision)
    try:
        yield loaded
    finally:
        post_init.disconnect(note, sender=Revision)


def test_a_history_of_long_texts_loads_only_those_it_shows():
    article = make_article("第 0 题", body_html=LONG)
    for number in range(1, 30):
        revise(article, title=f"第 {number} 题", body_html=f"{LONG}<p>{number}</p>")
    client, address = editor(), f"/admin/articles/article/{article.pk}"
    middle = article.revisions.get(version=15)
    with loaded_texts() as of_list:
        assert words(client.get(f"{address}/history/")).count("正文 改 第") == 29
    assert not of_list
    for page in ("", "restore/"):
        with loaded_texts() as of_version:
            assert "第 15 版" in words(client.get(f"{address}/versions/{middle.pk}/{page}"))
        assert len(of_version) == 2, page


def test_forms_load_the_text_that_waits_and_the_one_a_conflict_began_with():
    article, client = make_varied(), editor()
    with loaded_texts() as of_form:
        mine = open_form(client, article)
    assert len(of_form) == 1
    for title in ("甲", "乙", "丙"):
        correct(editor(), article, title=title)
    with loaded_texts() as of_conflict:
        assert "两个人改了同一篇稿件" in words(client.post(change_url(article), mine | {"title": "丁"}))
    assert len(of_conflict) == 2
