"""Tables: every row is an article or a reason, by its line, and no row is lost."""

import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from sources.formats.packed import LARGEST_UNPACKED
from sources.formats.raw_article import Broken, Unreadable
from sources.formats.table import table_file

HEAD = "id,title,date,source,body\r\n"


def row(number, body="正文。"):
    return f'{number},沧澜{number},2022-03-01 09:12:03,渝州晨报,"<p>{body}</p>"\r\n'


def read(text, name="a.csv", **more):
    return list(table_file.read(text if isinstance(text, bytes) else text.encode(), name, **more))


def titles(found):
    return [one.problem.text if isinstance(one, Broken) else one.title for one in found]


def workbook(*rows, more=()):
    book = Workbook()
    for one in rows:
        book.active.append(one)
    for title, rows_of_sheet in more:
        sheet = book.create_sheet(title)
        for one in rows_of_sheet:
            sheet.append(one)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_rows_are_named_by_the_line_they_begin_on(end):
    text = (HEAD + row(1, "一\r\n二") + "\r\n" + row(2)).replace("\r\n", end)
    assert [one.part for one in read(text)] == ["2", "5"]


def test_a_lone_cr_inside_a_cell_does_not_shift_the_lines():
    assert [one.part for one in read(HEAD + row(1, "一\r二") + row(2))] == ["2", "3"]


def test_a_rows_own_bytes_can_be_read_again_by_themselves():
    first, second = read(HEAD + row(1) + row(2))
    assert second.raw == (HEAD + row(2)).encode()
    (again,) = read(second.raw)
    assert (again.title, again.external_id) == (second.title, second.external_id)
    assert first.raw != second.raw


def test_ragged_rows_are_named_and_kept_and_the_others_are_read():
    found = read(HEAD + row(1) + "2,少列\r\n" + row(3)[:-2] + ",多,列\r\n" + row(4))
    assert [one.part for one in found] == ["2", "3", "4", "5"]
    assert [isinstance(one, Broken) for one in found] == [False, True, True, False]
    assert "第 3 行有 2 列，表头有 5 列" in found[1].problem.text and found[1].raw.endswith(
        "\n2,少列\r\n".encode()
    )
    assert "多、列" in found[2].problem.text


def test_empty_cells_past_the_header_and_empty_rows_are_no_fault():
    assert titles(read(HEAD + row(1)[:-2] + ",,\r\n" + ",,,,\r\n\r\n" + row(2))) == ["沧澜1", "沧澜2"]


def test_an_open_quote_says_from_which_line_it_swallowed_and_loses_nothing():
    swallowed = '6,"没有结束\r\n' + "7,沧澜7,2022-03-01,渝州晨报,正文\r\n"
    first, broken = read(HEAD + row(1) + swallowed)
    assert first.title == "沧澜1"
    assert "第 3 行" in broken.problem.text and "第 4 行" in broken.problem.text
    assert broken.raw == (HEAD + swallowed).encode()


def test_reading_goes_on_behind_a_row_whose_quotes_do_not_match():
    found = read(HEAD + '6,"没有结束\r\n' + row(7) + row(8))
    assert [type(one).__name__ for one in found] == ["Broken", "RawArticle"]
    assert found[0].part == "2" and "沧澜7" in found[0].raw.decode()
    assert found[1].title == "沧澜8"


def test_a_body_longer_than_csvs_own_limit_is_read_whole():
    assert len(read(HEAD + row(1, "字" * 200_000))[0].plain.text) == 200_000


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_column_names(delimiter):
    text = delimiter.join(["title", "date", "source", "body"]) + "\n"
    text += delimiter.join(["沧澜", "2022-03-01 09:12:03", "渝州晨报", "一；二、三"]) + "\n"
    assert [(one.title, one.outlet, one.problems) for one in read(text)] == [("沧澜", "渝州晨报", [])]


def test_excels_own_line_names_the_delimiter():
    (found,) = read("sep=#\ntitle#body\n沧澜#一,二\n")
    assert (found.part, found.title, found.plain.text) == ("3", "沧澜", "一,二")


def test_a_formula_stays_text():
    assert read("title,body\n=1+1,正文\n@SUM(A1),正文\n")[0].title == "=1+1"


def test_nul_goes_and_is_said_of_that_row_alone():
    first, second = read((HEAD + row(1) + row(2)).replace("2,沧澜2", "2,沧\0澜2").encode())
    assert first.problems == []
    assert "NUL" in second.problems[0].text and "\0" not in second.title


def test_a_broken_byte_is_a_problem_of_its_own_row_alone():
    data = (HEAD + row(1) + row(2)).encode().replace("沧澜2".encode(), "沧澜2".encode()[:-2] + b"\xff")
    first, second = read(data)
    assert first.problems == []
    assert "坏字节" in second.problems[0].text and b"\xff" in second.raw


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"\xef\xbb\xbf\r\n", "空的"),
        (HEAD.encode(), "只有表头"),
        (row(1).encode(), "没有认得的列名"),
        (b"id,title,title,body\n1,a,b,c\n", "title"),
        ("id,Title,ＴＩＴＬＥ,body\n1,a,b,c\n".encode(), "不止一次"),
        (b"id,title\n1,a\n", "正文列"),
        (b"id,body\n1,a\n", "标题列"),
        (b'id,"title,body\n1,a,b\n', "引号"),
        (b"PK\x03\x04" + bytes(200), ".xlsx"),
        (b"\xd0\xcf\x11\xe0" + bytes(200), ".xlsx"),
        ("title,body\na,b\n".encode("utf-16-le"), "UTF-16"),
    ],
)
def test_what_is_no_table_of_articles_is_refused_in_words(data, words):
    with pytest.raises(Unreadable, match=words):
        read(data)


def test_an_id_that_comes_again_is_doubted_the_second_time():
    first, second = read(HEAD + row(1) + row(1, "另一篇。"))
    assert first.problems == [] and first.external_id == second.external_id == "渝州晨报/1"
    assert "第 2 行" in second.problems[0].text


def test_an_id_without_an_outlet_is_nobodys_id():
    (found,) = read("id,title,body\n1,沧澜,正文\n")
    assert found.external_id == ""
    assert any("来源" in problem.text for problem in found.problems)


def test_what_is_missing_is_said_and_never_invented():
    (found,) = read(HEAD + "1,,,,\r\n")
    assert found.published_at is None and found.title == "" and found.plain.text == ""
    said = " ".join(problem.text for problem in found.problems)
    assert all(word in said for word in ("没有标题", "没有日期", "没有正文", "来源"))
    assert all(len(problem.text) >= 6 for problem in found.problems)


def test_an_editors_mapping_comes_before_ours():
    text = "名目,甲,body\n沧澜,真正的正文,别的\n"
    with pytest.raises(Unreadable):
        read(text)
    (found,) = read(text, mapping={"名目": "title", "甲": "body"})
    assert (found.title, found.plain.text) == ("沧澜", "真正的正文")
    with pytest.raises(ValueError, match="字段"):
        read(text, mapping={"名目": "nothing"})


def test_a_bad_link_is_a_problem_and_no_link():
    (found,) = read("title,body,url\n沧澜,正文,javascript:alert(1)\n")
    assert found.original_url == "" and any("原文链接" in problem.text for problem in found.problems)


# ------------------------------------------------------------------ JSON
def line(title, **more):
    return json.dumps({"title": title, "body": "正文", "source": "渝州晨报", **more}, ensure_ascii=False)


def test_one_bad_line_of_json_costs_that_line():
    found = read("\n".join([line("甲"), '{"title": ', "", '["不是"]', line("乙")]), "a.jsonl")
    assert [one.part for one in found] == ["1", "2", "4", "5"]
    assert [isinstance(one, Broken) for one in found] == [False, True, True, False]
    assert found[1].raw == b'{"title": ' and "第 2 行" in found[1].problem.text


def test_a_name_written_twice_in_an_object_is_not_decided_in_silence():
    (found,) = read('{"title": "甲", "title": "乙", "body": "正文"}', "a.jsonl")
    assert "不止一次" in found.problem.text


def test_an_array_that_breaks_off_gives_what_came_before():
    found = read("[" + line("甲") + ",\n" + line("乙")[:-1], "a.json")
    assert (
        titles(found)[0] == "甲" and "其后的没有读" in found[1].problem.text and "乙" in found[1].raw.decode()
    )


def test_one_object_over_many_lines_is_one_article():
    (found,) = read(json.dumps({"title": "甲", "body": "正文"}, indent=1), "a.json")
    assert found.title == "甲"


def test_a_line_separator_inside_json_does_not_cut_the_line():
    assert titles(read(line("甲\u2028乙") + "\n" + line("丙"), "a.jsonl")) == ["甲 乙", "丙"]


def test_lone_surrogates_never_reach_the_article():
    (found,) = read('{"title": "甲\\ud800", "body": "正\\udfff文", "date": "\\ud800"}', "a.jsonl")
    found.fit()
    json.dumps([found.title, found.body_html, *map(str, found.problems)], ensure_ascii=False).encode()


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, "[1, 2", "[]", "{}"])
def test_json_without_articles_ends_in_words(text):
    try:
        found = read(text, "a.json")
    except Unreadable as reason:
        assert len(str(reason)) >= 6
    else:
        assert all(isinstance(one, Broken) and len(one.problem.text) >= 6 for one in found)


# ------------------------------------------------------------------ workbooks
NAMES = ["编号", "标题", "发布时间", "来源", "正文"]


def test_the_rows_of_a_workbook_are_named_by_their_numbers():
    from datetime import datetime

    data = workbook(NAMES, [7, "沧澜", datetime(2022, 3, 1, 9, 12), "渝州晨报", "一\n二"], [], [8, "渝州"])
    found = read(data, "a.xlsx")
    assert [one.part for one in found] == ["2", "4"]
    assert found[0].published_at.isoformat() == "2022-03-01T09:12:00+08:00"
    assert (found[0].external_id, found[0].body_html) == ("渝州晨报/7", "<p>一</p>\n<p>二</p>")
    assert found[0].problems == [] and "没有正文" in " ".join(problem.text for problem in found[1].problems)
    (again,) = read(found[0].raw, "a.xlsx:2")
    assert again.body_html == found[0].body_html


def test_sheets_that_are_no_tables_are_named():
    data = workbook(
        NAMES, [1, "甲"], more=[("说明", [["只是说明"]]), ("二月", [NAMES, [2, "乙"]]), ("空", [])]
    )
    found = read(data, "a.xlsx")
    assert [one.part for one in found] == ["2", "说明", "二月:2"]
    assert isinstance(found[1], Broken)


def test_a_cell_of_excels_greatest_length_may_have_been_cut():
    (found,) = read(workbook(NAMES, [1, "甲", "2022-03-01", "渝州晨报", "字" * 32_767]), "a.xlsx")
    assert any("截断" in problem.text for problem in found.problems)


def test_a_workbook_that_unpacks_to_too_much_is_not_opened():
    def padded(size):
        out = io.BytesIO(workbook(NAMES, [1, "甲"]))
        with (
            zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
            archive.open("xl/pad.xml", "w") as pad,
        ):
            for _ in range(size >> 20):
                pad.write(bytes(1 << 20))
        return out.getvalue()

    for size, words in ((LARGEST_UNPACKED + (1 << 20), "超过"), (8 << 20, "压缩比")):
        with pytest.raises(Unreadable, match=words):
            read(padded(size), "a.xlsx")


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04" + bytes(100), "title,body\n甲,乙\n".encode(), b"\xd0\xcf\x11\xe0" + bytes(99)]
)
def test_what_only_calls_itself_a_workbook_is_refused(data):
    with pytest.raises(Unreadable):
        read(data, "a.xlsx")


def test_half_a_workbook_is_refused():
    data = workbook(NAMES, [1, "甲"])
    with pytest.raises(Unreadable, match="坏了"):
        read(data[: len(data) // 2], "a.xlsx")


@pytest.mark.parametrize(
    ("name", "head", "is_table"),
    [
        ("a.csv", "anything", True),
        ("a.xlsx", "PK", True),
        ("a", "标题,正文\n", True),
        ("a.txt", "第一段，没有表头。\n", False),
        ("a.txt", '{"title": "甲"}', True),
        ("a.json", '{"version": "https://jsonfeed.org/version/1.1", "title": "t"', False),
        ("a.md", "---\ntitle: 甲\n---\n", False),
    ],
)
def test_a_table_is_told_by_its_suffix_or_its_first_line(name, head, is_table):
    assert table_file.looks_like(name, head) is is_table


@pytest.mark.parametrize(
    "header",
    [
        "標題,日期,來源,正文",
        "標題,發佈時間,媒體,內容",
        "新闻标题,发表日期,新闻来源,新闻内容",
        "文章标题,发布时间,来源,文章内容",
        "标题,日期,报纸,正文内容",
        "title,PublishTime,source,content",
        "title,publish_date,source,content",
        "Title,publishedAt,Source Name,Article Body",
        "headline,Date Published,publisher,text",
    ],
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_columns_are_known_by_all_their_usual_names(header, separator):
    text = f"{header}\n沧澜开渠,2022-03-01 09:12:03,渝州晨报,正文。\n".replace(",", separator)
    (found,) = read(text)
    assert (found.title, found.outlet, found.plain.text) == ("沧澜开渠", "渝州晨报", "正文。")
    assert found.published_at.isoformat() == "2022-03-01T09:12:03+08:00" and found.problems == []


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2022-03-01 星期二 下午 2:05", "2022-03-01T14:05:00+08:00"),
        ("2022-03-01（周二）08:15", "2022-03-01T08:15:00+08:00"),
        ("2022年3月1日 早上8:15", "2022-03-01T08:15:00+08:00"),
        ("20220301 08:15:30", "2022-03-01T08:15:30+08:00"),
        ("202203010815", "2022-03-01T08:15:00+08:00"),
        ("Mar 1, 2022", "2022-03-01T00:00:00+08:00"),
        ("Tuesday, 1 March 2022 2:05 PM", "2022-03-01T14:05:00+08:00"),
        ("March 1st, 2022 08:15 GMT", "2022-03-01T08:15:00+00:00"),
        ("1646093730", "2022-03-01T08:15:30+08:00"),
        ("1646093730000", "2022-03-01T08:15:30+08:00"),
        ("03/04/2022", None),
        ("3.4.2022", None),
        ("2022030108", None),
        ("20221345 08:15", None),
        ("Feb 30, 2022", None),
        ("Mar 1, 2022 13:05 PM", None),
        ("3月1日", None),
        ("44621.34", None),
    ],
)
def test_a_clear_date_is_read_and_no_other_is_guessed(written, moment):
    (found,) = read(
        json.dumps({"title": "甲", "date": written, "source": "渝州晨报", "body": "正文。"}), "a.jsonl"
    )
    assert (found.published_at and found.published_at.isoformat()) == moment
    assert bool(found.problems) == (moment is None)


def test_a_number_of_seconds_in_json_is_a_moment():
    text = '[{"title": "甲", "content": "正文。", "date": 1646093730, "source": "来源：渝州晨报"}]'
    (found,) = read(text, "a.json")
    assert found.published_at.isoformat() == "2022-03-01T08:15:30+08:00" and found.outlet == "渝州晨报"
