"""Three-way merge of a source's new text and an article that editors changed, by field and by sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from articles.models import Article, Revision
from articles.revisions.fields import REPLACED
from articles.revisions.pending import merge_base
from sources.reading.reading_process import apart
from sources.text.merge.three_way import Choice, Hunk, Kind, MergedBody, merge_bodies
from sources.text.plain import is_lead, plain_text

BODY = "body_html"
# Fields that a re-clean may empty: an author that today's cleaner no longer recognises as one.
CAN_BE_EMPTIED = ("byline", "editor")


@dataclass(frozen=True, slots=True)
class MergedField:
    """A field's three values, and which side changed it."""

    name: str
    kind: Kind
    base: object
    theirs: object
    ours: object

    def taken(self, choice: Choice = Choice.OURS) -> object:
        """The merged value; `choice` settles a conflict."""
        theirs = choice is Choice.THEIRS if self.kind is Kind.CONFLICT else self.kind is Kind.THEIRS
        return self.theirs if theirs else self.ours


@dataclass(frozen=True, slots=True)
class Merge:
    """All fields that a source may change, merged. Conflicts go by the field's name or `body-` and a number."""

    fields: list[MergedField]
    body: MergedBody

    def conflicts(self) -> dict[str, MergedField | Hunk]:
        """What a person must settle, in the order of the page."""
        clashing = {field.name: field for field in self.fields if field.kind is Kind.CONFLICT}
        return clashing | {f"body-{n}": hunk for n, hunk in enumerate(self.body.conflicts())}

    def values(self, choices: Mapping[str, Choice]) -> dict:
        """The merged fields; an unsettled conflict leaves ours."""
        taken = {field.name: field.taken(choices.get(field.name, Choice.OURS)) for field in self.fields}
        settled = [choices.get(f"body-{n}", Choice.OURS) for n in range(len(self.body.conflicts()))]
        return taken | {BODY: self.body.html(settled)}

    def changed_by(self, kind: Kind) -> int:
        """How many fields and passages one side changed, or both."""
        hunks = (hunk for passage in self.body.passages for hunk in passage if hunk.base or hunk.taken())
        return sum(one.kind is kind for one in (*self.fields, *hunks))


def merge(base: dict, theirs: dict, ours: dict) -> Merge:
    """Merge three texts given as Article.kept() gives them; an empty dict is a text that is not known.

    Raises OverLimit where their bodies cannot be aligned in time.
    """
    before, new, now = (_readable(kept) for kept in (base, theirs, ours))
    names = [name for name in REPLACED if name != BODY]
    fields = [_field(name, before[name], new[name], now[name]) for name in names]
    bodies = [one[BODY] for one in (before, new, now)]
    return Merge(fields, apart(merge_bodies, *bodies, size=sum(map(len, bodies))))


def _readable(kept: dict) -> dict:
    """Values of the fields; a digest that only repeats the beginning of the text counts as empty."""
    values = Article.read_kept(kept)
    if is_lead(values["digest"], plain_text(values[BODY])):
        values["digest"] = ""
    if values["published_at"]:
        values["published_at"] = values["published_at"].replace(microsecond=0)
    return values


def _field(name: str, base, theirs, ours) -> MergedField:
    if theirs == ours:
        kind = Kind.SAME if ours == base else Kind.BOTH
    elif theirs == base:
        kind = Kind.OURS
    else:
        kind = Kind.THEIRS if ours == base else Kind.CONFLICT
    return MergedField(name, kind, base, theirs, ours)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pending text, the current article, and their merge."""

    revision: Revision
    article: Article
    merge: Merge
    base_known: bool

    @classmethod
    def of(cls, revision: Revision, article: Article, dated: bool = True) -> "Proposal":
        """`dated`: whether the user may change the article's publishing time."""
        base, ours = merge_base(article, revision), article.kept()
        theirs = dict(_said(revision, base or ours))
        if not dated:
            theirs["published_at"] = (base or ours)["published_at"]
        return cls(revision, article, merge(base or {}, theirs, ours), base is not None)

    def dress(self, choices: Mapping[str, Choice], typed: Mapping[str, str] | None = None) -> None:
        """Apply the merged text to the article, unsaved; `typed` has the fields that the editor rewrote."""
        for name, value in (self.merge.values(choices) | dict(typed or {})).items():
            setattr(self.article, name, value)
        self.article.derive()

    def seal(self, choices: Mapping[str, Choice]) -> str:
        """A hash of the proposal: only what was shown can be accepted."""
        values = sorted((name, str(value)) for name, value in self.merge.values(choices).items())
        return blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _said(revision: Revision, base: dict) -> Iterator[tuple[str, object]]:
    """The source's values; a field that it leaves empty has not changed."""
    emptied = CAN_BE_EMPTIED if revision.kind == Revision.Kind.RECLEAN else ()
    for name, value in (revision.snapshot or {}).items():
        yield name, value if value or name in emptied else base.get(name)
