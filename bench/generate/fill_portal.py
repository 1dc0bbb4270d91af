"""Fills a portal's own tables: `python -m bench.generate.fill_portal --articles N --seed S`, in its environment.

Prints one JSON object: how many articles, of how many characters, in how many seconds. Rows are inserted as an import
inserts them, but without its files, versions and records: a million would take half an hour and say nothing more.
"""

import argparse
import json
import os
import time
from collections.abc import Iterable
from hashlib import blake2b
from html import escape
from itertools import batched, chain
from pathlib import Path

import django

from bench.generate import prose
from bench.generate.texts import SECTIONS, Piece, Texts, real

AT_ONCE = 2_000
BROADCASTER = "沧澜联播"  # a made-up name for the outlet of the real items
ROW = (
    *("source_id", "category_id", "status", "public_at", "published_at", "updated_at"),
    *("external_id", "fingerprint"),
    *("title", "digest", "byline", "text", "body_html"),
)
MARKETS = {"1": "SH", "0": "SZ", "116": "HK"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    django.setup()
    corpus = Path(os.environ["NEWSPORTAL_CORPUS"])
    began = time.perf_counter()
    told = fill(chain(real(corpus), Texts(asked.seed, corpus).pieces(asked.articles)))
    print(json.dumps(told | {"seconds": round(time.perf_counter() - began, 1)}))


def fill(pieces: Iterable[Piece]) -> dict:
    """Publish the pieces; how many articles there are now, of how many characters, and how many are real items."""
    from django.db import connection, transaction

    filler, articles, characters, items = Filler(), 0, 0, 0
    for some in batched(pieces, AT_ONCE, strict=False):
        with transaction.atomic():
            filler.put(some)
        articles += len(some)
        characters += sum(len(piece.text) for piece in some)
        items += sum(piece.number is not None for piece in some)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return {"articles": articles, "items": items, "characters": characters}


class Filler:
    """Puts pieces into the database, with the outlets, sections and securities that they need."""

    def __init__(self):
        from articles.models import Category, Security
        from sources.models import Source

        names = [BROADCASTER, *(outlet.name for outlet in prose.outlets())]
        self.sources = [Source.objects.introduce(name, Source.Standing.CHECKED).pk for name in names]
        self.sections = [Category.objects.create(name=f"栏目{n}").pk for n in range(1, SECTIONS + 1)]
        self.securities: dict = {}
        self.security = Security

    def put(self, pieces: tuple[Piece, ...]) -> None:
        from articles.db.bulk_rows import insert_rows
        from articles.models import Article, Mention

        ids = insert_rows(Article, ROW, list(map(self._row, pieces)))
        rows = [
            (piece.at, pk, self._security(share))
            for piece, pk in zip(pieces, ids, strict=True)
            for share in piece.shares
        ]
        insert_rows(Mention, ("public_at", "article_id", "security_id"), rows)

    def _row(self, piece: Piece) -> tuple:
        text = piece.text
        body = "".join(f"<p>{escape(one)}</p>" for one in piece.paragraphs)
        return (
            self.sources[piece.outlet],
            None if piece.section is None else self.sections[piece.section],
            *("published", piece.at, piece.at, piece.at),
            None if piece.number is None else f"item-{piece.number}",
            blake2b(f"{piece.title}\0{text}".encode(), digest_size=16).hexdigest(),
            *(piece.title, text[:120], piece.byline, text, body),
        )

    def _security(self, share) -> int:
        if share not in self.securities:
            market = MARKETS[share.market]
            made = self.security.objects.create(code=share.code, market=market, name=share.name)
            self.securities[share] = made.pk
        return self.securities[share]


if __name__ == "__main__":
    main()
