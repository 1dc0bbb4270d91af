"""Tables as programs export them: Excel's own spelling, a name above the header, MongoDB, wrapped lists."""

import io
import json

import pytest
from openpyxl import Workbook

from sources.formats.raw_article import Broken, Unreadable
from sources.formats.table import table_file
from sources.formats.table.table_header import read_header

HEAD = "标题,发布时间,来源,正文\n"
ROW = "沧澜开渠,2022-03-01 09:12:03,渝州晨报,正文。\n"


def read(text, name="a.csv"):
    found = list(table_file.read(text if isinstance(text, bytes) else text.encode(), name))
    for one in found:
        if not isinstance(one, Broken):
            one.fit()
    return found


# ------------------------------------------------------------------ ="…"
@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('="沧澜开渠"', "沧澜开渠"),
        ('"=""沧澜开渠"""', "沧澜开渠"),
        ('"=""沧澜""""开渠"""""""', '沧澜"开渠"'),
        ('"=""沧澜,开渠"""', "沧澜,开渠"),
        ('="00700"', "00700"),
        ('"=""沧澜""&""开渠"""', '="沧澜"&"开渠"'),
        ("=1+1", "=1+1"),
        ('=""', ""),
    ],
)
def test_a_text_that_excel_keeps_from_being_a_number_is_that_text(written, title):
    (found,) = read(HEAD + ROW.replace("沧澜开渠", written))
    assert found.title == title


def test_header_and_dates_in_excels_spelling_are_read():
    lines = [line.split(",") for line in (HEAD + ROW).splitlines()]
    (found,) = read("\n".join(",".join(f'="{cell}"' for cell in line) for line in lines))
    assert (found.title, found.outlet, found.plain.text) == ("沧澜开渠", "渝州晨报", "正文。")
    assert found.published_at.isoformat() == "2022-03-01T09:12:03+08:00" and found.problems == []


# ------------------------------------------------------------------ above the header
ABOVE = [
    "2022年3月新闻汇总\n",
    "2022年3月新闻汇总,,,\n",
    "新闻汇总,,,\n,,,\n导出时间,2022-04-01,,\n",
    '"新闻汇总，共一篇",,,\n\n',
    "报表名：新闻汇总\n单位：篇\n",
    "新闻汇总,,,\n渝州晨报社编,,,\n,,,\n单位：篇,,,\n",
    "新闻汇总,新闻汇总,新闻汇总,新闻汇总\n",
    "新闻汇总,,,\n填报单位：渝州晨报,填报人：林越,填报日期：2022-04-01,\n",
]


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_name_of_a_table_may_stand_above_its_header(above, delimiter):
    text = (above + HEAD + ROW).replace(",", delimiter)
    (found,) = read(text)
    assert (found.title, found.outlet, found.problems) == ("沧澜开渠", "渝州晨报", [])
    assert any("汇总" in note for note in found.notes)
    (again,) = read(found.raw)
    assert again.title == found.title


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_may_stand_below_excels_line_on_the_delimiter(above, delimiter):
    (found,) = read(f"sep={delimiter}\n" + (above + HEAD + ROW).replace(",", delimiter))
    assert (found.title, found.outlet, found.problems) == ("沧澜开渠", "渝州晨报", [])
    assert any("汇总" in note for note in found.notes)


def test_the_names_of_a_list_of_submissions_are_known():
    (found,) = read(
        sheet(["三月登记"], [], ["稿件标题", "刊发日期", "媒体", "内容"], ROW.strip().split(",")), "a.xlsx"
    )
    assert (found.title, found.outlet, found.problems) == ("沧澜开渠", "渝州晨报", [])


def test_the_real_header_is_named_where_no_column_is_known():
    rows = [["三月登记"], ["单位：篇"], [], ["甲栏", "乙栏", "丙栏"], ["一", "二", "三"]]
    with pytest.raises(Unreadable, match="第 4 行没有认得的列名（甲栏、乙栏、丙栏）"):
        read(sheet(*rows), "a.xlsx")
    for delimiter in ",;\t":
        text = "\n".join(delimiter.join(row) for row in rows) + "\n"
        with pytest.raises(Unreadable, match="第 4 行没有认得的列名（甲栏、乙栏、丙栏）"):
            read(text)


@pytest.mark.parametrize("above", ABOVE)
def test_an_editor_is_shown_the_columns_under_the_name(above):
    assert read_header((above + HEAD + ROW).encode(), "a.csv").names[0] in ("标题", "导出时间")


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_may_have_its_name_above_the_header():
    names, cells = HEAD.strip().split(","), ROW.strip().split(",")
    (found,) = read(sheet(["新闻汇总"], [], ["导出时间", "2022-04-01"], names, cells), "a.xlsx")
    assert (found.part, found.title, found.problems) == ("5", "沧澜开渠", [])
    assert any("新闻汇总" in note for note in found.notes)


def test_rows_of_articles_above_a_second_header_are_not_passed_over():
    with pytest.raises(Unreadable, match="第一行"):
        read(ROW + HEAD + ROW)


# ------------------------------------------------------------------ MongoDB
@pytest.mark.parametrize(
    "date",
    [
        {"$date": "2022-03-01T01:12:03Z"},
        {"$date": "2022-03-01T01:12:03.000+0000"},
        {"$date": 1646097123000},
        {"$date": {"$numberLong": "1646097123000"}},
        {"$numberLong": "1646097123"},
    ],
)
def test_the_typed_values_of_mongodb_are_read(date):
    one = {
        "_id": {"$oid": "621d7a83c1f0a2b3c4d5e6f7"},
        "title": "沧澜开渠",
        "publish_time": date,
        "source": "渝州晨报",
        "content": "正文。",
        "reads": {"$numberInt": "7"},
    }
    (found,) = read(json.dumps(one, ensure_ascii=False), "a.json")
    assert found.published_at.isoformat() in ("2022-03-01T01:12:03+00:00", "2022-03-01T09:12:03+08:00")
    assert (found.external_id, found.problems) == ("渝州晨报/621d7a83c1f0a2b3c4d5e6f7", [])


@pytest.mark.parametrize(
    "date", [{"$date": 0}, {"$date": "x"}, {"$date": 10**14}, {"$date": {}}, {"$x": "2022-03-01"}]
)
def test_a_typed_date_that_is_none_waits(date):
    (found,) = read(
        json.dumps({"title": "甲", "date": date, "source": "渝州晨报", "body": "正文。"}), "a.json"
    )
    assert found.published_at is None and found.problems


def test_a_day_before_1970_or_2001_is_a_day_in_mongodb():
    (found,) = read(json.dumps({"title": "甲", "date": {"$date": 915148800000}, "body": "正文。"}), "a.json")
    assert found.published_at.isoformat() == "1999-01-01T00:00:00+00:00"


# ------------------------------------------------------------------ wrapped
def items(count=2):
    keys = {"date": "2022-03-01 09:12:03", "source": "渝州晨报", "content": "正文。"}
    return [{"id": number, "title": f"沧澜{number}", **keys} for number in range(1, count + 1)]


@pytest.mark.parametrize(
    "wrapped",
    [
        {"articles": items()},
        {"data": {"items": items()}},
        {"code": 0, "msg": "ok", "data": {"page": 1, "list": items()}},
        {"RECORDS": items()},
        {"title": "渝州财经频道", "articles": items()},
        {"content": items(), "totalPages": 3},
        {"hits": {"hits": [{"_id": str(one["id"]), "_source": one} for one in items()]}},
        {"result": {"data": {"feed": {"list": items()}}}},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_the_articles_that_an_answer_wraps_are_read(wrapped, indent):
    found = read(json.dumps(wrapped, ensure_ascii=False, indent=indent), "a.json")
    assert [(one.part, one.title, one.problems) for one in found] == [("1", "沧澜1", []), ("2", "沧澜2", [])]
    (again,) = read(found[1].raw, "row.json")
    assert (again.title, again.external_id) == (found[1].title, found[1].external_id)


def test_lines_that_wrap_articles_give_all_of_them():
    lines = "\n".join(json.dumps({"data": items()}) for _ in range(2))
    assert [one.part for one in read(lines, "a.jsonl")] == ["1.1", "1.2", "2.1", "2.2"]


def test_two_lists_in_one_answer_are_both_read():
    found = read(json.dumps({"top": items(1), "articles": items(2)}), "a.json")
    assert [one.part for one in found] == ["1.1.1", "1.2.1", "1.2.2"]


@pytest.mark.parametrize(
    "one",
    [
        {"title": "甲", "body": "正文。", "related": items()},
        {"title": "甲", "body": "正文。", "tags": ["一", "二"], "comments": [{"text": "好"}]},
        {"title": "甲", "related": [{"title": "乙", "url": "https://a.example/"}]},
    ],
)
def test_an_article_with_lists_of_its_own_stays_one(one):
    (found,) = read(json.dumps(one), "a.json")
    assert found.title == "甲"


def test_an_answer_without_articles_is_refused_by_name():
    (found,) = read('{"code": 1, "data": {"items": [{"price": 1}]}}', "a.json")
    assert isinstance(found, Broken) and "code" in found.problem.text


@pytest.mark.parametrize("text", ['{"data": {"items": [' * 50_000, '{"a":' * 900 + "1" + "}" * 900])
def test_deep_wrapping_ends_in_words(text):
    assert all(isinstance(one, Broken) for one in read(text, "a.json"))
