"""Try changed section rules before they are saved, and apply the saved ones to articles without a section."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched

from django.db.models.functions import Left

from articles.models import Article, ArticleQuerySet, Category, Revision
from articles.revisions.bulk_revise import bulk_revise
from articles.taxonomy.section_rules import OPENING, Keywords, Proposal

TRIED_ON = 500  # newest articles
AT_MOST = 20_000  # newest articles without a section
AT_ONCE = 2000  # openings in memory


@dataclass(frozen=True, slots=True)
class Move:
    """An article that the changed rules propose another category for; ids, None for none."""

    pk: int
    title: str
    filed: int | None
    before: Proposal
    after: Proposal


@dataclass(slots=True)
class Trial:
    """The result of changed rules on the newest articles: how many were read, and those that would move."""

    read: int = 0
    moves: list[Move] = field(default_factory=list)

    def gains(self) -> list[tuple[int | None, int, int]]:
        """(category id, articles gained, articles lost) for each category."""
        come = Counter(move.after.category for move in self.moves)
        go = Counter(move.before.category for move in self.moves)
        return [(pk, come[pk], go[pk]) for pk in (come | go)]


def try_rules(category: int | None, name: str, keywords: str) -> Trial:
    """Compare the saved rules with those where this category (id, None for a new one) has other keywords."""
    rules = list(Category.objects.order_by("position", "pk").values_list("pk", "name", "keywords"))
    others = [rule for rule in rules if rule[0] != category]
    # A new section has no id yet; no section has the id 0.
    now, then = Keywords(rules), Keywords([*others, (category or 0, name, keywords)])
    trial = Trial()
    for pk, title, opening, filed in _openings(Article.objects.order_by("-pk")[:TRIED_ON], "category"):
        trial.read += 1
        before, after = now.propose(title, opening), then.propose(title, opening)
        if before.category != after.category:
            trial.moves.append(Move(pk, title, filed, before, after))
    return trial


@dataclass(slots=True)
class Sorting:
    """Articles without a section that the rules would file: by category (id), the versions seen by article id."""

    read: int = 0
    found: dict[int, dict[int, int]] = field(default_factory=dict)
    why: dict[int, str] = field(default_factory=dict)
    titles: dict[int, list[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(map(len, self.found.values()))


def unfiled() -> ArticleQuerySet:
    """Articles without a category that no editor has saved: an editor may have left it empty on purpose."""
    return Article.objects.filter(category=None, edited_at=None)


def sort_unfiled() -> Sorting:
    """What the saved rules would do with the newest of them. Writes nothing."""
    keywords, sorting = Keywords(), Sorting()
    for pk, title, opening, version in _openings(unfiled().order_by("-pk")[:AT_MOST], "version"):
        sorting.read += 1
        proposal = keywords.propose(title, opening)
        if proposal.category:
            sorting.found.setdefault(proposal.category, {})[pk] = version
            sorting.why[pk] = proposal.why
            if len(titles := sorting.titles.setdefault(proposal.category, [])) < 5:
                titles.append(title)
    return sorting


def apply(sorting: Sorting, editor=None) -> int:
    """File them, each as a new version; skip those changed since. Returns how many were filed."""
    done = 0
    for category, versions in sorting.found.items():
        for some in batched(versions, AT_ONCE, strict=False):
            moved = bulk_revise(
                unfiled().filter(pk__in=some),
                {"category_id": category},
                seen=versions,
                proposals=sorting.why,
                kind=Revision.Kind.SECTION,
                editor=editor,
                reason="按关键词归栏",
            )
            done += len(moved)
    return done


def _openings(articles: Iterable, *more: str) -> Iterator[tuple]:
    """Id, title, opening of the text, and the columns in `more`, without loading whole bodies."""
    opened = articles.annotate(opening=Left("text", OPENING))
    yield from opened.values_list("pk", "title", "opening", *more).iterator(AT_ONCE)
