"""Decide what to do with each article of a batch, by comparing it with all that is known.

An id is unique only within its outlet: an article of another outlet is never taken for an update.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from articles.importing.lookup import SETTLED, BatchLookup, Match, is_numbered, one_number
from articles.importing.outlets import Outlets
from articles.models import Article
from articles.models.summaries import day_of
from sources.formats.jekyll.posts import ROLLS
from sources.formats.raw_article import IdFrom, OldAddress, RawArticle
from sources.models import Outcome
from sources.problem import Code, Problem, in_words
from sources.reading.read import Read
from sources.text.plain import only_words, share_in_common

__all__ = ["EDITED", "SETTLED", "Matcher", "Decision", "BatchLookup", "Match"]

EDITED = "编辑改过这篇稿件；新来的文本留作待处理版本"
MOVED = "这篇稿件已归在“{theirs}”名下，不由“{mine}”改动；新来的文本留作待处理版本"
CLASH = "编号与“{theirs}”的一篇稿件相同，这一条却来自“{mine}”；那篇稿件没有动，请编辑定夺是同一篇还是另一篇"
DOUBTFUL = "{what}与已有的《{title}》相同，题目和正文却对不上；那篇稿件没有动，请编辑定夺是它的新版还是另一篇"
# How sure it is that an input with a weak id is the article that has it.
OTHER, UNSURE, SAME, EXACT = range(4)
# The share of the shorter text that the other has too: at least of a new version, at most of another article.
ALIKE, UNLIKE = 0.5, 0.3

SAME_LINK = "原文链接与已有的《{title}》相同，标题和正文却不同，请核对是它的新版还是另一篇"
# A column that comes out every day may keep its address and title.
SAME_DAY, SHORT_LINE = timedelta(days=1), 15

COLLISION = Problem(Code.HASH_COLLISION, "校验码的开头与先前一份文件的相同，内容却不同，没有读")


@dataclass(slots=True, eq=False)
class Decision:
    """The decision for one input: outcome, reason, and the article it creates or concerns."""

    read: Read
    outcome: str
    reason: str = ""
    raw: RawArticle | None = None
    match: Match | None = None
    address: OldAddress | None = None
    # A duplicate that names the outlet of an article which so far was known from the roll only.
    credits: bool = False
    # An editor has said that it is a separate article, although an article of another outlet has its id.
    apart: bool = False
    # The article as written; set by the writer.
    article: Article | None = None
    # Why nothing was imported. Problems that an editor must check in an article are on the article.
    problem: Problem | None = None

    @classmethod
    def rejected(cls, read: Read, problem: Problem) -> "Decision":
        return cls(read, Outcome.REJECTED, problem.text, problem=problem)

    @property
    def problems(self) -> Sequence[Problem]:
        """All problems of the input."""
        if self.problem is not None:
            return [self.problem]
        return self.raw.problems if self.raw is not None else ()


class Matcher:
    """Decides reads in order; what earlier reads of the batch bring counts for the later ones."""

    def __init__(self, known: BatchLookup, outlets: Outlets):
        self.known = known
        self.outlets = outlets

    def decide(self, read: Read) -> list[Decision]:
        """The decisions for one input: one for each article in it, or one that says why it has none."""
        if read.rejected:
            return [Decision.rejected(read, read.rejected)]
        if read.skipped:
            return [Decision(read, Outcome.SKIPPED, read.skipped)]
        if before := self._came_before(read):
            name, was = before
            again = Outcome.SKIPPED if was == Outcome.SKIPPED else Outcome.UNCHANGED
            return [Decision(read, again, f"与已导入的 {name} 逐字节相同")]
        if read.seen:
            return [Decision.rejected(read, COLLISION)]
        decisions = [self._decide_one(read, one) for one in read.found]
        said = self._said_by(read), self.outlets.always
        self.known.bytes_seen[read.sha256][said] = (read.name, decisions[0].outcome)
        return decisions

    def _came_before(self, read: Read) -> tuple[str, str] | None:
        """The name and outcome of an earlier input with the same bytes from the same outlet, if there is one."""
        known = self.known.bytes_seen.get(read.sha256)
        if not known or self.outlets.apart:
            return None
        same, found = self.outlets.same, None
        for (outlet, filed_under), before in known.items():
            # An input skipped by its bytes alone was filed as it would be now; otherwise it would have been read.
            filed_alike = read.seen and same(filed_under, self.outlets.always)
            if outlet is None or filed_alike or (not read.seen and same(outlet, self._said_by(read))):
                found = before
        return found

    def _said_by(self, read: Read) -> str:
        for one in read.found:
            if isinstance(one, RawArticle):
                return self.outlets.said_by(one)
        return ""

    def _decide_one(self, read: Read, one: RawArticle | OldAddress) -> Decision:
        if isinstance(one, OldAddress):
            return Decision(
                read, Outcome.SKIPPED, f"栏目页，只记旧地址 /category/{one.slug}.html", address=one
            )
        if self.outlets.always:
            one.credit_to(self.outlets.always)
        if self.outlets.hold:
            one.problems.append(Problem(Code.HELD, self.outlets.hold))
        holders = self.known.by_id.get(one.external_id)
        linked = self._same_link(one, holders or ()) if one.own_link else None
        if not holders and linked is not None:
            return self._same_id(read, one, linked)
        if not holders:
            return self._same_text(read, one) or self._new(read, one)
        if one.id_from != IdFrom.SOURCE:
            return self._same_weak_id(read, one, holders)
        return self._same_own_id(read, one, holders)

    def _same_own_id(self, read: Read, one: RawArticle, holders: list[Match]) -> Decision:
        if owned := [match for match in holders if self._is_own(one, match)]:
            own = next((match for match in owned if not self._is_another(one, match)), None)
            return self._same_id(read, one, own) if own else self._used_again(read, one, owned[0])
        if moved := next((match for match in holders if self._brought_by(one, match)), None):
            return self._same_id(read, one, moved, moved=True)
        if not self.outlets.apart:
            return self._clash(read, one, holders[0])
        return self._same_text(read, one) or self._new(read, one, apart=True)

    def _is_another(self, raw: RawArticle, match: Match) -> bool:
        """Whether title and text both differ from those of the outlet's article with this id.

        Sites use an id again (`daily`), or number their posts anew after a move. The mirror does neither; and an
        article that an editor has changed takes no new text by itself.
        """
        same_text = match.fingerprint == raw.plain.fingerprint
        if same_text or match.edited or is_numbered(raw.external_id):
            return False
        title, text = self.known.words_of(match)
        if not (title and raw.title) or only_words(title) == only_words(raw.title):
            return False
        return share_in_common(text, raw.plain.text) < UNLIKE

    def _used_again(self, read: Read, raw: RawArticle, match: Match) -> Decision:
        """Decide where an id stands over another article: an editor says, unless one has said so already."""
        if self.outlets.apart:
            return self._same_text(read, raw) or self._new(read, raw, apart=True)
        if self._is_settled(raw):
            return Decision(read, Outcome.UNCHANGED, "这一版先前已导入", raw)
        return self._doubtful(read, raw, match)

    def _doubtful(self, read: Read, raw: RawArticle, match: Match) -> Decision:
        self._settle(raw)
        what = "文件名" if raw.id_from == IdFrom.FILE_NAME else "编号"
        said = DOUBTFUL.format(title=self.known.words_of(match)[0][:40], what=what)
        return Decision(read, Outcome.CONFLICT, said, raw)

    # -------------------------------------------------------------- the same address
    def _same_link(self, raw: RawArticle, holders: Sequence[Match]) -> Match | None:
        """The article of the same outlet that stands under the same address, if its title or text is the same.

        A feed may give an article a new id with its new text. If neither is the same, that becomes a problem.
        """
        if self.known.linked:
            self.known.look_up_links({pk for one in self.known.linked if (pk := self.outlets.known(one))})
        if self.outlets.apart:  # an editor has decided already
            return None
        for match in self.known.by_link.get(raw.own_link, ()):
            if match in holders or not self._is_own(raw, match):
                continue
            if self._is_alike(raw, match):
                return match
            title = self.known.words_of(match)[0]
            raw.problems.append(Problem(Code.TO_CHECK, SAME_LINK.format(title=title[:40])))
            break
        return None

    def _is_alike(self, raw: RawArticle, match: Match) -> bool:
        title, text = self.known.words_of(match)
        if only_words(text) == only_words(raw.plain.text):
            return True
        if only_words(title) != only_words(raw.title):
            return False
        if raw.published_at and match.published_at and abs(raw.published_at - match.published_at) < SAME_DAY:
            return True
        lines = {line for line in text.split("\n") if len(line) > SHORT_LINE}
        return not lines.isdisjoint(raw.plain.text.split("\n"))

    def _words_if_needed(self, raw: RawArticle) -> tuple[str, str] | None:
        """Title and text, kept where a later input of the batch may be compared with them."""
        return None if is_numbered(raw.external_id) else (raw.title, raw.plain.text)

    # -------------------------------------------------------------- an id that proves nothing
    def _same_weak_id(self, read: Read, raw: RawArticle, holders: list[Match]) -> Decision:
        """Decide where articles have the same id, but one that two articles may share: a file name, a row's number.

        What shares neither title nor text with any of them is another article. What is neither surely the same one
        nor surely another waits for an editor.
        """
        likeness = {match: self._likeness(raw, match) for match in holders}
        if self.outlets.apart:  # an editor has decided already
            likeness = {match: found for match, found in likeness.items() if found == EXACT}
        if same := [match for match in holders if likeness.get(match, OTHER) >= SAME]:
            return self._same_own_id(read, raw, sorted(same, key=likeness.get, reverse=True))
        if self._is_settled(raw) and not self.outlets.apart:
            return Decision(read, Outcome.UNCHANGED, "这一版先前已导入", raw)
        doubtful = next((match for match, found in likeness.items() if found == UNSURE), None)
        if doubtful is None:
            return self._same_text(read, raw) or self._new(read, raw, apart=True)
        return self._doubtful(read, raw, doubtful)

    def _likeness(self, raw: RawArticle, match: Match) -> int:
        if match.fingerprint == raw.plain.fingerprint:
            return EXACT
        title, text = self.known.words_of(match)
        share = share_in_common(text, raw.plain.text)
        same_title = not (title and raw.title) or only_words(title) == only_words(raw.title)
        numbered = raw.id_from == IdFrom.SHORT_NUMBER
        if (same_title and (numbered or share >= ALIKE)) or only_words(text) == only_words(raw.plain.text):
            return SAME
        unlike = not same_title and share < UNLIKE
        if match.edited:  # its words are no longer those of the file; an editor looks at either
            return UNSURE if unlike else SAME
        return OTHER if unlike else UNSURE

    # -------------------------------------------------------------- the same id
    def _is_own(self, raw: RawArticle, match: Match) -> bool:
        """Whether the article with this id is the same one: same outlet, brought by the same outlet as before."""
        if is_numbered(raw.external_id):
            if match.is_uncredited:
                return True
            # The roll may change an article's outlet; and a known duplicate stays one.
            of_the_roll = raw.channel in ROLLS or self._is_twin(raw, match)
            if of_the_roll and not self.outlets.always:
                return True
        theirs, mine = self._key(match), self.outlets.resolve(self.outlets.said_by(raw))
        if theirs != self.outlets.resolve(raw.outlet):
            return False
        return theirs == mine or self._brought_by(raw, match)

    def _is_twin(self, raw: RawArticle, match: Match) -> bool:
        mine = self.outlets.said_by(raw)
        other_number = raw.external_id != match.external_id
        return other_number and any(one is None or self.outlets.same(one, mine) for one in match.twins)

    def _brought_by(self, raw: RawArticle, match: Match) -> bool:
        """Whether a version of the article came from the outlet that brings this one."""
        mine = self.outlets.resolve(self.outlets.said_by(raw))
        return mine in {self.outlets.resolve(one) for one in self.known.origins(match)}

    def _key(self, match: Match) -> int | str:
        return match.source_id or self.outlets.resolve(match.outlet)

    def _same_id(self, read: Read, raw: RawArticle, match: Match, *, moved: bool = False) -> Decision:
        edited = match.edited or moved
        same_text = raw.plain.fingerprint == match.fingerprint
        dated = match.published_at is None and raw.published_at is not None
        cleared = match.status == Article.Status.REVIEW and not raw.problems
        if same_text and (edited or not (dated or cleared)):
            return Decision(read, Outcome.UNCHANGED, "编号和正文都相同", raw, match)
        if self._is_settled(raw) and not (same_text or dated):
            return Decision(read, Outcome.UNCHANGED, "这一版先前已导入，后来有了新版", raw, match)
        self._settle(raw)
        if edited:
            reason = self._naming(MOVED, raw, match) if moved else EDITED
            return Decision(read, Outcome.CONFLICT, reason, raw, match)
        if raw.problems and match.status == Article.Status.PUBLISHED:
            reason = f"新来的文本有问题，不覆盖已发布的：{in_words(raw.problems)}"
            return Decision(read, Outcome.CONFLICT, reason, raw, match)
        match.fingerprint, match.published_at = raw.plain.fingerprint, raw.published_at or match.published_at
        match.words = self._words_if_needed(raw)
        self.known.file(match)
        if cleared:
            match.status = Article.Status.PUBLISHED
        reason = "正文相同，先前缺的、存疑的已补上" if same_text else "同一编号，正文有变"
        return Decision(read, Outcome.UPDATED, reason, raw, match)

    def _clash(self, read: Read, raw: RawArticle, match: Match) -> Decision:
        """Another outlet's article has this id: leave it unchanged; an editor decides whether it is the same one."""
        if self._is_settled(raw):
            return Decision(read, Outcome.UNCHANGED, "这一版与别家稿件的编号冲突，先前已交给编辑", raw)
        self._settle(raw)
        return Decision(read, Outcome.CONFLICT, self._naming(CLASH, raw, match), raw)

    def _naming(self, words: str, raw: RawArticle, match: Match) -> str:
        theirs = self.outlets.called(match.outlet)
        return words.format(theirs=theirs, mine=self.outlets.called(self.outlets.said_by(raw)))

    def _is_settled(self, raw: RawArticle) -> bool:
        """Whether this text came under this id before, from the same outlet."""
        before = self.known.settled.get((raw.external_id, raw.plain.fingerprint), ())
        mine = self.outlets.said_by(raw)
        return any(one is None or self.outlets.same(one, mine) for one in before)

    def _settle(self, raw: RawArticle) -> None:
        self.known.settled[raw.external_id, raw.plain.fingerprint].add(self.outlets.said_by(raw))

    # -------------------------------------------------------------- the same text
    def _same_text(self, read: Read, raw: RawArticle) -> Decision | None:
        match = self._twin(raw)
        if match is None:
            return None
        numbered_alike = one_number(raw.external_id, match.external_id)
        # An import that files the mirror's posts under one outlet no longer counts as the roll.
        if numbered_alike and self.outlets.always and not (match.is_uncredited or self._is_ours(raw, match)):
            return None if self.outlets.apart else self._clash(read, raw, match)
        self._settle(raw)
        if numbered_alike:
            self.known.by_id[raw.external_id].append(match)
            match.twins.add(self.outlets.said_by(raw))
        # Without the outlet's name: the article shows it, and it may not be settled yet.
        reason = f"与已有的《{raw.title[:40]}》同文"
        return Decision(read, Outcome.DUPLICATE, reason, raw, match, credits=self._credit(raw, match))

    def _twin(self, raw: RawArticle) -> Match | None:
        """The same article again: same day, same text, and the same outlet or the roll.

        The mirror gives an article one number, in the roll and under its outlet. If it gives a text a new number
        minutes later, that is a separate article. A copy by another outlet is that outlet's own article.
        """
        day = day_of(raw.published_at) if raw.published_at else None
        for match in self.known.by_text.get((raw.plain.fingerprint, day), ()):
            is_current = match.fingerprint == raw.plain.fingerprint  # or this batch has replaced that text
            if is_current and match.day == day and raw.plain.text and self._one_outlets(raw, match):
                return match
        return None

    def _one_outlets(self, raw: RawArticle, match: Match) -> bool:
        """Whether both come from one outlet: by name, or by the mirror's number where the roll names no outlet."""
        if one_number(raw.external_id, match.external_id):
            return True
        numbered = is_numbered(raw.external_id) and is_numbered(match.external_id)
        if numbered and raw.published_at != match.published_at:
            return False
        of_the_roll = numbered and (match.is_uncredited or raw.outlet in ROLLS)
        return of_the_roll or self._is_ours(raw, match)

    def _is_ours(self, raw: RawArticle, match: Match) -> bool:
        return self._key(match) == self.outlets.resolve(raw.outlet)

    def _credit(self, raw: RawArticle, match: Match) -> bool:
        """Whether the article, so far known from the roll only, must be moved to the duplicate's outlet."""
        if not match.is_uncredited or raw.outlet in ROLLS or match.edited or self.outlets.hold:
            return False
        match.outlet, match.source_id = raw.outlet, self.outlets.known(raw)
        if match.pk is None:  # not written yet: it will be written under the right outlet
            match.decision.raw.outlet = raw.outlet
        return match.pk is not None

    # -------------------------------------------------------------- a new article
    def _new(self, read: Read, raw: RawArticle, *, apart: bool = False) -> Decision:
        outcome = Outcome.REVIEW if raw.problems else Outcome.CREATED
        reason = in_words(raw.problems) if raw.problems else "；".join(raw.notes)
        decision = Decision(read, outcome, reason, raw, apart=apart)
        decision.match = Match(
            None,
            raw.plain.fingerprint,
            self.outlets.known(raw),
            raw.outlet,
            raw.published_at,
            status=Article.Status.REVIEW if raw.problems else Article.Status.PUBLISHED,
            decision=decision,
            external_id=raw.external_id,
            came_from={self.outlets.said_by(raw)},
            words=self._words_if_needed(raw),
        )
        self._settle(raw)
        self.known.add(raw, decision.match)
        return decision
