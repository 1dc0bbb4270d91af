"""What one would have without us: PostgreSQL's ts_rank and SQLite's FTS5, over the same articles in the same words.

`python -m bench.harness.references FILE FOLDER`, in the environment of a filled portal: FILE holds the questions that
bench.harness.ask_search asked, FOLDER takes FTS5's file. Prints one JSON object: for each engine the seconds of its
making, its size, and per kind of question [milliseconds]. They answer with the ids of the twenty best and no more:
no count of the hits, no facets, no passages.
"""

import argparse
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import batched
from pathlib import Path

import django
import psycopg

from articles.search.index.tokens import words
from bench.harness.running import end_in_order
from sources.text.folding import fold
from tests.support.postgres_cluster import Unavailable, postgres_cluster

BUDGET = 45.0  # seconds for the questions of a kind: a slow engine is asked fewer of them
# Nothing is lost by it here, and it is built and asked the faster.
POSTGRES = {
    "shared_buffers": "1GB",
    "maintenance_work_mem": "512MB",
    "work_mem": "64MB",
    "max_wal_size": "4GB",
}
Row = tuple[int, str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    end_in_order()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    django.setup()
    questions, told = json.loads(asked.file.read_text()), {}
    for name, engine in (("ts_rank", lambda: _ts_rank()), ("fts5", lambda: _fts5(asked.folder))):
        try:
            with engine() as (made, ask):
                told[name] = made | {"kinds": {kind: _times(ask, some) for kind, some in questions.items()}}
        except Unavailable as reason:
            told[name] = {"left_out": str(reason)}
    print(json.dumps(told))


def rows() -> Iterator[Row]:
    """(id, title, text) of every published article, its words parted by spaces."""
    from articles.models import Article

    last = 0
    while some := list(_after(Article, last)):
        yield from ((pk, _cut(title), _cut(text)) for pk, title, text in some)
        last = some[-1][0]


def _after(model, last: int):
    found = model.objects.published().filter(pk__gt=last).order_by("pk")
    return found.values_list("pk", "title", "text")[:2000]


def _cut(text: str) -> str:
    return " ".join(words(fold(text)))


def _times(ask: Callable[[str], object], questions: list[str]) -> list[float]:
    """Milliseconds of each question, the first one asked twice, until the budget is spent."""
    taken: list[float] = []
    for question in [*questions[:1], *questions]:
        began = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - began) * 1000)
        if sum(taken) > BUDGET * 1000:
            break
    return taken[1:] or taken


# ------------------------------------------------------------------ PostgreSQL
@contextmanager
def _ts_rank():
    with (
        postgres_cluster("reference", **POSTGRES) as address,
        psycopg.connect(address, autocommit=True) as it,
    ):
        began = time.perf_counter()
        it.execute("CREATE UNLOGGED TABLE item (id bigint, title text, body text)")
        with it.cursor().copy("COPY item FROM STDIN") as copy:
            for row in rows():
                copy.write_row(row)
        it.execute(
            "CREATE TABLE indexed AS SELECT id, setweight(to_tsvector('simple', title), 'A') || "
            "setweight(to_tsvector('simple', body), 'D') AS vector FROM item"
        )
        it.execute("DROP TABLE item")
        it.execute("CREATE INDEX found ON indexed USING gin (vector)")
        it.execute("VACUUM ANALYZE indexed")
        size = it.execute("SELECT pg_total_relation_size('indexed')").fetchone()[0]
        made = {"seconds": time.perf_counter() - began, "bytes": size}
        yield made, lambda question: _ask_postgres(it, question)


def _ask_postgres(it: psycopg.Connection, question: str) -> list:
    read = "phraseto_tsquery" if question.startswith("“") else "plainto_tsquery"
    sql = (
        f"SELECT id FROM indexed, {read}('simple', %s) AS asked WHERE vector @@ asked "
        "ORDER BY ts_rank(vector, asked) DESC LIMIT 20"
    )
    return it.execute(sql, [_cut(question)]).fetchall()


# ------------------------------------------------------------------ SQLite
@contextmanager
def _fts5(folder: Path):
    path = folder / "fts5.sqlite3"
    it = sqlite3.connect(path)
    try:
        began = time.perf_counter()
        it.execute("CREATE VIRTUAL TABLE item USING fts5(title, body, content='', tokenize='unicode61')")
        for some in batched(rows(), 10_000, strict=False):
            it.executemany("INSERT INTO item (rowid, title, body) VALUES (?, ?, ?)", some)
        it.commit()
        it.execute("INSERT INTO item (item) VALUES ('optimize')")
        it.commit()
        made = {"seconds": time.perf_counter() - began, "bytes": path.stat().st_size}
        yield made, lambda question: _ask_fts5(it, question)
    finally:
        it.close()
        path.unlink(missing_ok=True)


def _ask_fts5(it: sqlite3.Connection, question: str) -> list:
    asked = _cut(question).split()
    match = f'"{" ".join(asked)}"' if question.startswith("“") else " ".join(f'"{word}"' for word in asked)
    sql = "SELECT rowid FROM item WHERE item MATCH ? ORDER BY bm25(item, 10.0, 1.0) LIMIT 20"
    return it.execute(sql, [match]).fetchall()


if __name__ == "__main__":
    main()
