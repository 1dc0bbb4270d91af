"""Grouping articles into stories: what an import touched, by command everything, after an undo what is left.

An editor's decision is never overturned: a confirmed story loses no article and is never merged, and articles that
were kept apart stay apart. What an editor changes while groups are computed is left as it is.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from articles.db.bulk_rows import insert
from articles.models import Article, Revision
from articles.models.story import Parting, Story
from articles.stories.signatures import batches, refresh_signatures, signature_windows
from articles.stories.similarity.candidates import WINDOW
from articles.stories.similarity.clusters import Clusters
from articles.stories.similarity.match import SignatureWindow, join_pairs, pairs_of
from sources.models import ImportRun

Tell = Callable[[int], None]


@dataclass(slots=True)
class Grouped:
    """What a grouping did: articles looked at, stories made and dissolved, articles that joined or left one."""

    articles: int = 0
    made: int = 0
    dissolved: int = 0
    joined: int = 0
    left: int = 0
    # Articles (ids) that were put under a story, or taken out of one.
    moved: list[int] = field(default_factory=list)


def group_run(run: ImportRun) -> Grouped:
    """Group what a run has brought or changed, with what was there already: stories only grow.

    Runs before it that did not come to their end are grouped along: nobody else would.
    """
    ended = ImportRun.objects.filter(pk__lt=run.pk, state=ImportRun.State.FINISHED)
    last = ended.order_by("-pk").values_list("pk", flat=True).first() or 0
    runs = ImportRun.objects.filter(pk__gt=last, pk__lte=run.pk).exclude(state=ImportRun.State.UNDONE)
    brought = Revision.objects.filter(import_item__run__in=runs.values("pk"), version__isnull=False)
    made = set(brought.values_list("article", "version"))
    # New articles got their signatures when they were read.
    refresh_signatures(sorted({article for article, version in made if version > 1}))
    with transaction.atomic():
        done = _group(sorted({article for article, _ in made}))
        _write_down(run, set(done.moved).difference(article for article, version in made if version == 1))
    return done


def _write_down(run: ImportRun, older: set[int]) -> None:
    """Which articles that were there before the run has moved, so that undoing it leaves all others where they are."""
    run.moved_articles = sorted(older.union(run.moved_articles or ()))
    run.save(update_fields=["moved_articles"])


def regroup_since(moment: datetime | None, tell: Tell = lambda count: None) -> Grouped:
    """Group all articles again, or those from a moment on. `tell` is called with the number of new signatures."""
    refresh_signatures(_dated_from(moment and moment - timedelta(seconds=WINDOW)), tell)
    return _group(_dated_from(moment), anew=True)


def _dated_from(moment: datetime | None) -> list[int]:
    articles = Article.objects.exclude(published_at=None)
    if moment is not None:
        articles = articles.filter(published_at__gte=moment)
    return list(articles.order_by("pk").values_list("pk", flat=True).iterator(10_000))


def regroup(stories: Collection[int], stay: Collection[int] = ()) -> Grouped:
    """Group the articles of these stories (ids) again, after some were removed or changed back.

    Articles (ids) that `stay` keep their story: they were in it before.
    """
    members = {
        pk
        for some in batches(stories)
        for pk in Article.objects.filter(story__in=some).values_list("pk", flat=True)
    }
    refresh_signatures(sorted(members))
    plan = _Plan(sorted(members.difference(stay)), anew=True)
    for window in signature_windows(members, alone=True):
        plan.look_at(window, within_stories=True)
    done = plan.carry_out()
    done.dissolved += Story.objects.dissolve_small(stories)
    return done


def _group(touched: list[int], anew: bool = False) -> Grouped:
    plan = _Plan(touched, anew)
    for window in signature_windows(set(touched)):
        plan.look_at(window)
    with transaction.atomic():
        return plan.carry_out()


@dataclass(slots=True)
class _Plan:
    """Which article goes to which story. `anew`: touched articles leave their story unless an editor confirmed it."""

    touched: list[int]
    anew: bool
    done: Grouped = field(default_factory=Grouped)
    # The story of each article seen so far, at that time; articles without a story are left out.
    stood: dict[int, int] = field(default_factory=dict)
    settled: dict[int, int] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)
    apart: set[tuple[int, int]] = field(init=False)
    confirmed: set[int] = field(init=False)
    clusters: Clusters = field(init=False)

    def __post_init__(self):
        self.done.articles = len(self.touched)
        self.apart, self.confirmed = Parting.objects.pairs(), _confirmed()
        self.clusters = Clusters(self.apart)
        if self.anew:
            self._meet(self.touched)

    def look_at(self, window: SignatureWindow, within_stories: bool = False) -> None:
        """Join the near-duplicates of this window."""
        pairs = pairs_of(window)
        self._meet({pk for pair in pairs for pk in pair})
        if within_stories:
            pairs = [(one, other) for one, other in pairs if self.stood.get(one) == self.stood.get(other)]
        join_pairs(pairs, _words, self.clusters)

    def _meet(self, articles: Iterable[int]) -> None:
        """Load the stories of articles not seen before, with all their members."""
        fresh = sorted(set(articles) - self.met)
        stories: set[int] = set()
        for some in batches(fresh):
            rows = Article.objects.filter(pk__in=some).exclude(story=None).values_list("story", flat=True)
            stories.update(rows)
        members: dict[int, list[int]] = {}
        for some in batches(sorted(stories)):
            for pk, story in Article.objects.filter(story__in=some).values_list("pk", "story"):
                if pk not in self.met:
                    members.setdefault(story, []).append(pk)
        self.met.update(fresh, *members.values())
        free = set(self.touched) if self.anew else set()
        for story, pks in sorted(members.items()):
            self.stood |= dict.fromkeys(pks, story)
            if held := [pk for pk in pks if story in self.confirmed or pk not in free]:
                self.settled |= dict.fromkeys(held, story)
                self.clusters.settle(held)

    # -------------------------------------------------------------- writing
    def carry_out(self) -> Grouped:
        """Write the changes, except where somebody has decided otherwise since."""
        groups = list(self.clusters)
        moves = self._moves(groups)
        changed = [pk for pk, story in moves.items() if self.stood.get(pk) != story]
        moves = {pk: moves[pk] for pk in changed}
        self._leave_alone(moves, groups)
        new = {story: Story() for story in dict.fromkeys(moves.values()) if story is not None and story < 0}
        insert(list(new.values()))
        moves = {pk: new[story].pk if story in new else story for pk, story in moves.items()}
        Article.objects.file_under(moves)
        left = {self.stood[pk] for pk in moves if pk in self.stood}
        self.done.moved += moves
        self.done.made += len(new)
        self.done.joined += sum(story is not None for story in moves.values())
        self.done.left += sum(story is None for story in moves.values())
        self.done.dissolved += Story.objects.dissolve_small(left | {story.pk for story in new.values()})
        return self.done

    def _moves(self, groups: list[list[int]]) -> dict[int, int | None]:
        """Each article's story: an id, None, or a negative number for a story to be made."""
        taken = set(self.settled.values())
        moves: dict[int, int | None] = {}
        for number, members in enumerate(groups, start=1):
            story = next((self.settled[pk] for pk in members if pk in self.settled), None)
            if story is None:
                stood = Counter(self.stood[pk] for pk in members if pk in self.stood)
                usable = [(-count, one) for one, count in stood.items() if one not in taken]
                story = min(usable)[1] if usable else -number
            taken.add(story)
            moves |= dict.fromkeys(members, story)
        if self.anew:
            moves |= {pk: None for pk in self.stood if pk not in moves and pk not in self.settled}
        return moves

    def _leave_alone(self, moves: dict[int, int | None], groups: list[list[int]]) -> None:
        """Drop the moves of every group that an editor has changed since the plan was made."""
        now: dict[int, int | None] = {}
        for some in batches(moves):
            rows = Article.objects.select_for_update().filter(pk__in=some).order_by("pk")
            now |= dict(rows.values_list("pk", "story"))
        touched = {pk for pk in moves if pk not in now or now[pk] != self.stood.get(pk)}
        touched |= {pk for pair in Parting.objects.pairs() - self.apart for pk in pair}
        decided = _confirmed() - self.confirmed
        touched |= {pk for pk, story in self.stood.items() if story in decided}
        for members in groups:
            if not touched.isdisjoint(members):
                touched |= set(members)
        for pk in touched & moves.keys():
            del moves[pk]


def _confirmed() -> set[int]:
    return set(Story.objects.confirmed().values_list("pk", flat=True))


def _words(articles: Iterable[int]) -> dict[int, tuple[str, str, int]]:
    said = {}
    for some in batches(sorted(articles)):
        rows = Article.objects.filter(pk__in=some).exclude(published_at=None).order_by("pk")
        rows = rows.values_list("pk", "title", "text", "published_at")
        said |= {pk: (title, text, int(at.timestamp())) for pk, title, text, at in rows}
    return said
