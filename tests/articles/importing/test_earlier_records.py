"""What earlier versions recorded in sentences is read once, by a migration, into data."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from articles.importing.run import Options, import_found
from articles.reclean.run import reclean
from articles.undo.undo import undo_import
from sources.files.inputs import Found
from sources.models import ImportItem, ImportRun, Outcome, Upload
from sources.reading.pool import IN_A_SERVER
from tests.support.builders import make_security
from tests.support.deliveries import KEPT_TABLES, LINK, LONG, bring, deliver, post, tables

pytestmark = pytest.mark.django_db(transaction=True)
CORPUS = Path(__file__).parent.parent.parent / "corpus"
HEAD = "title,date,source,body,id\n"
ROW = "沧澜银行{},2022-03-01,渝州晨报,董事会今日审议通过议案。,{}\n"
ITEM = "<item><title>甲{0}</title><link>https://a.cn/{0}</link><guid>{1}</guid><description>沧澜银行公告{0}。</description></item>"
FEED = "<rss version='2.0'><channel><title>晨报</title>{}</channel></rss>"
# Read since there are codes: no earlier version has recorded what is wrong with these.
LATER = {"hugo-draft", "liquid", "one-bad-line"}
WRONG = {
    "短行.csv": f"{HEAD}甲,2022-03-01,晨报\n{ROW.format(1, 1)}",
    "引号.csv": f'{HEAD}{ROW.format(2, 2)}"没有结束,2022-03-01,晨报,正文\n',
    "编号.csv": f"{HEAD}{ROW.format(3, 3)}{ROW.format(4, 3)}",
    "列名.csv": "甲,乙,丙\n1,2,3\n",
    "半截.json": '[{"title": "甲", "body": "沧澜银行公告。"}, {"title": ',
    "行.jsonl": '{"title": "甲", "body": "沧澜银行。"}\n{"title": \n',
    "重复.xml": FEED.format(ITEM.format(1, "x") + ITEM.format(2, "x")),
    "有错.xml": FEED.format(f"\n{ITEM.format(3, 3)}\n<item><title>乙</title><a></b></item>"),
    "空.md": "",
    "坏.md": b"---\ntitle: \xe6\xb2\xa7\xff\n---\n" + "沧澜银行公告。".encode(),
    "2022-03-01-1.md": "---\ntitle: 甲\ntitle: 乙\ndate: 2022-13-01\n---\n沧澜银行公告。",
    "2022-03-01-2.md": "---\ntitle: 甲\nlayout: [\n---\n沧澜银行公告。",
    "没有.md": "沧澜银行公告，没有前言。",
}


def inputs():
    for sidecar in sorted(CORPUS.glob("*/*.json")):
        if sidecar.stem in LATER:
            continue
        name = json.loads(sidecar.read_text()).get("name", sidecar.with_suffix(".txt").name)
        yield Found(name, "", data=sidecar.with_suffix(".in").read_bytes())
    for name, text in WRONG.items():
        yield Found(name, "", data=text if isinstance(text, bytes) else text.encode())


def recorded() -> dict[str, list]:
    """Problems of the items whose reason names all of them."""
    items = ImportItem.objects.filter(outcome__in=[Outcome.REJECTED, Outcome.REVIEW])
    return {f"{pk} {name}": said for pk, name, said in items.values_list("pk", "name", "problems")}


def test_problems_are_found_again_in_the_sentences_of_earlier_imports():
    import_found(inputs(), Options(workers=IN_A_SERVER, hold="由没有发布权的编辑导入，请主编核对后发布"))
    before = recorded()
    codes = {code for said in before.values() for code, *_ in said}
    assert len(before) > 40 and len(codes) > 15, codes
    back_and_forth()
    assert recorded() == before


def test_a_run_of_an_earlier_version_is_undone_to_the_last_tag(tmp_path):
    make_security("600160.SH", name="")
    bring(deliver(tmp_path / "first", n1=post(1, LONG), n2=post(2)))
    before = tables()
    bodies = {"n1": post(1, f"{LONG}<p>二稿。</p>"), "n3": post(3, LINK, "北京晚报", "beijingwanbao")}
    run = bring(deliver(tmp_path / "second", **bodies, n4=post(4).replace("[银行]", "[新标签]")))
    run.refresh_from_db()
    noted = (run.new_tags, run.named_securities, run.moved_articles)
    assert run.new_tags and run.named_securities and run.moved_articles is not None
    back_and_forth()
    run.refresh_from_db()
    assert (run.new_tags, run.named_securities, run.moved_articles) == noted
    assert run.options.keys() == {"paths", "format", "source", "limit"}
    undo_import(run)
    after = tables()
    assert [model for model in KEPT_TABLES if after[model] != before[model]] == []


@pytest.mark.parametrize(
    ("kind", "origin"),
    [
        ("files", ""),
        ("files", "测试"),
        ("feed", "订阅：https://a.cn/feed"),
        ("retry", "待处理：重试（条目 7）"),
        ("same-article", "待处理：同一篇（条目 7）"),
    ],
)
def test_what_a_run_was_is_known_from_where_its_inputs_came_from(kind, origin):
    run = Options(kind=kind, origin=origin).new_run(None)
    back_and_forth()
    run.refresh_from_db()
    assert (run.kind, run.origin, run.state) == (kind, origin, ImportRun.State.RUNNING)


def test_an_earlier_reclean_is_still_one():
    run = reclean().run
    back_and_forth()
    run.refresh_from_db()
    assert run.kind == ImportRun.Kind.RECLEAN and run.options == {"outlet": ""}
    run.interrupt()
    assert "再运行一次 reclean" in run.message


def test_an_upload_finds_the_newest_of_its_runs():
    uploads = [Upload.objects.create() for _ in range(11)]  # the first and the eleventh begin alike
    Upload.objects.exclude(pk=uploads[1].pk).update(started_at=uploads[0].at)
    runs = [Options(kind="upload", origin=one.origin).new_run(None) for one in [*uploads, uploads[0]]]
    runs[2].delete()
    back_and_forth()
    found = dict(Upload.objects.values_list("pk", "run"))
    wanted = [runs[11].pk, None, None, *(run.pk for run in runs[3:11])]
    assert [found[one.pk] for one in uploads] == wanted


def back_and_forth() -> None:
    """To the tables of before problems, kinds and runs of uploads were stored, and back to today's."""
    call_command("migrate", "sources", "0010", verbosity=0)
    assert not {"problems", "kind"} & {*columns(ImportItem), *columns(ImportRun)}
    call_command("migrate", verbosity=0)


def columns(model) -> list[str]:
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return [column.name for column in table]
