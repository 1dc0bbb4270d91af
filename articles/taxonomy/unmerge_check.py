"""Which articles that a merge of outlets moved may go back, and which have got another outlet since."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import batched, groupby
from operator import attrgetter

from articles.models import Article, Revision
from sources.models.outlet_history import SourceMerge

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NotReturned:
    """An article that stays where it is, and why."""

    pk: int
    title: str
    why: str

    def as_json(self) -> dict:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Version:
    article: int
    version: int
    merge: int | None
    kind: str
    replaced: dict | None
    outlet: int | None  # as its own copy of the text says, if it has one


def sort_moved(done: SourceMerge) -> tuple[dict[int, int], list[NotReturned]]:
    """The articles that may go back (versions by id), and those that must stay. Deleted ones are in neither."""
    back, left = {}, []
    moved = Revision.objects.filter(merge=done, kind=Revision.Kind.MERGE).order_by("article")
    made = dict(moved.values_list("article", "version"))
    for some in batched(made, AT_ONCE, strict=False):
        # By id, not by a join: right after a merge PostgreSQL has no statistics for the join yet.
        rows = Article.objects.filter(pk__in=some).values_list("pk", "version", "source")
        still = {pk for pk, version, source in rows if version == made[pk] and source == done.into_id}
        back |= {pk: made[pk] for pk in sorted(still)}
        _look_closer(done, [pk for pk in some if pk not in still], back, left)
    return back, left


def _look_closer(done: SourceMerge, pks: list[int], back: dict[int, int], left: list[NotReturned]) -> None:
    """Sort articles changed since the merge by their versions."""
    if not pks:
        return
    articles = Article.objects.select_related("source").only("title", "version", "source__name").in_bulk(pks)
    versions = dict(_versions(pks))
    for pk, article in articles.items():
        if why := _why_left(done, article, versions[pk]):
            left.append(NotReturned(pk, str(article), why))
        else:
            back[pk] = article.version


def _versions(pks: Sequence[int]) -> Iterator[tuple[int, list[_Version]]]:
    """Each article's versions, the oldest first, without their texts."""
    rows = Revision.objects.filter(article__in=pks, version__isnull=False).order_by("article", "version")
    fields = ("article", "version", "merge", "kind", "replaced", "snapshot__source_id")
    versions = [_Version(*row) for row in rows.values_list(*fields)]
    for pk, some in groupby(versions, key=attrgetter("article")):
        yield pk, list(some)


def _why_left(done: SourceMerge, article: Article, versions: list[_Version]) -> str:
    if article.source_id != done.into_id:
        return f"后来归了“{article.source}”"
    merged = [v.merge == done.pk and v.kind == Revision.Kind.MERGE for v in versions]
    since = merged.index(True)
    outlets = _outlets(article, versions)
    for i in range(since + 1, len(versions)):
        if versions[i].replaced is None and outlets[i] != outlets[i - 1]:
            return "后来有人改过它的来源，又改了回来"
    return ""


def _outlets(article: Article, versions: list[_Version]) -> list[int]:
    """Each version's outlet, derived backwards from the current one."""
    outlet, outlets = article.source_id, []
    for i in reversed(range(len(versions))):
        after = versions[i + 1] if i + 1 < len(versions) else None
        if versions[i].outlet is not None:
            outlet = versions[i].outlet
        elif after and after.replaced:
            outlet = after.replaced.get("source_id", outlet)
        outlets.append(outlet)
    return outlets[::-1]
