"""A section or tag whose slug changed: its old addresses lead to those of today, as outlets' do."""

import pytest
from taggit.models import Tag

from articles.models import Category
from articles.models.category import FormerCategorySlug
from articles.models.tags_and_securities import FormerTagSlug
from tests.support.builders import make_article, make_category
from tests.support.editors import at_desk, fields_of, make_user, words

pytestmark = pytest.mark.django_db


def goes_to(client, path: str):
    """Where a path leads in one hop, or its status."""
    response = client.get(path)
    if response.status_code != 301:
        return response.status_code
    assert client.get(response["Location"]).status_code == 200
    return response["Location"]


@pytest.fixture
def named():
    """A section and a tag, in use; and how each is given another slug."""
    section = make_category("汽车", slug="qiche")
    tag = Tag.objects.create(name="服务贸易", slug="fumao")
    make_article(category=section, tags=[tag])
    return {"categories": section, "tags": tag}


def move(one, slug: str) -> None:
    one = type(one).objects.get(pk=one.pk)
    one.slug = slug
    one.save()


@pytest.mark.parametrize("kind", ["categories", "tags"])
def test_old_addresses_lead_to_those_of_today_in_one_hop(client, named, kind):
    was = named[kind].slug
    for slug in ("er", "san", "服务"):
        move(named[kind], slug)
    now = "%E6%9C%8D%E5%8A%A1"
    for old in (was, "er", "san"):
        assert goes_to(client, f"/{kind}/{old}/") == f"/{kind}/{now}/"
        assert goes_to(client, f"/{kind}/{old}") == f"/{kind}/{now}/"
        assert goes_to(client, f"/{kind}/{old}/feed.xml") == f"/{kind}/{now}/feed.xml"
        assert goes_to(client, f"/{kind}/{old}/feed.json") == f"/{kind}/{now}/feed.json"
    asked = f"/{kind}/{was}/?from=2021-01-01&source=%E6%9D%A5&utm_source=x"
    assert goes_to(client, asked) == f"/{kind}/{now}/?from=2021-01-01&source=%E6%9D%A5"


@pytest.mark.parametrize("kind", ["categories", "tags"])
def test_a_slug_that_comes_back_leads_nowhere_else(client, named, kind):
    was = named[kind].slug
    move(named[kind], "er")
    move(named[kind], was)
    assert goes_to(client, f"/{kind}/{was}/") == 200
    assert goes_to(client, f"/{kind}/er/") == f"/{kind}/{was}/"


@pytest.mark.parametrize("kind", ["categories", "tags"])
def test_an_old_slug_of_what_nobody_may_see_is_not_found(client, named, kind):
    was = named[kind].slug
    move(named[kind], "er")
    article = named[kind].article_set.get() if kind == "categories" else None
    article = article or named[kind].articles_taggedarticle_items.get().content_object
    article.status = "withdrawn"
    article.save()
    assert goes_to(client, f"/{kind}/{was}/") == 404
    for never in ("nope", "..", "%00", "x" * 300):
        assert goes_to(client, f"/{kind}/{never}/") == 404


def test_a_new_name_never_takes_an_old_address(client, named):
    """Its pinyin or its own letters are the slug that another had."""
    section, tag = named.values()
    move(section, "jidongche"), move(tag, "services")
    newcomer = Category.objects.create(name="气车")  # the same pinyin
    other = Tag.objects.create(name="Fumao")
    make_article(category=newcomer, tags=[other])
    assert newcomer.slug not in ("qiche", "jidongche") and other.slug not in ("fumao", "services")
    assert goes_to(client, "/categories/qiche/") == "/categories/jidongche/"
    assert goes_to(client, "/tags/fumao/") == "/tags/services/"
    assert client.get(newcomer.get_absolute_url()).status_code == 200
    assert client.get(f"/tags/{other.slug}/").status_code == 200


def test_a_filter_by_a_section_s_old_slug_still_narrows(client, named):
    source = make_article("别的").source
    article = make_article("汽车的", source, category=named["categories"])
    move(named["categories"], "jidongche")
    page = client.get(f"{source.get_absolute_url()}?category=qiche").content.decode()
    assert article.title in page and "别的" not in page


@pytest.mark.parametrize(
    ("kind", "path"),
    [("categories", "/admin/articles/category/"), ("tags", "/admin/taggit/tag/")],
)
def test_the_desk_changes_a_slug_and_refuses_another_s_old_one(client, named, kind, path):
    desk, one = at_desk(make_user(is_superuser=True)), named[kind]
    was, form = one.slug, "category_form" if kind == "categories" else "tag_form"
    url = f"{path}{one.pk}/change/"
    assert desk.post(url, fields_of(desk.get(url).content, form) | {"slug": "xin"}).status_code == 302
    assert goes_to(client, f"/{kind}/{was}/") == f"/{kind}/xin/"
    blank = fields_of(desk.get(f"{path}add/").content, form)
    answer = desk.post(f"{path}add/", blank | {"name": "另一个", "slug": was})
    assert f"“{was}”" in words(answer) and "的旧地址，还要通到那里" in words(answer)
    assert desk.post(f"{path}add/", blank | {"name": "另一个", "slug": ""}).status_code == 302
    assert type(one).objects.get(name="另一个").slug


def test_what_is_deleted_takes_its_old_addresses_with_it(client):
    section, tag = make_category("空栏", slug="kong"), Tag.objects.create(name="空签", slug="kong")
    for one in (section, tag):
        move(one, "man")
        one.delete()
    assert not FormerCategorySlug.objects.exists() and not FormerTagSlug.objects.exists()
    assert goes_to(client, "/categories/kong/") == goes_to(client, "/tags/kong/") == 404
