"""Five times as many files (trust R6): as fast at the end as at the beginning, in little memory."""

import json
from collections.abc import Iterator

from bench.drills.ground import ROOT, Check, Ground, once, run
from bench.generate.posts import write_posts
from bench.harness.homes import fresh_home, manage

TIMES = 5  # --posts 20000: 100,000 files
# When inputs were written, by the versions they made: first tenth and last tenth, in seconds.
ASK = """
from articles.models import Revision
from sources.models import ImportRun
times = list(Revision.objects.order_by("pk").values_list("created_at", flat=True))
begin, tenth = ImportRun.objects.get().started_at, len(times) // 10
print((times[tenth] - begin).total_seconds(), (times[-1] - times[-tenth]).total_seconds())
"""


def drill(ground: Ground) -> Iterator[Check]:
    """The sum of the outcomes is the number of files; memory is of the largest process."""
    count, posts = ground.posts * TIMES, ground.folder / "posts"
    write_posts(str(posts), count, ground.seed)
    with fresh_home(ground.database) as env:
        ran = run(manage("import_articles", str(posts), "--json"), env, ROOT)
        said = json.loads(ran.stdout.splitlines()[-1])
        total = said["read"] + said["skipped"]
        yield Check(f"outcomes of {count:,} files", f"{total:,}", total == count)
        rate = count / ran.seconds
        yield Check("≥ 300 files/s", f"{rate:,.0f}", rate >= 300)
        yield once("memory", max(ran.memory or 0, ran.child_memory or 0), 500, " MiB")
        words = run(manage("shell", "-v0", "-c", ASK), env, ROOT).stdout.split()
        first, last = float(words[-2]), float(words[-1])
        yield Check("last tenth ≤ 1.3 × first", f"{last:.1f} s, {first:.1f} s", last <= 1.3 * first)
