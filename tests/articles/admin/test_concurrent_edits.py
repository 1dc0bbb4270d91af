"""Two editors, one article: whoever comes second is told, and nobody's text is lost or falsely called saved."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection

from articles.models import Article, Revision, StaleArticle
from tests.support.builders import make_article, make_security, make_source
from tests.support.editors import (
    at_desk,
    change_url,
    chief,
    correct,
    editor,
    fields_of,
    make_user,
    open_form,
    words,
)

EDITORS = 20


@pytest.mark.django_db
def test_the_second_editor_keeps_his_text_and_sees_the_first_ones():
    article = make_article("原题", body_html="<p>第一段。</p><p>第二段。</p>", status="review")
    first, second = at_desk(make_user("编辑", last_name="李", first_name="明")), editor()
    mine = open_form(second, article) | {"title": "乙的题", "body_html": "<p>第一段。</p><p>乙的第二段。</p>"}
    correct(first, article, title="甲的题", reason="甲改了题")
    page = second.post(change_url(article), mine)
    assert page.status_code == 200
    said = words(page)
    for word in ("没有保存", "两个人改了同一篇稿件", "李明", "甲改了题", "第 2 版"):
        assert word in said, word
    kept = fields_of(page.content, "article_form")
    assert (kept["title"], kept["body_html"]) == ("乙的题", "<p>第一段。</p><p>乙的第二段。</p>")
    theirs, mine_now = said.partition("别人改了什么")[2].split("如果现在就按你的保存")
    assert "［新增：甲的］" in theirs
    assert "乙" in mine_now and "乙" not in theirs
    article.refresh_from_db()
    assert (article.title, article.version) == ("甲的题", 2)
    assert article.revisions.count() == 2


@pytest.mark.django_db
def test_a_second_save_in_the_knowledge_of_the_first_is_kept():
    article, second = make_article("原题", status="review"), editor()
    mine = open_form(second, article) | {"title": "乙的题"}
    correct(editor(), article, title="甲的题")
    again = fields_of(second.post(change_url(article), mine).content, "article_form")
    assert second.post(change_url(article), again).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.original_title, article.version) == ("乙的题", "原题", 3)
    assert article.revisions.get(version=2).snapshot["title"] == "甲的题"


@pytest.mark.django_db
def test_a_third_editor_in_between_is_a_conflict_again():
    article, second = make_article("原题", status="review"), editor()
    mine = open_form(second, article) | {"title": "乙的题"}
    correct(editor(), article, title="甲的题")
    again = fields_of(second.post(change_url(article), mine).content, "article_form")
    correct(editor(), article, title="丙的题")
    page = second.post(change_url(article), again)
    assert "没有保存" in words(page)
    article.refresh_from_db()
    assert article.title == "丙的题"


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["", "0", "2", "-1", "x", "9" * 400, "1.0", "１", " 1 x", "\0"])
def test_a_forged_version_saves_nothing(version):
    article = make_article("原题", status="review")
    page = correct(editor(), article, title="乙的题", version=version)
    assert page.status_code == 200
    assert "没有保存" in words(page)
    article.refresh_from_db()
    assert (article.title, article.version) == ("原题", 1)


@pytest.mark.django_db
def test_a_form_without_a_version_saves_nothing():
    article, client = make_article("原题", status="review"), editor()
    sent = open_form(client, article) | {"title": "乙的题"}
    del sent["version"]
    assert "没有保存" in words(client.post(change_url(article), sent))
    article.refresh_from_db()
    assert article.title == "原题"


@pytest.mark.django_db
def test_a_bulk_change_counts_as_somebody_elses():
    article, client = make_article("原题", status="review"), editor()
    mine = open_form(client, article) | {"title": "乙的题"}
    Article.objects.filter(pk=article.pk).update_versioned(byline="成批改的")
    page = client.post(change_url(article), mine)
    assert "成批改动过" in words(page)
    article.refresh_from_db()
    assert (article.title, article.byline) == ("原题", "成批改的")


@pytest.mark.django_db
def test_an_article_that_goes_stale_under_the_save_is_a_conflict_page(monkeypatch):
    """No lock lets this happen; should one fail, the editor reads a page, not an error."""
    article, client = make_article("原题", status="review"), editor()
    sent, revise = open_form(client, article) | {"title": "乙的题"}, Article.revise

    def overtaken(self, *args, **kwargs):
        monkeypatch.setattr(Article, "revise", revise)
        raise StaleArticle

    monkeypatch.setattr(Article, "revise", overtaken)
    response = client.post(change_url(article), sent)
    assert response.status_code == 302
    article.refresh_from_db()
    assert article.title == "乙的题"


@pytest.mark.django_db
def test_the_conflict_page_of_a_hostile_text_runs_nothing():
    article, second = make_article("原题", status="review"), editor()
    mine = open_form(second, article) | {
        "title": "<img src=x onerror=1>乙",
        "body_html": "</textarea><img src=x>",
    }
    correct(editor(), article, title="<img src=x onerror=2>甲", reason="<img src=x onerror=3>")
    page = second.post(change_url(article), mine)
    assert b"<img src=x" not in page.content
    assert "<img src=x onerror=1>乙" in words(page)


@pytest.mark.django_db
def test_securities_that_the_second_editor_added_are_kept_too():
    article, second, security = make_article("原题", status="review"), editor(), make_security()
    mine = open_form(second, article) | {"title": "乙的题", "mentions-0-security": str(security.pk)}
    correct(editor(), article, title="甲的题")
    again = fields_of(second.post(change_url(article), mine).content, "article_form")
    assert again["mentions-0-security"] == str(security.pk)
    assert not article.mentions.exists()
    assert second.post(change_url(article), again).status_code == 302
    assert article.mentions.get().security == security


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_lock_while_the_page_of_a_conflict_is_made():
    article, second = make_article("原题", status="review"), editor()
    mine = open_form(second, article) | {"title": "乙的题"}
    correct(editor(), article, title="甲的题")
    asked = []

    def watch(execute, sql, params, many, context):
        asked.append((sql, connection.in_atomic_block))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        assert "两个人改了同一篇稿件" in words(second.post(change_url(article), mine))
    revisions = [is_locked for sql, is_locked in asked if 'FROM "articles_revision"' in sql]
    assert revisions and not any(revisions)


@pytest.mark.django_db
def test_who_may_only_look_is_not_shown_a_conflict():
    article, looker = make_article("原题", status="review"), make_user()
    mine = open_form(editor(), article) | {"title": "乙的题"}
    correct(editor(), article, title="甲的题")
    looker.user_permissions.add(Permission.objects.get(codename="view_article"))
    assert at_desk(looker).post(change_url(article), mine).status_code == 403


# ------------------------------------------------------------------ in threads
def all_at_once(jobs) -> list:
    """Run the jobs in threads that start together; what each answered."""
    barrier = threading.Barrier(len(jobs))

    def run(job):
        barrier.wait(30)
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return [future.result() for future in [threads.submit(run, job) for job in jobs]]


@pytest.mark.django_db(transaction=True)
def test_of_editors_who_save_at_once_each_is_saved_or_told():
    article = make_article("原题", status="review")
    clients = [editor() for _ in range(EDITORS)]
    forms = [open_form(c, article) | {"title": f"第 {n} 人的题"} for n, c in enumerate(clients)]
    answers = all_at_once(
        [lambda c=c, f=f: c.post(change_url(article), f) for c, f in zip(clients, forms, strict=True)]
    )
    saved = [n for n, answer in enumerate(answers) if answer.status_code == 302]
    refused = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    assert len(saved) + len(refused) == EDITORS
    survived = {
        snapshot["title"]
        for snapshot in article.revisions.filter(snapshot__isnull=False).values_list("snapshot", flat=True)
    }
    article.refresh_from_db()
    survived.add(article.title)
    assert survived == {"原题", *(f"第 {n} 人的题" for n in saved)}
    assert article.version == 1 + len(saved)
    for n in refused:
        assert "没有保存" in words(answers[n])
        assert fields_of(answers[n].content, "article_form")["title"] == f"第 {n} 人的题"


@pytest.mark.django_db(transaction=True)
def test_editors_who_save_again_after_reading_lose_nothing():
    """Each tries until he is saved; every text is in the history then."""
    article = make_article("原题", status="review")

    def persist(client, title):
        sent = open_form(client, article) | {"title": title}
        for _ in range(100):
            answer = client.post(change_url(article), sent)
            if answer.status_code == 302:
                return title
            sent = fields_of(answer.content, "article_form")
        return None

    clients = [editor() for _ in range(5)]
    titles = all_at_once([lambda c=c, n=n: persist(c, f"第 {n} 人的题") for n, c in enumerate(clients)])
    kept = set(Revision.objects.filter(snapshot__isnull=False).values_list("snapshot__title", flat=True))
    article.refresh_from_db()
    assert None not in titles
    assert kept | {article.title} == {"原题", *titles}
    assert article.version == 1 + len(clients)


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_ten_times_at_once_makes_one_article():
    client, source = chief(), make_source()
    filled = fields_of(client.get("/admin/articles/article/add/").content, "article_form")
    filled |= {"title": "新稿", "source": source.pk, "body_html": "<p>正文</p>"}
    copies = [chief() for _ in range(10)]
    answers = all_at_once([lambda c=c: c.post("/admin/articles/article/add/", filled) for c in copies])
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [302]
    assert Article.objects.count() == Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_sections_of_one_name_at_once_make_one():
    add = "/admin/articles/category/add/"
    chiefs = [chief() for _ in range(10)]
    sent = {"name": "同名栏", "slug": "tongming", "position": 1, "keywords": ""}
    answers = all_at_once([lambda c=c: c.post(add, sent) for c in chiefs])
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [302]


@pytest.mark.django_db(transaction=True)
def test_publishing_against_withdrawing_ends_as_the_last_one_said():
    article = make_article("题")
    clients = [chief() for _ in range(10)]

    def act(client, action):
        sent = {"action": action, "index": 0, "reason": "x", "_selected_action": article.pk}
        return client.post("/admin/articles/article/", sent).status_code

    jobs = [
        lambda c=c, n=n: act(c, "publish_selected" if n % 2 else "withdraw_selected")
        for n, c in enumerate(clients)
    ]
    assert set(all_at_once(jobs)) == {302}
    article.refresh_from_db()
    kinds = list(article.revisions.order_by("version").values_list("kind", flat=True))[1:]
    assert len(kinds) == article.version - 1
    assert kinds == [("withdrawal", "edit")[n % 2] for n in range(len(kinds))]
    assert (article.status == "withdrawn") == (kinds[-1] == "withdrawal")


@pytest.mark.django_db
def test_a_database_that_stays_locked_is_a_page_with_the_text_kept(monkeypatch):
    article, client = make_article("原题", status="review"), editor()
    sent = open_form(client, article) | {"title": "乙的题"}

    def locked(self, *args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(Article, "revise", locked)
    page = client.post(change_url(article), sent)
    assert "没有保存：数据库正忙" in words(page)
    assert fields_of(page.content, "article_form")["title"] == "乙的题"
    monkeypatch.undo()
    assert client.post(change_url(article), fields_of(page.content, "article_form")).status_code == 302
