"""Pictures of articles: recorded by an import, fetched later, shown at their place in the body.

A body contains no picture: the cleaner leaves an empty figure in its place. A figure is matched to its picture by the
words before it, so that editors can move or delete figures and rewrite the text around them.
"""

from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path

from django.conf import settings

from articles.db.bulk_rows import insert
from articles.models.picture import Picture, is_remote, key_of
from articles.pictures.layout import PLACE, letters_before
from sources.text.clean.image_tags import Pictured

AT_ONCE = 500


def file_of(sha256: str) -> Path:
    """The path of our file with this hash, whether it exists or not."""
    return Path(settings.MEDIA_ROOT, sha256[:2], f"{sha256}.webp")


def record_pictures(brought: Iterable[tuple]) -> None:
    """Record the pictures of articles just written, given as (article, pictures), in bulk.

    If an address was fetched before, its file is reused. No query if there are no pictures.
    """
    made = [picture for article, pictures in brought for picture in _pictures(article, pictures)]
    if not made:
        return
    known = _here({one.url_key for one in made})
    for one in made:
        if found := known.get(one.url):
            one.state = found.state
            for name in Picture.FILE:
                setattr(one, name, getattr(found, name))
    insert(made)


def _here(keys: set[str]) -> dict[str, Picture]:
    """Pictures fetched before from these addresses, in batches that SQLite accepts."""
    fetched = Picture.objects.filter(state=Picture.State.FETCHED)
    some = batched(sorted(keys), AT_ONCE, strict=False)
    return {one.url: one for keys in some for one in fetched.filter(url_key__in=keys)}


def _pictures(article, pictures: list[Pictured]) -> Iterator[Picture]:
    places = [letters_before(article.body_html, match.start()) for match in PLACE.finditer(article.body_html)]
    sure = len(places) == len(pictures)
    for position, one in enumerate(pictures, 1):
        picture = Picture(
            article=article, version=article.version, position=position, alt=one.alt, url=one.url
        )
        picture.url_key, picture.after = key_of(one.url), places[position - 1] if sure else None
        if not is_remote(one.url):
            picture.state, picture.reason = Picture.State.REFUSED, "不是 http 或 https 网址"
        yield picture
