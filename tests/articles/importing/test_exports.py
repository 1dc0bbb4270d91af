"""Exports of WordPress and Ghost, imported: only what was public there is public here, in every way of looking."""

import json

import pytest

from articles.importing.run import Options, import_found
from articles.models import Article
from articles.review.retry import Attempt, retry
from articles.review.review_queue import items_in_review
from articles.undo.undo import undo_import
from sources.files.inputs import Found
from sources.files.raw_bytes import unpack
from sources.models import ImportItem, Outcome
from sources.reading.pool import IN_A_SERVER
from tests.sources.formats.test_ghost import POST
from tests.sources.formats.test_ghost import export as ghost
from tests.support.editors import make_user
from tests.support.wordpress import attachment, export, post

pytestmark = pytest.mark.django_db


def bring(text, name="a.xml", **options):
    return import_found(
        [Found(name, "", data=text.encode())], Options(workers=IN_A_SERVER, origin="测试", **options)
    )


def wordpress(status="draft"):
    return export(
        post(1),
        post(2, title="没写完的", status=status),
        post(3, title="要密码的", post_password="1234"),
        post(4, title="关于我们", post_type="page"),
        attachment(5, "https://cl.example.cn/a.jpg"),
    )


def test_only_the_public_posts_of_a_site_are_published_and_the_rest_is_accounted_for():
    result = bring(wordpress())
    assert result.counts == {Outcome.CREATED: 1, Outcome.REVIEW: 2, Outcome.SKIPPED: 1}
    assert [article.title for article in Article.objects.published()] == ["沧澜港恢复通航"]
    assert Article.objects.count() == 3 and items_in_review().count() == 2
    left_out = ImportItem.objects.get(outcome=Outcome.SKIPPED)
    assert "页面 1" in left_out.reason and "附件 1" in left_out.reason
    assert "关于我们" in left_out.raw_bytes().decode()


def test_an_export_brought_again_changes_nothing_and_says_the_same():
    bring(wordpress())
    result = bring(wordpress() + "\n")
    assert result.counts == {Outcome.UNCHANGED: 3, Outcome.SKIPPED: 1}
    assert Article.objects.published().count() == 1


def test_a_draft_that_the_site_has_published_since_is_published():
    bring(wordpress())
    bring(wordpress("publish"))
    assert {article.title for article in Article.objects.published()} == {"沧澜港恢复通航", "没写完的"}


def test_a_public_post_that_the_site_took_back_is_left_to_an_editor():
    bring(wordpress("publish"))
    result = bring(export(post(2, title="没写完的", status="private", body="改过的正文。")))
    assert result.counts == {Outcome.CONFLICT: 1}
    assert "改过的正文" not in Article.objects.get(title="没写完的").text


def test_a_run_is_taken_back_whole():
    assert undo_import(bring(wordpress()).run).removed == 3
    assert not Article.objects.exists()


def test_a_site_of_ghost():
    posts = [POST, POST | {"id": "b" * 24, "uuid": "b", "title": "给会员", "visibility": "members"}]
    posts.append(POST | {"id": "c" * 24, "uuid": "c", "title": "关于", "type": "page"})
    result = bring(ghost(*posts), "ghost.json")
    assert result.counts == {Outcome.CREATED: 1, Outcome.REVIEW: 1, Outcome.SKIPPED: 1}
    assert Article.objects.published().get().tags.get().name == "港口"


def test_rows_and_entries_that_are_not_public_wait():
    rows = [
        {"title": f"第 {n} 条", "date": "2024-03-10 09:00", "source": "甲报", "body": "正文。"}
        for n in range(3)
    ]
    rows[0] |= {"status": "published"}
    rows[1] |= {"status": "draft"}
    rows[2] |= {"draft": True}
    bring("\n".join(json.dumps(row) for row in rows), "a.jsonl")
    assert [article.title for article in Article.objects.published()] == ["第 0 条"]
    assert Article.objects.filter(status=Article.Status.REVIEW).count() == 2


@pytest.mark.parametrize(
    ("name", "text", "was", "is_now"),
    [
        ("a.xml", wordpress(), "<wp:status><![CDATA[draft]]>", "<wp:status><![CDATA[publish]]>"),
        (
            "a.json",
            ghost(POST, POST | {"id": "b" * 24, "uuid": "b", "title": "没写完的", "status": "draft"}),
            '"draft"',
            '"published"',
        ),
    ],
    ids=["WordPress", "Ghost"],
)
def test_a_held_post_is_tried_again_from_its_own_bytes(name, text, was, is_now):
    bring(text, name)
    item = ImportItem.objects.get(name=f"{name}:2")
    data = unpack(item.raw)
    assert was.encode() in data
    retry(Attempt(item, data.replace(was.encode(), is_now.encode())), make_user(is_superuser=True))
    assert Article.objects.published().count() == 2
