"""Put the hits in which a word is cut out of others behind those in which it is a word."""

from collections.abc import Sequence

from django.db import connection

from articles.models import Article
from articles.search.query.build import Matcher
from articles.search.query.language.organs import ORGANS
from articles.search.query.language.whole_words import LONGEST_NEEDLE, cut_through
from articles.search.query.parse import BYLINE, Question
from articles.search.query.terms import Unit, key

LOOKED_AT = 200  # hits
AT_ONCE = 20  # hits whose texts are read together, at least
MOST_NEEDLES = 4  # words of a question that are looked for
Needles = list[tuple[str, ...]]


def at_risk(question: Question, matcher: Matcher) -> Needles:
    """The words of a question that a text may hold by chance, or as part of another name, each with its spellings,
    folded: the short ones, and names of state bodies."""
    found: Needles = []
    for part in question.wanted:
        if part.field == BYLINE:
            continue
        some = [Unit(key(part.words))] if part.exact else matcher.units(part.words)
        spelt = [(unit.word, *unit.others) for unit in some]
        found += [forms for forms in spelt if forms[0] in ORGANS or all(_is_short(form) for form in forms)]
    return list(dict.fromkeys(found))[:MOST_NEEDLES]


def _is_short(form: str) -> bool:
    return 2 <= len(form) <= LONGEST_NEEDLE or (form.isascii() and len(form) > 1)


def whole_first(ids: Sequence[int], needles: Needles, question: str, most: int) -> list[int]:
    """The first `most` of these articles, when those where a needle stands only across words come last; not those that
    hold the whole `question`, if it is a long one.

    Only as many are read as it takes: mostly the page that is shown.
    """
    whole: list[int] = []
    last: list[int] = []
    at = 0
    while at < len(ids) and len(whole) < most:
        some = ids[at : at + max(most - len(whole), AT_ONCE)]
        cut = _cut(some, needles, question)
        whole += [pk for pk in some if pk not in cut]
        last += [pk for pk in some if pk in cut]
        at += len(some)
    return [*whole, *last][:most]


def _cut(ids: Sequence[int], needles: Needles, question: str) -> set[int]:
    texts = dict.fromkeys(ids, "") | _texts(ids)
    found = cut_through([texts[pk] for pk in ids], needles)
    cut = {pk for pk, is_cut in zip(ids, found, strict=True) if is_cut}
    if cut and len(close := key(question)) > LONGEST_NEEDLE:
        cut = {pk for pk in cut if close not in key(texts[pk])}
    return cut


def _texts(ids: Sequence[int]) -> dict[int, str]:
    """Title and text of each, by a plain cursor: it takes two thirds of the time that the ORM does."""
    table, some = connection.ops.quote_name(Article._meta.db_table), ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, title, text FROM {table} WHERE id IN ({some})", list(ids))
        return {pk: f"{title}\n{text}" for pk, title, text in cursor.fetchall()}
