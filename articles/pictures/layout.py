"""Where pictures go in a body: each is matched to a figure by the letters before it."""

import re
from collections import defaultdict, deque
from dataclasses import dataclass

from articles.models.picture import Picture

PLACE = re.compile(r"<figure>(?=\s*(?:</figure>|<figcaption>))")


_BLOCK_ENDS = re.compile(r"</(?:p|h[2-4]|li|td|th|dd|blockquote|pre|figcaption)>")


_TAGS = re.compile(r"<[^>]*>")


_NOT_WORDS = re.compile(r"[\W_]+")


BEFORE, TELLING = 400, 16  # characters of markup looked at, and letters kept of them


MOST_SHOWN = 200


def letters_before(html: str, at: int) -> str:
    """The last letters before a position in the body, from one block only: editors may reorder blocks."""
    for block in reversed(_BLOCK_ENDS.split(html[max(at - BEFORE, 0) : at])):
        if words := _NOT_WORDS.sub("", _TAGS.sub("", block)):
            return words[-TELLING:]
    return ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a body, the picture after it, and whether that picture needs its own figure."""

    html: str
    picture: Picture | None = None
    apart: bool = False


def place_pictures(article) -> list[Part]:
    """The body in parts, with the pictures between them; the parts joined are the body. No query without a figure.

    A figure without a known picture stays empty; a picture whose figure was deleted is not shown; one whose place was
    never known comes at the end.
    """
    html, parts, begin = article.body_html, [], 0
    places = list(PLACE.finditer(html))
    if not places:
        return [Part(html)]
    pictures = list(article.pictures.order_by("-version", "position")[:MOST_SHOWN])
    shown = _matched([letters_before(html, place.start()) for place in places], pictures)
    for place, picture in zip(places, shown, strict=True):
        parts.append(Part(html[begin : place.end()], picture))
        begin = place.end()
    newest = pictures[0].version if pictures else 0
    lost = [one for one in pictures if one.after is None and one.version == newest]
    return [*parts, Part(html[begin:]), *(Part("", one, apart=True) for one in lost)]


def _matched(places: list[str], pictures: list[Picture]) -> list[Picture | None]:
    """A picture for each place: by the words before it, the newest version first. The rest is matched in order, if as
    many places as pictures of the newest version are left."""
    by_words: dict[str, deque] = defaultdict(deque)
    for one in pictures:
        if one.after is not None:
            by_words[one.after].append(one)
    shown = [by_words[words].popleft() if by_words[words] else None for words in places]
    used = {one.pk for one in shown if one}
    left = [
        one
        for one in pictures
        if one.after is not None and one.version == pictures[0].version and one.pk not in used
    ]
    if shown.count(None) == len(left):
        rest = iter(left)
        shown = [one or next(rest) for one in shown]
    return shown
