"""A subscription imports with the rights of who answers for it: without the right to publish, what comes waits."""

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from articles.models import Article
from articles.review.review_queue import items_in_review
from sources.models import FeedSubscription, ImportItem, ImportRun
from tests.articles.importing.test_fetching_feeds import LIST, again, entry, fetch, press, rss, subscribe
from tests.support.builders import make_source
from tests.support.editors import at_desk, chief, fields_of, make_user, words
from tests.support.local_server import local_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with local_server() as running:
        settings.FETCH_ALLOW = [("127.0.0.1", running.port)]
        yield running


@pytest.fixture
def feed(server):
    return server.serve("/feed", rss(entry(1)))


def reporter():
    """Somebody who may keep subscriptions and may not publish."""
    user = make_user("编辑")
    codenames = ["add_feedsubscription", "change_feedsubscription", "view_feedsubscription", "view_source"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return user


def status() -> str:
    return Article.objects.get().status


def reason() -> str:
    return ImportItem.objects.get().reason


def open_page(client, subscription) -> tuple[str, dict]:
    url = reverse("admin:sources_feedsubscription_change", args=[subscription.pk])
    return url, fields_of(client.get(url).content, "feedsubscription_form")


def save(user, subscription, **changes):
    client = at_desk(user)
    url, form = open_page(client, subscription)
    assert client.post(url, form | changes).status_code == 302
    subscription.refresh_from_db()


def test_what_a_chief_has_subscribed_to_is_published_and_the_run_says_whose_it_is(feed):
    maker = make_user("主编")
    subscribe(feed, created_by=maker)
    fetch()
    assert (status(), ImportRun.objects.get().started_by) == ("published", maker)


def test_what_nobody_answers_for_waits_for_review_and_says_so(feed):
    subscribe(feed, created_by=None)
    assert fetch()["review"] == 1
    assert status() == "review" and "没有负责人" in reason()
    assert items_in_review().count() == 1 and ImportRun.objects.get().started_by is None


def test_who_may_not_publish_or_is_gone_or_was_switched_off_lends_no_right(feed):
    maker = reporter()
    subscribe(feed, created_by=maker)
    fetch()
    assert status() == "review" and str(maker) in reason() and "没有发布权" in reason()


def test_a_maker_who_was_switched_off_lends_no_right(feed):
    subscribe(feed, created_by=make_user("主编", is_active=False))
    fetch()
    assert status() == "review" and "已停用" in reason()


def test_a_maker_who_has_lost_the_right_lends_none(feed):
    maker = make_user("主编")
    subscribe(feed, created_by=maker)
    maker.groups.clear()
    fetch()
    assert status() == "review"


def test_a_subscription_without_a_maker_waits(feed):
    """As those from before makers were recorded."""
    subscribe(feed, created_by=None)
    fetch()
    assert status() == "review"


def test_a_maker_is_not_deleted_away(feed):
    maker = make_user("主编")
    subscription = subscribe(feed, created_by=maker)
    with pytest.raises(ProtectedError), transaction.atomic():
        maker.delete()
    subscription.refresh_from_db()
    assert subscription.created_by == maker


def test_an_update_of_a_published_piece_waits_beside_it_once_the_right_is_gone(server, feed):
    subscription = subscribe(feed)
    fetch()
    text = Article.objects.get().text
    FeedSubscription.objects.update(created_by=reporter())
    server.serve("/feed", rss(entry(1, "更正：净息差走阔。")))
    again(subscription)
    assert fetch()["conflict"] == 1
    article = Article.objects.get()
    assert (article.text, article.status, article.version) == (text, "published", 1)
    assert article.revisions.filter(state="pending").count() == 1


# ------------------------------------------------------------------ who presses, who changes
def test_pressing_the_button_gives_no_right_to_what_nobody_answers_for(feed):
    subscription = subscribe(feed, created_by=None)
    press(chief(), subscription)
    assert status() == "review"


def test_who_may_not_publish_publishes_nothing_by_pressing_either(feed):
    presser = reporter()
    subscription = subscribe(feed)
    press(at_desk(presser), subscription)
    assert status() == "review" and ImportRun.objects.get().started_by == presser


def test_the_maker_is_who_adds_it_at_the_desk(feed):
    maker, source = make_user("主编"), make_source()
    form = {"source": source.pk, "url": feed, "format": "feed", "interval": 60, "active": "on"}
    assert at_desk(maker).post(reverse("admin:sources_feedsubscription_add"), form).status_code == 302
    assert FeedSubscription.objects.get().created_by == maker


CHANGES = {
    "address": lambda server: {"url": server.serve("/evil", rss(entry(2)))},
    "outlet": lambda server: {"source": make_source("别家").pk},
    "format": lambda server: {"format": "page"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_who_changes_what_is_fetched_answers_for_it_and_does_not_inherit_a_chief_s_right(
    server, feed, change
):
    subscription, changer = subscribe(feed), reporter()
    save(changer, subscription, **change(server))
    assert subscription.created_by == changer


def test_an_address_that_a_reporter_has_changed_brings_nothing_public(server, feed):
    subscription = subscribe(feed)
    save(reporter(), subscription, url=server.serve("/evil", rss(entry(2))))
    fetch()
    assert status() == "review"


def test_how_often_it_is_fetched_may_be_changed_without_answering_for_it(feed):
    maker = make_user("主编")
    subscription = subscribe(feed, created_by=maker)
    save(reporter(), subscription, interval=30)
    assert (subscription.created_by, subscription.interval) == (maker, 30)


def test_who_answers_for_it_cannot_be_sent_along(feed):
    subscription, other = subscribe(feed, created_by=None), make_user("主编")
    save(reporter(), subscription, created_by=other.pk, interval=30)
    assert subscription.created_by is None


@pytest.mark.parametrize("before", [lambda: None, reporter], ids=["nobody", "a reporter"])
def test_who_may_publish_takes_it_over_by_saving_it(feed, before):
    saver = make_user("主编")
    subscription = subscribe(feed, created_by=before())
    save(saver, subscription)
    assert subscription.created_by == saver
    fetch()
    assert status() == "published"


def test_a_chief_s_saving_takes_nothing_from_another_chief(feed):
    maker = make_user("主编")
    subscription = subscribe(feed, created_by=maker)
    save(make_user("主编"), subscription, interval=30)
    assert subscription.created_by == maker


def test_the_list_says_of_each_whether_it_is_published(feed):
    maker = make_user("主编")
    subscribe(feed, created_by=maker)
    subscribe("https://b.example.com/feed", created_by=None)
    said = words(chief().get(reverse(LIST)))
    assert f"直接发布（负责人：{maker}）" in said and "没有负责人" in said


def test_the_list_asks_for_each_person_s_rights_once(django_assert_max_num_queries):
    maker, client = make_user("主编"), chief()
    for number in range(12):
        subscribe(f"https://example.com/{number}", created_by=maker)
    with django_assert_max_num_queries(16):
        client.get(reverse(LIST))
