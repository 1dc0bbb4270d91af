"""What a source never showed, by folder, front matter, title, form or class, waits with the reason in every format."""

import json

import pytest

from sources.files.inputs import Found
from sources.problem import Code
from sources.reading.read import read_input

BODY = "东澜纺织三日向客户发出涨价函，坯布每米上调三角，多数客户表示要先看库存再定，厂里说交货期不变。"
POST = f"---\ntitle: 东澜纺织涨价\ndate: 2022-03-03 08:30:00\nsource: 东澜商报\n{{0}}---\n{BODY}\n"
TOML = f'+++\ntitle = "东澜纺织涨价"\ndate = 2022-03-03\nsource = "东澜商报"\n{{0}}+++\n{BODY}\n'
JSON = f'{{"title": "东澜纺织涨价", "date": "2022-03-03", "source": "东澜商报", __}}\n\n{BODY}\n'
PAGE = (
    "<!DOCTYPE html><html><head><title>{0}</title></head><body class='single'><article class='post {1}'>"
    "<h1>{0}</h1><div>来源：东澜商报 2022-03-03 08:30</div>"
    + f"<p>{BODY}</p>" * 3
    + "</article></body></html>"
)


def read(name, text):
    reads = read_input(Found(name, "", data=text.encode()))
    return next(one.found[0] for one in reads if one.found)


def private(found) -> str:
    return "；".join(one.text for one in found.problems if one.code == Code.UNPUBLISHED)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("source/_discarded/2022-03-03-price.md", "_discarded"),
        ("blog.zip!source/_archive/price.md", "_archive"),
        ("blog/source/_old/2021/price.md", "_old"),
        ("vault/.trash/price.md", ".trash"),
        ("_unpublished/price.md", "_unpublished"),
        ("稿件/废稿/price.md", "废稿"),
    ],
)
def test_a_folder_that_is_never_built_is_private(name, folder):
    assert f"“{folder}”" in private(read(name, POST.format("")))


@pytest.mark.parametrize("name", ["草稿箱/a.html", "_drafts/a.csv", "a.zip!trash/a.csv"])
def test_so_it_is_for_files_of_every_format(name):
    table = f"标题,日期,来源,正文\n东澜纺织涨价,2022-03-03 08:30,东澜商报,{BODY}\n"
    assert "文件夹" in private(
        read(name, PAGE.format("东澜纺织涨价", "") if name.endswith("html") else table)
    )


@pytest.mark.parametrize(
    "name",
    ["source/_posts/price.md", "_posts/2022-03-03-a.md", "_news/2022-03-03-a.md", "old_post/2022-03-03-a.md"],
)
def test_folders_that_are_built_are_not(name):
    assert not private(read(name, POST.format("")))


@pytest.mark.parametrize(
    "text",
    [
        POST.format("build:\n  list: never\n  render: never\n"),
        POST.format("_build:\n  render: false\n"),
        POST.format("build: {list: never, render: never}\n"),
        POST.format("build:\n  list: never\n"),
        POST.format("headless: true\n"),
        POST.format("permalink: false\n"),
        TOML.format("[build]\nrender = 'never'\n"),
        TOML.format("_build = { list = false }\n"),
        TOML.format("render = false\n"),
        JSON.replace("__", '"build": {"render": "never"}'),
        JSON.replace("__", '"headless": true'),
    ],
)
def test_a_page_that_the_site_does_not_build_is_private(text):
    assert private(read("content/news/price.md", text))


@pytest.mark.parametrize(
    "said",
    [
        "build:\n  list: always\n  render: always\n",
        "headless: false\n",
        "permalink: /a/b/\n",
        "build:\n  list: local\n",
    ],
)
def test_a_page_that_it_builds_is_not(said):
    assert not private(read("content/news/price.md", POST.format(said)))


def feed(title, body):
    return (
        f"<rss version='2.0'><channel><title>龙泉财经</title><item><title>{title}</title><guid>a-1</guid>"
        f"<pubDate>Thu, 10 Mar 2022 01:12:00 +0000</pubDate><description><![CDATA[{body}]]></description></item>"
        "</channel></rss>"
    )


PREFIXES = ["密码保护：", "Protected: ", "私密：", "Private: ", "受密碼保護：", "密碼保護: "]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_prefix_that_wordpress_sets_holds_the_post_and_is_no_part_of_its_title(prefix):
    for name, text in (
        ("a.xml", feed(f"{prefix}债务重组时间表", BODY)),
        ("a.html", PAGE.format(f"{prefix}债务重组时间表", "")),
        ("a.md", POST.format("").replace("东澜纺织涨价", f'"{prefix}债务重组时间表"')),
        ("a.csv", f"标题,日期,来源,正文\n{prefix}债务重组时间表,2022-03-03 08:30,东澜商报,{BODY}\n"),
    ):
        found = read(name, text)
        assert (found.title, prefix.strip(": ：") in private(found)) == ("债务重组时间表", True), name


@pytest.mark.parametrize(
    "title", ["私密聊天软件整改", "保护：水源地名单公布", "Protected areas grow", "私募：规模创新高"]
)
def test_a_title_that_only_begins_alike_stays(title):
    found = read("a.xml", feed(title, BODY))
    assert (found.title, private(found)) == (title, "")


@pytest.mark.parametrize(
    "body",
    [
        '<form class="post-password-form"><p>此内容受密码保护。如需查阅，请在下列字段中输入您的密码。</p></form>',
        "无法提供摘要。这是一篇受保护的文章。",
        "This content is password protected. To view it please enter your password below:",
        "There is no excerpt because this is a protected post.",
        "這篇內容受到密碼保護。如需檢視內容，請於下方欄位輸入密碼：",
    ],
)
def test_a_form_in_place_of_the_text_is_no_text(body):
    assert "密码" in private(read("a.xml", feed("债务重组时间表", body)))


def test_a_report_on_passwords_is_a_report():
    assert not private(read("a.xml", feed("数据安全", f"新规要求内容受密码保护的平台备案。{BODY * 4}")))


@pytest.mark.parametrize(
    "state", ["status-private", "status-draft", "status-pending", "status-future", "status-trash"]
)
def test_a_saved_page_that_calls_itself_unpublished_waits(state):
    assert state in private(read("a.html", PAGE.format("南陵化工停产", state)))


@pytest.mark.parametrize("state", ["status-publish", "status-private-equity", "order-status"])
def test_a_page_of_another_class_does_not(state):
    assert not private(read("a.html", PAGE.format("南陵化工停产", state)))


# ------------------------------------------------------------------ Blogger
def entry(number, kind, title, more="", as_type=False):
    said = (
        f"<blogger:type>{kind.upper()}</blogger:type>"
        if as_type
        else f"<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>"
    )
    return (
        f"<entry><id>tag:blogger.com,1999:blog-55.{kind}-{number}</id><published>2022-03-11T09:12:00+08:00</published>"
        f"{said}<category scheme='http://www.blogger.com/atom/ns#' term='夜市'/>{more}"
        f"<title type='text'>{title}</title><content type='html'>&lt;p&gt;{BODY}&lt;/p&gt;</content></entry>"
    )


def backup(*entries):
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://purl.org/atom/app#' "
        "xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:blogger='http://schemas.google.com/blogger/2018'>"
        f"<id>tag:blogger.com,1999:blog-55</id><title>临江夜话</title>{''.join(entries)}</feed>"
    )


@pytest.mark.parametrize("as_type", [False, True])
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("comment", "读者评论 1"),
        ("settings", "网站设置 1"),
        ("template", "网页模板 1"),
        ("page", "独立页面 1"),
    ],
)
def test_only_posts_of_a_blogger_backup_are_articles(kind, said, as_type):
    text = backup(
        entry(1, "post", "夜市租金", as_type=as_type), entry(2, kind, "楼主说得对", as_type=as_type)
    )
    reads = read_input(Found("blog.xml", "", data=text.encode()))
    assert [one.found[0].title for one in reads if one.found] == ["夜市租金"]
    assert (reads[0].name, reads[0].found[0].tags) == ("blog.xml:1", ["夜市"])
    (left_out,) = [one for one in reads if not one.found]
    assert said in left_out.skipped and not left_out.unlisted and left_out.raw


def test_its_drafts_wait_and_replies_in_any_feed_are_comments():
    draft = "<app:control><app:draft>yes</app:draft></app:control>"
    reply = entry(3, "post", "赞成").replace(
        "<category scheme='http://schemas.google", "<thr:in-reply-to ref='1'/><category scheme='x"
    )
    text = backup(entry(2, "post", "管理方换人", draft), reply)
    reads = read_input(Found("blog.xml", "", data=text.encode()))
    assert [private(one.found[0]) != "" for one in reads if one.found] == [True]
    assert "读者评论 1" in reads[-1].skipped


def test_a_feed_of_comments_alone_is_skipped_by_count():
    (one,) = read_input(
        Found("c.xml", "", data=backup(entry(1, "comment", "a"), entry(2, "comment", "b")).encode())
    )
    assert "读者评论 2" in one.skipped and not one.rejected


@pytest.mark.parametrize(
    "line", ["dg-publish: false", "obsidian-publish: no", "type: post_draft", "enabled: false"]
)
def test_other_programs_words_for_a_draft_are_understood(line):
    assert private(read("price.md", POST.format(line + "\n")))


@pytest.mark.parametrize("line", ["dg-publish: true", "type: post", "enabled: true"])
def test_their_words_for_what_is_public_hold_nothing(line):
    assert not private(read("price.md", POST.format(line + "\n")))


def test_a_table_of_typecho_has_its_dates_and_holds_its_drafts():
    rows = [
        {
            "cid": 11,
            "title": "东澜春茶开秤",
            "created": 1709258400,
            "type": "post",
            "status": "publish",
            "text": BODY,
        },
        {
            "cid": 12,
            "title": "东澜草样",
            "created": 1709258400,
            "type": "post_draft",
            "status": "publish",
            "text": BODY,
        },
    ]
    reads = read_input(Found("contents.json", "", data=json.dumps(rows, ensure_ascii=False).encode()))
    out, draft = [one.found[0] for one in reads]
    assert out.published_at.isoformat() == "2024-03-01T10:00:00+08:00" and not private(out)
    assert "post_draft" in private(draft)
