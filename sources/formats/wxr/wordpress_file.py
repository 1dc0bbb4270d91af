"""WordPress exports (WXR): each post is an article; attachments, pages, menus and revisions are counted."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from io import BytesIO

from lxml import etree

from sources.formats.fields import Values, article, host, html_words, is_web_address
from sources.formats.markup import decode_markup
from sources.formats.private_text import private_reason
from sources.formats.raw_article import UNKNOWN_OUTLET, Broken, LeftOut, RawArticle, Unreadable
from sources.formats.wxr.blank_lines import with_paragraphs
from sources.formats.wxr.shortcodes import Attachment, expanded
from sources.formats.xml_guard import refuse_bombs, too_much
from sources.problem import EMPTY, Code, Problem
from sources.text.lines import one_line
from sources.text.sanitize import COMMENT, UNSTORABLE

LARGEST = 20 * 1024 * 1024  # characters
WXR = "http://wordpress.org/export/1.2/"
KINDS = {
    "attachment": "附件",
    "page": "页面",
    "nav_menu_item": "导航菜单项",
    "revision": "修订版本",
    "wp_block": "可重用区块",
    "custom_css": "样式",
    "customize_changeset": "外观设置",
    "wp_template": "模板",
    "wp_template_part": "模板",
    "wp_global_styles": "样式",
    "wp_navigation": "导航菜单",
}
NO_NAMES = {"admin", "administrator", "root", "webmaster", "editor", "管理员"}
NO_STATUS = Problem(Code.UNPUBLISHED, "没有写明状态，不知道是不是已发布，请核对")
OTHER_OFFSET = "发布时间和它的格林尼治时间相差 {} 小时，本站别的文章是 {} 小时，请核对"
EMPTY_BLOCKS = "正文用了 {} 个由网站填内容的区块，导出文件里没有它们的文字，请对照原文：{}"

_PROLOG = re.compile(r"\A[\ufeff\s]*<\?xml[^>]*\?>")
_NO_DATE = "0000-00-00 00:00:00"
_BLOCK_NAME = re.compile(r"<!--\s*+wp:([a-z][\w/-]*+)")
_STATIC_WITHOUT_END = {"spacer", "separator", "more", "nextpage", "page-break", "navigation", "social-link"}
_PICTURES = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|svg)(?:\?|\Z)", re.I)


@dataclass(slots=True)
class Site:
    """What an export says for all of its posts. `offset` is how far the site's clock is from UTC."""

    title: str = ""
    link: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    pictures_of: dict[str, list[str]] = field(
        default_factory=dict
    )  # ids of attachments, by that of their post
    offset: timedelta | None = None


@dataclass(slots=True)
class Item:
    """One item of the export: its values by name, categories, tags and meta, and its own XML."""

    number: int
    values: dict[str, str]
    terms: list[tuple[str, str]]
    meta: dict[str, str]
    comments: int
    xml: str

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def kind(self) -> str:
        return self["post_type"] or "post"


def read(data: bytes, name: str) -> Iterator[RawArticle | Broken | LeftOut]:
    """Yield an article per post, named by its number among the items, then what was left out. Raises Unreadable.

    A post's bytes are an export of its own: with the site, its author and the attachments it shows.
    """
    decoded = decode_markup(data)
    text = UNSTORABLE.sub("", decoded.text.replace("\r\n", "\n")).strip("\ufeff \t\r\n")
    if not text:
        raise Unreadable(EMPTY)
    if len(text) > LARGEST:
        raise too_much(
            f"导出文件有 {len(text)} 字，超过 {LARGEST} 的上限，未读；请在 WordPress 里按日期分开导出"
        )
    refuse_bombs(text, "导出文件")
    if "<!ENTITY" in text:
        raise too_much("导出文件里声明了实体，不合常理，未读")
    problems = [decoded.problem] if decoded.problem else []
    site, items = _parsed(_PROLOG.sub("", text, count=1), problems)
    if not items:
        raise Unreadable(Problem(Code.NO_ARTICLES, "导出文件里没有文章（没有 item）"))
    posts = [item for item in items if item.kind == "post"]
    guids = Counter(item["guid"] for item in posts)
    site.offset = site.offset if site.offset is not None else _usual_offset(items)
    for item in posts:
        found = _article(item, site, problems, guids)
        empty = not found.title and not found.plain.text
        problem = Problem(Code.BAD_PART, f"第 {item.number} 项没有标题也没有正文")
        yield Broken(found.part, problem, found.raw) if empty else found
    if left_out := _left_out(items):
        yield left_out


# ------------------------------------------------------------------ XML
def _parsed(text: str, problems: list[Problem]) -> tuple[Site, list[Item]]:
    """Parse an export, as far as it goes where it is broken. Nothing is fetched, and no entity is expanded."""
    site, items, depth = Site(), [], 0
    parser = etree.iterparse(
        BytesIO(text.encode("utf-8", "replace")),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        strip_cdata=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in parser:
            name = _local(element)
            if name == "item":
                depth += 1 if event == "start" else -1
                if event == "end" and depth == 0:
                    items.append(_item(element, len(items) + 1))
                    parent = element.getparent()
                    element.clear()
                    if parent is not None:
                        parent.remove(element)
            elif event == "end" and not depth:
                _of_site(site, name, element)
    except etree.XMLSyntaxError as error:
        if not items:
            said = f"XML 坏得读不出文章（{one_line(str(error))[:80]}）；请重新导出"
            raise Unreadable(Problem(Code.DAMAGED, said, error.lineno)) from None
    if parser.error_log:
        fault = parser.error_log[0]
        said = (
            f"导出文件的 XML 有错（第 {fault.line} 行：{one_line(fault.message)[:80]}），可能读漏，请对照原文"
        )
        problems.append(Problem(Code.BROKEN_XML, said, fault.line))
    site.attachments |= {item["post_id"]: _attachment(item) for item in items if item.kind == "attachment"}
    for one, its in site.attachments.items():
        if its.is_picture:
            site.pictures_of.setdefault(its.parent, []).append(one)
    return site, items


def _local(element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _words(element) -> str:
    """Return an element's own text; entities that are not expanded stay out of it."""
    return "".join(element.itertext(with_tail=False)) if len(element) else element.text or ""


def _of_site(site: Site, name: str, element) -> None:
    """Take what the channel says of the site."""
    if name == "author":
        said = {_local(one): _words(one) for one in element}
        if login := said.get("author_login", "").strip():
            site.authors[login] = html_words(said.get("author_display_name", ""))
    elif name == "title" and not site.title:
        site.title = html_words(_words(element))
    elif name == "link" and not site.link:
        site.link = _words(element).strip()
    elif name == "gmt_offset" and (minutes := _words(element).strip()).lstrip("-").isdecimal():
        site.offset = timedelta(minutes=int(minutes[:5]))
    elif name == "attachment_known" and (url := _words(element).strip()):
        known = Attachment(url, element.get("caption", ""), element.get("parent", ""))
        site.attachments[element.get("id", "")] = known


def _item(element, number: int) -> Item:
    values: dict[str, str] = {}
    terms, meta, comments = [], {}, 0
    for one in element:
        name = _local(one)
        if name == "encoded":
            values["excerpt" if "excerpt" in one.tag else "content"] = _words(one)
        elif name == "category":
            terms.append((one.get("domain") or "category", html_words(_words(one))))
        elif name == "postmeta":
            said = {_local(inner): _words(inner) for inner in one}
            meta.setdefault(said.get("meta_key", ""), said.get("meta_value", ""))
        elif name == "comment":
            comments += 1
        elif name:
            values.setdefault(name, _words(one))
    element.tail = None
    return Item(number, values, terms, meta, comments, etree.tostring(element, encoding="unicode"))


def _attachment(item: Item) -> Attachment:
    url = (item["attachment_url"] or item["guid"]).strip()
    return Attachment(
        url, html_words(item["excerpt"]), item["post_parent"].strip(), bool(_PICTURES.search(url))
    )


# ------------------------------------------------------------------ one post
def _article(item: Item, site: Site, problems: list[Problem], guids: Counter) -> RawArticle:
    own_problems: list[Problem] = []
    shown: dict[str, Attachment] = {}
    body = _body(item, site, shown, own_problems)
    date, doubt = _date(item, site)
    values = Values(
        title=html_words(item["title"]),
        body=body,
        digest=escape(html_words(item["excerpt"]), quote=False),
        date=date,
        site=site.title,
        url=link if is_web_address(link := item["link"].strip()) else "",
        author=_author(item, site),
        tags=[name for domain, name in item.terms if domain == "post_tag"],
    )
    found = article(values, str(item.number), _standalone(item, site, shown), problems)
    found.problems += own_problems + ([doubt] if doubt else [])
    private = private_reason({"status": item["status"], "password": item["post_password"]})
    if private or not item["status"].strip():
        found.problems.append(private or NO_STATUS)
    if sections := [name for domain, name in item.terms if domain == "category"]:
        found.notes.append(f"原栏目：{'、'.join(dict.fromkeys(sections))}")
    found.external_id = _external_id(item, site, found, guids)
    found.teller = site.title or host(site.link) or UNKNOWN_OUTLET
    return found


def _body(item: Item, site: Site, shown: dict[str, Attachment], problems: list[Problem]) -> str:
    """Return the body as the site shows it: without shortcodes and comments, with paragraphs, under its picture."""
    content = item["content"]
    if dynamic := _dynamic_blocks(content):
        said = EMPTY_BLOCKS.format(len(dynamic), "、".join(dict.fromkeys(dynamic))[:80])
        problems.append(Problem(Code.DOUBTFUL_BODY, said))

    def gallery(asked: dict[str, str]) -> tuple[list[Attachment], list[str]]:
        return _gallery(asked, item, site, shown)

    result = expanded(COMMENT.sub("", content), gallery)
    problems += result.problems()
    body = with_paragraphs(result.body)
    lead = item.meta.get("_thumbnail_id", "").strip()
    if lead in site.attachments and site.attachments[lead].url.rpartition("/")[2] not in body:
        shown[lead] = site.attachments[lead]
        body = f"{shown[lead].figure()}\n{body}"
    return body


def _dynamic_blocks(content: str) -> list[str]:
    """Return the names of the blocks that have no words of their own: the site fills them in when it shows a post."""
    if "/-->" not in content:
        return []
    opened = (_BLOCK_NAME.match(one) for one in COMMENT.findall(content) if one.endswith("/-->"))
    return [one[1] for one in opened if one and one[1] not in _STATIC_WITHOUT_END]


def _gallery(
    asked: dict[str, str], item: Item, site: Site, shown: dict[str, Attachment]
) -> tuple[list[Attachment], list[str]]:
    ids = re.findall(r"\d+", asked.get("ids") or asked.get("include") or "")
    if not ids:
        post = asked.get("id") or item["post_id"]
        ids = site.pictures_of.get(post, [])
    found = {one: site.attachments[one] for one in ids if one in site.attachments}
    shown.update(found)
    return list(found.values()), [one for one in ids if one not in found]


def _author(item: Item, site: Site) -> str:
    """Return the author's name. A login is none."""
    name = site.authors.get(item["creator"].strip(), "")
    return "" if "@" in name or name.casefold() in NO_NAMES or name == item["creator"].strip() else name


def _external_id(item: Item, site: Site, found: RawArticle, guids: Counter) -> str:
    """Return the post's guid, which the site's feed has as well; else its number within the site."""
    guid = item["guid"].strip()
    if is_web_address(guid) and guids[item["guid"]] == 1:
        return guid
    home = host(site.link) or host(found.original_url)
    number = item["post_id"].strip()
    return f"{home}/?p={number}" if home and number else ""


# ------------------------------------------------------------------ dates
def _moment(written: str) -> datetime | None:
    written = written.strip()
    if written == _NO_DATE or not written:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None


def _offset(item: Item) -> timedelta | None:
    """Return how far a post's local time is from its UTC; None if it lacks one, or no zone is so far away."""
    local, utc = _moment(item["post_date"]), _moment(item["post_date_gmt"])
    if local is None or utc is None:
        return None
    offset = local - utc
    fits = timedelta(hours=-12) <= offset <= timedelta(hours=14) and not offset % timedelta(minutes=15)
    return offset if fits else None


def _usual_offset(items: list[Item]) -> timedelta | None:
    offsets = Counter(filter(lambda one: one is not None, map(_offset, items)))
    return offsets.most_common(1)[0][0] if offsets else None


def _date(item: Item, site: Site) -> tuple[str, Problem | None]:
    """Return the publication date in the site's zone, and what makes it doubtful."""
    local, utc, offset = _moment(item["post_date"]), _moment(item["post_date_gmt"]), _offset(item)
    if offset is not None:
        usual = site.offset if site.offset is not None else offset
        doubt = abs(usual - offset) > timedelta(hours=1)  # summer time moves by one
        said = OTHER_OFFSET.format(_hours(offset), _hours(usual))
        return f"{local} {_zone(offset)}", Problem(Code.DOUBTFUL_DATE, said) if doubt else None
    if utc is not None:
        said = f"发布时间 {item['post_date'][:40]} 与格林尼治时间 {utc} 对不上，请核对"
        return f"{utc} +0000", Problem(Code.DOUBTFUL_DATE, said) if local is not None else None
    if local is not None:
        return f"{local} {_zone(site.offset)}" if site.offset is not None else str(local), None
    return item["post_date"].replace(_NO_DATE, "").strip() or item["pubDate"].strip(), None


def _hours(offset: timedelta) -> str:
    return f"{offset / timedelta(hours=1):g}"


def _zone(offset: timedelta) -> str:
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}{minutes % 60:02}"


# ------------------------------------------------------------------ bytes of a post, and what is no post
def _standalone(item: Item, site: Site, shown: dict[str, Attachment]) -> bytes:
    """Return a post as an export that gives it again by itself."""
    login = item["creator"].strip()
    author = (
        f"<wp:author><wp:author_login>{escape(login)}</wp:author_login><wp:author_display_name>"
        f"{escape(escape(site.authors[login]))}</wp:author_display_name></wp:author>\n"
        if login in site.authors
        else ""
    )
    known = "".join(
        f'<wp:attachment_known id="{escape(one)}" parent="{escape(its.parent)}" caption="{escape(its.caption)}">'
        f"{escape(its.url)}</wp:attachment_known>\n"
        for one, its in shown.items()
    )
    minutes = "" if site.offset is None else f"{site.offset // timedelta(minutes=1)}"
    offset = f"<wp:gmt_offset>{minutes}</wp:gmt_offset>\n" if minutes else ""
    made = (
        f'<rss version="2.0" xmlns:wp="{WXR}"><channel>\n<title>{escape(escape(site.title))}</title>\n'
        f"<link>{escape(site.link)}</link>\n{offset}{author}{known}{item.xml}\n</channel></rss>\n"
    )
    return made.encode("utf-8", "replace")


def _left_out(items: list[Item]) -> LeftOut | None:
    """Return what is no post, counted by kind and listed; None if there is nothing else."""
    others = [item for item in items if item.kind != "post"]
    counts = Counter(KINDS.get(item.kind, f"{item.kind[:30]} 类型") for item in others)
    if comments := sum(item.comments for item in items):
        counts["读者评论"] = comments
    if not counts:
        return None
    said = "、".join(f"{kind} {count}" for kind, count in counts.most_common())
    names = ("post_type", "post_id", "title", "status", "link", "attachment_url")
    listed = ("	".join(one_line(item[name]) for name in names) for item in others)
    return LeftOut(f"不是文章，没有导入：{said}", "\n".join([said, *listed, ""]).encode("utf-8", "replace"))
