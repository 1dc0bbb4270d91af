"""A feed's entry under a new id: the address it leads to says whether the article is known."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.importing.run import Options, import_found
from articles.models import Article, Revision
from sources.files.inputs import Found
from sources.models import Outcome
from sources.reading.pool import IN_A_SERVER
from tests.articles.importing.test_identity import OTHER, TEXT, atom, bring, json_feed, outcome, rss

pytestmark = pytest.mark.django_db
LINK = "https://a.example.com/2022/1.html"
NEWER = f"{TEXT}更正：净息差收窄四个基点。"
OTHER_LINK = "https://a.example.com/2022/2.html"


def bring_all(feeds):
    found = [Found(f"{n}.xml", "", data=text.encode()) for n, text in enumerate(feeds)]
    return import_found(found, Options(workers=IN_A_SERVER, origin="测试"))


def entry(text=TEXT, guid="urn:1", link=LINK, **more):
    return rss(text=text, guid=guid, link=link, **more)


@pytest.mark.parametrize("guid", ["urn:2", "urn:1?v=2", "https://a.example.com/2022/1.html#2", LINK])
def test_a_new_id_under_the_same_address_brings_a_new_text_of_the_article(guid):
    bring(entry())
    assert outcome(bring(entry(NEWER, guid))) == Outcome.UPDATED
    article = Article.objects.get()
    assert "四个基点" in article.text and article.revisions.filter(kind=Revision.Kind.IMPORT).count() == 2
    assert outcome(bring(entry(NEWER, guid) + "\n")) == Outcome.UNCHANGED
    assert outcome(bring(entry(TEXT) + "\n")) == Outcome.UNCHANGED
    assert "四个基点" in Article.objects.get().text


@pytest.mark.parametrize("feed", [atom, json_feed], ids=["Atom", "JSON Feed"])
def test_in_every_form_of_feed(feed):
    bring(feed("甲报", TEXT, "urn:1").replace("https://a.example.com/1", LINK))
    run = bring(feed("甲报", NEWER, "urn:2").replace("https://a.example.com/1", LINK))
    assert (outcome(run), Article.objects.count()) == (Outcome.UPDATED, 1)


def test_a_headline_that_was_corrected_is_an_update_too():
    bring(entry())
    assert outcome(bring(entry(guid="urn:2", title="季报（更正）"))) == Outcome.UPDATED
    assert Article.objects.get().title == "季报（更正）"


def test_both_may_come_in_one_import():
    bring_all([entry(), entry(NEWER, "urn:2")])
    assert "四个基点" in Article.objects.get().text


def test_a_text_that_an_editor_changed_is_not_replaced():
    bring(entry())
    article = Article.objects.get()
    Article.objects.filter(pk=article.pk).update(edited_at=article.updated_at)
    assert outcome(bring(entry(NEWER, "urn:2"))) == Outcome.CONFLICT
    assert "四个基点" not in Article.objects.get().text


# ------------------------------------------------------------------ two articles stay two
def test_another_headline_and_text_under_the_address_waits_beside_the_article():
    bring(entry())
    feed = entry(OTHER, "urn:2", title="倒闭")
    for again in (feed, feed + "\n", feed + "\n\n"):  # it does not pass by coming often
        bring(again)
        first, second = Article.objects.order_by("pk")
        assert (first.title, first.text, first.status) == ("季报", TEXT, Article.Status.PUBLISHED)
        assert (second.title, second.status) == ("倒闭", Article.Status.REVIEW)


@pytest.mark.parametrize(
    "more",
    [
        {"link": OTHER_LINK},
        {"link": "https://a.example.com/"},
        {"outlet": "乙报"},
    ],
)
def test_another_address_outlet_or_a_home_page_is_another_article(more):
    bring(entry(link=more.get("link", LINK) if more.get("link", "").endswith("/") else LINK))
    assert outcome(bring(entry(NEWER, "urn:2", **more))) == Outcome.CREATED
    assert Article.objects.count() == 2


def test_a_column_of_every_day_under_one_address_does_not_replace_yesterday_s():
    bring(entry())
    today = entry(OTHER, "urn:2").replace("01 Mar", "02 Mar").replace("09:00:00", "09:30:00")
    bring(today)
    assert Article.objects.count() == 2 and Article.objects.get(status="review").text == OTHER


def test_an_article_that_waits_is_found_as_well():
    bring(entry(), source="甲报", hold="待核")
    assert Article.objects.get().status == Article.Status.REVIEW
    assert outcome(bring(entry(NEWER, "urn:2"), source="甲报", hold="待核")) == Outcome.UPDATED


def test_a_batch_asks_once_whatever_the_number_of_entries():
    def queries(feeds):
        with CaptureQueriesContext(connection) as asked:
            bring_all(feeds)
        return len([one for one in asked if '"original_url" IN' in one["sql"]])

    bring(entry())
    few = [entry(f"{TEXT}{n}", f"urn:{n}", f"https://a.example.com/x/{n}") for n in range(2)]
    many = [entry(f"{TEXT}{n}", f"urn:{n}", f"https://a.example.com/y/{n}") for n in range(20, 40)]
    assert queries(few) == queries(many) == 1
