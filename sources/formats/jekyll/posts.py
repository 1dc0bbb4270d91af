"""Jekyll posts, mainly from the financial news mirror (front matter, HTML or plain body, closing links)."""

import re
from collections.abc import Iterator

from sources.files.inputs import FileName, file_name
from sources.formats.fields import host, same_outlet, say_what_is_missing, web_address
from sources.formats.filenames import NOT_POSTS, PAGES, is_in_posts, is_of_the_site
from sources.formats.jekyll.front_matter import read_front_matter
from sources.formats.jekyll.front_values import FrontMatter
from sources.formats.jekyll.other_sites import article_file, is_folder_page, is_wiki_page, names, tags_of
from sources.formats.private_text import private_reason
from sources.formats.raw_article import NotAnArticle, OldAddress, RawArticle, Unreadable
from sources.problem import EMPTY, NOT_TEXT, Code, Problem
from sources.text.clean.boilerplate import Cleaned, clean_body
from sources.text.dates import ReadDate, jekyll_day, read_date
from sources.text.decode import decode
from sources.text.lines import one_line
from sources.text.plain import summed_up

# The mirror's own lists: both are outlets under these exact names, and the first lists articles of many outlets.
WHOLE_TAGS = {"东财滚动新闻", "站长消息"}
ROLLS = {"东财滚动新闻"}

_FILE_NAME = re.compile(r"\A(?:(\d{4}-\d{2}-\d{2})-?)?-?(.+)\Z", re.S)
MIRROR_ID = re.compile(r"^(?:NW)?\d{18}$")
_LINK = re.compile(r"^<((?:https?://[^<>\s]*)?)>$")
_BACK_TO = r"\[返回(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
_BACK = re.compile(rf"^(?:\s*(?:[｜|]\s*)?{_BACK_TO})+\s*$")
_BARE_QUOTE = re.compile(r"\A\s*((?:>[^\n]*\n?)+)")


def read(data: bytes, name: str, needs_front_matter: bool = True) -> Iterator[RawArticle | OldAddress]:
    """Yield the article of a post, or the old address that a category page gives.

    `name` is the file's path; its last part has date and id (of a leaf bundle, `x/index.md`, the folder has). With
    `needs_front_matter`, a file without is reported. Raises NotAnArticle for pages that are not posts, Unreadable for
    files without text.
    """
    file = file_name(name)
    path = article_file(file)
    if path.stem.lower() in NOT_POSTS:
        raise NotAnArticle("站点自己的页面，不是稿件")
    if is_of_the_site(name):
        raise NotAnArticle("站点的模板或数据，不是稿件")
    decoded = decode(data)
    if "\0" in decoded.text[:1000] or not decoded.text.strip("\ufeff \t\r\n"):
        raise Unreadable(NOT_TEXT if decoded.text.strip("\ufeff \t\r\n\0") else EMPTY)
    front = read_front_matter(decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
    if _is_category_page(front, path):
        yield OldAddress(front.text("category"), front.text("title").removesuffix("新闻"))
        return
    if path.suffix in PAGES and not (front.found and (is_in_posts(name) or is_wiki_page(front))):
        raise NotAnArticle("网页模板，不是稿件")
    if path is not file and is_folder_page(front):
        raise NotAnArticle("文件夹自己的页面（index.md），不是稿件")
    if decoded.problem:
        front.problems.append(decoded.problem)
    if not front.found and not needs_front_matter:
        front.problems = [problem for problem in front.problems if problem.code != Code.BAD_FRONT_MATTER]
    raw = _article(front, path)
    if private := private_reason(front.values | {"date": raw.published_at or front.text("date")}, name):
        raw.problems.append(private)
    yield raw


def _is_category_page(front: FrontMatter, path: FileName) -> bool:
    return front.text("layout") == "category" and bool(front.text("category")) and path.folder == "category"


def _article(front: FrontMatter, path: FileName) -> RawArticle:
    body, original_url = cut_tail(front.body)
    title = one_line(front.text("title"))
    day, slug = _FILE_NAME.match(path.stem).groups()
    digest, is_foreign = "", not is_of_the_mirror(front, slug)
    if not is_foreign:
        digest, body = cut_digest(body)
        cleaned = clean_body(body)
        if not cleaned.html and digest:
            digest, cleaned = "", clean_body(digest)
    else:
        cleaned, title = _rendered(body, title, front)
    date = read_date(front.text("date"))
    if date.at is None and "date" not in front.values and day:
        date = read_date(day)
    outlet, channel = _outlet(front, cleaned, original_url)
    raw = RawArticle(
        title=title,
        outlet=outlet,
        channel=channel,
        channel_slug=front.text("categories") if channel else "",
        body_html=cleaned.html,
        plain=summed_up(title, cleaned.text),
        published_at=date.at,
        digest=_plain_digest(digest, cleaned),
        byline=cleaned.byline or names(front, "author", "authors"),
        editor=cleaned.editor,
        original_url=original_url or _web_address(front),
        legacy_path=_legacy_path(front, date, slug),
        external_id=_external_id(front, slug, path.stem, outlet),
        tags=_tags(front, channel, is_foreign),
        securities=cleaned.securities,
        pictures=cleaned.pictures,
        problems=front.problems,
        notes=[date.note] if date.note else [],
    )
    say_what_is_missing(raw, date)
    return raw


def _rendered(body: str, title: str, front: FrontMatter) -> tuple[Cleaned, str]:
    """Return the cleaned body of another site's post, in Markdown or HTML, and its title."""
    # Loading the parser costs more than reading a hundred posts, and those of the mirror never need it.
    from sources.formats.markdown.rendering import render

    document = render(body, title, front.values, front.first_line)
    front.problems += document.problems
    return clean_body(document.html), title or document.title


def is_of_the_mirror(front: FrontMatter, slug: str = "") -> bool:
    """Return True for posts of the mirror, by number or by their keys: their bodies are text or HTML, no Markdown."""
    tag = front.text("tags")
    is_list = bool(front.text("categories")) and front.text("layout") == "post"
    return MIRROR_ID.match(slug) is not None or (is_list and (tag.endswith("新闻") or tag in WHOLE_TAGS))


def cut_tail(body: str) -> tuple[str, str]:
    """Return the body without the mirror's closing lines, and the original's address if they contain one."""
    lines = body.rstrip().split("\n")
    original = ""
    while lines:
        line = lines[-1].strip()
        link = _LINK.match(line)
        if line and not link and not _BACK.match(line):
            break
        if link and link[1] and not original:
            original = link[1]
        lines.pop()
    return "\n".join(lines), original


def cut_digest(body: str) -> tuple[str, str]:
    """Split off the digest: an opening blockquote, as posts in a mixed list have; the article follows."""
    match = _BARE_QUOTE.match(body)
    if not match:
        return "", body
    lines = (line.lstrip().removeprefix(">").strip() for line in match[1].split("\n"))
    return "\n".join(line for line in lines if line), body[match.end() :]


def _plain_digest(digest: str, cleaned: Cleaned) -> str:
    """Return the digest as plain text, without the outlet name that mixed lists append."""
    plain = not digest or ("<" not in digest and "&" not in digest)
    words = (digest if plain else clean_body(digest).text).replace("\n", " ")
    for bracketed in (f"（{cleaned.credit}）", f"({cleaned.credit})"):
        words = words.removesuffix(bracketed) if cleaned.credit else words
    return words


def _outlet(front: FrontMatter, cleaned: Cleaned, original_url: str) -> tuple[str, str]:
    """Return the outlet, and the mirror's list the post was in ("" for posts of other sites)."""
    tag, categories = front.text("tags"), front.text("categories")
    if not (tag and categories):
        return front.text("source") or host(_web_address(front) or original_url) or cleaned.credit, ""
    channel = tag if tag in WHOLE_TAGS else tag.removesuffix("新闻").rstrip() or tag
    if channel in ROLLS:
        return cleaned.credit or channel, channel
    if cleaned.credit and not same_outlet(cleaned.credit, channel):
        said = f"标签写的来源是“{channel}”，文末写的是“{cleaned.credit}”"
        front.problems.append(Problem(Code.DOUBTFUL_OUTLET, said))
    return channel, channel


def _web_address(front: FrontMatter) -> str:
    """Return the original's address from the keys that other sites' exports use; add a problem unless it is http(s)."""
    value = next((v for k in ("original_url", "from", "link", "url") if (v := front.text(k))), "")
    return web_address(value, front.problems)


def _legacy_path(front: FrontMatter, date: ReadDate, slug: str) -> str:
    """Return the path Jekyll 4.3 gave the post: category words in lower case, the day in the site's zone, the id."""
    words = front.text("categories").lower().split() if front.text("categories") else []
    day = jekyll_day(date)
    return "/" + "/".join([*words, f"{day}".replace("-", "/"), f"{slug}.html"]) if words and day else ""


def _external_id(front: FrontMatter, slug: str, stem: str, outlet: str) -> str:
    """Return the mirror's id; for other posts an id prefixed with the site, because it is only unique within it."""
    if MIRROR_ID.match(slug):
        return slug
    site = front.text("categories") or outlet
    if own := front.text("id"):
        return f"{site}/{own}"
    return f"{site}/{stem}" if stem != slug else ""


def _tags(front: FrontMatter, channel: str, is_foreign: bool) -> list[str]:
    found = front.texts("keywords")
    return found if channel else [*found, *tags_of(front, with_categories=is_foreign)]
