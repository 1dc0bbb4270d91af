"""Deliveries of posts in a folder, and every table that an import fills, to be compared before and after."""

from pathlib import Path

from taggit.models import Tag

from articles.importing.run import Options, import_paths
from articles.models import Article, Mention, Revision, Security, TaggedArticle
from articles.models.story import Parting, Sketch, Story
from articles.models.summaries import DayFront, OutletFront
from sources.models import ImportRun, OldSlug, Source, SourceAlias
from sources.reading.pool import IN_A_SERVER

KEPT_TABLES = [
    *(Article, Revision, Mention, Security, TaggedArticle, Tag, OutletFront, DayFront),
    *(Source, SourceAlias, OldSlug, Story, Sketch, Parting),
]
LINK = '<p><a class="keytip" data-code="1,600160">巨潮股份</a>公布季报。</p>'


def post(number, body="<p>正文。</p>", outlet="国际商报", slug="guojishangbao", day="2022-03-01"):
    return (
        f'---\nlayout: post\ntitle: "第 {number} 篇"\ndate: {day} 09:00:00 +0800\ncategories: {slug}\n'
        f"tags: {outlet}新闻\nkeywords: [银行]\n---\n<p>第 {number} 篇。</p>{body}"
    )


def name(number: int) -> str:
    return f"2022-03-01-NW{202203010000000000 + number}.md"


def deliver(folder: Path, **files: str) -> str:
    """Write posts (`n1="…"` under the number 1) into a folder; its path."""
    folder.mkdir(exist_ok=True)
    for key, text in files.items():
        (folder / name(int(key.removeprefix("n")))).write_text(text)
    return str(folder)


def bring(folder) -> ImportRun:
    return import_paths(Options([folder], workers=IN_A_SERVER)).run


def tables():
    return {model: list(model.objects.order_by("pk").values()) for model in KEPT_TABLES}


LONG = "".join(
    f"<p>沧澜银行第{n}家分行开业，行长周宁说，网点布局将向县域延伸，小微企业贷款余额比年初有所增加。</p>"
    for n in "一二三四"
)
