"""Subscriptions: fetched when due, imported when new, each by itself; what goes wrong is said and tried later."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Revision
from articles.undo.undo import undo_import
from sources.models import FeedSubscription, ImportItem, ImportRun, Source
from tests.articles.importing.test_interrupted_imports import somebody_elses_turn
from tests.support.builders import make_source
from tests.support.editors import chief, editor, fields_of, make_user, messages_of, words
from tests.support.local_server import local_server

pytestmark = pytest.mark.django_db
Outcome = FeedSubscription.Outcome


def entry(n, text="沧澜银行一日公布季报，净息差收窄。"):
    return (
        f"<item><title>第 {n} 条</title><link>https://news.example.com/{n}</link><guid>n-{n}</guid>"
        f"<pubDate>Tue, 01 Mar 2022 09:0{n}:00 +0800</pubDate><description>{text}{n}</description></item>"
    )


def rss(*entries):
    return f'<rss version="2.0"><channel><title>别的名字</title>{"".join(entries)}</channel></rss>'


@pytest.fixture
def server(settings):
    with local_server() as running:
        settings.FETCH_ALLOW = [("127.0.0.1", running.port)]
        yield running


def subscribe(url, **fields):
    """A subscription of somebody who may publish, unless `created_by` says otherwise."""
    source = fields.pop("source", None) or make_source()
    fields.setdefault("created_by", make_user("主编"))
    return FeedSubscription.objects.create(source=source, url=url, **fields)


def fetch(*arguments, expect=0):
    """Run the command; gives the object it prints."""
    out, status = io.StringIO(), 0
    try:
        call_command("fetch_feeds", "--json", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as stop:
        status = stop.code
    except CommandError as error:
        status = error.returncode
    assert status == expect
    return json.loads(out.getvalue().splitlines()[-1]) if out.getvalue() else None


def again(subscription):
    """As if its time had come."""
    FeedSubscription.objects.filter(pk=subscription.pk).update(next_check_at=timezone.now())


def test_a_feed_s_entries_become_articles_of_the_outlet_it_is_subscribed_for(server):
    source = make_source("国际商报")
    subscription = subscribe(server.serve("/feed", rss(entry(1), entry(2)), ETag='"v1"'), source=source)
    said = fetch()
    assert (said["checked"], said["feeds"]["fetched"], said["created"]) == (1, 1, 2)
    assert {article.source for article in Article.objects.all()} == {source}
    subscription.refresh_from_db()
    assert (subscription.outcome, subscription.words, subscription.etag) == ("fetched", "新建 2", '"v1"')
    assert subscription.checked_at < timezone.now() < subscription.next_check_at
    run = ImportRun.objects.get()
    assert subscription.last_run == run and subscription.url in run.origin and run.kind == "feed"
    item = ImportItem.objects.get(external_id__endswith="n-1")
    assert item.name == f"{subscription.url}:1" and "第 1 条" in item.raw_bytes().decode()


def test_it_is_not_asked_before_its_time(server):
    subscribe(server.serve("/feed", rss(entry(1))))
    fetch()
    assert fetch()["checked"] == 0
    assert len(server.hits) == 1


def test_the_second_time_it_asks_for_changes_only_and_writes_nothing(server):
    day = "Tue, 01 Mar 2022 01:00:00 GMT"
    subscription = subscribe(server.serve("/feed", rss(entry(1)), ETag='"v1"', Last_Modified=day))
    fetch()
    before = list(Article.objects.values())
    again(subscription)
    assert fetch()["feeds"]["unchanged"] == 1
    asked = server.hits[1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', day)
    assert list(Article.objects.values()) == before and ImportRun.objects.count() == 1


def test_a_server_that_knows_no_conditions_costs_no_import_either(server):
    subscription = subscribe(server.serve("/feed", rss(entry(1))))
    fetch()
    again(subscription)
    assert fetch()["feeds"]["unchanged"] == 1
    assert ImportRun.objects.count() == 1


def test_of_a_feed_that_grew_only_the_new_entry_is_an_article(server):
    subscription = subscribe(server.serve("/feed", rss(entry(1))))
    fetch()
    first = Article.objects.get()
    server.serve("/feed", rss(entry(2), entry(1)))
    again(subscription)
    said = fetch()
    assert (said["created"], said["unchanged"], said["updated"]) == (1, 1, 0)
    assert Article.objects.get(pk=first.pk).updated_at == first.updated_at


def test_an_entry_that_was_rewritten_is_a_new_version(server):
    subscription = subscribe(server.serve("/feed", rss(entry(1))))
    fetch()
    server.serve("/feed", rss(entry(1, "更正：净息差走阔。")))
    again(subscription)
    assert fetch()["updated"] == 1
    assert Revision.objects.filter(article=Article.objects.get()).count() == 2


def test_an_import_from_a_feed_can_be_undone_and_fetched_again_by_force(server):
    subscription = subscribe(server.serve("/feed", rss(entry(1)), ETag='"v1"'))
    fetch()
    assert undo_import(ImportRun.objects.get()).removed == 1
    again(subscription)
    fetch()
    assert not Article.objects.exists()  # what somebody has undone does not come back by itself
    assert fetch("--force")["created"] == 1


def test_one_broken_feed_does_not_stop_the_others(server):
    broken = subscribe(server.at("/nothing-there"))
    page = subscribe(server.serve("/page", "<html><body>维护中</body></html>"))
    inside = subscribe("http://169.254.169.254/latest/feed.xml")
    good = subscribe(server.serve("/feed", rss(entry(1))))
    said = fetch(expect=1)
    assert (said["feeds"]["failed"], said["feeds"]["fetched"], said["created"]) == (3, 1, 1)
    words = {one.pk: one.words for one in FeedSubscription.objects.all()}
    assert words[broken.pk] == "服务器回答 404"
    assert "不是订阅源" in words[page.pk]
    assert "内部网络" in words[inside.pk]
    assert words[good.pk] == "新建 1"


def test_failures_are_tried_ever_more_seldom_up_to_a_day(server):
    subscription = subscribe(server.at("/nothing"), interval=60)
    waits = []
    for _ in range(7):
        again(subscription)
        fetch(expect=1)
        subscription.refresh_from_db()
        waits.append((subscription.next_check_at - subscription.checked_at) / timedelta(hours=1))
    assert waits == [2, 4, 8, 16, 24, 24, 24]
    assert subscription.failures == 7
    server.serve("/nothing", rss(entry(1)))
    again(subscription)
    fetch()
    subscription.refresh_from_db()
    assert (subscription.failures, subscription.next_check_at - subscription.checked_at) == (
        0,
        timedelta(hours=1),
    )


def test_a_server_that_asks_for_a_longer_rest_gets_it(server):
    subscription = subscribe(server.serve("/feed", status=429, Retry_After=str(36 * 3600)), interval=60)
    fetch(expect=1)
    subscription.refresh_from_db()
    assert subscription.next_check_at - subscription.checked_at == timedelta(hours=36)
    server.serve("/feed", status=503, Retry_After="99999999999999")
    again(subscription)
    fetch(expect=1)
    subscription.refresh_from_db()
    assert subscription.next_check_at - subscription.checked_at == timedelta(days=7)


def test_a_feed_that_is_gone_is_switched_off_in_words(server):
    subscription = subscribe(server.serve("/feed", status=410))
    assert fetch(expect=1)["feeds"]["gone"] == 1
    subscription.refresh_from_db()
    assert not subscription.active and "410" in subscription.words
    assert fetch("--force")["checked"] == 0


def test_what_is_too_large_is_not_taken(server):
    subscription = subscribe(server.serve("/feed", b"x" * (10 * 1024 * 1024 + 1)))
    fetch(expect=1)
    subscription.refresh_from_db()
    assert "10 MB" in subscription.words and not ImportRun.objects.exists()


def test_while_another_import_runs_it_stays_due(server):
    subscription = subscribe(server.serve("/feed", rss(entry(1)), ETag='"v1"'))
    with somebody_elses_turn():
        assert fetch(expect=1)["feeds"]["waiting"] == 1
    subscription.refresh_from_db()
    assert (subscription.etag, subscription.next_check_at) == ("", None)
    assert fetch()["created"] == 1


def test_one_outlet_s_feeds_can_be_fetched_alone(server):
    subscribe(server.serve("/a", rss(entry(1))), source=make_source("国际商报"))
    subscribe(server.serve("/b", rss(entry(2))), source=make_source("证券时报"))
    assert fetch("--source", "证券时报")["created"] == 1
    assert server.paths() == ["/b"]
    fetch("--source", "没有这家", expect=2)
    make_source("没订阅的")
    fetch("--source", "没订阅的", expect=2)


def test_a_table_can_be_subscribed_to(server):
    line = json.dumps(
        {"title": "港口开市", "date": "2022-03-01 09:00", "text": "正文一段。"}, ensure_ascii=False
    )
    subscribe(server.serve("/news.jsonl", line), format="table")
    assert fetch()["created"] == 1


def test_an_address_changed_meanwhile_keeps_nothing_of_the_old_one(server):
    subscription = subscribe(server.serve("/feed", rss(entry(1)), ETag='"v1"'))
    FeedSubscription.objects.update(url=server.at("/new"))
    subscription.succeed(Outcome.FETCHED, "旧的", timezone.now())
    subscription.refresh_from_db()
    assert (subscription.outcome, subscription.checked_at) == ("", None)


def test_an_outlet_with_a_subscription_outlives_the_import_that_brought_it():
    run = ImportRun.objects.create(options={})
    source = Source.objects.introduce("新来的", Source.Standing.NEW, introduced_by=run)
    idle = Source.objects.introduce("也是新来的", Source.Standing.NEW, introduced_by=run)
    subscribe("https://example.com/feed", source=source)
    undo_import(run)
    assert set(Source.objects.filter(pk__in=[source.pk, idle.pk])) == {source}


# ------------------------------------------------------------------ at the desk
LIST = "admin:sources_feedsubscription_changelist"


def press(client, *subscriptions):
    chosen = {"action": "fetch_now", "_selected_action": [one.pk for one in subscriptions]}
    return client.post(reverse(LIST), chosen, follow=True)


def test_a_chief_fetches_now_and_is_told_what_came(server):
    subscription = subscribe(server.serve("/feed", rss(entry(1))), source=make_source("国际商报"))
    said = messages_of(press(chief(), subscription))
    assert "国际商报" in said and "新建 1" in said
    assert ImportRun.objects.get().started_by is not None


def test_fetching_now_brings_back_what_was_undone(server):
    subscription = subscribe(server.serve("/feed", rss(entry(1)), ETag='"v1"'))
    fetch()
    undo_import(ImportRun.objects.get())
    press(chief(), subscription)
    assert Article.objects.count() == 1


def test_no_more_than_five_are_fetched_while_somebody_waits(server):
    six = [subscribe(server.serve(f"/{n}", rss(entry(n)))) for n in range(6)]
    assert "最多" in messages_of(press(chief(), *six))
    assert server.hits == []


def test_an_editor_sees_subscriptions_and_cannot_fetch(server):
    subscription = subscribe(server.serve("/feed", rss(entry(1))))
    client = editor()
    assert "127.0.0.1" in words(client.get(reverse(LIST)))
    press(client, subscription)
    assert server.hits == []


def test_a_new_address_starts_anew():
    subscription = subscribe("https://example.com/old", etag='"v1"', failures=3, sha256="0" * 64)
    client, url = chief(), reverse("admin:sources_feedsubscription_change", args=[subscription.pk])
    form = fields_of(client.get(url).content, "feedsubscription_form")
    assert client.post(url, form | {"url": "https://example.com/new"}).status_code == 302
    subscription.refresh_from_db()
    assert (subscription.etag, subscription.failures, subscription.sha256) == ("", 0, "")


def test_a_password_in_an_old_address_is_in_no_list_and_no_message():
    subscription = subscribe("https://reader:geheim@news.example.com/feed.xml")
    page = chief().get(reverse(LIST)).content.decode()
    assert "***@news.example.com/feed.xml" in page
    fetch(expect=1)
    subscription.refresh_from_db()
    assert "用户名或密码" in subscription.words
    assert "geheim" not in page + subscription.words + str(subscription)


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com/feed", "javascript:alert(1)", "example", "https://reader:geheim@example.com/feed"],
)
def test_only_web_addresses_can_be_subscribed_to(url):
    source = make_source()
    form = {"source": source.pk, "url": url, "format": "feed", "interval": 60, "active": "on"}
    response = chief().post(reverse("admin:sources_feedsubscription_add"), form)
    assert response.status_code == 200 and not FeedSubscription.objects.exists()
