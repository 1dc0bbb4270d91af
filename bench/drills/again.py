"""The same tree a second time, when nothing has changed (trust R4)."""

import json
from collections.abc import Iterator

from bench.drills.ground import ROOT, Check, Ground, ask, run
from bench.generate.posts import write_posts
from bench.harness.homes import fresh_home, manage

# What a second import may write: its own record.
ITS_OWN = {"sources.ImportRun", "sources.ImportItem"}


def drill(ground: Ground) -> Iterator[Check]:
    """Every row of every other table stays as it was, its times included."""
    posts = ground.folder / "posts"
    write_posts(str(posts), ground.posts, ground.seed)
    with fresh_home(ground.database) as env:
        words = manage("import_articles", str(posts), "--json")
        first = run(words, env, ROOT)
        before, writes = ask(env, "bench.harness.contents", "--exact"), _writes(env)
        second = run(words, env, ROOT)
        after, said = (
            ask(env, "bench.harness.contents", "--exact"),
            json.loads(second.stdout.splitlines()[-1]),
        )
        changed = [table for table in before if table not in ITS_OWN and before[table] != after[table]]
        yield Check("no table but the record's changed", ", ".join(changed) or "so", not changed)
        more = _writes(env) - writes
        yield Check("no article written (statistics of the server)", str(more), more == 0)
        yield Check("all unchanged", f"{said['unchanged']}", said["unchanged"] == ground.posts)
        ratio = first.seconds / second.seconds
        seen = f"{ratio:.1f} times ({first.seconds:.1f} s, {second.seconds:.1f} s)"
        yield Check("≥ 5 times as fast", seen, ratio >= 5)


def _writes(env) -> int:
    """Rows of articles ever inserted, updated or deleted, as PostgreSQL counts them; SQLite does not."""
    if "DATABASE_URL" not in env:
        return 0
    query = (
        "SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = 'articles_article'"
    )
    code = (
        f"from django.db import connection as c; k = c.cursor(); k.execute({query!r}); print(k.fetchone()[0])"
    )
    return int(run(manage("shell", "-v0", "-c", code), env, ROOT).stdout.split()[-1])
