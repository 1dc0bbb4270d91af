"""Feeds: each entry an article by its number, nothing fetched, what is broken said."""

import json

import pytest

from sources.formats.feed import feed_file
from sources.formats.raw_article import Broken, Unreadable

DATE = "<pubDate>Tue, 01 Mar 2022 09:12:03 +0800</pubDate>"


def item(number, more="", body="正文。"):
    return f"<item><title>沧澜{number}</title>{DATE}<description>{body}</description>{more}</item>"


def rss(*items, head="<title>渝州财经网</title><link>https://news.example.cn/</link>"):
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


def read(text, name="a.xml"):
    return list(feed_file.read(text if isinstance(text, bytes) else text.encode(), name))


def test_entries_are_named_by_their_numbers_with_their_own_bytes():
    found = read(rss(item(1), item(2)))
    assert [one.part for one in found] == ["1", "2"]
    assert [one.raw for one in found] == [item(1).encode(), item(2).encode()]
    assert all(one.problems == [] for one in found)


def test_an_entry_can_be_read_again_from_its_own_bytes():
    (first,) = read(rss(item(1)))
    (again,) = read(first.raw)
    assert (again.title, again.published_at) == (first.title, first.published_at)


def test_an_end_tag_inside_cdata_does_not_cut_an_entry():
    tricky = item(1, body="<![CDATA[<p>正文</item></p>]]>")
    assert [one.raw for one in read(rss(tricky, item(2)))] == [tricky.encode(), item(2).encode()]


def test_markup_never_passes_but_through_our_gate():
    body = '<![CDATA[<p onclick="x()">正文<script>alert(1)</script><a href="/rel">链</a><img src="http://x.example/a.png"></p>]]>'
    (found,) = read(rss(item(1, body=body)))
    assert "正文" in found.body_html
    for bad in ("script", "onclick", "alert", "/rel", "x.example"):
        assert bad not in found.body_html


def test_a_title_in_rss_may_be_markup_and_stays_words():
    (found,) = read(rss(item(1)).replace("沧澜1", "AT&amp;amp;T &lt;b&gt;沧澜&lt;/b&gt;"))
    assert found.title == "AT&T 沧澜"


def test_ids_are_the_feeds_own_unless_they_are_addresses():
    own, address, none = read(
        rss(
            item(1, '<guid isPermaLink="false">7</guid>'),
            item(2, "<guid>https://b.example.cn/x</guid>"),
            item(3, "<link>https://news.example.cn/3</link>"),
        )
    )
    assert own.external_id == "news.example.cn/7" and own.original_url == ""
    assert address.external_id == address.original_url == "https://b.example.cn/x"
    assert none.external_id == none.original_url == "https://news.example.cn/3"


def test_an_id_or_address_of_several_entries_is_none():
    same = '<guid isPermaLink="false">7</guid>'
    first, second = read(rss(item(1, same), item(2, same)))
    assert first.external_id == second.external_id == ""
    assert "不止一次" in first.problems[0].text and "不止一次" in second.problems[0].text
    home = "<link>https://news.example.cn/</link>"
    assert [one.external_id for one in read(rss(item(1, home), item(2, home)))] == ["", ""]


def test_a_relative_link_is_one_of_the_feed_s_own_site():
    picture = '<enclosure url="/p/2.jpg" type="image/jpeg"/>'
    (found,) = read(rss(item(1, f"<link>/a/1.html</link>{picture}")))
    assert found.original_url == "https://news.example.cn/a/1.html" and found.problems == []
    assert [one.url for one in found.pictures] == ["https://news.example.cn/p/2.jpg"]
    items = [
        {"id": "1", "url": "/2", "title": "沧澜", "content_text": "正文。", "date_published": "2022-03-01"}
    ]
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://kb.example/",
        "title": "快报",
    }
    assert read(json.dumps(head | {"items": items}), "a.json")[0].original_url == "https://kb.example/2"


@pytest.mark.parametrize("link", ["/a/1.html", "tag:a,2022:1", "javascript:alert(1)"])
def test_a_link_that_leads_nowhere_is_not_resolved_to_some_place(link):
    head = "<title>渝州财经网</title>" + ("" if link[0] == "/" else "<link>https://news.example.cn/</link>")
    (found,) = read(rss(item(1, f"<link>{link}</link>"), head=head))
    assert found.original_url == "" and any("原文链接" in problem.text for problem in found.problems)


@pytest.mark.parametrize(
    ("written", "byline"),
    [
        ("desk@news.example.cn (何思远)", "何思远"),
        ("何思远 (desk@news.example.cn)", "何思远"),
        ("desk@news.example.cn", ""),
        ("何思远", "何思远"),
    ],
)
def test_an_author_s_name_is_told_from_the_address_beside_it(written, byline):
    assert read(rss(item(1, f"<author>{written}</author>")))[0].byline == byline


def test_an_author_longer_than_any_is_not_searched_for_an_address():
    """Fails when feedparser looks for it elsewhere than in the method that feed_file guards."""
    parse = feed_file._parser()

    def author(letters: int) -> dict:
        text = rss(item(1, f"<author>{'甲' * letters} (desk@news.example.cn)</author>"))
        return parse(text.encode()).entries[0].get("author_detail", {})

    assert author(20)["email"] == "desk@news.example.cn"
    assert "email" not in author(feed_file.LONGEST_AUTHOR)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Tue, 01 Mar 2022 09:12:03 +0800", "2022-03-01T09:12:03+08:00"),
        ("Tue, 01 Mar 2022 09:12:03 GMT", "2022-03-01T09:12:03+00:00"),
        ("Tue, 01 Mar 2022 09:12:03", "2022-03-01T09:12:03+08:00"),
        ("2022-03-01T09:12:03Z", "2022-03-01T09:12:03+00:00"),
        ("2022年3月1日 09:12", "2022-03-01T09:12:00+08:00"),
        ("Tue, 01 Mar 2022 09:12:03 CST", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_dates_are_read_as_they_are_written_and_never_guessed(written, iso):
    (found,) = read(rss(item(1)).replace("Tue, 01 Mar 2022 09:12:03 +0800", written))
    assert (found.published_at and found.published_at.isoformat()) == iso
    assert bool(found.problems) is (iso is None)


def test_the_credit_in_the_body_names_the_outlet_before_the_feed_does():
    body = '<![CDATA[<p>正文。</p><p class="em_media">（文章来源：山城商报）</p>]]>'
    assert read(rss(item(1, body=body)))[0].outlet == "山城商报"
    assert read(rss(item(1)))[0].outlet == "渝州财经网"


def test_an_entry_with_nothing_in_it_is_broken_and_named():
    found = read(rss(item(1), "<item><guid>x</guid></item>"))
    assert isinstance(found[1], Broken) and found[1].part == "2"


def test_of_broken_xml_what_can_be_read_is_with_the_line_of_the_fault():
    found = read(rss("\n" + item(1), "\n" + item(2).replace("正文", "正 & 文")))
    assert [one.title for one in found] == ["沧澜1", "沧澜2"]
    assert all("第 3 行" in one.problems[0].text for one in found)
    assert len({one.raw for one in found}) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"\xef\xbb\xbf \n", "空的"),
        (b"/etc/passwd", "不是订阅源"),
        (b"https://news.example.cn/feed.xml", "不是订阅源"),
        (b"<html><body>404</body></html>", "不是订阅源"),
        (b"<rss><channel>\n<it", "第 2 行"),
        (rss().encode(), "没有条目"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "JSON"),
        (b'{"items": []}', "JSON Feed"),
        (b"[" * 100_000, "不是订阅源"),
        (b"{" * 100_000, "JSON"),
    ],
)
def test_what_gives_no_entry_is_refused_in_words(data, words):
    with pytest.raises(Unreadable, match=words):
        read(data)


def test_entities_do_not_grow():
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + rss(
        item(1, body="&b;&b;&b;")
    )
    assert len(read(bomb)[0].plain.text) < 100


def test_nothing_outside_the_file_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("机密")
    text = f'<!DOCTYPE rss [<!ENTITY s SYSTEM "file://{secret}">]>' + rss(item(1, body="前&s;后"))
    assert "机密" not in read(text)[0].plain.text


@pytest.mark.parametrize(
    "broken", [{"items": [1, None, {"id": 1}]}, {"items": [{"title": "甲", "authors": 3, "tags": 4}]}]
)
def test_a_json_feed_of_odd_shapes_is_read_as_far_as_it_goes(broken):
    found = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", **broken}))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("name", "head", "is_feed"),
    [
        ("a.xml", '<?xml version="1.0"?>\n<!-- x -->\n<rss version="2.0">', True),
        ("a", "\ufeff<feed xmlns='http://www.w3.org/2005/Atom'>", True),
        ("a", "<rdf:RDF ", True),
        ("a.rss", "", True),
        ("a.json", '{"version": "https://jsonfeed.org/version/1"', True),
        ("a.xml", "<urlset>", False),
        ("a.json", '{"title": "甲"}', False),
        ("a.html", "<html>", False),
    ],
)
def test_a_feed_is_told_by_its_first_element(name, head, is_feed):
    assert feed_file.looks_like(name, head) is is_feed
