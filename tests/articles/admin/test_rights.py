"""Who may do what at the desk: every page for every kind of user, and what forged forms come to."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from articles.models import Article, Category, Picture, Revision
from articles.models.story import Story
from sources.files.raw_bytes import pack
from sources.models import FeedSubscription, ImportItem, ImportRun, Source, Upload
from sources.reading.saved_columns import keep
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.editors import at_desk, change_url, correct, editor, make_user, open_form

pytestmark = pytest.mark.django_db
STAFF, EDITOR, CHIEF, ROOT = "没有权限的人", "编辑", "主编", "超级用户"
NOBODY, EVERYBODY = set(), {EDITOR, CHIEF, ROOT}


@pytest.fixture
def newsroom():
    """One of everything, and what its pages are called."""
    article = make_article(source=make_source("证券时报"), category=make_category("甲栏"))
    item = ImportItem.objects.create(run=ImportRun.objects.create(), name="甲.md", outcome="created")
    old = Revision.objects.create(article=article, version=0, kind="import", snapshot=article.kept())
    waiting = Revision.objects.create(
        article=article, kind="import", state="pending", snapshot=article.kept(), import_item=item
    )
    return {
        "article": article.pk,
        "old": old.pk,
        "waiting": waiting.pk,
        "story": Story.objects.create().pk,
        "source": article.source_id,
        "category": article.category_id,
        "security": make_security().pk,
        "run": item.run_id,
        "item": item.pk,
        "subscription": FeedSubscription.objects.create(source=article.source, url="https://a.cn/feed").pk,
        "picture": Picture.objects.create(
            article=article, version=1, position=1, url="https://a.cn/1.jpg"
        ).pk,
        "user": make_user().pk,
        **shelf(item.run),
    }


def shelf(run: ImportRun) -> dict[str, int]:
    """What waits, and what editors keep beside it."""
    raw = pack(b"a,b\n1,2\n")
    waits = ImportItem.objects.create(run=run, name="表.csv", outcome="rejected", raw=raw)
    layout = {"blocks": ["一段。"], "articles": [], "repeats": {}, "left_over": [1], "variants": {}}
    page = ImportItem.objects.create(run=run, name="版面.txt", outcome="skipped", layout=layout)
    return {
        "waits": waits.pk,
        "page": page.pk,
        "upload": Upload.objects.create(files=[["甲.md", 1]]).pk,
        "mapping": keep("甲表", ["a", "b"], {"a": "title"}, None, None).pk,
    }


def users() -> dict[str, User]:
    return {
        STAFF: make_user(),
        EDITOR: make_user(EDITOR),
        CHIEF: make_user(CHIEF),
        ROOT: make_user(is_superuser=True),
    }


READ = [
    ("articles/article/", EVERYBODY),
    ("articles/article/add/", EVERYBODY),
    ("articles/article/{article}/change/", EVERYBODY),
    ("articles/article/{article}/history/", EVERYBODY),
    ("articles/article/{article}/versions/{old}/", EVERYBODY),
    ("articles/article/{article}/versions/{old}/restore/", EVERYBODY),
    ("articles/article/{article}/versions/{waiting}/merge/", EVERYBODY),
    ("articles/article/{article}/withdraw/", {CHIEF, ROOT}),
    ("articles/article/{article}/delete/", NOBODY),
    ("articles/story/", EVERYBODY),
    ("articles/story/add/", NOBODY),
    ("articles/story/{story}/change/", EVERYBODY),
    ("articles/story/{story}/delete/", NOBODY),
    ("articles/category/", EVERYBODY),
    ("articles/category/add/", {CHIEF, ROOT}),
    ("articles/category/{category}/change/", EVERYBODY),
    ("articles/category/{category}/delete/", {ROOT}),
    ("articles/security/", EVERYBODY),
    ("articles/security/{security}/change/", EVERYBODY),
    ("sources/source/", EVERYBODY),
    ("sources/source/add/", {CHIEF, ROOT}),
    ("sources/source/{source}/change/", EVERYBODY),
    ("sources/source/{source}/delete/", {ROOT}),
    ("sources/importrun/", EVERYBODY),
    ("sources/importrun/add/", NOBODY),
    ("sources/importrun/{run}/change/", EVERYBODY),
    ("sources/importrun/{run}/delete/", NOBODY),
    ("sources/importitem/", EVERYBODY),
    ("sources/importitem/{item}/change/", EVERYBODY),
    ("sources/importitem/{item}/delete/", NOBODY),
    ("sources/feedsubscription/", EVERYBODY),
    ("sources/feedsubscription/add/", {CHIEF, ROOT}),
    ("sources/feedsubscription/{subscription}/change/", EVERYBODY),
    ("sources/feedsubscription/{subscription}/delete/", {CHIEF, ROOT}),
    ("articles/picture/", EVERYBODY),
    ("articles/picture/add/", NOBODY),
    ("articles/picture/{picture}/change/", EVERYBODY),
    ("articles/picture/{picture}/delete/", NOBODY),
    ("sources/shelveditem/", EVERYBODY),
    ("sources/shelveditem/add/", NOBODY),
    ("sources/shelveditem/{waits}/mend/", EVERYBODY),
    ("sources/shelveditem/{waits}/dismiss/", EVERYBODY),
    ("sources/shelveditem/{waits}/columns/", EVERYBODY),
    ("sources/shelveditem/{page}/split/", EVERYBODY),
    ("sources/upload/", EVERYBODY),
    ("sources/upload/add/", EVERYBODY),
    ("sources/upload/{upload}/change/", {CHIEF, ROOT}),
    ("sources/upload/{upload}/delete/", NOBODY),
    ("sources/columnmapping/", EVERYBODY),
    ("sources/columnmapping/add/", EVERYBODY),
    ("sources/columnmapping/{mapping}/change/", EVERYBODY),
    ("sources/columnmapping/{mapping}/delete/", {ROOT}),
    ("auth/user/", {ROOT}),
    ("auth/user/{user}/change/", {ROOT}),
    ("auth/group/", {ROOT}),
]


@pytest.mark.parametrize(("route", "allowed"), READ, ids=[route for route, _ in READ])
def test_each_page_opens_for_those_who_may_see_it_and_no_one_else(newsroom, route, allowed):
    url = "/admin/" + route.format(**newsroom)
    seen = {name for name, user in users().items() if at_desk(user).get(url).status_code == 200}
    assert seen == allowed
    for stranger in (Client(), at_desk(make_user(is_staff=False))):
        response = stranger.get(url)
        assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("admin:login"))


WRITES = [
    ("articles/article/{article}/change/", {}, EVERYBODY),
    ("articles/article/{article}/versions/{waiting}/take/", {}, EVERYBODY),
    ("articles/article/{article}/versions/{waiting}/drop/", {}, EVERYBODY),
    ("articles/article/{article}/versions/{waiting}/merge/", {"do": "save"}, EVERYBODY),
    ("articles/article/{article}/withdraw/", {"reason": "撤"}, {CHIEF, ROOT}),
    ("articles/article/{article}/story/leave/", {}, EVERYBODY),
    ("articles/article/{article}/story/join/", {"other": "1"}, EVERYBODY),
    ("articles/story/{story}/change/", {}, NOBODY),
    ("articles/story/{story}/remove/", {"article": "1"}, EVERYBODY),
    ("articles/story/{story}/split/", {}, EVERYBODY),
    ("articles/story/{story}/merge/", {"into": "1"}, EVERYBODY),
    ("articles/story/{story}/confirm/", {}, EVERYBODY),
    ("articles/category/{category}/change/", {}, {CHIEF, ROOT}),
    ("sources/source/{source}/change/", {}, {CHIEF, ROOT}),
    ("sources/shelveditem/{waits}/mend/", {}, EVERYBODY),
    ("sources/shelveditem/{waits}/again/", {}, EVERYBODY),
    ("sources/shelveditem/{waits}/dismiss/", {}, EVERYBODY),
    ("sources/shelveditem/{waits}/back/", {}, EVERYBODY),
    ("sources/shelveditem/{waits}/columns/", {}, EVERYBODY),
    ("sources/shelveditem/{page}/split/", {}, EVERYBODY),
    ("sources/upload/add/", {}, EVERYBODY),
    ("sources/columnmapping/{mapping}/change/", {}, EVERYBODY),
    ("sources/importrun/{run}/change/", {"state": "failed"}, NOBODY),
    ("sources/importitem/{item}/change/", {"outcome": "rejected"}, NOBODY),
]


@pytest.mark.parametrize(("route", "sent", "allowed"), WRITES, ids=[route for route, *_ in WRITES])
def test_each_post_is_refused_to_those_who_may_not_write(newsroom, route, sent, allowed):
    url = "/admin/" + route.format(**newsroom)
    refused = {name for name, user in users().items() if at_desk(user).post(url, sent).status_code == 403}
    assert refused == {STAFF, *EVERYBODY} - allowed
    assert ImportRun.objects.get().state == "running"
    assert ImportItem.objects.get(pk=newsroom["item"]).outcome == "created"


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_an_editor_cannot_publish_or_withdraw_by_a_forged_status(status):
    article = make_article(status="review" if status == "published" else "published")
    before = article.status
    client = editor()
    assert "选择一个有效的选项" in correct(client, article, status=status, reason="x").content.decode()
    article.refresh_from_db()
    assert (article.status, article.version) == (before, 1)


def test_an_editor_cannot_publish_by_the_button():
    article, client = make_article(status="review"), editor()
    assert correct(client, article, _publish="1").status_code == 403
    assert "保存并发布" not in client.get(change_url(article)).content.decode()
    article.refresh_from_db()
    assert article.status == "review"


def test_an_editor_cannot_publish_or_withdraw_by_an_action():
    review, published = make_article(status="review"), make_article()
    client = editor()
    for action in ("publish_selected", "withdraw_selected"):
        sent = {"action": action, "index": 0, "reason": "x", "_selected_action": [review.pk, published.pk]}
        client.post("/admin/articles/article/", sent)
    assert set(Article.objects.values_list("status", flat=True)) == {"review", "published"}
    assert not Revision.objects.exists()


def test_an_editor_cannot_hide_a_published_article_by_its_date():
    article = make_article()
    response = correct(editor(), article, published_at_0="2199/01/01", published_at_1="00:00:00", byline="新")
    before, article = article.public_at, Article.objects.get(pk=article.pk)
    assert response.status_code == 302
    assert (article.public_at, article.byline) == (before, "新")


def test_fields_that_are_not_in_the_form_cannot_be_forged():
    article = make_article(status="review", external_id="NW1")
    before = Article.objects.get(pk=article.pk)
    forged = {
        "external_id": "X",
        "legacy_path": "/x",
        "text": "x",
        "fingerprint": "x",
        "public_at": "2020-01-01",
    }
    correct(editor(), article, byline="新", id=article.pk + 1, **forged)
    article.refresh_from_db()
    for name in forged:
        assert getattr(article, name) == getattr(before, name), name
    assert article.byline == "新"
    assert article.status == "review"


def test_a_forged_list_form_changes_nothing():
    article = make_article()
    sent = {
        **{"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": article.pk},
        **{"form-0-title": "伪造", "form-0-status": "withdrawn", "_save": "保存"},
    }
    editor().post("/admin/articles/article/", sent)
    article.refresh_from_db()
    assert (article.version, article.status) == (1, "published")


def test_a_mention_of_another_article_cannot_be_forged():
    mine, theirs = make_article(), make_article(securities=[make_security()])
    mention = theirs.mentions.get()
    client = editor()
    sent = open_form(client, mine) | {
        **{"mentions-INITIAL_FORMS": 1, "mentions-0-id": mention.pk, "mentions-0-DELETE": "on"},
        "mentions-0-security": mention.security_id,
    }
    assert client.post(change_url(mine), sent).status_code < 500
    assert theirs.mentions.count() == 1


def test_an_editor_cannot_add_an_outlet_or_section_from_the_article():
    client = editor()
    client.post("/admin/sources/source/add/?_popup=1", {"name": "伪造社", "_popup": 1})
    client.post("/admin/articles/category/add/?_popup=1", {"name": "伪造栏", "_popup": 1})
    assert not Source.objects.filter(name="伪造社").exists()
    assert not Category.objects.filter(name="伪造栏").exists()


def test_who_may_only_look_finds_no_button():
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    article, client = make_article(), at_desk(user)
    Revision.objects.create(article=article, kind="import", state="pending", snapshot=article.kept())
    page = client.get(change_url(article)).content.decode()
    assert article.title in page
    for word in ("_save", "不采用", "撤下", "修改说明"):
        assert word not in page
    assert client.post(change_url(article), {"title": "x"}).status_code == 403


def test_the_desk_home_shows_nobody_more_than_his_rights():
    make_article(status="review")
    assert not at_desk(make_user()).get("/admin/").context["figures"]
