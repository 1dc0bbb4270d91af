"""CST is China's or central America's: decided by the outlet's other dates in the same input, or held for review."""

import json
from datetime import datetime

import pytest

from sources.formats.feed import feed_file
from sources.formats.table import table_file

NINE = "Tue, 01 Mar 2022 09:12:03 {}"
IN_CHINA = datetime.fromisoformat("2022-03-01T09:12:03+08:00")


def item(number, date, more=""):
    link = f"<link>https://news.example.cn/{number}</link>"
    dated = f"<pubDate>{date}</pubDate>{more}"
    return f"<item><title>沧澜{number}</title>{link}{dated}<description>正文。</description></item>"


def rss(*items, head=""):
    text = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>渝州财经网</title>'
        f"<link>https://news.example.cn/</link>{head}{''.join(items)}</channel></rss>"
    )
    return list(feed_file.read(text.encode(), "a.xml"))


def updated(date):
    return f"<dc:date>{date}</dc:date>"


@pytest.mark.parametrize(
    ("items", "head"),
    [
        ([item(1, NINE.format("CST")), item(2, NINE.format("+0800"))], ""),
        (
            [item(1, NINE.format("CST")), item(2, NINE.format("Asia/Shanghai")), item(3, NINE.format("GMT"))],
            "",
        ),
        ([item(1, NINE.format("CST"), updated("2022-03-01T10:00:00+08:00"))], ""),
        ([item(1, NINE.format("CST"), updated("2022-03-01T01:12:03Z"))], ""),
        ([item(1, NINE.format("CST"))], f"<pubDate>{NINE.format('+0800')}</pubDate>"),
        ([item(1, "Tue Mar 01 09:12:03 CST 2022"), item(2, NINE.format("BJT"))], ""),
        ([item(1, NINE.format("IST"), updated("2022-03-01T09:12:03+08:00"))], ""),
    ],
)
def test_the_other_dates_of_a_feed_prove_china(items, head):
    first, *_ = rss(*items, head=head)
    assert first.published_at == IN_CHINA
    assert first.problems == [] and any("时区" in note for note in first.notes)


def test_another_date_of_the_entry_can_prove_america():
    (found,) = rss(item(1, NINE.format("CST"), updated("2022-03-01T15:12:03Z")))
    assert found.published_at == datetime.fromisoformat("2022-03-01T09:12:03-06:00")
    assert any("-0600" in note for note in found.notes)


@pytest.mark.parametrize(
    "items",
    [
        [item(1, NINE.format("CST"))],
        [item(1, NINE.format("CST")), item(2, NINE.format("CST"))],
        [item(1, NINE.format("CST")), item(2, NINE.format("GMT"))],
        [item(1, NINE.format("CST")), item(2, NINE.format(""))],
        [item(1, NINE.format("CST")), item(2, NINE.format("+0800")), item(3, NINE.format("-0600"))],
        [item(1, NINE.format("CST")), item(2, NINE.format("+0800")).replace("news.example", "other.example")],
        [item(1, NINE.format("CST"), updated("2022-03-01T12:00:00Z"))],
        [item(1, NINE.format("IST")), item(2, NINE.format("+0800"))],
        [item(1, NINE.format("ICT")), item(2, NINE.format("+0800"))],
    ],
)
def test_without_proof_the_entry_waits(items):
    first, *_ = rss(*items)
    assert first.published_at is None
    assert any("时区" in problem.text for problem in first.problems)


@pytest.mark.parametrize(
    "date",
    [
        NINE.format("XYZ"),
        NINE.format("A"),
        "Die, 01. März 2022 09:12:03 MEZ",
        "2022. 03. 01. 오후 9:12",
        "01/03/2022",
    ],
)
def test_what_only_a_feed_library_would_guess_is_no_date(date):
    (found,) = rss(item(1, date))
    assert found.published_at is None and found.problems


def row(date, outlet="渝州晨报"):
    return json.dumps({"title": "沧澜", "date": date, "source": outlet, "body": "正文。"}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("other", "is_proof"),
    [
        (row("2022-03-02 09:12:03 +0800"), True),
        (row("2022-03-02 09:12:03"), False),
        (row("2022-03-02 09:12:03 -0600"), False),
        (row("2022-03-02 09:12:03 +0800", "山城商报"), False),
    ],
)
def test_in_a_table_the_rows_of_the_same_outlet_prove_it(other, is_proof):
    found, _ = table_file.read("\n".join([row("2022-03-01 09:12:03 CST"), other]).encode(), "a.jsonl")
    assert found.published_at == (IN_CHINA if is_proof else None)
    assert bool(found.problems) is not is_proof
