"""Exports of WordPress: what was public there is an article, and nothing else is."""

from datetime import UTC

import pytest

from sources.files.inputs import Found
from sources.files.raw_bytes import unpack
from sources.formats import detect
from sources.formats.feed import feed_file
from sources.formats.raw_article import LeftOut, RawArticle, Unreadable
from sources.formats.wxr import wordpress_file
from sources.problem import Code
from sources.reading.read import read_input
from sources.reading.read_again import read_again
from tests.support.wordpress import HEAD, attachment, export, post

PICTURE = "https://cl.example.cn/wp-content/uploads/2024/03/gang.jpg"


def read(*items, head=HEAD):
    return list(wordpress_file.read(export(*items, head=head).encode(), "a.xml"))


def one(*args, **values):
    (found,) = read(post(*args, **values))
    return found


def codes(found):
    return {problem.code for problem in found.problems}


def test_a_public_post_is_complete_and_certain():
    found = one()
    assert (found.title, found.outlet, found.byline) == ("沧澜港恢复通航", "沧澜财经", "李思衡")
    assert found.published_at.isoformat() == "2024-03-10T09:12:03+08:00"
    assert found.external_id == "https://cl.example.cn/?p=1"
    assert found.original_url == "https://cl.example.cn/2024/03/1/"
    assert found.body_html.count("<p>") == 2 and found.problems == []


@pytest.mark.parametrize("name", ["a.xml", "a.rss", "a.txt", "a.zip!wp/沧澜.WordPress.2024-03-20.xml"])
def test_an_export_is_known_by_its_namespace_and_is_no_feed(name):
    assert detect(name, export(post()).encode()) == "wxr"


def test_an_export_given_as_a_feed_is_refused_in_words():
    with pytest.raises(Unreadable, match="wxr"):
        list(feed_file.read(export(post()).encode(), "a.xml"))


def test_a_feed_of_a_site_made_with_wordpress_stays_a_feed():
    feed = (
        '<?xml version="1.0"?><rss version="2.0"><channel><generator>https://wordpress.org/?v=6.4</generator>'
    )
    assert detect("a.xml", f"{feed}<item><title>甲</title></item></channel></rss>".encode()) == "feed"


# ------------------------------------------------------------------ what was not public
@pytest.mark.parametrize(
    "values",
    [
        {"status": "draft", "post_date_gmt": "0000-00-00 00:00:00"},
        {"status": "private"},
        {"status": "pending"},
        {"status": "future"},
        {"status": "trash"},
        {"status": "auto-draft"},
        {"status": "Draft "},
        {"status": "in-progress"},
        {"status": None},
        {"post_password": "沧澜2024"},
        {"post_date": "2099-01-01 08:00:00", "post_date_gmt": "2099-01-01 00:00:00"},
    ],
)
def test_what_the_site_did_not_show_is_held_and_keeps_its_words(values):
    found = one(**values)
    assert codes(found) & {Code.UNPUBLISHED, Code.DOUBTFUL_DATE}
    assert "恢复通航" in found.plain.text
    assert not any("沧澜2024" in problem.text for problem in found.problems)


def test_attachments_pages_menus_and_revisions_are_counted_and_listed_not_published():
    kinds = ("attachment", "page", "nav_menu_item", "revision", "customize_changeset", "kb_entry")
    others = [post(number, post_type=kind, status="publish") for number, kind in enumerate(kinds, 2)]
    others.append(attachment(9, PICTURE))
    comment = "<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>"
    found = read(post(more=comment), *others)
    assert [type(one) for one in found] == [RawArticle, LeftOut]
    for said in ("附件 2", "页面 1", "导航菜单项 1", "修订版本 1", "kb_entry 类型 1", "读者评论 1"):
        assert said in found[1].said
    assert PICTURE in found[1].raw.decode()


def test_an_import_has_a_line_for_what_was_left_out():
    reads = read_input(Found("a.xml", "", data=export(post(), post(2, post_type="page")).encode()))
    assert [(one.name, bool(one.skipped), one.unlisted) for one in reads] == [
        ("a.xml:1", False, False),
        ("a.xml", True, False),
    ]
    assert "页面 1" in reads[1].skipped


# ------------------------------------------------------------------ dates
@pytest.mark.parametrize(
    ("local", "utc", "iso"),
    [
        ("2024-03-10 09:12:03", "2024-03-10 01:12:03", "2024-03-10T01:12:03+00:00"),
        ("2024-03-09 20:12:03", "2024-03-10 01:12:03", "2024-03-10T01:12:03+00:00"),
        ("2024-03-10 06:42:03", "2024-03-10 01:12:03", "2024-03-10T01:12:03+00:00"),
        ("0000-00-00 00:00:00", "2024-03-10 01:12:03", "2024-03-10T01:12:03+00:00"),
        ("2024-03-10 09:12:03", "0000-00-00 00:00:00", "2024-03-10T01:12:03+00:00"),
        ("2024-03-10 09:12:03", None, "2024-03-10T01:12:03+00:00"),
    ],
)
def test_the_moment_is_that_of_the_gmt_value(local, utc, iso):
    found = one(post_date=local, post_date_gmt=utc)
    assert found.published_at.astimezone(UTC).isoformat() == iso
    assert found.problems == []


def test_a_date_without_gmt_is_in_the_zone_that_the_site_s_other_posts_show():
    tokyo = {"post_date": "2024-03-10 10:12:03"}
    drafted = post(3, post_date="2024-03-11 08:00:00", post_date_gmt="0000-00-00 00:00:00")
    *_, found = read(post(1, **tokyo), post(2, **tokyo), drafted)
    assert found.published_at.isoformat() == "2024-03-11T08:00:00+09:00"
    (again,) = wordpress_file.read(found.raw, "a.xml")
    assert again.published_at == found.published_at


@pytest.mark.parametrize("utc", ["2024-03-10 09:12:03", "2024-03-12 01:12:03", "2023-03-10 01:12:03"])
def test_a_gmt_value_that_the_rest_of_the_site_contradicts_is_held(utc):
    *_, found = read(post(1), post(2), post(3, post_date_gmt=utc))
    assert Code.DOUBTFUL_DATE in codes(found)


# ------------------------------------------------------------------ names, categories, tags
def test_categories_and_tags_stay_apart():
    terms = (
        '<category domain="category" nicename="cj"><![CDATA[财经]]></category>'
        '<category domain="post_tag" nicename="gk"><![CDATA[港口]]></category>'
        '<category domain="post_format" nicename="post-format-aside"><![CDATA[引语]]></category>'
    )
    found = one(terms=terms)
    assert found.tags == ["港口"] and found.outlet == "沧澜财经"
    assert any("财经" in note for note in found.notes)


@pytest.mark.parametrize("name", ["admin", "lisi", "lisi@cl.example.cn", "管理员", ""])
def test_a_login_or_address_is_nobody_s_name(name):
    (found,) = read(post(), head=HEAD.replace("李思衡", name))
    assert found.byline == ""


# ------------------------------------------------------------------ text
def test_blank_lines_make_paragraphs_and_breaks_stay_breaks():
    found = one(
        body="第一段，<strong>重点</strong>。\n第二行。\n\n第二段。\n<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>\n第三段。"
    )
    assert found.body_html == (
        "<p>第一段，<strong>重点</strong>。<br>第二行。</p>\n<p>第二段。</p>\n<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>\n<p>第三段。</p>"
    )


def test_blocks_are_read_without_their_comments():
    body = (
        '<!-- wp:paragraph {"dropCap":true} -->\n<p>第一段。</p>\n<!-- /wp:paragraph -->\n\n'
        "<!-- wp:heading -->\n<h2>小标题</h2>\n<!-- /wp:heading -->\n\n<!--more-->\n<p>第二段。</p>"
    )
    found = one(body=body)
    assert found.plain.text == "第一段。\n小标题\n第二段。" and "wp:" not in found.body_html
    assert found.problems == []


def test_a_block_that_the_site_fills_in_is_held():
    found = one(body='<p>正文。</p>\n<!-- wp:block {"ref":12} /-->\n<!-- wp:latest-posts /-->')
    assert Code.DOUBTFUL_BODY in codes(found) and "latest-posts" in found.problems[0].text


@pytest.mark.parametrize(
    "written",
    [
        f'[caption id="a" align="alignnone" width="300"]<img src="{PICTURE}" alt="" /> 图为沧澜港[/caption]',
        f'[caption width="300" caption="图为沧澜港"]<img src="{PICTURE}" />[/caption]',
        f'[wp_caption id="a"]<a href="{PICTURE}"><img src="{PICTURE}" /></a>图为沧澜港[/wp_caption]',
    ],
)
def test_a_caption_stays_the_caption_of_its_picture(written):
    found = one(body=f"第一段。\n\n{written}\n\n第二段。")
    assert found.body_html == (
        "<p>第一段。</p>\n<figure><figcaption>图为沧澜港</figcaption></figure>\n<p>第二段。</p>"
    )
    assert [picture.url for picture in found.pictures] == [PICTURE]
    assert "caption id" not in found.plain.text and found.problems == []


@pytest.mark.parametrize(
    "written", ['[gallery ids="5,6"]', "[gallery columns='2' include='5, 6']", "[gallery]"]
)
def test_a_gallery_shows_the_pictures_that_the_export_names(written):
    other = PICTURE.replace("gang", "chuan")
    found, _ = read(post(body=f"正文。\n\n{written}"), attachment(5, PICTURE, "码头"), attachment(6, other))
    assert [picture.url for picture in found.pictures] == [PICTURE, other]
    assert "<figcaption>码头</figcaption>" in found.body_html and found.problems == []
    (again,) = wordpress_file.read(found.raw, "a.xml")
    assert (again.body_html, again.pictures) == (found.body_html, found.pictures)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('[gallery ids="5,7"]', ""),
        ('[contact-form-7 id="12" title="联系"]', ""),
        ("[quote]引一句话。[/quote]", "引一句话。"),
        ('[vc_row][vc_column width="1/2"]栏里的话。[/vc_column][/vc_row]', "栏里的话。"),
        ("[toc]", ""),
        ('[caption id="a"]图说没有结束', "图说没有结束"),
        ("[my_ad_slot]", "[my_ad_slot]"),
        ("[playlist]", ""),
        ('[su_button url="https://cl.example.cn/x"]点这里[/su_button]', "点这里"),
    ],
)
def test_a_shortcode_that_is_not_known_is_held_named_and_loses_no_words(written, kept):
    found = one(body=f"第一段。\n\n{written}\n\n第二段。")
    assert Code.DOUBTFUL_BODY in codes(found)
    assert found.plain.text.split("\n") == ["第一段。", *([kept] if kept else []), "第二段。"]
    assert any(
        written.partition(" ")[0].strip("[]").split("]")[0] in p.text or "5" in p.text for p in found.problems
    )


@pytest.mark.parametrize(
    "words", ["见注[1]。", "[新华社]快讯", "价格 [USD 100] 起", "他说[sic]好", "数组 [a, b]"]
)
def test_brackets_in_a_sentence_are_words(words):
    found = one(body=words)
    assert found.plain.text == words and found.problems == []


def test_a_shortcode_written_for_readers_stays_as_they_see_it():
    found = one(body='用 [[gallery ids="1"]] 插图集。')
    assert found.plain.text == '用 [gallery ids="1"] 插图集。' and found.problems == []


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("&ldquo;季报&rdquo;发布", "“季报”发布"),
        ("<em>季报</em>发布", "季报发布"),
        ("甲&amp;乙 <1%", "甲&乙 <1%"),
    ],
)
def test_a_title_is_html(title, shown):
    assert one(title=title).title == shown


def test_the_picture_above_a_post_is_its_first():
    value = "<wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value><![CDATA[5]]></wp:meta_value>"
    meta = f"<wp:postmeta>{value}</wp:postmeta>"
    found, _ = read(post(more=meta), attachment(5, PICTURE, parent=0))
    assert [picture.url for picture in found.pictures] == [PICTURE]


# ------------------------------------------------------------------ bytes
@pytest.mark.parametrize("format_name", ["auto", "wxr"])
def test_a_post_is_read_again_from_its_own_bytes(format_name):
    reads = read_input(
        Found("a.xml", "", data=export(post(), post(2, title="第二篇", status="draft")).encode())
    )
    for read_first in reads:
        first = read_first.found[0]
        again = read_again(read_first.name, unpack(read_first.raw), format_name, first.title).article
        for name in (
            "title",
            "outlet",
            "byline",
            "body_html",
            "external_id",
            "published_at",
            "problems",
            "teller",
        ):
            assert getattr(again, name) == getattr(first, name)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (b"", "空的"),
        (b"<rss><channel></channel></rss>", "没有文章"),
        (b"no xml at all", "读不出|没有文章"),
        (export().replace("<channel>", "<!DOCTYPE a [<!ENTITY b 'c'>]><channel>").encode(), "实体"),
    ],
)
def test_what_gives_no_post_is_refused_in_words(broken, words):
    with pytest.raises(Unreadable, match=words):
        list(wordpress_file.read(broken, "a.xml"))


def test_of_an_export_that_was_cut_off_what_is_there_is_held():
    text = export(post(1), post(2, title="第二篇"), post(3))
    found = list(wordpress_file.read(text[: text.rindex("<item>") + 300].encode(), "a.xml"))
    assert [one.title for one in found[:2]] == ["沧澜港恢复通航", "第二篇"]
    assert all(Code.BROKEN_XML in codes(one) for one in found)


def test_control_characters_do_not_break_an_export():
    found = one(body="第一段。\x08\n\n第二段。\x0b")
    assert found.plain.text == "第一段。\n第二段。" and found.problems == []


def test_an_external_entity_is_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("机密")
    text = export(post()).replace("<rss", f'<!DOCTYPE rss SYSTEM "file://{secret}"><rss', 1)
    assert "机密" not in str(list(wordpress_file.read(text.encode(), "a.xml")))
