"""History, the way back, and texts that wait for an editor."""

import pytest

from articles.models import Article, Revision
from articles.revisions.diff import ADDED, REMOVED, SAME, SKIPPED, compare_bodies, compare_texts
from sources.models import ImportItem, ImportRun
from tests.support.builders import make_article
from tests.support.editors import change_url, chief, correct, editor, messages_of, words

pytestmark = pytest.mark.django_db


def version_url(revision: Revision, page: str = "") -> str:
    return f"/admin/articles/article/{revision.article_id}/versions/{revision.pk}/{page}"


def make_waiting(article: Article, **fields) -> Revision:
    """A text that an import brought for an article an editor had changed."""
    item = ImportItem.objects.create(run=ImportRun.objects.create(), name="甲.md", outcome="conflict")
    waiting = {"kind": "import", "state": "pending", "import_item": item}
    return Revision.objects.create(article=article, snapshot=article.kept() | fields, **waiting)


# ------------------------------------------------------------------ history
def test_the_history_says_who_changed_what_when_and_why():
    article, client = make_article("旧题"), editor()
    correct(client, article, title="新题", reason="原题不准确")
    page = client.get(f"/admin/articles/article/{article.pk}/history/")
    for word in ("第 2 版", "第 1 版", "现行", "标题、原标题", "原题不准确", "编辑"):
        assert word in words(page)
    detail = client.get(version_url(article.revisions.first()))
    assert "［新增：新］" in words(detail) and "［删去：旧］" in words(detail)
    assert b"<ins>" in detail.content and b"<del>" in detail.content


def test_an_article_without_a_history_says_so():
    article = make_article()
    assert "还没有留下版本" in words(editor().get(f"/admin/articles/article/{article.pk}/history/"))


@pytest.mark.parametrize("path", ["history/", "versions/1/", "versions/1/restore/"])
def test_a_history_of_nothing_is_not_found(path):
    assert editor().get(f"/admin/articles/article/999999/{path}").status_code == 404


def test_a_revision_of_another_article_is_not_found():
    one, two = make_article(), make_article()
    revision = make_waiting(two)
    client = chief()
    for page in ("", "restore/"):
        assert (
            client.get(f"/admin/articles/article/{one.pk}/versions/{revision.pk}/{page}").status_code == 404
        )
    for page in ("take/", "drop/"):
        assert (
            client.post(f"/admin/articles/article/{one.pk}/versions/{revision.pk}/{page}").status_code == 404
        )


# ------------------------------------------------------------------ restoring
def test_an_old_version_comes_back_as_a_new_one():
    article, client = make_article("旧题", body_html="<p>旧文</p>"), editor()
    correct(client, article, title="新题", body_html="<p>新文</p>", reason="改")
    first = article.revisions.get(version=1)
    url = version_url(first, "restore/")
    assert "［新增：旧］" in words(client.get(url))
    page = client.post(url, {"version": 2, "reason": "改错了"}, follow=True)
    assert "恢复到了第 1 版，现在是第 3 版" in messages_of(page)
    article.refresh_from_db()
    newest = article.revisions.first()
    assert (article.title, article.text, article.version) == ("旧题", "旧文", 3)
    assert (newest.kind, newest.reason) == ("restore", "改错了")
    assert newest.editor_id == int(client.session["_auth_user_id"])
    assert article.revisions.get(version=2).snapshot["title"] == "新题"
    assert article.original_title == "旧题"


def test_restoring_asks_for_a_reason():
    article, client = make_article("旧题"), editor()
    correct(client, article, title="新题", reason="改")
    page = client.post(version_url(article.revisions.get(version=1), "restore/"), {"version": 2})
    assert "请写明恢复的原因" in words(page)
    article.refresh_from_db()
    assert article.title == "新题"


def test_restoring_never_publishes_and_never_withdraws():
    article = make_article("甲", status="review")
    correct(chief(), article, title="乙", _publish="1")
    editor().post(version_url(article.revisions.get(version=1), "restore/"), {"version": 2, "reason": "x"})
    article.refresh_from_db()
    assert (article.title, article.status) == ("甲", "published")


def test_restoring_over_a_change_one_has_not_seen_is_refused():
    article, client = make_article("一"), editor()
    correct(client, article, title="二", reason="x")
    correct(editor(), article, title="三", reason="x")
    page = client.post(
        version_url(article.revisions.get(version=1), "restore/"), {"version": 2, "reason": "x"}, follow=True
    )
    assert "没有保存" in messages_of(page)
    article.refresh_from_db()
    assert (article.title, article.version) == ("三", 3)


def test_a_version_without_a_headline_is_not_put_before_readers():
    article, client = make_article("题"), editor()
    bare = Revision.objects.create(
        article=article, version=0, kind="import", snapshot=article.kept() | {"title": ""}
    )
    page = client.post(version_url(bare, "restore/"), {"version": 1, "reason": "x"}, follow=True)
    assert "缺标题" in messages_of(page)
    article.refresh_from_db()
    assert (article.title, article.version) == ("题", 1)


def test_an_outlet_that_is_gone_does_not_stop_a_restore():
    article = make_article("题")
    gone = article.kept() | {"source_id": 987654, "category_id": 987654, "title": "旧题"}
    old = Revision.objects.create(article=article, version=0, kind="import", snapshot=gone)
    client = editor()
    assert "已删除 987654" in words(client.get(version_url(old)))
    assert client.post(version_url(old, "restore/"), {"version": 1, "reason": "x"}).status_code == 302
    source = article.source_id
    article.refresh_from_db()
    assert (article.title, article.source_id) == ("旧题", source)


# ------------------------------------------------------------------ texts that wait
def test_a_waiting_text_is_shown_with_what_it_would_change():
    article = make_article("编辑的题", body_html="<p>编辑的文字。</p>")
    waiting = make_waiting(article, title="来源的新题", status="review")
    page = editor().get(change_url(article))
    assert "导入带来了新的文本" in words(page)
    assert "甲.md" in words(page)
    assert "来源的新题" in words(page).replace("［新增：", "").replace("］", "")
    assert version_url(waiting, "take/") in page.content.decode()
    assert "待审" not in words(page).partition("采用会带来的改动")[2].partition("不采用")[0]


def test_taking_makes_it_the_articles_text_and_keeps_what_it_replaces():
    article, client = make_article("编辑的题", byline="张三"), editor()
    waiting = make_waiting(
        article, title="来源的新题", body_html="<p>新<script>x</script>文</p>", byline="", status="draft"
    )
    page = client.post(version_url(waiting, "take/"), {"version": 1}, follow=True)
    assert "采用了导入的文本，现在是第 2 版" in messages_of(page)
    article.refresh_from_db()
    waiting.refresh_from_db()
    newest = article.revisions.get(version=2)
    assert (article.title, article.body_html, article.byline) == ("来源的新题", "<p>新文</p>", "张三")
    assert article.status == "published"
    assert waiting.state == "applied"
    assert newest.editor_id == int(client.session["_auth_user_id"])
    assert article.revisions.get(version=1).snapshot["title"] == "编辑的题"


def test_dropping_leaves_the_article_and_marks_the_text():
    article, client = make_article("编辑的题"), editor()
    waiting = make_waiting(article, title="来源的新题")
    page = client.post(version_url(waiting, "drop/"), follow=True)
    assert "没有采用" in messages_of(page)
    article.refresh_from_db()
    waiting.refresh_from_db()
    assert (article.title, article.version, waiting.state) == ("编辑的题", 1, "dropped")
    assert waiting.editor_id == int(client.session["_auth_user_id"])
    assert "导入带来了新的文本" not in words(client.get(change_url(article)))


@pytest.mark.parametrize("then", ["take/", "drop/"])
def test_what_a_colleague_has_dealt_with_is_not_dealt_with_twice(then):
    article = make_article("编辑的题")
    waiting = make_waiting(article, title="来源的新题")
    editor().post(version_url(waiting, "drop/"))
    page = editor().post(version_url(waiting, then), {"version": 1}, follow=True)
    assert "刚被别人处理过" in messages_of(page)
    article.refresh_from_db()
    waiting.refresh_from_db()
    assert (article.title, waiting.state) == ("编辑的题", "dropped")


def test_taking_over_a_change_one_has_not_seen_is_refused():
    article = make_article("一")
    waiting = make_waiting(article, title="来源的新题")
    correct(editor(), article, title="二", reason="x")
    page = editor().post(version_url(waiting, "take/"), {"version": 1}, follow=True)
    assert "没有保存" in messages_of(page)
    article.refresh_from_db()
    waiting.refresh_from_db()
    assert (article.title, waiting.state) == ("二", "pending")


def test_a_get_takes_nothing_and_drops_nothing():
    waiting = make_waiting(make_article())
    for page in ("take/", "drop/"):
        assert editor().get(version_url(waiting, page)).status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == "pending"


# ------------------------------------------------------------------ differences
def test_a_word_is_marked_within_its_paragraph():
    (pieces,) = compare_texts("净利润增长 12%。", "净利润增长 15%。")
    assert [(piece.kind, piece.words) for piece in pieces] == [
        *((SAME, "净利润增长 1"), (REMOVED, "2"), (ADDED, "5"), (SAME, "%。"))
    ]


def test_unchanged_paragraphs_far_from_a_change_are_counted_not_shown():
    old = [f"第 {n} 段。" for n in range(50)]
    shown = compare_texts("\n".join(old), "\n".join([*old[:49], "全新的内容"]))
    assert (shown[0][0].kind, shown[0][0].words) == (SKIPPED, "48")
    assert len(shown) == 3


def test_markup_alone_is_shown_as_markup():
    shown = compare_bodies("<p>甲</p>", "<p><strong>甲</strong></p>")
    assert any("strong" in piece.words for pieces in shown for piece in pieces)


@pytest.mark.parametrize("size", [1, 299, 5000])
def test_bodies_of_any_size_are_compared(size):
    """How its time grows with their size is asked by tests/articles/test_growth.py."""
    old = "".join(f"<p>{n % 7}的一是在不了</p>" for n in range(size))
    shown = compare_bodies(old, "<p>和人这中大为上个</p>" * size)
    words = "".join(piece.words for pieces in shown for piece in pieces)
    assert "的一是在不了" in words and "和人这中大为上个" in words
