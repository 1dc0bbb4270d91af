"""What its source keeps from the public waits for an editor, whatever words say so."""

from datetime import UTC, date, datetime

import pytest

from sources.formats import FORMATS
from sources.formats.private_text import private_reason
from sources.problem import Code

NOW = datetime(2024, 3, 10, 4, 0, tzinfo=UTC)  # noon in Shanghai


@pytest.mark.parametrize(
    "values",
    [
        {"draft": "true"},
        {"draft": True},
        {"Draft": "Yes"},
        {"draft": "１"},
        {"draft": "true # 未定稿"},
        {"is_draft": "1"},
        {"草稿": "是"},
        {"published": "false"},
        {"published": "'no'"},
        {"published": '"No"'},
        {"published": "n"},
        {"published": "off"},
        {"published": "0"},
        {"published": 0},
        {"published": "FALSE"},
        {"published": ""},
        {"publish": "否"},
        {"public": False},
        {"status": "draft"},
        {"post_status": "private"},
        {"wp:status": "pending"},
        {"status": "future"},
        {"status": "Trash"},
        {"status": "auto-draft"},
        {"状态": "草稿"},
        {"发布状态": "待审"},
        {"visibility": "members"},
        {"visibility": "Password"},
        {"layout": "draft"},
        {"type": "wip"},
        {"private": "on"},
        {"hidden": "true"},
        {"encrypt": "true"},
        {"publishDate": "2024-03-11"},
        {"publish_at": "2031-01-01T00:00:00Z"},
        {"embargo": "2024-03-10 12:30 +0800"},
        {"embargo": "true"},
        {"date": "2024-03-10 13:00 +0800"},
        {"date": "2041-01-01"},
        {"date": datetime(2024, 3, 10, 5, tzinfo=UTC)},
        {"date": date(2024, 3, 11)},
        {"published": "2024-03-12"},
        {"expiryDate": "2024-03-09"},
        {"expires": "2024-03-10 11:00 +0800"},
        {"unpublish_on": "2020-01-01"},
    ],
    ids=str,
)
def test_what_a_source_keeps_back_is_private(values):
    problem = private_reason(values, now=NOW)
    assert problem.code == Code.UNPUBLISHED
    assert next(iter(values)) in problem.text


@pytest.mark.parametrize(
    "values",
    [
        {"draft": "maybe"},
        {"published": "待定"},
        {"status": "7"},
        {"status": "已归档"},
        {"visibility": "内部"},
        {"publishDate": "下周"},
        {"expiryDate": "soon"},
        {"hidden": "archive"},
    ],
    ids=str,
)
def test_what_is_not_understood_is_private(values):
    assert private_reason(values, now=NOW).code == Code.UNPUBLISHED


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"draft": "false"},
        {"draft": ""},
        {"draft": None},
        {"draft": "false # 定稿"},
        {"published": "true"},
        {"published": "Yes"},
        {"published": True},
        {"published": "2024-03-01"},
        {"status": "publish"},
        {"status": "Published"},
        {"状态": "已发布"},
        {"visibility": "public"},
        {"password": ""},
        {"password": None},
        {"password": False},
        {"private": "no"},
        {"state": "北京"},
        {"type": "post"},
        {"layout": "post"},
        {"title": "draft", "tags": ["private"]},
        {"date": "2024-03-10 12:05 +0800"},
        {"date": "昨天"},
        {"publishDate": "2024-03-10"},
        {"expiryDate": "2099-12-31"},
    ],
    ids=str,
)
def test_what_its_source_published_is_not_private(values):
    assert private_reason(values, now=NOW) is None


def test_a_password_is_a_reason_and_is_not_shown():
    problem = private_reason({"post_password": "芝麻开门"}, now=NOW)
    assert problem.code == Code.UNPUBLISHED
    assert "芝麻" not in problem.text


def test_all_reasons_are_named():
    said = private_reason({"draft": "true", "password": "x"}, "site/_drafts/a.md", NOW).text
    assert "draft" in said and "password" in said and "_drafts" in said


@pytest.mark.parametrize(
    "name", ["_drafts/a.md", "site/_Drafts/a.md", "a.zip!source/_drafts/a.md", "草稿箱/a.md"]
)
def test_a_folder_of_drafts_holds_private_text(name):
    assert private_reason({}, name, NOW).code == Code.UNPUBLISHED


@pytest.mark.parametrize("name", ["_posts/drafts.md", "posts/my_drafts/a.md", "a.md"])
def test_a_name_like_that_of_such_a_folder_says_nothing(name):
    assert private_reason({}, name, NOW) is None


# ------------------------------------------------------------------ front matter
POST = "source: 澜州日报\ndate: 2022-03-01 09:00:00 +0800\ntitle: 渔港开市\n"
BODY = "渔港的钟修好了，今天开市。\n"


def codes(text: str, name: str = "_posts/2022-03-01-a.md") -> list[Code]:
    (raw,) = FORMATS["jekyll"](text.encode(), name)
    return [problem.code for problem in raw.problems]


@pytest.mark.parametrize(
    "line",
    [
        "draft: true",
        "published: n",
        'published: "No"',
        "published: FALSE",
        "status: pending",
        "password: 8848",
        "status: 草稿",
        "embargo: 2099-01-01",
        "publishDate: 2099-01-01T08:00:00+08:00",
        "expiryDate: 2022-04-01",
        "draft: true  # 未定稿",
        "hidden: [home, feed]",
        "tags:\n  - 渔业\ndraft: yes",
        "tags:\n  - 渔业\nsummary: 央行: 下调\nstatus: private",
        "草稿: 是",
    ],
)
def test_a_post_that_is_not_public_waits_for_an_editor(line):
    assert codes(f"---\n{POST}{line}\n---\n{BODY}") == [Code.UNPUBLISHED]


@pytest.mark.parametrize(
    "text",
    [
        f'+++\ntitle = "渔港开市"\nsource = "澜州日报"\ndate = 2022-03-01\ndraft = true\n+++\n{BODY}',
        f'+++\ntitle = "渔港开市"\nsource = "澜州日报"\ndate = 2022-03-01\n[extra]\nprivate = true\n+++\n{BODY}',
        f'{{"title": "渔港开市", "source": "澜州日报", "date": "2022-03-01", "draft": true}}\n{BODY}',
        f"{POST}published: false\n---\n{BODY}",
        f"---\n{POST.replace('2022-03-01 09:00:00 +0800', '2099-03-01')}---\n{BODY}",
    ],
    ids=["TOML", "a table of TOML", "JSON", "no opening line", "a date to come"],
)
def test_so_does_one_with_front_matter_of_another_kind(text):
    assert Code.UNPUBLISHED in codes(text)


def test_a_post_in_a_folder_of_drafts_waits_for_an_editor():
    assert codes(f"---\n{POST}---\n{BODY}", "source/_drafts/kaishi.md") == [Code.UNPUBLISHED]


@pytest.mark.parametrize(
    "line", ["draft: false", "published: true", "status: publish", "layout: post", "password:"]
)
def test_a_post_that_is_public_is_published(line):
    assert codes(f"---\n{POST}{line}\n---\n{BODY}") == []
