"""Old addresses and feed ids that a second outlet claims: they go on meaning the first one's."""

import json

import pytest

from articles.models import Article
from articles.taxonomy.merge_outlets import merge
from sources.models import OldSlug, Source
from tests.articles.importing.test_identity import bring
from tests.support.builders import make_article, make_source
from tests.support.deliveries import post
from tests.support.editors import make_user

pytestmark = pytest.mark.django_db
POST = (
    '---\nlayout: post\ntitle: "{outlet}的利率"\ndate: 2022-03-01 09:00:00 +0800\ncategories: jia\n'
    "tags: {outlet}新闻\n---\n<p>{outlet}的正文，说的是利率。</p>"
)
PATH = "/jia/2022/03/01/rates.html"


def leads(client, path: str) -> str | int:
    answer = client.get(path)
    return answer["Location"] if answer.status_code == 301 else answer.status_code


def claim(slug: str) -> Source:
    """Another outlet's post says that it stood in the list of this name."""
    bring(post(1, outlet="乙报", slug=slug), "2022-03-01-NW202203010000000001.md")
    source = Source.objects.get(name="乙报")
    assert OldSlug.objects.get(slug=slug).source == source
    return source


CATEGORY_PAGE = "---\nlayout: category\ntitle: 丙报新闻\ncategory: {}\n---\n"


# ------------------------------------------------------------------ an outlet's address
@pytest.fixture
def paper():
    source = make_source("甲报")
    make_article(source=source)
    return source


def rename(source: Source, slug: str) -> None:
    was, source.slug = source.slug, slug
    source.save()
    source.renamed(source.name, was)


@pytest.mark.parametrize("feed", ["", "feed.xml", "feed.json"])
def test_the_address_of_a_renamed_outlet_leads_to_it_whoever_claims_it(client, paper, feed):
    claim(slug := paper.slug)
    rename(paper, "jia")
    assert leads(client, f"/sources/{slug}/{feed}") == f"/sources/jia/{feed}"
    rename(paper, "jiajia")
    assert leads(client, f"/sources/{slug}/{feed}") == f"/sources/jiajia/{feed}"


def test_nor_does_a_category_page_claim_it(client, paper):
    slug = paper.slug
    bring(CATEGORY_PAGE.format(slug), "category/jiabao.html", hold="待审")
    assert OldSlug.objects.get(slug=slug).source != paper
    rename(paper, "jia")
    assert leads(client, f"/sources/{slug}/") == "/sources/jia/"


def test_the_address_of_a_merged_outlet_leads_where_it_went(client, paper):
    into = make_source("丁报")
    claim(slug := paper.slug)
    merge(paper.pk, into.pk, make_user("主编"))
    assert leads(client, f"/sources/{slug}/") == into.get_absolute_url()


def test_the_address_of_an_outlet_without_anything_to_read_leads_nowhere(client):
    hidden = make_article(source=make_source("甲报"), status="review").source
    claim(hidden.slug)
    assert leads(client, hidden.get_absolute_url()) == 404


def test_an_address_of_the_old_site_alone_leads_to_whom_it_was_bound(client, paper):
    source = claim("yibao-old")
    assert leads(client, "/sources/yibao-old/") == source.get_absolute_url()
    assert leads(client, "/category/yibao-old.html") == source.get_absolute_url()


def test_an_address_that_an_editor_gave_away_leads_to_whom_he_gave_it(client, paper):
    slug, other = paper.slug, make_article(source=make_source("戊报")).source
    rename(paper, "jia")
    OldSlug.objects.filter(slug=slug).update(source=other)
    assert leads(client, f"/sources/{slug}/") == other.get_absolute_url()


# ------------------------------------------------------------------ an article's
def ids(client) -> dict[str, str]:
    entries = json.loads(client.get("/feed.json").content)["items"]
    found = {entry["authors"][0]["name"]: entry["id"] for entry in entries}
    atom = client.get("/feed.xml").content.decode()
    assert all(atom.count(f"<id>{one}</id>") == 1 for one in found.values())
    return found


@pytest.mark.parametrize("name", ["rates.md", "2021-01-01-rates.md"])
def test_a_post_that_claims_another_s_old_address_takes_neither_it_nor_its_id(client, name):
    bring(POST.format(outlet="甲报"), "2022-03-01-rates.md")
    theirs, before = Article.objects.get(), ids(client)
    bring(POST.format(outlet="乙报"), name)
    own = Article.objects.exclude(pk=theirs.pk).get()
    assert own.legacy_path == theirs.legacy_path == PATH
    assert own.is_public and leads(client, PATH) == theirs.get_absolute_url()
    assert ids(client) == before | {"乙报": f"http://127.0.0.1:8000{own.get_absolute_url()}"}
    Article.objects.get(pk=theirs.pk).save()  # PostgreSQL moves a row that is written
    assert leads(client, PATH) == theirs.get_absolute_url()
    assert ids(client)["甲报"] == before["甲报"]


@pytest.mark.parametrize("asked", [PATH, PATH.replace("/01/r", "/02/r")])
@pytest.mark.parametrize("status", ["draft", "review"])
def test_what_readers_never_saw_is_in_no_piece_s_way(client, asked, status):
    make_article(source=make_source("乙报"), status=status, legacy_path=PATH)
    theirs = make_article(source=make_source("甲报"), legacy_path=PATH)
    assert leads(client, asked) == theirs.get_absolute_url()


def test_what_was_withdrawn_stays_gone_though_another_claims_its_address(client):
    make_article(source=make_source("甲报"), status="withdrawn", legacy_path=PATH)
    make_article(source=make_source("乙报"), legacy_path=PATH)
    assert leads(client, PATH) == 410
