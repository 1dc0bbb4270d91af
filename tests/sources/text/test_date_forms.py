"""Dates as feeds, tables, posts and pages write them: the right moment, or none and the reason."""

from datetime import UTC, datetime

import pytest

from sources.problem import Code
from sources.text.dates import read_date

NOON = datetime(2022, 6, 1, 4, tzinfo=UTC)
SAME = datetime(2022, 3, 1, 1, 12, 3, tzinfo=UTC)  # 09:12:03 in Shanghai


def at(value):
    return read_date(value, NOON, epochs=True).at


@pytest.mark.parametrize(
    "value",
    [
        # feeds
        "Tue, 01 Mar 2022 09:12:03 +0800",
        "Tue, 1 Mar 2022 09:12:03 +0800",
        "Tue,01 Mar 2022 09:12:03 +0800",
        "tue, 01 mar 2022 09:12:03 +0800",
        "Tuesday, 01 March 2022 09:12:03 +0800",
        "Tuesday, 01-Mar-22 01:12:03 GMT",
        "01 Mar 2022 09:12:03 +0800",
        "01 Mar 22 09:12:03 +0800",
        "Tue, 01 Mar 22 01:12:03 Z",
        "Tue, 01 Mar 2022 01:12:03 GMT",
        "Tue, 01 Mar 2022 01:12:03 UT",
        "Tue, 01 Mar 2022 01:12:03 -0000",
        "Tue, 01 Mar 2022 01:12:03 +0000 (UTC)",
        "Tue, 01 Mar 2022 09:12:03 +0800 (CST)",
        "Mon, 28 Feb 2022 20:12:03 EST",
        "Mon, 28 Feb 2022 21:12:03 EDT",
        "Mon, 28 Feb 2022 17:12:03 PST",
        "Mon, 28 Feb 2022 18:12:03 PDT",
        "Tue, 01 Mar 2022 09:12:03 HKT",
        "Tue, 01 Mar 2022 09:12:03 SGT",
        "Tue, 01 Mar 2022 09:12:03 BJT",
        "Tue, 01 Mar 2022 09:12:03 CCT",
        "Tue, 01 Mar 2022 10:12:03 JST",
        "Tue, 01 Mar 2022 10:12:03 KST",
        "Tue, 01 Mar 2022 02:12:03 CET",
        "Tue, 01 Mar 2022 09:12:03 Asia/Shanghai",
        "Mon, 28 Feb 2022 20:12:03 America/New_York",
        "Tue, 01 Mar 2022 09:12:03 AM +0800",
        "Tue Mar  1 09:12:03 2022",
        "Tue Mar 01 01:12:03 UTC 2022",
        "Tue Mar 01 2022 09:12:03 GMT+0800 (中国标准时间)",
        "Tue Mar 01 2022 09:12:03 GMT+0800 (China Standard Time)",
        "Mar 1, 2022, 9:12:03\u202fAM",
        # Atom, JSON, databases
        "2022-03-01T01:12:03Z",
        "2022-03-01t01:12:03z",
        "2022-03-01T01:12:03.4567890Z",
        "2022-03-01T01:12:03,456Z",
        "2022-03-01T09:12:03+08:00",
        "2022-03-01T09:12:03+0800",
        "2022-03-01T09:12:03+08",
        "2022-03-01T09:12:03+08:00[Asia/Shanghai]",
        "2022-03-01T06:42:03+05:30",
        "2022-03-01 09:12:03.0",
        "2022-03-01 09:12:03 Asia/Shanghai",
        "2022-03-01 09:12:03.123 +0800 CST",
        "2022-W09-2T09:12:03+08:00",
        "2022W092 09:12:03",
        "20220301T011203Z",
        "20220301091203",
        "20220301091203123",
        "1646097123",
        "1646097123.5",
        "1646097123000",
        "1646097123000000",
        # tables
        "2022/3/1 9:12:03",
        "2022/3/1 星期二 上午 9:12:03",
        "2022/3/1 周二 9:12:03 AM",
        "\u200e2022\u200e/\u200e3\u200e/\u200e1 9:12:03",
        "01-Mar-2022 09:12:03",
        "2022-03-01 09:12:03 AM",
        "2022-03-01 上午9:12:03",
        "2022-03-01 9:12:03上午",
        # pages
        "2022年3月1日 09:12:03",
        "2022 年 3 月 1 日 9 时 12 分 03 秒",
        "2022年03月01日09时12分03秒",
        "２０２２年３月１日（星期二）０９：１２：０３",
        "２０２２－０３－０１　０９：１２：０３",
        "2022.03.01 09:12:03",
        "发布时间：2022-03-01 09:12:03",
        "2022-03-01 09:12:03 发布",
        "北京时间2022年3月1日09:12:03",
        "2022年3月1日 北京时间 09:12:03",
        "2022-03-01 09:12:03（北京时间）",
        "2022-03-01 09:12:03 GMT+8",
        "2022-03-01 09:12:03 UTC+08:00",
        "二〇二二年三月一日 09:12:03",
        "二零二二年三月一日上午九时十二分三秒",
        "二○二二年三月一号 9:12:03",
        "二O二二年三月一日 星期二 9:12:03",
    ],
)
def test_one_moment_in_all_spellings(value):
    assert at(value) == SAME


@pytest.mark.parametrize(
    ("value", "clock"),
    [
        ("2022-03-01 09:12:03 PM", "21:12:03"),
        ("2022-03-01 下午9:12", "21:12:00"),
        ("2022-03-01 下午 14:05", "14:05:00"),
        ("2022-03-01 凌晨12:30", "00:30:00"),
        ("2022-03-01 凌晨3点", "03:00:00"),
        ("2022-03-01 上午0:30", "00:30:00"),
        ("2022-03-01 中午12:30", "12:30:00"),
        ("2022-03-01 中午1点", "13:00:00"),
        ("2022-03-01 下午12:30", "12:30:00"),
        ("2022-03-01 傍晚6点半", "18:30:00"),
        ("2022-03-01 晚8:15", "20:15:00"),
        ("2022-03-01 晚上11:59", "23:59:00"),
        ("2022-03-01 12:30 PM", "12:30:00"),
        ("2022-03-01 12:30 a.m.", "00:30:00"),
        ("三月一日", None),
        ("2022-03-01 上午12:30", None),
        ("2022-03-01 早上12:30", None),
        ("2022-03-01 晚上12:30", None),
        ("2022-03-01 深夜12:30", None),
        ("2022-03-01 晚上2:00", None),
        ("2022-03-01 凌晨9:00", None),
        ("2022-03-01 中午3点", None),
        ("2022-03-01 上午14:05", None),
        ("2022-03-01 下午0:30", None),
        ("2022-03-01 13:05 PM", None),
        ("2022-03-01 下午 9:12 PM", None),
    ],
)
def test_parts_of_the_day_are_what_people_and_windows_agree_on(value, clock):
    read = read_date(value, NOON)
    assert (read.at and f"{read.at:%H:%M:%S}") == clock
    assert bool(read.problem) is (clock is None)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("20220301", "2022-03-01"),
        ("二〇二一年十二月三十一日", "2021-12-31"),
        ("二零二二年二月二十八日", "2022-02-28"),
        ("二〇二二年一月廿一日", "2022-01-21"),
        ("一九四九年十月一日", "1949-10-01"),
        ("2022-W09-2", "2022-03-01"),
        ("1 March 2022", "2022-03-01"),
        ("2022-03-01+08:00", "2022-03-01"),
        ("1850-03-01", "1850-03-01"),
    ],
)
def test_a_day_without_a_time_is_that_day_and_says_so(value, day):
    read = read_date(value, NOON)
    assert f"{read.at:%Y-%m-%d %H:%M}" == f"{day} 00:00" and read.by_day
    assert "没有时刻" in read.note


@pytest.mark.parametrize(
    "value",
    [
        # several meanings
        "Tue, 01 Mar 2022 09:12:03 CST",
        "Tue Mar 01 09:12:03 CST 2022",
        "Tue, 01 Mar 2022 09:12:03 IST",
        "Tue, 01 Mar 2022 09:12:03 ICT",
        "Tue, 01 Mar 2022 09:12:03 BST",
        "03/04/2022",
        "3.4.2022 09:12",
        "3/1/2022 9:12:03 PM",
        "22-03-01 09:12",
        "Mar 1, 22",
        "2022-03-01Z",
        "2022-03-01+09:00",
        "Sun, 06 Nov 2022 01:30:00 America/New_York",
        # zones of no list
        "Tue, 01 Mar 2022 09:12:03 A",
        "Tue, 01 Mar 2022 09:12:03 XYZ",
        "2022-03-01 09:12:03 当地时间",
        "2022-03-01 09:12:03 Mars/Olympus",
        "2022-03-01 09:12:03 Etc/GMT+8",
        "2022-03-01 09:12:03 +800",
        "2022-03-01 09:12:03 +23:00",
        "2022-03-01 09:12:03 +08:07",
        # what contradicts itself
        "Mon, 01 Mar 2022 09:12:03 +0800",
        "2022年3月1日 星期五 09:12",
        "Tue, 01 Mar 2022 09:12:03 +0000 (China Standard Time)",
        "北京时间 2022-03-01 09:12:03 +0900",
        "2022-03-01 09:12:03 +0900 CST",
        # no days, no times
        "Tue, 30 Feb 2022 09:12:03 +0800",
        "二〇二二年二月三十日",
        "二〇二二年十十月一日",
        "2022-W54-1",
        "2022-03-01 25:00",
        "2022-03-01 09:60",
        "2022-03-01 23:59:60",
        "44621.38",
        "2022-03",
        "2022年3月",
        "昨天 09:12",
        "3小时前",
        "2022-03-01 至 2022-03-05",
        "更新时间：2022-03-01 09:12",
        "农历二〇二二年三月一日",
        "二〇二二年正月初一",
        # never published then
        "1799-12-31",
        "2200-01-01",
        "0226-03-01",
        "1601-01-01T00:00:00Z",
        "2023-03-01",
        "1970-01-01T00:00:00Z",
        "1970-01-01 08:00:00",
        "1970-01-01",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 31 Dec 1969 19:00:00 EST",
        "1899-12-30",
        "0",
        "0001-01-01T00:00:00",
        "0000-00-00 00:00:00",
        "undefined",
        "Invalid Date",
        "2022-03-01 " + "09:12 " * 40,
    ],
)
def test_what_is_not_certain_is_no_moment_and_says_why(value):
    read = read_date(value, NOON, epochs=True)
    assert read.at is None
    assert read.problem.code in (Code.DOUBTFUL_DATE, Code.NO_DATE) and len(read.problem.text) > 6


def test_a_day_of_1970_at_another_hour_is_a_day():
    assert at("1970-01-01 09:12") == datetime(1970, 1, 1, 1, 12, tzinfo=UTC)


def test_summer_time_in_shanghai_moves_no_time_whose_zone_is_written():
    assert at("1988-07-01 09:00:00 +0800") == datetime(1988, 7, 1, 1, tzinfo=UTC)
    assert at("1988-07-01T09:00:00+08:00") == datetime(1988, 7, 1, 1, tzinfo=UTC)
    assert at("1988-07-01 09:00:00") == datetime(1988, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2022-03-01 上午12:30", "上午12时"),
        ("Mon, 01 Mar 2022 09:12:03 +0800", "星期"),
        ("Tue, 01 Mar 2022 09:12:03 CST", "CST"),
        ("Tue, 01 Mar 2022 09:12:03 XYZ", "时区"),
        ("昨天 09:12", "读不懂"),
        ("2022-02-30 09:12", "没有这样的日期"),
        ("1970-01-01T00:00:00Z", "零值"),
        ("2099-03-01", "不可信"),
    ],
)
def test_an_editor_reads_what_is_not_certain(value, reason):
    said = read_date(value, NOON).problem.text
    assert reason in said and value[:20] in said
