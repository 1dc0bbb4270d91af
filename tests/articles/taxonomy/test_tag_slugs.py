"""Every tag has an address of its own, whatever its name is made of."""

import pytest
from django.core.management import call_command
from taggit.models import Tag

from articles.models import Category
from tests.support.builders import make_article, make_category
from tests.support.editors import chief, correct
from tests.support.page_text import text

pytestmark = pytest.mark.django_db
NAMES = [
    "！！！",
    "😀",
    "👍🏽",
    "…",
    "《》",
    "¥",
    "ﷺ" * 100,
    "\u200b",
    "--",
    "_",
    "服务贸易",
    "C++",
    "C#",
    "长" * 100,
]


def address(name: str) -> str:
    return f"/tags/{Tag.objects.get(name=name).slug}/"


def test_every_name_has_an_address_that_works_and_is_no_one_else_s(client):
    article = make_article("甲", tags=NAMES)
    addresses = [address(name) for name in NAMES]
    assert len(set(addresses)) == len(NAMES)
    page = client.get(article.get_absolute_url())
    for name in NAMES:
        assert page.content.decode().count('href="/tags//"') == 0
        assert article.title in text(client, address(name)), name
        assert client.get(f"{address(name)}feed.xml").status_code == 200
        assert len(Tag.objects.get(name=name).slug) <= 100


def test_an_address_stays_when_the_tag_is_saved_again_or_renamed():
    tag = Tag.objects.create(name="😀")
    was = tag.slug
    tag.name = "笑"
    tag.save()
    assert Tag.objects.get().slug == was


def test_a_tag_that_an_editor_types_has_one_too(client):
    article = make_article(status="draft")
    assert correct(chief(), article, tags="！，甲").status_code == 302
    assert all(Tag.objects.values_list("slug", flat=True))


@pytest.mark.django_db(transaction=True)
def test_one_that_an_earlier_version_left_without_is_given_one():
    call_command("migrate", "articles", "0015", verbosity=0)
    Tag.objects.bulk_create([Tag(name="😀", slug=""), Tag(name="甲", slug="jia")])
    call_command("migrate", verbosity=0)
    assert set(Tag.objects.values_list("slug", flat=True)) == {"jia", Tag.objects.get(name="😀").slug}
    assert Tag.objects.get(name="😀").slug


@pytest.mark.parametrize("name", ["！！！", "😀", "庄" * 50, "创" * 49 + "一"])
def test_a_section_has_an_address_that_the_database_takes(name):
    first = make_category(name)
    other = Category(name=f"{name[:48]}乙")
    other.save()
    assert first.slug and other.slug != first.slug
    assert max(len(one) for one in Category.objects.values_list("slug", flat=True)) <= 60
