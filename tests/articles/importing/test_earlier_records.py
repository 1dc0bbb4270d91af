"""What earlier versions recorded in sentences is read once, by a migration, into data."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.importing.run import Options, import_found
from sources.files.inputs import Found
from sources.models import ImportItem, Outcome

pytestmark = pytest.mark.django_db(transaction=True)
CORPUS = Path(__file__).parent.parent.parent / "corpus"
HEAD = "title,date,source,body,id\n"
ROW = "沧澜银行{},2022-03-01,渝州晨报,董事会今日审议通过议案。,{}\n"
ITEM = "<item><title>甲{0}</title><link>https://a.cn/{0}</link><guid>{1}</guid><description>沧澜银行公告{0}。</description></item>"
FEED = "<rss version='2.0'><channel><title>晨报</title>{}</channel></rss>"
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
        name = json.loads(sidecar.read_text()).get("name", sidecar.with_suffix(".txt").name)
        yield Found(name, "", data=sidecar.with_suffix(".in").read_bytes())
    for name, text in WRONG.items():
        yield Found(name, "", data=text if isinstance(text, bytes) else text.encode())


def recorded() -> dict[str, list]:
    """Problems of the items whose reason names all of them."""
    items = ImportItem.objects.filter(outcome__in=[Outcome.REJECTED, Outcome.REVIEW])
    return {f"{pk} {name}": said for pk, name, said in items.values_list("pk", "name", "problems")}


def test_problems_are_found_again_in_the_sentences_of_earlier_imports():
    import_found(inputs(), Options(workers=1, hold="由没有发布权的编辑导入，请主编核对后发布"))
    before = recorded()
    codes = {code for said in before.values() for code, *_ in said}
    assert len(before) > 40 and len(codes) > 15, codes
    call_command("migrate", "sources", "0010", verbosity=0)
    call_command("migrate", verbosity=0)
    assert recorded() == before
