"""Books (.epub): each chapter is an article."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urldefrag

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from sources.formats.fields import Values, article
from sources.formats.packed import open_packed, read_part, tags_in, too_large
from sources.formats.raw_article import Broken, RawArticle, Unreadable
from sources.formats.signatures import not_a
from sources.problem import EMPTY, Code, Problem
from sources.text.decode import decode
from sources.text.lines import one_line
from sources.text.markup import shallow, with_few_attributes
from sources.text.sanitize import IMPLIED_END

CONTAINER = "META-INF/container.xml"
WHAT = "电子书"
MIMETYPE = "mimetype"
LOCKED = "META-INF/encryption.xml"
MOST_TAGS, MOST_CHAPTERS = 2_000_000, 5_000
TO_CHECK = Problem(Code.TO_CHECK, "是一本电子书的一章：请核对标题、来源和日期")
DAMAGED = "电子书坏了，{}；请重新下载，或用 Calibre 转换一次再导入"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter and what its book says of itself; stored as JSON, because a chapter alone would not say it."""

    title: str
    html: str
    book: str = ""
    author: str = ""
    publisher: str = ""
    date: str = ""


def read(data: bytes, name: str) -> Iterator[RawArticle | Broken]:
    """Yield an article for each chapter in reading order, named by its number; a page without words is Broken.

    `data` may also be one stored chapter. Raises Unreadable.
    """
    if not data.strip():
        raise Unreadable(EMPTY)
    if data.lstrip().startswith(b"{"):
        yield _article("", _stored(data), None)
        return
    packed = open_packed(data, WHAT)
    if not {CONTAINER, MIMETYPE} & set(packed.namelist()):
        raise Unreadable(not_a(WHAT, data))
    if tags_in(packed, WHAT) > MOST_TAGS:
        raise too_large("电子书太长，未读；请拆成几本")
    read_any = False
    for number, chapter in enumerate(_chapters(packed), 1):
        raw = json.dumps(asdict(chapter), ensure_ascii=False).encode("utf-8", "replace")
        found = _article(str(number), chapter, raw)
        read_any = True
        if found.plain.text:
            yield found
        else:
            said = f"第 {number} 页没有文字（多半是封面、插图）"
            yield Broken(found.part, Problem(Code.NO_BODY, said), raw)
    if not read_any:
        raise Unreadable(Problem(Code.NO_ARTICLES, "电子书里没有章节"))


def _stored(data: bytes) -> Chapter:
    try:
        return Chapter(**{name: str(value) for name, value in json.loads(data).items()})
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Unreadable(Problem(Code.WRONG_FORMAT, "不是电子书，也不是电子书的一章")) from None


def _article(part: str, chapter: Chapter, raw: bytes | None) -> RawArticle:
    values = Values(
        title=chapter.title,
        body=chapter.html,
        date=chapter.date,
        site=chapter.publisher,
        author=chapter.author,
    )
    said = [Problem(Code.TO_CHECK, f"{TO_CHECK.text}（《{chapter.book}》）")] if chapter.book else [TO_CHECK]
    return article(values, part, raw, said)


def _chapters(packed: zipfile.ZipFile) -> Iterator[Chapter]:
    """Yield the chapters in the order of the book's spine, without its table of contents."""
    names = set(packed.namelist())
    if LOCKED in names and b"EncryptedKey" in read_part(packed, LOCKED, WHAT):
        raise Unreadable(Problem(Code.DAMAGED, "电子书有版权锁（DRM），读不出；请换没有锁的版本"))
    root = next(iter(_xml(packed, CONTAINER).iter("{*}rootfile")), None)
    path = root.get("full-path", "") if root is not None else ""
    book = _xml(packed, path)
    about = {
        name: one_line(" ".join(filter(None, (one.text for one in book.iter(f"{{*}}{name}")))))
        for name in ("title", "creator", "publisher", "date")
    }
    items = {one.get("id"): one for one in book.iter("{*}item")}
    titles = _contents(packed, path, items, names)
    spine = [items[one.get("idref")] for one in book.iter("{*}itemref") if one.get("idref") in items]
    done: set[str] = set()  # a book that names a chapter again does not have it twice
    for item in spine[:MOST_CHAPTERS]:
        place = _place(path, item.get("href", ""))
        if place in done or "nav" in (item.get("properties") or "").split() or place not in names:
            continue
        done.add(place)
        title, html = _titled(decode(read_part(packed, place, WHAT)).text, titles.get(place, ""))
        yield Chapter(title, html, about["title"], about["creator"], about["publisher"], about["date"])
    if len(spine) > MOST_CHAPTERS:
        raise too_large(f"电子书的章节超过 {MOST_CHAPTERS} 个，其余未读；请拆成几本")


def _contents(packed: zipfile.ZipFile, path: str, items: dict, names: set[str]) -> dict[str, str]:
    """The titles in the book's table of contents, by file: of EPUB 3 (nav), else of EPUB 2 (ncx)."""
    found: dict[str, str] = {}
    left = set(names)
    for item in items.values():
        is_nav = "nav" in (item.get("properties") or "").split()
        if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
            continue
        place = _place(path, item.get("href", ""))
        if place not in left:
            continue
        left.remove(place)
        if is_nav:
            tree = LexborHTMLParser(_parseable(decode(read_part(packed, place, WHAT)).text))
            for link in tree.css("nav a[href]"):
                found.setdefault(_place(place, link.attributes.get("href") or ""), one_line(link.text()))
        else:
            for point in _xml(packed, place).iter("{*}navPoint"):
                label, content = point.find("{*}navLabel/{*}text"), point.find("{*}content")
                if label is not None and content is not None:
                    found.setdefault(_place(place, content.get("src", "")), one_line(label.text or ""))
    return found


def _titled(html: str, listed: str) -> tuple[str, str]:
    """Return the chapter's title, of its first heading or else of the table of contents, and its body without it."""
    tree = LexborHTMLParser(_parseable(html))
    if tree.body is None:
        return listed, ""
    tree.strip_tags(["script", "style", "nav"])
    heading = next((node for node in tree.css("h1, h2, h3") if one_line(node.text())), None)
    title = one_line(heading.text(separator=" ")) if heading is not None else ""
    if heading is not None:
        heading.decompose()
    return title or listed, tree.body.inner_html or ""


def _parseable(html: str) -> str:
    return shallow(with_few_attributes(html), IMPLIED_END)


def _place(base: str, href: str) -> str:
    """The path in the book of a link in the file at `base`."""
    return normpath(join(dirname(base), unquote(urldefrag(href).url)))


def _xml(packed: zipfile.ZipFile, path: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        found = etree.fromstring(read_part(packed, path, WHAT), parser)
    except (KeyError, etree.XMLSyntaxError, ValueError) as error:
        raise _damaged(
            f"没有 {path or '目录'}" if isinstance(error, KeyError) else f"{path} 读不懂"
        ) from None
    if found is None:
        raise _damaged(f"{path} 是空的")
    return found


def _damaged(said: str) -> Unreadable:
    return Unreadable(Problem(Code.DAMAGED, DAMAGED.format(said)))
