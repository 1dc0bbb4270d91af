"""Fetch subscribed feeds and import them, one run a feed, so that each can be inspected and undone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from django.contrib.auth import get_user_model
from django.utils import timezone

from articles.importing.run import Options, import_found
from articles.revisions.publishing import may_publish
from sources.files.inputs import Found
from sources.models import FeedSubscription, ImportRun, Outcome
from sources.net.fetch import Answer, FetchError, Policy, fetch
from sources.reading.pool import IN_A_SERVER
from sources.run_control.import_lock import ImportUnderWay
from sources.text.lines import without_login

Fetch = FeedSubscription.Outcome
NOBODY = "订阅没有负责人（或者已不在），请主编核对后发布；有发布权的人保存一次这个订阅，以后抓取的直接发布"
INACTIVE = "订阅的负责人（{}）已停用，请主编核对后发布"
WITHOUT_RIGHT = "订阅的负责人（{}）没有发布权，请主编核对后发布"
PRESSED = "由没有发布权的编辑抓取，请主编核对后发布"
SHOWN = 3  # reasons of rejected entries in a subscription's words


@dataclass(slots=True)
class Fetched:
    """The result of one fetch, on its subscription, and the import's counts (empty if nothing was imported)."""

    subscription: FeedSubscription
    counts: Counter = field(default_factory=Counter)

    @property
    def outcome(self) -> str:
        return self.subscription.outcome

    @property
    def is_well(self) -> bool:
        """Whether it needs nobody's attention."""
        return self.outcome in (Fetch.FETCHED, Fetch.UNCHANGED) and not self.counts[Outcome.REJECTED]

    def __str__(self):
        return f"{self.subscription}：{self.subscription.get_outcome_display()}，{self.subscription.words}"


def hold_of(maker) -> str:
    """Why articles of a subscription of this user (None: nobody) go to review; "" if the user may publish."""
    if maker is None:
        return NOBODY
    if not maker.is_active:
        return INACTIVE.format(maker)
    return "" if may_publish(maker) else WITHOUT_RIGHT.format(maker)


def fetch_feeds(
    subscriptions: Iterable[FeedSubscription], policy: Policy, anew: bool = False, user=None
) -> Iterator[Fetched]:
    """Fetch one feed after the other; a failure does not affect the others.

    `anew` also imports documents that have not changed. `user` is who asked for the fetch; articles are published
    only if both that user and the subscription's may publish. Raises only database errors.
    """
    for subscription in subscriptions:
        yield fetch_feed(subscription, policy, anew, user)


def fetch_feed(subscription: FeedSubscription, policy: Policy, anew: bool = False, user=None) -> Fetched:
    """Fetch one feed, import it if it has changed, and record the result. Raises as `fetch_feeds`."""
    at = timezone.now()
    try:
        answer = fetch(subscription.url, policy, {} if anew else subscription.conditions())
    except FetchError as error:
        subscription.fail(str(error), at)
        return Fetched(subscription)
    digest = sha256(answer.body).hexdigest()
    if answer.status == 304 or (answer.status == 200 and digest == subscription.sha256 and not anew):
        subscription.succeed(Fetch.UNCHANGED, "与上次相同，没有导入", at)
    elif answer.status == 410:
        subscription.give_up("服务器说它永远没有了（410），已停用；换了网址再启用", at)
    elif answer.status != 200:
        subscription.fail(f"服务器回答 {answer.status}", at, answer.retry_after)
    else:
        return _import(subscription, answer, digest, at, user)
    return Fetched(subscription)


def _import(subscription: FeedSubscription, answer: Answer, digest: str, at, user) -> Fetched:
    url = without_login(subscription.url)
    name, origin = url.partition("#")[0].partition("?")[0], f"订阅：{url}"
    # Loaded now: the right may have been withdrawn since the subscription was read.
    maker = get_user_model().objects.filter(pk=subscription.created_by_id).first()
    hold = hold_of(maker) or (PRESSED if user and not may_publish(user) else "")
    options = Options(format=subscription.format, source=subscription.source.name, origin=origin, hold=hold)
    options.kind, options.workers = ImportRun.Kind.FEED, IN_A_SERVER
    rejected: list[str] = []

    def tell(decision) -> None:
        if decision.outcome == Outcome.REJECTED:
            rejected.append(decision.reason)

    try:
        result = import_found([Found(name, "", data=answer.body)], options, tell, user or maker)
    except ImportUnderWay as busy:
        subscription.postpone(str(busy))
        return Fetched(subscription)
    subscription.last_run = result.run
    if result.counts.total() == result.counts[Outcome.REJECTED]:
        subscription.fail("；".join(rejected[:SHOWN]), at)
        return Fetched(subscription, result.counts)
    subscription.etag = _fitting(answer, "etag", 300)
    subscription.last_modified = _fitting(answer, "last-modified", 100)
    subscription.sha256 = digest
    changed = result.counts.total() - result.counts[Outcome.UNCHANGED] - result.counts[Outcome.SKIPPED]
    subscription.succeed(Fetch.FETCHED if changed else Fetch.UNCHANGED, _said(result.counts, rejected), at)
    return Fetched(subscription, result.counts)


def _fitting(answer: Answer, header: str, longest: int) -> str:
    """A header to send back with the next request; "" if it is too long or not printable."""
    value = answer.headers.get(header, "")
    return value if len(value) <= longest and value.isprintable() else ""


def _said(counts: Counter, rejected: list[str]) -> str:
    parts = [f"{Outcome(word).label} {count}" for word, count in sorted(counts.items())]
    return "、".join(parts) + (f"（{'；'.join(rejected[:SHOWN])}）" if rejected else "")
