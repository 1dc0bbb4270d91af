"""Staff with some rights only: what one right shows or does is not what another one is for."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType

from articles.models import Article, Revision
from sources.models import ColumnMapping, Outcome
from sources.reading.saved_columns import keep
from tests.articles.importing.test_identity import OTHER, bring, rss
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.editors import at_desk, editor, make_user
from tests.support.picture_fixtures import drawn, fetched

pytestmark = pytest.mark.django_db
SECRET = "沧澜银行密稿"


def holding(*rights: str):
    """A client of somebody on the staff with just these rights."""
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return at_desk(user)


@pytest.fixture
def draft():
    """A draft of 甲报, whose id an input of 乙报 claims."""
    bring(rss(title=SECRET), source="甲报")
    Article.objects.update(status="draft", public_at=None)
    return Article.objects.get()


@pytest.fixture
def clash(draft):
    item = bring(rss("乙报", OTHER), "b.xml", source="乙报").items.get()
    assert item.outcome == Outcome.CONFLICT
    return f"/admin/sources/shelveditem/{item.pk}/clash/"


IMPORTS = ("add_importrun", "view_importitem")


def test_who_may_only_import_is_not_shown_the_article_of_a_clash(clash, draft):
    client = holding(*IMPORTS)
    assert client.get(clash).status_code == 403
    assert client.post(clash, {"verdict": "same", "rival": draft.pk}).status_code == 403
    assert not Revision.objects.filter(state="pending").exists()


def test_who_may_only_look_at_articles_lays_no_text_beside_one(clash, draft):
    client = holding(*IMPORTS, "view_article")
    page = client.get(clash).content.decode()
    assert SECRET in page and "是同一篇（作为更新）" not in page
    assert client.post(clash, {"verdict": "same", "rival": draft.pk}).status_code == 403
    assert not Revision.objects.filter(state="pending").exists()


def test_who_may_change_articles_does(clash, draft):
    assert "是同一篇（作为更新）" in editor().get(clash).content.decode()
    editor().post(clash, {"verdict": "same", "rival": draft.pk})
    assert Revision.objects.get(state="pending").article == draft


def test_a_trial_of_rules_names_no_articles_to_who_may_only_see_sections(draft):
    section = make_category("密栏")
    sent = {"rehearse": section.pk, "name": section.name, "keywords": "密稿 9"}
    address = "/admin/articles/category/rehearse/"
    assert SECRET in editor().post(address, sent).content.decode()
    page = holding("view_category").post(address, sent)
    assert page.status_code == 200 and SECRET not in page.content.decode()


@pytest.mark.parametrize("outlet", ["", "甲报"])
def test_who_may_only_add_readings_of_columns_replaces_none(outlet):
    source = make_source(outlet) if outlet else None
    keep("甲表", ["a", "b"], {"a": "title", "b": "body"}, source, None)
    before = ColumnMapping.objects.values().get()
    sample = json.dumps({"names": ["a", "b"], "rows": []})
    sent = {"sample": sample, "name": "乙表", "outlet": outlet, "column-0": "body", "column-1": "title"}
    page = holding("add_columnmapping").post("/admin/sources/columnmapping/add/", sent)
    assert "没有修改它的权限" in page.content.decode()
    assert ColumnMapping.objects.values().get() == before
    assert editor().post("/admin/sources/columnmapping/add/", sent).status_code == 302
    assert ColumnMapping.objects.get().columns == {"body": ["a"], "title": ["b"]}


HIDDEN = {
    "outlet": (lambda: make_source("沉壁周刊"), "view_source"),
    "section": (lambda: make_category("密栏"), "view_category"),
    "security": (lambda: make_security("600999.SH"), "view_security"),
    "article": (lambda: make_article(status="draft"), "view_article"),
}


@pytest.mark.parametrize(("make", "right"), HIDDEN.values(), ids=HIDDEN)
def test_the_way_to_the_site_tells_no_address_without_the_right_to_see_the_row(make, right):
    hidden = make()
    address = f"/admin/r/{ContentType.objects.get_for_model(hidden).pk}/{hidden.pk}/"
    assert holding().get(address).status_code == 404
    assert holding("view_user").get(address).status_code == 404
    assert holding(right).get(address)["Location"].endswith(hidden.get_absolute_url())


def test_the_way_to_the_site_of_what_is_nowhere_is_not_found():
    client = at_desk(make_user(is_superuser=True))
    for where in ("0/1", "1/x", f"{'9' * 25}/1", f"{ContentType.objects.get_for_model(Revision).pk}/1"):
        assert client.get(f"/admin/r/{where}/").status_code == 404


@pytest.mark.parametrize("change", [{"is_staff": False}, {"is_active": False}])
def test_the_picture_of_a_draft_is_shown_to_nobody_who_has_left_the_staff(server, change):
    picture = fetched(server.serve("/a.png", drawn()))
    Article.objects.update(status="draft", public_at=None)
    user = make_user("编辑")
    client = at_desk(user)
    assert client.get(picture.address).status_code == 200
    User.objects.filter(pk=user.pk).update(**change)
    assert client.get(picture.address).status_code == 404
