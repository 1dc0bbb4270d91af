"""Jekyll posts, mainly from the financial news mirror (front matter, HTML or plain body, closing links)."""

import re
from collections.abc import Iterator

from sources.files.inputs import FileName, file_name
from sources.files.names import told_apart
from sources.formats.fields import host, same_outlet, say_what_is_missing, web_address, without_label
from sources.formats.filenames import NOT_POSTS, PAGES, is_in_posts, is_of_the_site
from sources.formats.jekyll.front_matter import read_front_matter
from sources.formats.jekyll.front_values import FrontMatter
from sources.formats.jekyll.other_sites import article_file, is_folder_page, is_wiki_page, names, tags_of
from sources.formats.private_text import private_reason
from sources.formats.raw_article import IdFrom, NotAnArticle, OldAddress, RawArticle, Unreadable
from sources.problem import EMPTY, NOT_TEXT, Code, Problem, no_outlet
from sources.text.clean.boilerplate import Cleaned, clean_body
from sources.text.clean.names import bare_credit, is_named_as_outlet, only_name, only_outlet
from sources.text.dates import SHANGHAI, ReadDate, jekyll_day, read_date
from sources.text.decode import decode
from sources.text.lines import one_line
from sources.text.outlet_names import name_key
from sources.text.plain import summed_up, without_opening

# The mirror's own lists: both are outlets under these exact names, and the first lists articles of many outlets.
WHOLE_TAGS = {"东财滚动新闻", "站长消息"}
ROLLS = {"东财滚动新闻"}
# Of every post of the mirror.
_USUAL_KEYS = {"layout", "title", "date", "categories", "tags"}

_FILE_NAME = re.compile(r"\A(?:(\d{4}-\d{2}-\d{2})-?)?-?(.+)\Z", re.S)
MIRROR_ID = re.compile(r"^(?:NW)?\d{18}$")
# The number in a closing link: of an outlet's post, and of one of the roll.
_INFO_CODE = re.compile(r"[?&]infoCode=(NW\d{18})(?!\w)")
_NEWS_NUMBER = re.compile(r"/news/\d{1,9},(\d{18})\.html\Z")
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
    text = decoded.text
    front = read_front_matter(text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text)
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
    if private := _private_reason(front, raw, name):
        raw.problems.append(private)
    yield raw


def _private_reason(front: FrontMatter, raw: RawArticle, name: str) -> Problem | None:
    said = front.values
    if said.keys() == _USUAL_KEYS and said["layout"] == "post":
        said = {}  # nothing but its date and folder can say so
    return private_reason(said | {"date": raw.published_at or front.text("date")}, name)


def _is_category_page(front: FrontMatter, path: FileName) -> bool:
    return front.text("layout") == "category" and bool(front.text("category")) and path.folder == "category"


def _article(front: FrontMatter, path: FileName) -> RawArticle:
    body, original_url = cut_tail(front.body)
    title = one_line(front.text("title"))
    stem = told_apart(path.stem)
    day, slug = _FILE_NAME.match(stem).groups()
    number = slug if MIRROR_ID.match(slug) else _number_in(original_url, front)
    digest, is_foreign = "", not is_of_the_mirror(front, number)
    if not is_foreign:
        digest, body = cut_digest(body)
        cleaned = clean_body(body)
        if not cleaned.html and digest:
            digest, cleaned = "", clean_body(digest)
    else:
        cleaned, title = _rendered(body, title, front)
    # Of a page of Wiki.js, `date` is that of the last edit.
    date = read_date(front.text("datecreated" if "datecreated" in front.values else "date"))
    if date.at is None and "date" not in front.values and day:
        date = read_date(day)
    own_address = "" if number and original_url else _web_address(front)
    # The closing link of a post with the mirror's number leads to the mirror.
    site = host(own_address or ("" if number else original_url))
    outlet, channel = _outlet(front, cleaned, number, site)
    raw = RawArticle(
        title=title,
        outlet=outlet,
        channel=channel,
        channel_slug=front.text("categories") if channel else "",
        body_html=cleaned.html,
        plain=summed_up(title, cleaned.text),
        published_at=date.at,
        digest=_plain_digest(digest, cleaned),
        byline=cleaned.byline or only_name(names(front, "author", "authors"))[0],
        editor=cleaned.editor,
        original_url=original_url or own_address or cleaned.original,
        legacy_path=_legacy_path(front, date, number or slug),
        external_id=number or _id(front, stem, date, day, outlet or site),
        id_from=IdFrom.SOURCE if number else _id_from(front),
        tags=_tags(front, channel, is_foreign),
        securities=cleaned.securities,
        pictures=cleaned.pictures,
        problems=front.problems,
        notes=[note for note in (date.note, _credit_proposed(cleaned, outlet)) if note],
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
    if MIRROR_ID.match(slug):
        return True
    tag = front.text("tags")
    is_list = bool(front.text("categories")) and front.text("layout") == "post"
    return is_list and (tag.endswith("新闻") or tag in WHOLE_TAGS)


def cut_tail(body: str) -> tuple[str, str]:
    """Return the body without the mirror's closing lines, and the original's address if they contain one."""
    lines = body.rstrip().split("\n")
    original = ""
    while lines:
        if line := lines[-1].strip():
            link = _LINK.match(line)
            if not link and not _BACK.match(line):
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
    words = without_opening((digest if plain else clean_body(digest).text).replace("\n", " "))
    for bracketed in (f"（{cleaned.credit}）", f"({cleaned.credit})"):
        words = words.removesuffix(bracketed) if cleaned.credit else words
    return words


def _outlet(front: FrontMatter, cleaned: Cleaned, number: str, site: str) -> tuple[str, str]:
    """Return the outlet, and the mirror's list the post was in ("" for posts of other sites).

    `number` is the mirror's number of the post, `site` the host of the original; "" for none.
    """
    tag = front.text("tags")
    channel = tag if tag in WHOLE_TAGS else tag.removesuffix("新闻").rstrip() or tag
    if not _is_a_list(front, cleaned, number, channel):
        return _outlet_elsewhere(front, cleaned, site), ""
    if channel in ROLLS:
        return cleaned.credit or channel, channel
    if cleaned.credit and not same_outlet(cleaned.credit, channel):
        said = f"标签写的来源是“{channel}”，文末写的是“{cleaned.credit}”"
        front.problems.append(Problem(Code.DOUBTFUL_OUTLET, said))
    elif not cleaned.credit and cleaned.text.endswith(("）", ")")) and not is_named_as_outlet(channel):
        bare = bare_credit(cleaned.text)
        if bare and not same_outlet(bare, channel):
            said = f"标签写的是“{channel}”，不像来源；文末写着“（{bare}）”"
            front.problems.append(Problem(Code.DOUBTFUL_OUTLET, said))
    return channel, channel


def _is_a_list(front: FrontMatter, cleaned: Cleaned, number: str, channel: str) -> bool:
    """Return True if the only tag is the name of a list of the mirror: an outlet and 新闻.

    On other sites a tag beside a category is a topic, also one that ends in 新闻 (国际新闻). So the post must have a
    number of the mirror, or the same credit, or no credit and a tag that is named as outlets are.
    """
    tag = front.text("tags")
    if not (tag and front.text("categories")):
        return False
    if tag in WHOLE_TAGS:
        return True
    if not tag.endswith("新闻") or number:
        return tag.endswith("新闻")
    credit = cleaned.credit or front.text("source")
    return name_key(credit) == name_key(channel) if credit else is_named_as_outlet(channel)


def _outlet_elsewhere(front: FrontMatter, cleaned: Cleaned, site: str) -> str:
    """Return the outlet that a post of another site names, else the host of the original's address; else "" and a
    problem with what points to one."""
    source, left_out = only_outlet(without_label(one_line(front.text("source"))))
    if name := source or only_name(cleaned.credit)[0] or ("" if left_out else site):
        return name
    tag, bare = front.text("tags"), bare_credit(cleaned.text)
    hints = [
        f"来源一栏只有{left_out}“{front.text('source')[:60]}”" if left_out else "",
        f"标签是“{tag[:40]}”，没有编号或署名可核对" if tag.endswith("新闻") else "",
        f"文末写着“（{bare}）”" if bare else "",
        f"原文在 {site}" if site else "",
    ]
    if said := "；".join(filter(None, hints)):
        front.problems.append(no_outlet(said))
    return ""


def _credit_proposed(cleaned: Cleaned, outlet: str) -> str:
    """Return a note if a piece of the roll ends in what may be its outlet: （财联社）. It stays with the roll."""
    bare = bare_credit(cleaned.text) if outlet in ROLLS else ""
    return f"文末写着“（{bare}）”，可能是来源；没有“文章来源”可核对，仍归在“{outlet}”" if bare else ""


def _number_in(original_url: str, front: FrontMatter) -> str:
    """Return the mirror's number from the closing link, for a file whose name has lost it; "" if there is none."""
    if "infoCode=" in original_url and (match := _INFO_CODE.search(original_url)):
        return match[1]
    # An address of the news site is only the mirror's own link if the post was in the mirror's roll.
    match = _NEWS_NUMBER.search(original_url) if front.text("tags") in ROLLS else None
    return match[1] if match else ""


def _web_address(front: FrontMatter) -> str:
    """Return the original's address from the keys that other sites' exports use; add a problem unless it is http(s)."""
    value = next((v for k in ("original_url", "from", "link", "url") if (v := front.text(k))), "")
    return web_address(value, front.problems)


def _legacy_path(front: FrontMatter, date: ReadDate, slug: str) -> str:
    """Return the path Jekyll 4.3 gave the post: category words in lower case, the day in the site's zone, the id."""
    words = front.text("categories").lower().split() if front.text("categories") else []
    day = jekyll_day(date)
    return "/" + "/".join([*words, f"{day}".replace("-", "/"), f"{slug}.html"]) if words and day else ""


def _dated(stem: str, date: ReadDate) -> str:
    """Return a file name without a date as Jekyll names posts: a name alone stands for many posts of a site."""
    return f"{date.at.astimezone(SHANGHAI):%Y-%m-%d}-{stem}" if date.at else ""


def _id(front: FrontMatter, stem: str, date: ReadDate, day: str, site: str) -> str:
    """Return the id of a post without the mirror's number, prefixed with its site, because it is only unique within it.

    A file without a day in its name has the day of the post: told from another outlet's in the same list by the outlet.
    "" for a post without any day.
    """
    in_list = front.text("categories")
    if day or front.text("id"):
        return f"{in_list or site}/{front.text('id') or stem}"
    dated = _dated(stem, date)
    return f"{site or in_list}/{dated}" if dated else ""


def _id_from(front: FrontMatter) -> IdFrom:
    own = front.text("id")
    return IdFrom.FILE_NAME if not own else IdFrom.of_number(own)


def _tags(front: FrontMatter, channel: str, is_foreign: bool) -> list[str]:
    found = front.texts("keywords")
    return found if channel else [*found, *tags_of(front, with_categories=is_foreign)]
