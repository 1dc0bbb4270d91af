"""A reader's words are read as he means them; what makes no sense is taken for plain words, and nothing raises."""

from datetime import date

import pytest

from articles.search.query.parse import LONGEST, Filter, Part, read, span


def parts(words: str) -> list[tuple]:
    return [(part.words, part.exact, part.excluded, part.field) for part in read(words).parts]


def test_words_are_parted_by_spaces_of_either_width():
    assert [part.words for part in read(" 降准　降息 LPR\n").parts] == ["降准", "降息", "LPR"]
    assert read("降准 降息").is_plain


@pytest.mark.parametrize(
    "quoted", ['"中期借贷便利"', "“中期借贷便利”", "「中期借贷便利」", "『中期借贷便利』"]
)
def test_what_is_quoted_is_taken_as_it_stands(quoted):
    assert parts(quoted) == [("中期借贷便利", True, False, "")]


def test_a_quote_may_hold_spaces_and_be_excluded():
    assert parts('-"银行 保险" -股票') == [("银行 保险", True, True, ""), ("股票", False, True, "")]


def test_quotes_inside_of_a_headline_are_only_signs():
    assert parts("沧澜银行发布“服贸通”助力") == [("沧澜银行发布“服贸通”助力", False, False, "")]
    assert parts("“服贸通”上线") == [("服贸通”上线", False, False, "")]


@pytest.mark.parametrize("words", ['"降准', '降准"', "“降准", "降准”", "”降准“", '"" 降准'])
def test_a_quote_that_is_not_closed_is_none(words):
    assert parts(words) == [("降准", False, False, "")]


def test_a_hyphen_within_a_word_excludes_nothing():
    assert parts("COVID-19") == [("COVID-19", False, False, "")]
    assert parts("-") == [("-", False, False, "")]
    assert parts("－股票") == [("股票", False, True, "")]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("来源:国际商报", Filter("source", "国际商报")),
        ("來源：“国际 商报”", Filter("source", "国际 商报")),
        ("-栏目:银行", Filter("category", "银行", excluded=True)),
        ("代码： 601939.SH", Filter("security", "601939.SH")),
        ("标签:服务贸易", Filter("tag", "服务贸易")),
    ],
)
def test_a_name_before_a_colon_of_either_width_narrows(words, found):
    assert read(words).filters == (found,)
    assert not read(words).parts and not read(words).is_plain


def test_titles_and_writers_are_asked_for_by_name():
    assert parts("标题:降准 作者:李悦") == [("降准", False, False, "title"), ("李悦", False, False, "byline")]


@pytest.mark.parametrize(
    "words", ["新华社:今天", "来源:", "日期:昨天", "日期:2024-13", "日期:..", "标题:“”", "http://a.b"]
)
def test_what_is_no_filter_is_words(words):
    assert read(words).parts and not read(words).filters


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024年12月", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024/3/5", date(2024, 3, 5), date(2024, 3, 5)),
        ("2024-03-01..2024-04", date(2024, 3, 1), date(2024, 4, 30)),
        ("2024..2022", date(2022, 1, 1), date(2024, 12, 31)),
        ("..2024", date(1800, 1, 1), date(2024, 12, 31)),
        ("2024..", date(2024, 1, 1), date(2199, 12, 31)),
    ],
)
def test_days_are_said_in_many_ways(words, since, until):
    assert span(words) == (since, until)


@pytest.mark.parametrize(
    "words", ["", "0000", "9999", "2024-02-30", "20241", "昨天", "..", "2024..昨天", "1..2..3"]
)
def test_what_is_no_day_is_none(words):
    assert span(words) is None


def test_two_spans_of_days_are_both_meant():
    asked = read("日期:2024 日期:2024-03..2025")
    assert (asked.since, asked.until) == (date(2024, 3, 1), date(2024, 12, 31))


def test_only_so_much_is_read_and_the_rest_is_said():
    assert len(read("银" * 9000).whole) == LONGEST
    assert read("银" * 9000).left_out == "只用了前 100 个字"
    many = read(" ".join("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"))
    assert len(many.parts) == 20 and many.left_out == "只用了前 20 个词"


def test_signs_between_words_are_not_asked_for_but_a_sign_alone_is():
    assert read("降准 ， 降息").parts == (Part("降准"), Part("降息"))
    assert read("，").parts == (Part("，"),)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "\0",
        "\ud800",
        '"',
        '""',
        "-",
        "--",
        ":",
        "：：",
        "-:",
        '-"',
        "日期:٢٠٢٤",
        " \u3000\n",
        "\U0001f600-",
        "(" * 99,
    ],
)
def test_nonsense_is_read_without_a_complaint(words):
    assert read(words) is not None
