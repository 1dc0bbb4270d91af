"""Exports of Ghost: what was public there is an article, and nothing else is."""

import json

import pytest

from sources.files.inputs import Found
from sources.files.raw_bytes import unpack
from sources.formats import detect
from sources.formats.ghost import ghost_file
from sources.formats.raw_article import LeftOut, RawArticle, Unreadable
from sources.problem import Code
from sources.reading.read import read_input
from sources.reading.read_again import read_again

HTML = "<p>沧澜港一日恢复通航。</p><p>港务局说，拖轮已到位。</p>"
POST = {
    "id": "65ed0a2b8f1c2d0001a3b4c5",
    "uuid": "0b5c1f1e-9a1d-4f0b-8f43-2a1f5d0c7e11",
    "title": "沧澜港恢复通航",
    "slug": "gang",
    "html": HTML,
    "lexical": None,
    "mobiledoc": None,
    "plaintext": "沧澜港一日恢复通航。",
    "type": "post",
    "status": "published",
    "visibility": "public",
    "published_at": "2024-03-10T01:12:03.000Z",
}


def export(*posts, **tables) -> str:
    data = {
        "posts": list(posts),
        "tags": [{"id": "t1", "name": "港口"}, {"id": "t2", "name": "#import"}],
        "users": [{"id": "u1", "name": "李思衡", "email": "li@cl.example.cn", "password": "$2a$10$abc"}],
        "posts_tags": [
            {"post_id": POST["id"], "tag_id": one, "sort_order": n} for n, one in enumerate(("t1", "t2"))
        ],
        "posts_authors": [{"post_id": POST["id"], "author_id": "u1", "sort_order": 0}],
        "settings": [{"key": "title", "value": "沧澜财经"}],
    } | tables
    made = {"db": [{"meta": {"exported_on": 1710000000000, "version": "5.79.0"}, "data": data}]}
    return json.dumps(made, ensure_ascii=False)


def read(*posts, **tables):
    return list(ghost_file.read(export(*posts, **tables).encode(), "a.json"))


def one(**values):
    (found,) = read(POST | values)
    return found


def codes(found):
    return {problem.code for problem in found.problems}


def test_a_public_post_is_complete_and_certain():
    found = one()
    assert (found.title, found.outlet, found.byline) == ("沧澜港恢复通航", "沧澜财经", "李思衡")
    assert found.published_at.isoformat() == "2024-03-10T01:12:03+00:00"
    assert found.tags == ["港口"] and found.external_id == f"ghost/{POST['uuid']}"
    assert found.plain.text == "沧澜港一日恢复通航。\n港务局说，拖轮已到位。" and found.problems == []


@pytest.mark.parametrize("name", ["a.json", "ghost-2024-03-20.json", "a.txt"])
def test_an_export_is_known_by_how_it_begins(name):
    assert detect(name, export(POST).encode()) == "ghost"


@pytest.mark.parametrize(
    "other", ['{"db": "mysql", "title": "甲"}', '[{"title": "甲"}]', '{"data": [{"title": "甲"}]}']
)
def test_other_json_stays_a_table(other):
    assert detect("a.json", other.encode()) == "table"


@pytest.mark.parametrize(
    "values",
    [
        {"status": "draft", "published_at": None},
        {"status": "scheduled", "published_at": "2099-01-01T00:00:00.000Z"},
        {"status": "sent"},
        {"status": None},
        {"visibility": "members"},
        {"visibility": "paid"},
        {"visibility": "tiers"},
        {"visibility": "internal"},
        {"html": f"{HTML}<!--members-only--><p>付费的话。</p>"},
    ],
)
def test_what_not_everybody_could_read_is_held_and_keeps_its_words(values):
    found = one(**values)
    assert Code.UNPUBLISHED in codes(found) and "恢复通航" in found.plain.text


def test_a_post_that_went_out_by_mail_only_is_held():
    (found,) = read(POST, posts_meta=[{"post_id": POST["id"], "email_only": 1}])
    assert Code.UNPUBLISHED in codes(found)


@pytest.mark.parametrize("as_page", [{"type": "page"}, {"type": None, "page": 1}, {"page": True}])
def test_pages_are_counted_not_published(as_page):
    found = read(POST, POST | {"title": "关于我们"} | as_page)
    assert [type(one) for one in found] == [RawArticle, LeftOut]
    assert "页面 1" in found[1].said and "关于我们" in found[1].raw.decode()


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024-03-10T01:12:03.000Z", "2024-03-10T01:12:03+00:00"),
        ("2024-03-10 01:12:03", "2024-03-10T01:12:03+00:00"),
        ("2024-03-10T09:12:03+08:00", "2024-03-10T09:12:03+08:00"),
        (1710033123000, "2024-03-10T01:12:03+00:00"),
    ],
)
def test_times_are_in_utc_unless_they_say_otherwise(written, iso):
    assert one(published_at=written).published_at.isoformat() == iso


# ------------------------------------------------------------------ what the editors keep
def text(words, bits=0):
    return {"type": "extended-text", "text": words, "format": bits}


def lexical(*nodes):
    return json.dumps({"root": {"type": "root", "children": list(nodes)}})


def paragraph(*inner):
    return {"type": "paragraph", "children": list(inner)}


@pytest.mark.parametrize(
    ("nodes", "html"),
    [
        (
            [paragraph(text("沧澜"), text("季报", 1), text("<1%", 2))],
            "<p>沧澜<strong>季报</strong><em>&lt;1%</em></p>",
        ),
        ([{"type": "extended-heading", "tag": "h2", "children": [text("小标题")]}], "<h2>小标题</h2>"),
        (
            [
                {
                    "type": "list",
                    "listType": "bullet",
                    "children": [{"type": "listitem", "children": [text("甲")]}],
                }
            ],
            "<ul><li>甲</li></ul>",
        ),
        (
            [paragraph({"type": "link", "url": "https://cl.example.cn/a", "children": [text("见此")]})],
            '<p><a href="https://cl.example.cn/a" rel="noopener nofollow">见此</a></p>',
        ),
        (
            [
                {"type": "image", "src": "https://cl.example.cn/a.jpg", "caption": "图为沧澜港"},
                paragraph(text("正文")),
            ],
            "<figure><figcaption>图为沧澜港</figcaption></figure>\n<p>正文</p>",
        ),
        ([{"type": "html", "html": "<p>一段<b>HTML</b></p>"}], "<p>一段<b>HTML</b></p>"),
    ],
)
def test_a_post_without_html_is_read_from_the_editor_s_own_format(nodes, html):
    found = one(html=None, lexical=lexical(*nodes))
    assert found.body_html == html and found.problems == []


@pytest.mark.parametrize(
    "node",
    [
        {"type": "signup", "children": [text("留言")]},
        {"type": "paywall"},
        {"type": "email", "html": "<p>只给邮件</p>"},
        {"type": "markdown", "markdown": "# 标题"},
        {"type": "product"},
    ],
)
def test_what_the_editor_s_format_does_not_tell_is_held_by_name(node):
    found = one(html="", lexical=lexical(paragraph(text("正文")), node))
    assert Code.DOUBTFUL_BODY in codes(found) and node["type"] in "".join(map(str, found.problems))
    assert "正文" in found.plain.text and "只给邮件" not in found.plain.text


def test_the_former_editor_s_format_is_read_as_well():
    document = {
        "version": "0.3.1",
        "atoms": [["soft-return", "", {}]],
        "cards": [["hr", {}], ["image", {"src": "https://cl.example.cn/a.jpg"}], ["lottery", {}]],
        "markups": [["strong"], ["a", ["href", "https://cl.example.cn/a"]]],
        "sections": [
            [1, "p", [[0, [0], 1, "重点"], [0, [], 0, "，第一行"], [1, [], 0, 0], [0, [1], 1, "见此"]]],
            [3, "ul", [[[0, [], 0, "甲"]]]],
            [10, 1],
        ],
    }
    found = one(html=None, mobiledoc=json.dumps(document))
    assert found.plain.text == "重点，第一行\n见此\n甲" and "<strong>重点</strong>" in found.body_html
    assert len(found.pictures) == 1 and found.problems == []
    document["sections"].append([10, 2])
    assert Code.DOUBTFUL_BODY in codes(one(html=None, mobiledoc=json.dumps(document)))


def test_the_place_of_the_site_s_address_is_never_printed():
    found = one(html=f'<p>见<a href="__GHOST_URL__/a">此</a></p><img src="__GHOST_URL__/a.jpg">{HTML}')
    assert "__GHOST_URL__" not in found.body_html + str(found.pictures) and Code.BAD_LINK in codes(found)


def test_a_post_is_read_again_from_its_own_bytes_which_hold_no_password_or_address():
    (first,) = read_input(Found("a.json", "", data=export(POST).encode()))
    kept = unpack(first.raw)
    assert b"li@cl" not in kept and b"$2a$" not in kept
    again = read_again(first.name, kept, "auto", "").article
    for name in ("title", "outlet", "byline", "body_html", "external_id", "published_at", "tags"):
        assert getattr(again, name) == getattr(first.found[0], name)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b'{"db": [{"data": {"posts": [', "JSON"),
        (b'{"db": [{"data": {"posts": []}}]}', "没有文章"),
        (b'{"db": []}', "不是 Ghost"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_what_gives_no_post_is_refused_in_words(data, words):
    with pytest.raises(Unreadable, match=words):
        list(ghost_file.read(data, "a.json"))
