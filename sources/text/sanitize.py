"""The only entry point for HTML: hostile markup in; an allow-list of tags and absolute web links out."""

import re

import nh3

from sources.text.markup import FEW_TAGS, MAX_WORK, SHALLOW, clear, depth, has_strays, with_few_attributes

# Tag names are regex alternations, because both the cleaner and the patterns use these lists.
INLINE = "strong|em|b|i|u|s|sub|sup|code|ins|del|a"
BLOCKS = "p|h2|h3|h4|blockquote|ul|ol|li|dl|dt|dd|pre|figure|figcaption"
TABLES = "table|caption|thead|tbody|tfoot|tr|th|td"
VOID = {"br", "hr"}
RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "strike": "s", "menu": "ul", "dir": "ul"}
WRAPPERS = "div|section|article|center|main|header|footer|nav|aside|address|hgroup|search|details|summary"
WRAPPERS += "|dialog|form|fieldset|legend"
# The content of these is never prose: code, fallbacks for old browsers, form fields, drawings.
RAW = "script|style|title|textarea|iframe|noembed|noframes|noscript"
DROPPED_WHOLE = RAW + "|template|svg|math|select|object|applet|audio|video|canvas"
DROPPED_WHOLE += "|amp-ad|amp-embed|amp-sticky-ad"
REL = "noopener nofollow"

MAX_DEPTH = 100
MAX_GROWTH = 5  # closing and implied tags turn one into two to four
MAX_PASSES = 6

# Characters that XML and PostgreSQL reject. Carriage returns are converted to newlines first.
UNSTORABLE = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
INVISIBLE = re.compile("[\0-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\ufeff]")
TO_ENCODE = re.compile(r"""[ <>"'`{}|^]""")
USUAL_ADDRESS = re.compile(r"https?://[a-z0-9][\w.:/?&=%#~+,;@-]*", re.A)
ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s/\\?#][^\s\\]*", re.I)
SPAN = re.compile(r"[1-9][0-9]{0,2}")

IMPLIED_END = set(f"{RAW}|br|hr|p|li|dt|dd|tr|td|th|tbody|thead|tfoot|option|img|input|wbr|col".split("|"))
DEAD_INLINE = re.compile(r"<(/?)(?:font|nobr|tt|big|small)(?=[\s/>])", re.I)
INLINE_ATTRIBUTES = re.compile(r"<(strong|em|b|i|u|s|strike|code)(?=[\s/])", re.I)
LEGACY = re.compile(rf"<(/?)({WRAPPERS}|{'|'.join(RENAMED)})>(?=(\s*+[^<])?)")
EMPTY_PARAGRAPHS = re.compile(r"<p>[ \t\n]*+</p>[ \t\n]*+(?:<p>[ \t\n]*+</p>[ \t\n]*+)*+")
USELESS_LINK = re.compile(rf'<a (?:rel="{REL}">(.*?)|[^>]*>([ \t\n]*+))</a>', re.S)
COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.S)
FLATTENED = re.compile(
    rf"<(?:(?P<kept>/?(?:p|br|{RAW})(?=[\s/>])[^<>]*>)"
    rf"|/?(?P<inline>{INLINE}|font|span|small|big|tt)(?=[\s/>])[^<>]*>|(?P<block>[/!?]?[a-z][^<>]*>))?",
    re.I,
)

_NOT_BLANK = r"(?![ \t\n]*+</)"
_WORDS = r"[^<\0-\x08\x0b-\x1f\ufffe\uffff]++"
# Only hosts that no URL parser rejects on a second pass.
_SITE = r"https?://(?:(?!xn--)[a-z0-9-]+\.)+[a-z]{2,}(?=[/?#\"])"
_LINK = rf'<a href="{_SITE}[^"<>]*+" rel="{REL}">{_NOT_BLANK}{_WORDS}</a>'
_MARKED = "|".join(f"<{tag}>{_WORDS}</{tag}>" for tag in ("strong", "em", "b", "i"))
_LINE = rf"(?:{_WORDS}|<br>|{_LINK}|{_MARKED})++"
_BLOCK = "|".join(f"<{tag}>{_NOT_BLANK}{_LINE}</{tag}>" for tag in ("p", "h2", "h3", "h4"))
# The only whitespace that a parser leaves in place between the parts of a list or table.
_GAP = r"[ \t\n]*+"
_LIST = "|".join(f"<{tag}>(?:{_GAP}<li>{_LINE}</li>)++{_GAP}</{tag}>" for tag in ("ul", "ol"))
_FIGURE = rf"<figure>(?:<figcaption>{_LINE}</figcaption>)?</figure>"
_SPANS = '(?: (?:col|row)span="[1-9][0-9]{0,2}")*+'
_CELL = "|".join(f"<{tag}{_SPANS}>(?:{_BLOCK}|{_LINE})*+</{tag}>{_GAP}" for tag in ("td", "th"))
_TABLE = f"<table>{_GAP}<tbody>{_GAP}(?:<tr>{_GAP}(?:{_CELL})*+</tr>{_GAP})*+</tbody>{_GAP}</table>"
# A parser returns markup of this form unchanged, so it needs no second pass.
PLAIN = re.compile(rf"(?:{_BLOCK}|{_LIST}|{_FIGURE}|{_TABLE}|{_LINE})*+")

# Most articles: paragraphs of plain words, some bold. There is nothing to remove, close or escape.
_ONLY = "[^<>&\\0-\x08\x0b-\x1f\xa0\ud800-\udfff\ufffe\uffff]++"
ONLY_WORDS = re.compile(
    f"[ \n]*+(?:<p>(?:{_ONLY}|<strong>(?![ \t\n\u3000]*+<){_ONLY}</strong>)++</p>[ \n]*+)*+"
)


def _attribute(_tag, name, value):
    if name == "rel" or (name == "href" and USUAL_ADDRESS.fullmatch(value)):
        return value
    if name != "href":
        return value if SPAN.fullmatch(value := value.strip()) else None
    # Strip and encode first, so that no later str.strip() or NFKC can produce another scheme.
    address = TO_ENCODE.sub(lambda m: f"%{ord(m[0]):02X}", INVISIBLE.sub("", value).strip())
    if address.startswith("//"):
        address = f"https:{address}"
    return address if ADDRESS.fullmatch(address) else None


CLEANER = nh3.Cleaner(
    tags=set(f"{INLINE}|{BLOCKS}|{TABLES}|br|hr|{WRAPPERS}".split("|")) | set(RENAMED),
    clean_content_tags=set(DROPPED_WHOLE.split("|")),
    attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=REL,
)


def _paragraphs_only(match):
    if match["kept"]:
        return match[0]
    return "" if match["inline"] else "<p>" if match["block"] else "&lt;"


def _flatten(html):
    # May garble malformed markup, which is harmless: the result always goes through the cleaner.
    return FLATTENED.sub(_paragraphs_only, COMMENT.sub("", html))


def _defused(html):
    html = with_few_attributes(html)
    tags = html.count("<")
    if tags <= FEW_TAGS:
        return html
    # A parser reopens unclosed inline tags in every later paragraph, up to three of each kind and set of attributes.
    # Without the attributes, 100 KB cannot grow to 40 MB. wbr is void and dropped later.
    html = INLINE_ATTRIBUTES.sub(r"<\1><wbr", DEAD_INLINE.sub(r"<\1wbr", clear(html)))
    deep = depth(html, IMPLIED_END)
    bomb = deep > MAX_DEPTH or (deep > SHALLOW and deep * tags > MAX_WORK) or has_strays(html)
    return _flatten(html) if bomb else html


def _modern(match):
    closing, name, text_follows = match[1], RENAMED.get(match[2], "p"), match[3]
    return f"<{closing}{name}>" + ("<p>" if closing and name == "p" and text_follows else "")


def _pass(html):
    before = _defused(UNSTORABLE.sub("", html.replace("\r\n", "\n").replace("\r", "\n")))
    html = CLEANER.clean(before)
    tags = html.count("<")
    grown = tags > MAX_GROWTH * before.count("<")
    if tags > FEW_TAGS and (grown or depth(html, VOID) > MAX_DEPTH):
        html = CLEANER.clean(_flatten(html))
    html = USELESS_LINK.sub(r"\1\2", LEGACY.sub(_modern, html))
    html = EMPTY_PARAGRAPHS.sub("\n", html)
    # Parsers drop the first newline of a pre: without an extra one, each pass would lose another.
    return html.replace("<pre>\n", "<pre>\n\n")


def sanitize_html(html: str) -> str:
    """Return hostile HTML as a safe fragment: the words, allowed tags, http(s)/mailto links.

    Pure and idempotent. Never raises for a str; excessively nested markup becomes plain paragraphs. Relative links
    lose their address, because it refers to another site.
    """
    if ONLY_WORDS.fullmatch(html):
        return html
    for _ in range(MAX_PASSES):
        cleaned = _pass(html)
        if cleaned == html or PLAIN.fullmatch(cleaned):
            return cleaned
        html = cleaned
    return _pass(_flatten(html))
