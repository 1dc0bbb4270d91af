"""Publishing and withdrawing, from the list and from the article's own page."""

import pytest

from articles.models import Article
from articles.revisions.publishing import AT_ONCE
from tests.support.builders import make_article, make_source
from tests.support.editors import change_url, chief, correct, messages_of, words

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"


def act(client, action: str, *articles, **more):
    sent = {"action": action, "index": 0, "_selected_action": [article.pk for article in articles]}
    return client.post(LIST, sent | more, follow=True)


def test_selected_articles_are_published_each_with_a_revision():
    client, one, two = chief(), make_article(status="review"), make_article(status="draft")
    page = act(client, "publish_selected", one, two)
    assert "发布了 2 篇" in messages_of(page)
    for article in (one, two):
        article.refresh_from_db()
        newest = article.revisions.first()
        assert (article.status, article.public_at) == ("published", article.published_at)
        assert (newest.version, newest.reason) == (2, "发布")
        assert newest.editor_id == int(client.session["_auth_user_id"])
        assert client.get(f"/articles/{article.pk}/").status_code == 200


def test_an_incomplete_article_is_refused_by_name_and_keeps_no_other_back():
    whole = make_article("完整", status="review")
    dateless = make_article("无时间", status="review")
    Article.objects.filter(pk=dateless.pk).update(published_at=None)
    bodyless = make_article("无正文", status="review", body_html="")
    nameless = make_article("x", status="review")
    Article.objects.filter(pk=nameless.pk).update(title="")
    said = messages_of(act(chief(), "publish_selected", whole, dateless, bodyless, nameless))
    assert "发布了 1 篇：完整" in said
    assert "3 篇没有发布" in said
    assert "“无时间”（还缺发布时间）" in said
    assert "“无正文”（还缺正文）" in said
    assert f"第 {nameless.pk} 号（无标题）（还缺标题）" in said
    assert Article.objects.published().count() == 1
    assert not dateless.revisions.exists()


def test_what_is_published_already_is_left_alone():
    article = make_article()
    assert "1 篇没有发布" in messages_of(act(chief(), "publish_selected", article))
    article.refresh_from_db()
    assert article.version == 1


def test_withdrawing_asks_for_a_reason_and_says_how_many():
    client, article, draft = chief(), make_article("要撤的"), make_article("草稿", status="draft")
    page = act(client, "withdraw_selected", article, draft)
    assert "读者将看不到这 1 篇稿件" in words(page)
    assert "选中了 2 篇" in words(page)
    again = client.post(
        LIST, {"action": "withdraw_selected", "_selected_action": [article.pk, draft.pk], "reason": " "}
    )
    assert "请写明撤下的原因" in words(again)
    assert not Article.objects.filter(status="withdrawn").exists()


def test_withdrawing_with_a_reason_takes_it_from_the_readers():
    client, article, draft = chief(), make_article("要撤的"), make_article("草稿", status="draft")
    sent = {"action": "withdraw_selected", "_selected_action": [article.pk, draft.pk], "reason": "事实有误"}
    said = messages_of(client.post(LIST, sent, follow=True))
    assert "撤下了 1 篇：要撤的" in said
    assert "“草稿”（不是已发布的稿件）" in said
    article.refresh_from_db()
    revision = article.revisions.first()
    assert (article.status, article.public_at) == ("withdrawn", None)
    assert (revision.kind, revision.reason) == ("withdrawal", "事实有误")
    assert not Article.objects.published().exists()


def test_more_than_anybody_looks_through_is_refused_at_once():
    source = make_source()
    Article.objects.bulk_create(
        Article(source=source, title=str(n), status="review", text="x", body_html="x")
        for n in range(AT_ONCE + 1)
    )
    sent = {"action": "publish_selected", "index": 0, "select_across": 1}
    sent["_selected_action"] = Article.objects.values_list("pk", flat=True)[0]
    said = messages_of(chief().post(LIST, sent, follow=True))
    assert f"一次最多 {AT_ONCE} 篇" in said
    assert not Article.objects.exclude(status="review").exists()


def test_the_button_on_the_form_publishes_what_is_typed():
    client, article = chief(), make_article("题", status="review")
    page = client.get(change_url(article)).content.decode()
    assert 'name="_publish"' in page
    response = correct(client, article, title="改过的题", _publish="保存并发布")
    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.status, article.title, article.version) == ("published", "改过的题", 2)
    assert article.revisions.first().reason == "发布；改了标题"


def test_the_form_refuses_to_publish_what_is_incomplete():
    client, article = chief(), make_article("题", status="review")
    said = words(correct(client, article, title="", body_html=" <script>x</script>", status="published"))
    assert "还不能发布，缺标题、正文" in said
    article.refresh_from_db()
    assert (article.status, article.title) == ("review", "题")


def test_a_published_article_cannot_lose_its_headline_or_date():
    client, article = chief(), make_article("题")
    sent = {"title": "", "published_at_0": "", "published_at_1": "", "reason": "x"}
    assert "还不能发布，缺标题、发布时间" in words(correct(client, article, **sent))
    article.refresh_from_db()
    assert article.title == "题"


def test_withdrawing_by_the_status_needs_a_reason_too():
    client, article = chief(), make_article()
    assert "撤下稿件要说明原因" in words(correct(client, article, status="withdrawn"))
    assert correct(client, article, status="withdrawn", reason="重复").status_code == 302
    article.refresh_from_db()
    assert article.status == "withdrawn"
    assert article.revisions.first().kind == "withdrawal"


def test_the_page_of_one_article_withdraws_it():
    client, article = chief(), make_article("要撤的")
    url = f"{LIST}{article.pk}/withdraw/"
    assert "读者将看不到这 1 篇稿件" in words(client.get(url))
    assert "请写明撤下的原因" in words(client.post(url, {"reason": ""}))
    page = client.post(url, {"reason": "事实有误"}, follow=True)
    assert "撤下了 1 篇" in messages_of(page)
    article.refresh_from_db()
    assert article.status == "withdrawn"
    assert "没有可撤下的稿件" in words(client.get(url))


def test_a_withdrawn_article_can_be_published_again():
    client, article = chief(), make_article(status="withdrawn")
    act(client, "publish_selected", article)
    article.refresh_from_db()
    assert article.status == "published"
