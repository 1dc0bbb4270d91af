"""What says of itself that it is not public waits for an editor, however its format says it."""

import json
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook

from sources.formats.feed import feed_file
from sources.formats.table import table_file
from sources.problem import Code
from sources.text.dates import SHANGHAI

TOMORROW = (datetime.now(SHANGHAI) + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S +0800")
APP = 'xmlns:app="http://www.w3.org/2007/app"'


def held(found):
    assert "季报" in found.plain.text
    return Code.UNPUBLISHED in {problem.code for problem in found.problems}


def row(names, cells):
    table = f"标题,日期,来源,正文,{names}\n季报发布,2022-03-01 09:00,甲报,沧澜银行公布季报。,{cells}\n"
    (found,) = table_file.read(table.encode(), "a.csv")
    return found


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("status", "draft"),
        ("Status", "Private"),
        ("post_status", "pending"),
        ("status", "auto-draft"),
        ("status", "archived"),
        ("status", "待审"),
        ("状态", "草稿"),
        ("状态", "未发布"),
        ("发布状态", "已下线"),
        ("status", "0"),
        ("status", "frozen"),
        ("draft", "TRUE"),
        ("is draft", "1"),
        ("草稿", "是"),
        ("published", "false"),
        ("Published", "No"),
        ("公开", "否"),
        ("是否公开", "不公开"),
        ("visible", "0"),
        ("visibility", "members"),
        ("password", "cl2022"),
        ("密码", "1234"),
        ("embargo", "2099-01-01"),
        ("embargo_until", "待定"),
        ("deleted_at", "2022-03-02 10:00:00"),
    ],
)
def test_a_row_that_is_not_public_is_held(name, cell):
    found = row(name, cell)
    assert held(found) and not any("cl2022" in problem.text for problem in found.problems)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("status", "published"),
        ("status", "Publish"),
        ("status", "200"),
        ("status", ""),
        ("状态", "已发布"),
        ("draft", "false"),
        ("draft", "0"),
        ("published", "TRUE"),
        ("公开", "是"),
        ("password", ""),
        ("embargo", "2022-02-28"),
        ("state", "重庆"),
        ("deleted_at", "NULL"),
    ],
)
def test_a_public_row_is_not_held(name, cell):
    found = row(name, cell)
    assert not held(found) and found.problems == []


@pytest.mark.parametrize(
    "said", [{"draft": True}, {"published": False}, {"is_public": False}, {"status": "draft"}]
)
def test_an_object_may_say_so_with_a_truth_value(said):
    article = {
        "title": "季报发布",
        "date": "2022-03-01 09:00",
        "source": "甲报",
        "body": "沧澜银行公布季报。",
    }
    (found,) = table_file.read(json.dumps(article | said).encode(), "a.jsonl")
    assert held(found)
    (found,) = table_file.read(json.dumps(article | {"draft": False, "published": True}).encode(), "a.jsonl")
    assert not held(found) and found.problems == []


@pytest.mark.parametrize(
    ("name", "value"), [("draft", True), ("published", False), ("公开", False), ("status", "draft")]
)
def test_a_row_of_a_workbook_may_say_so_with_a_truth_value(name, value):
    book, made = Workbook(), BytesIO()
    book.active.append(["title", "date", "source", "body", name])
    book.active.append(["季报发布", "2022-03-01 09:00", "甲报", "沧澜银行公布季报。", value])
    book.active.append(
        ["季报发布", "2022-03-01 09:00", "甲报", "沧澜银行公布季报。", not value if value != "draft" else ""]
    )
    book.save(made)
    private, public = table_file.read(made.getvalue(), "a.xlsx")
    assert held(private) and not held(public) and public.problems == []


def atom(more="", attributes="", date="2022-03-01T09:00:00+08:00"):
    text = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>甲报</title><entry><id>urn:1</id>'
        f"<title>季报</title><published>{date}</published>{more}<content type='text'>季报。</content></entry></feed>"
    )
    (found,) = feed_file.read(text.encode(), "a.xml")
    return found


@pytest.mark.parametrize(
    ("more", "attributes"),
    [
        ("<app:control><app:draft>yes</app:draft></app:control>", APP),
        ("<p:control><p:draft>yes</p:draft></p:control>", APP.replace("app=", "p=")),
        ('<control xmlns="http://www.w3.org/2007/app"><draft>yes</draft></control>', ""),
        (
            "<wp:status>private</wp:status>",
            'xmlns:wp="http://wordpress.org/export/9/"'.replace("export", "ns"),
        ),
        ("<x:status>draft</x:status>", 'xmlns:x="urn:x"'),
        ("<x:embargo>2099-01-01</x:embargo>", 'xmlns:x="urn:x"'),
        ("<x:visibility>members</x:visibility>", 'xmlns:x="urn:x"'),
    ],
)
def test_an_entry_that_is_not_public_is_held(more, attributes):
    assert held(atom(more, attributes))


def test_an_entry_whose_draft_says_no_is_public():
    assert not held(atom("<app:control><app:draft>no</app:draft></app:control>", APP))


def test_a_date_that_has_not_come_is_an_embargo():
    assert held(atom(date=TOMORROW.replace(" +", "+").replace(" ", "T")))
    assert held(row("发布时间", TOMORROW))


@pytest.mark.parametrize(
    "said", [{"_draft": True}, {"draft": "yes"}, {"status": "private"}, {"_visibility": "paid"}]
)
def test_an_item_of_a_json_feed_that_is_not_public_is_held(said):
    item = {
        "id": "1",
        "title": "季报",
        "content_text": "季报。",
        "date_published": "2022-03-01T09:00:00+08:00",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "甲报", "items": [item | said]}
    (found,) = feed_file.read(json.dumps(feed).encode(), "a.json")
    assert held(found)
