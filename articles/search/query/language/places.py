"""Pages that a question names: a security by its code or name, a day."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from articles.addresses import address
from articles.models import Article, Security
from articles.models.summaries import day_bounds
from articles.search.query.parse import Part, Question, day
from articles.search.query.results import Pointer
from articles.search.query.terms import key
from articles.taxonomy import public_names
from sources.text.folding import fold, squeezed

MOST = 4
LONGEST_NAME = 20  # characters
SHORTEST_CODE = 4  # characters of a code that is searched for without its market


def securities_named(question: Question, hidden: bool = False) -> list[Security]:
    """The securities whose code, symbol or name is a part of the question, those with a known name first."""
    asked = Q()
    for part in _named_parts(question):
        written = squeezed(part.words)
        code = fold(written).upper()
        asked |= Q(name__in={written, fold(written), code})
        if _is_code(code):
            asked |= Q(code=code)
        head, _, market = code.rpartition(".")
        if head:
            asked |= Q(code=head, market=market)
    if not asked:
        return []
    known = Security.objects.all() if hidden else public_names.securities()
    return sorted(known.filter(asked)[: 2 * MOST], key=lambda one: not one.name)[:MOST]


def securities_called(names: Iterable[str]) -> list[Security]:
    """The securities with these names."""
    return list(public_names.securities().filter(name__in=set(names))[:MOST])


def by_key(question: Question, named: Sequence[Security]) -> Mapping[str, list[int]]:
    """The ids of the named securities by the key of the part that names them. A bare ticker of letters (AI) is only
    pointed to: as a word it means more."""
    found: dict[str, list[int]] = {}
    for part in _named_parts(question) if named else ():
        close = key(part.words)
        some = [one.pk for one in named if close in (key(one.name), key(one.symbol))]
        if any(sign.isdigit() or sign == "." for sign in close):
            some += [one.pk for one in named if close == key(one.code)]
        if some:
            found[close] = list(dict.fromkeys(some))
    return found


def pointers(question: Question, named: Sequence[Security]) -> list[Pointer]:
    """The pages of the named securities, and of the day if the whole question is one on which something came out."""
    found = [Pointer(str(one), one.get_absolute_url(), one.get_kind_display()) for one in named]
    on = day(question.whole)
    if on:
        start, end = day_bounds(on)
        count = Article.objects.published().filter(public_at__gte=start, public_at__lt=end).count()
        if count:
            label = f"{on.year}年{on.month}月{on.day}日"
            found.append(Pointer(label, address("day", on), f"这一天的报道，{count} 篇"))
    return found


def _is_code(code: str) -> bool:
    return len(code) >= SHORTEST_CODE or (code.isascii() and code.isalpha() and len(code) > 1)


def _named_parts(question: Question) -> list[Part]:
    return [part for part in question.wanted if not part.field and 2 <= len(part.words) <= LONGEST_NAME]
