"""Exports of Ghost (JSON): each post is an article; pages are counted."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape

from sources.formats.fields import Values, article, is_web_address
from sources.formats.ghost import lexical, mobiledoc
from sources.formats.private_text import private_reason
from sources.formats.raw_article import UNKNOWN_OUTLET, Broken, LeftOut, RawArticle, Unreadable
from sources.problem import EMPTY, Code, Problem
from sources.text.clean.declared import html_body, read_entities, text_body
from sources.text.decode import decode
from sources.text.lines import one_line

URL = "__GHOST_URL__"  # an export has it in place of the site's address
FOR_MEMBERS = "<!--members-only-->"
NO_ADDRESS = Problem(Code.BAD_LINK, "导出文件里没有网站的地址，正文里的图片和站内链接要对照原文补上")
PAYWALL = Problem(Code.UNPUBLISHED, "来源标明不发布（一部分正文只给会员看）")
NO_STATUS = Problem(Code.UNPUBLISHED, "没有写明状态，不知道是不是已发布，请核对")

_ZONED = re.compile(r":\d\d(?:\.\d{1,9})?\s?(?:Z|[+-]\d\d:?\d\d)\Z", re.I)


@dataclass(slots=True)
class Export:
    """The tables of an export that posts refer to."""

    posts: list[dict]
    tags: dict[str, dict]
    users: dict[str, dict]
    tags_of: dict[str, list[str]] = field(default_factory=dict)
    authors_of: dict[str, list[str]] = field(default_factory=dict)
    emailed_only: set[str] = field(default_factory=set)
    title: str = ""


def read(data: bytes, name: str) -> Iterator[RawArticle | Broken | LeftOut]:
    """Yield an article per post, named by its number, then what was left out. Raises Unreadable.

    A post's bytes are an export of its own: with its tags, its authors and the title of the site.
    """
    decoded = decode(data)
    export = _export(decoded.text)
    problems = [decoded.problem] if decoded.problem else []
    pages = []
    for number, post in enumerate(export.posts, 1):
        if post.get("type") == "page" or post.get("page") in (True, 1):
            pages.append(post)
            continue
        found = _article(post, str(number), export, problems)
        empty = not found.title and not found.plain.text
        problem = Problem(Code.BAD_PART, f"第 {number} 篇没有标题也没有正文")
        yield Broken(found.part, problem, found.raw) if empty else found
    if pages:
        listed = ("\t".join(_text(one, key) for key in ("title", "slug", "status")) for one in pages)
        said = f"不是文章，没有导入：页面 {len(pages)}"
        yield LeftOut(said, "\n".join([said, *listed, ""]).encode("utf-8", "replace"))


def _export(text: str) -> Export:
    """Return the export's tables. Raises Unreadable if it is none."""
    text = text.strip("\ufeff \t\r\n\0")
    if not text:
        raise Unreadable(EMPTY)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        said = f"JSON 不完整，读不出文章（{str(error)[:80]}）；请重新导出"
        raise Unreadable(Problem(Code.DAMAGED, said)) from None
    if isinstance(found, dict) and isinstance(found.get("db"), list) and found["db"]:
        found = found["db"][0]
    data = found.get("data") if isinstance(found, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("posts"), list):
        said = "不是 Ghost 的导出文件：没有 db[0].data.posts"
        raise Unreadable(Problem(Code.WRONG_FORMAT, said))
    export = Export(_rows(data, "posts"), _by_id(data, "tags"), _by_id(data, "users"))
    if not export.posts:
        raise Unreadable(Problem(Code.NO_ARTICLES, "导出文件里没有文章（posts 是空的）"))
    export.tags_of = _joined(data, "posts_tags", "tag_id")
    export.authors_of = _joined(data, "posts_authors", "author_id")
    export.emailed_only = {_id(one, "post_id") for one in _rows(data, "posts_meta") if one.get("email_only")}
    titles = [_text(one, "value") for one in _rows(data, "settings") if one.get("key") == "title"]
    export.title = titles[0] if titles else ""
    return export


def _rows(data: dict, name: str) -> list[dict]:
    rows = data.get(name)
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _by_id(data: dict, name: str) -> dict[str, dict]:
    return {_id(one): one for one in _rows(data, name)}


def _joined(data: dict, name: str, other: str) -> dict[str, list[str]]:
    """Return the ids that a table joins to each post, in the order given there."""
    found = defaultdict(list)
    for one in _rows(data, name):
        order = one.get("sort_order")
        found[_id(one, "post_id")].append((order if isinstance(order, int) else 0, _id(one, other)))
    return {post: [one for _, one in sorted(some, key=lambda pair: pair[0])] for post, some in found.items()}


def _id(row: dict, name: str = "id") -> str:
    value = row.get(name)
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def _text(row: dict, name: str) -> str:
    value = row.get(name)
    return one_line(value) if isinstance(value, str) else ""


# ------------------------------------------------------------------ one post
def _article(post: dict, part: str, export: Export, problems: list[Problem]) -> RawArticle:
    own_problems: list[Problem] = []
    body = _body(post, own_problems)
    tags = [export.tags[one] for one in export.tags_of.get(_id(post), []) if one in export.tags]
    users = [export.users[one] for one in _authors(post, export) if one in export.users]
    url = _text(post, "canonical_url")
    values = Values(
        title=read_entities(_text(post, "title")),
        body=body,
        digest=escape(_text(post, "custom_excerpt"), quote=False),
        date=_date(post),
        site=export.title,
        url=url if is_web_address(url) else "",
        author=" ".join(name for one in users if "@" not in (name := _text(one, "name"))),
        # Names with # are for the site's own use.
        tags=[name for one in tags if not (name := _text(one, "name")).startswith("#")],
    )
    found = article(values, part, _standalone(post, tags, users, export), problems)
    found.problems += own_problems
    said = {"status": _text(post, "status"), "visibility": _text(post, "visibility")}
    said["email_only"] = "true" if _id(post) in export.emailed_only else ""
    private = private_reason(said)
    if private or not said["status"]:
        found.problems.append(private or NO_STATUS)
    if own := _text(post, "uuid") or _id(post):
        found.external_id = (
            f"ghost/{export.title or found.outlet}/{own}" if own.isdecimal() else f"ghost/{own}"
        )
    found.teller = export.title or UNKNOWN_OUTLET
    return found


def _authors(post: dict, export: Export) -> list[str]:
    return export.authors_of.get(_id(post)) or list(
        filter(None, [_id(post, "author_id"), _id(post, "author")])
    )


def _body(post: dict, problems: list[Problem]) -> str:
    """Return the body: as rendered by Ghost, else from what its editors keep."""
    html = post.get("html") if isinstance(post.get("html"), str) else ""
    if not html.strip():
        html = _from_editor(post, problems)
    if FOR_MEMBERS in html:
        problems.append(PAYWALL)
    if (picture := _text(post, "feature_image")) and picture.rpartition("/")[2] not in html:
        html = f'<figure><img src="{escape(picture)}"></figure>\n{html}'
    if URL in html:
        problems.append(NO_ADDRESS)
        html = html.replace(URL, "")
    return html_body(html) if html.strip() else html


def _from_editor(post: dict, problems: list[Problem]) -> str:
    for name, html_of in (("lexical", lexical.html_of), ("mobiledoc", mobiledoc.html_of)):
        written = post.get(name)
        if not isinstance(written, str) or not written.strip():
            continue
        doubts: list[str] = []
        try:
            html = html_of(json.loads(written), doubts)
        except (ValueError, RecursionError):
            html, doubts = "", [f"{name} 的 JSON 不完整"]
        if doubts:
            said = f"正文里有读不全的内容，请对照原文：{'、'.join(dict.fromkeys(doubts))[:120]}"
            problems.append(Problem(Code.DOUBTFUL_BODY, said))
        if html.strip():
            return html
    plain = post.get("plaintext")
    return text_body(plain) if isinstance(plain, str) else ""


def _date(post: dict) -> str:
    """Return the publication date; Ghost keeps all of its times in UTC, as text or in milliseconds."""
    value = post.get("published_at")
    if type(value) is int:
        try:
            return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S +0000")
        except (ValueError, OverflowError, OSError):
            return str(value)
    written = _text(post, "published_at")
    return written if not written or _ZONED.search(written) else f"{written} +0000"


def _standalone(post: dict, tags: list[dict], users: list[dict], export: Export) -> bytes:
    """Return a post as an export that gives it again by itself. Addresses and passwords of users stay out."""
    own = _id(post)
    data = {
        "posts": [post],
        "tags": [{"id": _id(one), "name": _text(one, "name")} for one in tags],
        "users": [{"id": _id(one), "name": _text(one, "name")} for one in users],
        "posts_tags": [{"post_id": own, "tag_id": _id(one), "sort_order": n} for n, one in enumerate(tags)],
        "posts_authors": [
            {"post_id": own, "author_id": _id(one), "sort_order": n} for n, one in enumerate(users)
        ],
        "posts_meta": [{"post_id": own, "email_only": 1}] if own in export.emailed_only else [],
        "settings": [{"key": "title", "value": export.title}] if export.title else [],
    }
    made = json.dumps({"db": [{"data": data}]}, ensure_ascii=False)
    return made.encode("utf-8", "surrogatepass")
