"""Undoing 20,000 posts in a portal that holds others already: every row as it was, in a quarter of the time."""

import json
from collections.abc import Iterator

from bench.drills.ground import ROOT, Check, Ground, ask, run
from bench.generate.posts import write_posts
from bench.harness.homes import fresh_home, manage

# The record of what was done stays, and the log of changes grows.
RECORD = {"sources.ImportRun", "sources.ImportItem", "articles.Change"}


def drill(ground: Ground) -> Iterator[Check]:
    """All columns of all rows are compared, ids and times included."""
    others, posts = ground.folder / "others", ground.folder / "posts"
    write_posts(str(others), ground.posts // 4, ground.seed + 1)
    write_posts(str(posts), ground.posts, ground.seed)
    with fresh_home(ground.database) as env:
        run(manage("import_articles", str(others)), env, ROOT)
        before = ask(env, "bench.harness.contents", "--exact", "--rows")
        imported = run(manage("import_articles", str(posts), "--json"), env, ROOT)
        number = json.loads(imported.stdout.splitlines()[-1])["run"]
        undone = run(manage("undo_import", str(number), "--json"), env, ROOT)
        after = ask(env, "bench.harness.contents", "--exact", "--rows")
        for table in (table for table in before if table not in RECORD):
            same = before[table] == after[table]
            if not same or before[table]:
                seen = "so" if same else f"{len(before[table])} before, {len(after[table])} after"
                yield Check(f"{table} as before", seen, same)
        ratio = undone.seconds / imported.seconds
        seen = f"{ratio:.2f} ({imported.seconds:.1f} s, undone in {undone.seconds:.1f} s)"
        yield Check("< a quarter of the import's time", seen, ratio < 0.25)
