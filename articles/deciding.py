"""What to do with each article of a batch, decided against all that is known, with a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from articles.fronts import day_of
from articles.models import Article
from articles.outlets import Outlets
from sources.formats.jekyll import MIRROR_ID, ROLLS
from sources.formats.raw import OldAddress, RawArticle
from sources.models import ImportItem, Outcome
from sources.reading import Read

# Outcomes after which the same bytes, or the same text under the same id, bring nothing new.
SETTLED = [
    *(Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED),
    *(Outcome.DUPLICATE, Outcome.REVIEW, Outcome.CONFLICT, Outcome.SKIPPED),
]
EDITED = "编辑改过这篇稿件；新来的文本留作待处理版本"


@dataclass(slots=True, eq=False)
class Match:
    """An article that is kept already, or that this very batch is about to keep (`decision` brought it)."""

    pk: int | None
    fingerprint: str
    source_id: int | None
    outlet: str
    published_at: datetime | None
    edited: bool = False
    status: str = Article.Status.PUBLISHED
    decision: "Decision | None" = None
    external_id: str | None = None

    @property
    def is_uncredited(self) -> bool:
        """Whether it stands in a roll of many outlets, and no outlet of its own is known."""
        return self.outlet in ROLLS

    @property
    def day(self) -> date | None:
        return day_of(self.published_at) if self.published_at else None


@dataclass(slots=True, eq=False)
class Decision:
    """One input's fate: the outcome, why, and the article it makes or concerns."""

    read: Read
    outcome: str
    reason: str = ""
    raw: RawArticle | None = None
    match: Match | None = None
    address: OldAddress | None = None
    # A twin that names the outlet of an article which so far stood in the roll only.
    credits: bool = False
    # The article as it was written; set by the writer.
    article: Article | None = None


@dataclass(slots=True)
class Known:
    """What is kept of the ids, texts and bytes that a batch brings; decisions add to it as they are made."""

    by_id: dict[str, Match] = field(default_factory=dict)
    # By fingerprint and day: a text that comes every day again is held against that day's alone.
    by_text: dict[tuple[str, date | None], list[Match]] = field(default_factory=lambda: defaultdict(list))
    settled: set[tuple[str, str]] = field(default_factory=set)
    # By SHA-256: the name under which the same bytes came before, and what became of them.
    bytes_seen: dict[str, tuple[str, str]] = field(default_factory=dict)

    def look_up(self, reads: Iterable[Read]) -> None:
        """Five queries for a whole batch, however long; a sixth where something came before as a twin."""
        reads = list(reads)
        raws = [raw for read in reads for raw in read.found if isinstance(raw, RawArticle)]
        counts = Counter(raw.external_id for raw in raws if raw.external_id)
        for match in _matches(Article.objects.filter(external_id__among=counts.keys())):
            self.by_id.setdefault(match.external_id, match)
        self._look_up_twins([one for one in counts if one not in self.by_id])
        met = {match.pk: match for match in self.by_id.values()}
        texts = {raw.plain.fingerprint for raw in raws}
        for match in _matches(Article.objects.filter(fingerprint__among=texts)):
            self.file(met.get(match.pk, match))
        items = ImportItem.objects.filter(outcome__in=SETTLED)
        # What came before under an id matters only where there is an article of that id, or will be.
        if again := [one for one, count in counts.items() if one in self.by_id or count > 1]:
            before = items.filter(external_id__among=again)
            self.settled |= set(before.values_list("external_id", "fingerprint"))
        seen = items.filter(sha256__among={read.sha256 for read in reads if read.sha256})
        self.bytes_seen |= {
            sha: (name, was) for sha, name, was in seen.values_list("sha256", "name", "outcome")
        }

    def _look_up_twins(self, ids: Iterable[str]) -> None:
        """Ids under which no article stands, but whose text was taken for that of the article with their number."""
        twins = ImportItem.objects.filter(external_id__among=ids, outcome=Outcome.DUPLICATE)
        articles = dict(twins.values_list("external_id", "revisions__article"))
        by_pk = {match.pk: match for match in self.by_id.values()}
        if others := set(articles.values()) - by_pk.keys():
            by_pk |= {match.pk: match for match in _matches(Article.objects.filter(pk__in=others))}
        for one, pk in articles.items():
            if pk in by_pk and _one_number(one, by_pk[pk].external_id):
                self.by_id[one] = by_pk[pk]

    def add(self, raw: RawArticle, match: Match) -> None:
        if raw.external_id:
            self.by_id.setdefault(raw.external_id, match)
        self.file(match)

    def file(self, match: Match) -> None:
        """Let a match be found by its text, as it is now."""
        self.by_text[match.fingerprint, match.day].append(match)


def _matches(articles) -> Iterator[Match]:
    fields = ("pk", "fingerprint", "source_id", "source__name", "published_at", "edited_at", "status")
    for external_id, *row, edited_at, status in articles.values_list("external_id", *fields):
        yield Match(*row, edited=edited_at is not None, status=status, external_id=external_id)


def _one_number(one: str, other: str | None) -> bool:
    """Whether both are the number that the mirror gave one piece, in the roll and under its outlet."""
    same = one.removeprefix("NW") == (other or "").removeprefix("NW")
    return same and MIRROR_ID.match(one) is not None


class Decider:
    """Decides reads one after the other; what an earlier one of the batch brings counts for the later ones."""

    def __init__(self, known: Known, outlets: Outlets):
        self.known = known
        self.outlets = outlets

    def decide(self, read: Read) -> list[Decision]:
        """The decisions for one input: one for each article in it, or one that says why there is none."""
        if read.rejected:
            return [Decision(read, Outcome.REJECTED, read.rejected)]
        if read.skipped:
            return [Decision(read, Outcome.SKIPPED, read.skipped)]
        if read.sha256 in self.known.bytes_seen:
            name, was = self.known.bytes_seen[read.sha256]
            again = Outcome.SKIPPED if was == Outcome.SKIPPED else Outcome.UNCHANGED
            return [Decision(read, again, f"与已导入的 {name} 逐字节相同")]
        if read.seen:
            return [Decision(read, Outcome.REJECTED, "校验码的开头与先前一份文件的相同，内容却不同，没有读")]
        decisions = [self._decide_one(read, one) for one in read.found]
        self.known.bytes_seen[read.sha256] = (read.name, decisions[0].outcome)
        return decisions

    def _decide_one(self, read: Read, one: RawArticle | OldAddress) -> Decision:
        if isinstance(one, OldAddress):
            return Decision(
                read, Outcome.SKIPPED, f"栏目页，只记旧地址 /category/{one.slug}.html", address=one
            )
        if self.outlets.always:
            one.credit_to(self.outlets.always)
        if self.outlets.hold:
            one.problems.append(self.outlets.hold)
        if match := self.known.by_id.get(one.external_id):
            return self._same_id(read, one, match)
        if match := self._twin(one):
            self.known.settled.add((one.external_id, one.plain.fingerprint))
            if _one_number(one.external_id, match.external_id):
                self.known.by_id[one.external_id] = match
            # Which outlet's, the article itself says; what it will be called may not be settled yet.
            reason = f"与已有的《{one.title[:40]}》同文"
            return Decision(read, Outcome.DUPLICATE, reason, one, match, credits=self._credit(one, match))
        return self._new(read, one)

    def _same_id(self, read: Read, raw: RawArticle, match: Match) -> Decision:
        identity = (raw.external_id, raw.plain.fingerprint)
        same_text = raw.plain.fingerprint == match.fingerprint
        dated = match.published_at is None and raw.published_at is not None
        cleared = match.status == Article.Status.REVIEW and not raw.problems
        if same_text and (match.edited or not (dated or cleared)):
            return Decision(read, Outcome.UNCHANGED, "编号和正文都相同", raw, match)
        if identity in self.known.settled and not (same_text or dated):
            return Decision(read, Outcome.UNCHANGED, "这一版先前已导入，后来有了新版", raw, match)
        self.known.settled.add(identity)
        if match.edited:
            return Decision(read, Outcome.CONFLICT, EDITED, raw, match)
        if raw.problems and match.status == Article.Status.PUBLISHED:
            reason = "新来的文本有问题，不覆盖已发布的：" + "；".join(raw.problems)
            return Decision(read, Outcome.CONFLICT, reason, raw, match)
        match.fingerprint, match.published_at = raw.plain.fingerprint, raw.published_at or match.published_at
        self.known.file(match)
        if cleared:
            match.status = Article.Status.PUBLISHED
        reason = "正文相同，先前缺的、存疑的已补上" if same_text else "同一编号，正文有变"
        return Decision(read, Outcome.UPDATED, reason, raw, match)

    def _twin(self, raw: RawArticle) -> Match | None:
        """An article of the same day with the same words, of the same outlet or in the roll: the same piece again.

        The mirror gives a piece one number, in the roll and under its outlet; what it numbers anew minutes later is a
        piece of its own, even if it says the same.
        """
        day = day_of(raw.published_at) if raw.published_at else None
        for match in self.known.by_text.get((raw.plain.fingerprint, day), ()):
            is_current = match.fingerprint == raw.plain.fingerprint  # or this batch has replaced that text
            if is_current and match.day == day and raw.plain.text and self._one_outlets(raw, match):
                return match
        return None

    def _credit(self, raw: RawArticle, match: Match) -> bool:
        """Whether the article, so far known from the roll alone, must be put under the outlet that its twin names."""
        if not match.is_uncredited or raw.outlet in ROLLS or match.edited:
            return False
        match.outlet, match.source_id = raw.outlet, self.outlets.known(raw)
        if match.pk is None:  # not yet written: it is simply written under the right one
            match.decision.raw.outlet = raw.outlet
        return match.pk is not None

    def _one_outlets(self, raw: RawArticle, match: Match) -> bool:
        """Whether both come from one outlet: by name, by the mirror's number, or because a roll does not say."""
        if _one_number(raw.external_id, match.external_id):
            return True
        numbered = MIRROR_ID.match(raw.external_id) and MIRROR_ID.match(match.external_id or "")
        if numbered and raw.published_at != match.published_at:
            return False
        known = self.outlets.known(raw)
        same = match.source_id == known if match.source_id else match.outlet == raw.outlet
        return bool(same or match.is_uncredited or raw.outlet in ROLLS)

    def _new(self, read: Read, raw: RawArticle) -> Decision:
        outcome = Outcome.REVIEW if raw.problems else Outcome.CREATED
        decision = Decision(read, outcome, "；".join(raw.problems or raw.notes), raw)
        decision.match = Match(
            None,
            raw.plain.fingerprint,
            self.outlets.known(raw),
            raw.outlet,
            raw.published_at,
            decision=decision,
            external_id=raw.external_id,
        )
        self.known.settled.add((raw.external_id, raw.plain.fingerprint))
        self.known.add(raw, decision.match)
        return decision
