"""Word documents, books, e-mails and web archives: read whole, never certain."""

import io
import json
import quopri
import zipfile

import pytest

from sources.files.inputs import Found
from sources.files.raw_bytes import unpack
from sources.formats import FORMATS, detect
from sources.formats.raw_article import Broken, Unreadable
from sources.problem import Code
from sources.reading.read import read_input
from sources.reading.read_again import read_again

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
ROOT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>'
)
STYLES = (
    f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style></w:styles>'
)
DOCUMENT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
)
LONG = "澜州港八月吞吐量同比增长百分之十二，集装箱航线新开三条，港口负责人说全年目标不变。"


def packed(**parts):
    """A zip file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def paragraph(words, style=""):
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{styled}<w:r><w:t>{words}</w:t></w:r></w:p>"


def docx(*blocks):
    document = f'<w:document xmlns:w="{W}"><w:body>{"".join(blocks)}</w:body></w:document>'
    return packed(
        **{
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": ROOT_RELATIONS,
            "word/document.xml": document,
            "word/styles.xml": STYLES,
            "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
        }
    )


def read(data, name):
    return list(FORMATS[detect(name, data)](data, name))


def codes(found):
    return {problem.code for problem in found.problems}


# ------------------------------------------------------------------ Word
@pytest.mark.parametrize(
    ("first", "title_is_guessed"),
    [
        (paragraph("澜州港吞吐量创新高", "t"), False),
        (paragraph("澜州港吞吐量创新高", "1"), False),
        (paragraph("澜州港吞吐量创新高"), True),
        (paragraph("") + paragraph("澜州港吞吐量创新高", "2"), False),
    ],
)
def test_a_word_document_is_an_article_that_waits(first, title_is_guessed):
    (found,) = read(docx(first, paragraph(LONG), paragraph("小标题", "2"), paragraph(LONG)), "稿件.docx")
    assert found.title == "澜州港吞吐量创新高"
    assert found.plain.text == f"{LONG}\n小标题\n{LONG}"
    assert "<h" in found.body_html
    assert "澜州港吞吐量创新高" not in found.body_html
    assert {Code.TO_CHECK, Code.NO_DATE, Code.NO_OUTLET} <= codes(found)
    assert (Code.DOUBTFUL_TITLE in codes(found)) is title_is_guessed


def test_a_first_sentence_is_no_title_and_stays_in_the_text():
    (found,) = read(docx(paragraph(LONG), paragraph("第二段。")), "a.docx")
    assert found.title == ""
    assert found.plain.text == f"{LONG}\n第二段。"
    assert Code.NO_TITLE in codes(found)


def test_lists_and_tables_of_word_stay_what_they_are():
    cell = "<w:tc>{}</w:tc>"
    table = f"<w:tbl><w:tr>{cell.format(paragraph('吞吐量'))}{cell.format(paragraph('12.5%'))}</w:tr></w:tbl>"
    (found,) = read(docx(paragraph("港口月报", "t"), paragraph(LONG), table), "a.docx")
    assert "<td>" in found.body_html
    assert "吞吐量 12.5%" in found.plain.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 broken", "坏了"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "坏了"),
        (packed(**{"xl/workbook.xml": "<workbook/>"}), "不是 Word 文稿"),
        (packed(**{"word/document.xml": "<w:document"}), "坏了"),
        (packed(**{"word/document.xml": "0" * (8 << 20)}), "压缩比"),
    ],
)
def test_what_is_no_word_document_is_refused_with_what_to_do(data, words):
    with pytest.raises(Unreadable) as refusal:
        read(data, "a.docx")
    assert words in refusal.value.problem.text


# ------------------------------------------------------------------ books
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/a.opf"/></rootfiles></container>'
)
BOOK = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>
<dc:title>澜州年鉴</dc:title><dc:creator>李文舟</dc:creator><dc:publisher>澜州出版社</dc:publisher><dc:date>2021-06-01</dc:date>
</metadata><manifest><item id="c" href="cover.xhtml"/><item id="n" href="nav.xhtml" properties="nav"/>
<item id="x" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="one" href="text/one.xhtml"/><item id="two" href="text/%E4%BA%8C.xhtml"/>
<item id="gone" href="gone.xhtml"/></manifest><spine><itemref idref="c"/><itemref idref="n"/>
<itemref idref="one"/><itemref idref="two"/><itemref idref="gone"/></spine></package>"""
PAGE = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{}</body></html>'
NAV = PAGE.format('<nav><ol><li><a href="text/二.xhtml#top">港口</a></li></ol></nav>')
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>港口</text></navLabel>'
    '<content src="text/%E4%BA%8C.xhtml"/></navPoint></navMap></ncx>'
)


def epub(**more):
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/a.opf": BOOK,
        "OEBPS/cover.xhtml": PAGE.format('<img src="cover.jpg"/>'),
        "OEBPS/text/one.xhtml": PAGE.format(f"<h1>总述</h1><p>{LONG}</p>"),
        "OEBPS/text/二.xhtml": PAGE.format(f"<p>{LONG}</p><p>第二段。</p>"),
    }
    return packed(**parts | more)


@pytest.mark.parametrize("contents", [{"OEBPS/nav.xhtml": NAV}, {"OEBPS/toc.ncx": NCX}])
def test_each_chapter_of_a_book_is_an_article_that_waits(contents):
    cover, one, two = read(epub(**contents), "年鉴.epub")
    assert isinstance(cover, Broken)
    assert "没有文字" in cover.problem.text
    assert (one.title, two.title) == ("总述", "港口")
    assert one.plain.text == LONG
    assert two.plain.text == f"{LONG}\n第二段。"
    for found in (one, two):
        assert found.outlet == "澜州出版社"
        assert found.byline == "李文舟"
        assert Code.TO_CHECK in codes(found)


def test_a_chapter_reads_the_same_again_without_its_book():
    reads = read_input(Found("年鉴.epub", "", data=epub(**{"OEBPS/nav.xhtml": NAV})))
    chapter = next(read for read in reads if read.found and read.found[0].title == "港口")
    (raw,) = (one.raw for one in read(epub(**{"OEBPS/nav.xhtml": NAV}), "年鉴.epub")[2:])
    again = read_again(chapter.name, raw, "auto", "港口").article
    first = chapter.found[0]
    assert (again.title, again.body_html, again.outlet, again.published_at) == (
        first.title,
        first.body_html,
        first.outlet,
        first.published_at,
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK nothing", "坏了"),
        (packed(mimetype="application/epub+zip"), "坏了"),
        (epub(**{"OEBPS/a.opf": ""}), "坏了"),
        (epub(**{"OEBPS/a.opf": "<package/>"}), "没有章节"),
        (epub(**{"META-INF/encryption.xml": "<e><EncryptedKey/></e>"}), "DRM"),
        (json.dumps({"rows": []}).encode(), "不是电子书"),
    ],
)
def test_what_is_no_book_is_refused_with_what_to_do(data, words):
    with pytest.raises(Unreadable) as refusal:
        read(data, "a.epub")
    assert words in refusal.value.problem.text


def test_an_entity_of_a_book_reads_no_file():
    attack = BOOK.replace(
        "<package", '<!DOCTYPE package [<!ENTITY x SYSTEM "file:///etc/passwd">]><package', 1
    )
    found = read(epub(**{"OEBPS/a.opf": attack.replace("澜州年鉴", "&x;")}), "a.epub")
    assert "root:" not in "".join(str(one.problems) for one in found if not isinstance(one, Broken))


# ------------------------------------------------------------------ e-mails
MAIL = """From: =?utf-8?B?5rWE5bee5pep5oql?= <news@lanzhou-zaobao.example>
To: desk@example.org
Subject: =?gb2312?B?uNu/2tTCsag=?=
Date: Tue, 01 Mar 2022 09:12:03 +0800
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/{kind}; charset={charset}
Content-Transfer-Encoding: 8bit

{body}
--b
Content-Type: application/pdf; name="=?utf-8?B?5YWo5paHLnBkZg==?="
Content-Disposition: attachment; filename*=utf-8''%E5%85%A8%E6%96%87.pdf
Content-Transfer-Encoding: base64

JVBERg==
--b--
"""


@pytest.mark.parametrize(
    ("kind", "charset", "body"),
    [
        ("plain", "utf-8", f"{LONG}\n第二段 <1%。"),
        ("plain", "gb18030", f"{LONG}\n第二段 <1%。"),
        ("html", "utf-8", f"<p>{LONG}</p><p>第二段 &lt;1%。</p><script>alert(1)</script>"),
        ("plain", "x-unknown", f"{LONG}\n第二段 <1%。"),
    ],
    ids=["plain", "plain in gb18030", "html", "unknown encoding"],
)
def test_an_email_is_an_article_that_waits_and_names_its_attachments(kind, charset, body):
    text = MAIL.format(kind=kind, charset=charset, body=body)
    (found,) = read(text.encode("utf-8" if charset == "x-unknown" else charset), "快讯.eml")
    assert found.title == "港口月报"
    assert found.plain.text == f"{LONG}\n第二段 <1%。"
    assert "script" not in found.body_html
    assert found.published_at.isoformat() == "2022-03-01T09:12:03+08:00"
    assert "@" not in found.outlet + found.byline
    assert {Code.TO_CHECK, Code.DOUBTFUL_OUTLET, Code.DOUBTFUL_BODY} <= codes(found)
    assert any("全文.pdf" in problem.text for problem in found.problems)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5"])
def test_headers_that_are_not_encoded_are_read_as_what_they_say(charset):
    text = (
        f"From: 瀾州財經晚報 <a@b.example>\nTo: c@d.example\nSubject: 瀾州港今日開市，首日成交過萬\n\n{LONG}"
    )
    (found,) = read(text.encode(charset, "ignore"), "a.eml")
    assert found.title == "瀾州港今日開市，首日成交過萬"
    assert found.outlet == "瀾州財經晚報"


def test_a_sender_without_a_name_is_no_outlet():
    text = MAIL.format(kind="plain", charset="utf-8", body=LONG).replace("=?utf-8?B?5rWE5bee5pep5oql?= ", "")
    (found,) = read(text.encode(), "a.eml")
    assert found.outlet == "来源不明"
    assert Code.NO_OUTLET in codes(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("没有信头的一段话。\n", "不是邮件"),
        ("From: a@b.example\nTo: c@d.example\nContent-Type: application/pkcs7-mime\n\nMIIB", "加了密"),
        ("From: a@b.example\nTo: c@d.example\nContent-Type: image/png\n\niVBOR", "没有文字"),
        (
            "From: a\nTo: b\nContent-Type: multipart/mixed; boundary=b\n\n"
            + "--b\nContent-Type: text/x\n\n1\n" * 600,
            "超过",
        ),
        ("From: a\nTo: b\nContent-Type: text/plain" + "; a=b" * 3000 + "\n\n一", "参数太多"),
        ("From: a\nTo: b\nContent-Type: text/plain" + ";\n a=b" * 3000 + "\n\n一", "参数太多"),
        (
            "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000)),
            "太深",
        ),
    ],
)
def test_what_is_no_readable_email_is_refused_with_the_reason(text, words):
    with pytest.raises(Unreadable) as refusal:
        read(text.encode(), "a.eml")
    assert words in refusal.value.problem.text


# ------------------------------------------------------------------ web archives
ARCHIVE = """From: <Saved by Blink>
Snapshot-Content-Location: https://www.lanzhou-zaobao.example/2022/port.html
Subject: =?utf-8?Q?=E6=B8=AF=E5=8F=A3?=
Date: Sat, 5 Mar 2022 10:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="b"

--b
Content-Type: {kind}
Content-ID: <frame>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://www.lanzhou-zaobao.example/2022/port.html

{body}
--b
Content-Type: image/png
Content-Location: https://www.lanzhou-zaobao.example/a.png

x
--b--
"""


@pytest.mark.parametrize(("suffix", "charset"), [(".mht", "utf-8"), (".mhtml", "gb18030")])
def test_a_web_archive_is_read_as_the_page_it_holds(suffix, charset):
    article = f"<article><p>{LONG}</p><p>{LONG[::-1]}</p></article>"
    page = f"<html><head><title>港口月报</title></head><body><h1>港口月报</h1>{article}</body></html>"
    body = quopri.encodestring(page.encode(charset)).decode("ascii")
    text = ARCHIVE.format(kind=f'text/html; charset="{charset}"', body=body)
    (found,) = read(text.encode(), f"港口{suffix}")
    assert found.title == "港口月报"
    assert LONG in found.plain.text
    assert found.original_url == "https://www.lanzhou-zaobao.example/2022/port.html"
    # The day it was saved is no day of publication.
    assert found.published_at is None


# ------------------------------------------------------------------ all of them
@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("a.docx", "docx"),
        ("b/年鉴.EPUB", "epub"),
        ("c.zip!d.eml", "mail"),
        ("e.mht", "mhtml"),
        ("f.MHTML", "mhtml"),
    ],
)
def test_documents_are_found_by_their_names(name, format_name):
    assert detect(name, b"PK\x03\x04") == format_name


def test_a_page_that_a_browser_archived_is_one_under_the_name_of_an_email_too():
    assert detect("港口.eml", ARCHIVE.encode()) == "mhtml"
    assert detect("港口.eml", MAIL.encode()) == "mail"


def archive(body):
    return ARCHIVE.format(
        kind="text/html; charset=utf-8", body=quopri.encodestring(body.encode()).decode("ascii")
    )


GIVEN = {
    "docx": docx(paragraph("澜州港吞吐量创新高", "t"), paragraph(LONG)),
    "epub": epub(),
    "mail": MAIL.format(kind="plain", charset="utf-8", body=LONG).encode(),
    "mhtml": archive(
        f"<html><body><h1>港口月报</h1><article><p>{LONG}</p><p>{LONG[::-1]}</p></article></body></html>"
    ).encode(),
}


@pytest.mark.parametrize("name", ["无后缀", "通稿.bin", "通稿.doc", "通稿.txt", "a.tar!通稿.md"])
@pytest.mark.parametrize("format_name", GIVEN)
def test_a_format_given_by_hand_reads_a_file_of_any_name_and_reads_it_again(format_name, name):
    reads = read_input(Found(name, "", data=GIVEN[format_name]), format_name)
    first = next(one for one in reads if one.found)
    assert LONG in first.found[0].plain.text
    assert Code.TO_CHECK in codes(first.found[0]) or format_name == "mhtml"
    again = read_again(first.name, unpack(first.raw), format_name, first.found[0].title)
    assert again.article.body_html == first.found[0].body_html
    assert again.format == format_name


@pytest.mark.parametrize(
    ("data", "named", "to_do"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 20, "JPEG", "文字识别"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG", "文字识别"),
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "PDF", "另存为"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office", "另存为"),
        (packed(**{"xl/workbook.xml": "<workbook/>"}), "Excel", "不指定格式"),
        (f"渔港开市，{LONG}".encode(), "文本", "不指定格式"),
    ],
    ids=["jpeg", "png", "pdf", "old office", "workbook", "text"],
)
@pytest.mark.parametrize("format_name", GIVEN)
def test_a_wrong_format_given_by_hand_is_rejected_with_what_the_file_is(format_name, data, named, to_do):
    (one,) = read_input(Found("通稿", "", data=data), format_name)
    assert one.rejected.code == Code.WRONG_FORMAT and not one.found
    assert named in one.rejected.text and to_do in one.rejected.text
    assert unpack(one.raw) == data


@pytest.mark.parametrize(
    ("given", "format_name"),
    [("epub", "docx"), ("docx", "epub"), ("docx", "mail"), ("mail", "docx"), ("mhtml", "epub")],
)
def test_one_kind_of_document_given_as_another_is_rejected(given, format_name):
    (one,) = read_input(Found("通稿", "", data=GIVEN[given]), format_name)
    assert one.rejected.code == Code.WRONG_FORMAT and "再导入" in one.rejected.text


@pytest.mark.parametrize(
    ("format_name", "name"),
    [("docx", "a.docx"), ("epub", "年鉴.EPUB"), ("mail", "a.eml"), ("mhtml", "a.mht"), ("mhtml", "b.MHTML")],
)
def test_what_was_stored_when_all_of_them_were_one_format_is_read_as_it_was(format_name, name):
    reads = read_input(Found(name, "", data=GIVEN[format_name]), "document")
    first = next(one for one in reads if one.found)
    again = read_again(first.name, unpack(first.raw), "document", first.found[0].title)
    assert (again.format, again.article.body_html) == (format_name, first.found[0].body_html)


def test_a_stored_run_for_documents_still_rejects_what_is_none():
    (one,) = read_input(Found("a.md", "", data=f"# 渔港\n\n{LONG}".encode()), "document")
    assert one.rejected.code == Code.WRONG_FORMAT and not one.skipped


@pytest.mark.parametrize("name", ["a.docx", "a.epub", "a.eml", "a.mht"])
def test_an_empty_document_is_called_empty(name):
    with pytest.raises(Unreadable) as refusal:
        read(b" \n", name)
    assert refusal.value.problem.code == Code.EMPTY
