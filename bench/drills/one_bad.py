"""Inputs in the midst of a batch that a database may not take (trust R12): they alone suffer, on both the same."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench.drills.ground import Check, Ground, manage, whole
from bench.generate.posts import write_posts
from bench.harness.homes import fresh_home

HEAD = '---\nlayout: post\ntitle: "{title}"\ndate: {date}\ncategories: {outlet}\ntags: {tag}\n---\n<p>{body}</p>\n'
USUAL = {
    "title": "标题",
    "date": "2022-03-01 09:00:00 +0800",
    "outlet": "guojishangbao",
    "tag": "国际商报新闻",
}
BAD = {
    "nul": {"title": "标\0题", "body": "一\0二"},
    "surrogate": {"title": "标题 \ud800", "body": "代\udfff理"},
    "long-title": {"title": "长" * 100_000, "body": "长标题"},
    "long-outlet": {"tag": "长" * 5_000 + "新闻", "outlet": "a" * 5_000, "body": "长来源"},
    "year-1": {"date": "0001-01-01 00:00:00 +0800", "body": "公元元年"},
    "year-9999": {"date": "9999-12-31 23:59:59 -1200", "body": "最后一年"},
    "long-link": {"body": '正文</p><p><a href="https://example.org/' + "a" * 3000 + '">链接</a>'},
    "long-code": {"body": f'<a class="keytip" data-code="1,{"6" * 400}">巨潮</a>'},
    "nul-code": {"body": '<a class="keytip" data-code="1,600\x00160">巨潮</a>'},
}
ROW = {"title": "行", "date": "2022-03-01", "source": "国际商报", "body": "好的一行。"}
ROWS = [
    ROW,
    ROW | {"title": "\ud800", "body": "代理\udfff对。"},
    ROW | {"title": "空字\0符", "source": "国际\0商报", "body": "空\0字符。"},
    ROW | {"title": "长链接", "body": "正文。", "url": "https://a.cn/" + "a" * 3000},
    ROW | {"title": "长编号", "body": "编号。", "id": "9" * 4000},
    ROW | {"title": "长标签", "body": "标签。", "tags": "签" * 4000},
]


def drill(ground: Ground) -> Iterator[Check]:
    """Read on SQLite first, as the measure of what PostgreSQL must say, too."""
    tree = ground.folder / "tree"
    expected = write_posts(str(tree), 450, ground.seed)
    _spoil(tree)
    outcomes = {}
    for database in dict.fromkeys(("sqlite", ground.database)):
        with fresh_home(database) as env:
            report = ground.folder / f"{database}.jsonl"
            ended = manage(env, "import_articles", str(tree), "--report", str(report))
            outcomes[database] = _outcomes(report)
            sound = whole(env)
    seen = outcomes[ground.database]
    good = [what for file, what in seen.items() if "bad-" not in file]
    count = good.count("created")
    yield Check("all others are created", f"{count}", count == expected["created"])
    bad = {file.rpartition("bad-")[2]: what for file, what in seen.items() if "bad-" in file}
    words = ", ".join(f"{file} {what}" for file, what in bad.items())
    yield Check("each of the bad has an outcome", words, len(bad) == len(BAD) + len(ROWS))
    yield Check(
        "no traceback, exit 0 or 1", str(ended.code), ended.code in (0, 1) and "Traceback" not in ended.errors
    )
    yield Check(
        "the same on SQLite", "so" if seen == outcomes["sqlite"] else "not so", seen == outcomes["sqlite"]
    )
    yield sound


def _spoil(tree: Path) -> None:
    for number, (name, values) in enumerate(BAD.items()):
        text = HEAD.format(**USUAL | values)
        path = tree / "_posts" / f"2022-03-01-bad-{name}-{number}.md"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    (tree / "bad-rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))


def _outcomes(report: Path) -> dict[str, str]:
    lines = map(json.loads, report.read_text().splitlines())
    return {line["file"]: line["outcome"] for line in lines}
