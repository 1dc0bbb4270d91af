"""What a question names: a security by its code or name, an outlet, a day."""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from articles.addresses import address
from articles.models import Article, Security
from articles.models.summaries import day_bounds
from articles.search.query.parse import Part, Question, day
from articles.search.query.results import Pointer
from articles.search.query.terms import key
from articles.taxonomy import public_names
from sources.models import SourceAlias
from sources.text.folding import fold, squeezed
from sources.text.outlet_names import name_key

MOST = 4
LONGEST_NAME = 20  # characters
SHORTEST_CODE = 4  # characters of a code that is searched for without its market
# SH601939, hk939, 601939.SS: the market before the code, or as other services name it.
_MARKET_FIRST = re.compile(r"(SH|SZ|BJ|HK)[.:]?([0-9]{3,6})")
_MARKET_LAST = re.compile(r"([0-9A-Z]{1,8})[.:](SH|SZ|BJ|HK|SS|XSHG|XSHE|US|N|O|OQ)")
_MARKETS = {"SS": "SH", "XSHG": "SH", "XSHE": "SZ", "N": "US", "O": "US", "OQ": "US"}
_IN_HONG_KONG, _DIGITS_THERE = "HK", 5


def securities_named(question: Question, hidden: bool = False) -> list[Security]:
    """The securities whose code, symbol or name is a part of the question, those with a known name first."""
    asked = Q()
    for part in _named_parts(question):
        written = squeezed(part.words)
        name = fold(written).upper()
        asked |= Q(name__in={written, fold(written), name})
        code, market = symbol(name)
        if market:
            asked |= Q(code=code, market=market)
        elif _is_code(name):
            asked |= Q(code=name)
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
        code, market = symbol(close.upper())
        some = [one.pk for one in named if close == key(one.name) or (code, market) == (one.code, one.market)]
        if any(sign.isdigit() for sign in close):
            some += [one.pk for one in named if close == key(one.code)]
        if some:
            found[close] = list(dict.fromkeys(some))
    return found


def outlets_named(question: Question) -> dict[str, list[int]]:
    """The ids of the outlets whose full name or alias is a part of the question, by the key of the part.

    Beside other parts only: who types a name alone is pointed to the outlet's page.
    """
    if len(question.wanted) < 2:
        return {}
    keys = {name_key(part.words): key(part.words) for part in _named_parts(question)}
    rows = SourceAlias.objects.filter(key__in=keys, source__in=public_names.outlets())
    found: dict[str, list[int]] = {}
    for name, pk in rows.values_list("key", "source"):
        found.setdefault(keys[name], []).append(pk)
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


def symbol(written: str) -> tuple[str, str]:
    """Code and market of a security as other services write them; both "" if it is no symbol."""
    if found := _MARKET_FIRST.fullmatch(written):
        market, code = found.groups()
    elif found := _MARKET_LAST.fullmatch(written):
        code, market = found.groups()
    else:
        code, _, market = written.rpartition(".")
        return (code, market) if code else ("", "")
    market = _MARKETS.get(market, market)
    return (code.zfill(_DIGITS_THERE) if market == _IN_HONG_KONG else code), market


def _is_code(code: str) -> bool:
    return len(code) >= SHORTEST_CODE or (code.isascii() and code.isalpha() and len(code) > 1)


def _named_parts(question: Question) -> list[Part]:
    return [part for part in question.wanted if not part.field and 2 <= len(part.words) <= LONGEST_NAME]
