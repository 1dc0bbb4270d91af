"""Dates as they really come."""

from datetime import UTC, date, datetime

import pytest

from sources.text.dates import NO_DATE, jekyll_day, read_date

NOON = datetime(2022, 6, 1, 4, tzinfo=UTC)
SAME = datetime(2022, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2022-05-04T08:00:00+08:00",
        "2022-05-04 08:00:00 +0800",
        "2022-05-04 08:00:00 +08",
        "2022-05-04T00:00:00.000Z",
        '"2022-05-04 08:00:00 +0800"',
        "Wed, 04 May 2022 08:00:00 +0800",
        "2022-05-04 08:00:00 GMT+8",
        "2022年5月4日 上午8:00",
        "2022年05月04日 星期三 08时00分00秒",
        "２０２２-０５-０４　０８：００",
    ],
)
def test_one_moment_in_many_spellings(value):
    assert read_date(value, NOON).at == SAME


def test_without_a_zone_it_is_beijing_time_and_says_so():
    read = read_date("2022-05-04 08:00:00", NOON)
    assert read.at == SAME
    assert "北京时间" in read.note


@pytest.mark.parametrize(
    "value",
    [
        *("2022-02-30", "2022-13-01", "0000-00-00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"),
        *(
            "2099-01-01",
            "04/05/2022",
            "昨天 08:00",
            "12022-05-04",
            "1651622400",
            "2022-05-04 24:00:00",
            "2022-05",
        ),
    ],
)
def test_what_has_no_one_meaning_is_left_empty_with_the_reason(value):
    read = read_date(value, NOON)
    assert read.at is None
    assert read.problem


@pytest.mark.parametrize("value", ["", "  ", "+0800", " +0800"])
def test_an_empty_date_is_no_date(value):
    assert read_date(value, NOON).problem == NO_DATE


def test_the_old_site_took_a_zoneless_time_for_utc():
    assert jekyll_day(read_date("2021-12-08 23:50:00", NOON)) == date(2021, 12, 9)
    assert jekyll_day(read_date("2021-12-08 23:50:00 +0800", NOON)) == date(2021, 12, 8)
