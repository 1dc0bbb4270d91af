"""Remove boilerplate from scraped bodies, and keep its information: credit, securities, signatures."""

import re
from dataclasses import dataclass, field
from html import escape, unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.text.clean.bylines import find_reporters, may_be_signed, read_credit, read_signatures
from sources.text.clean.declared import HAS_MARKUP, decoded_once, lines_kept, read_entities
from sources.text.clean.furniture import cut_furniture
from sources.text.clean.image_tags import MOST_PICTURES, Pictured, markdown_pictures, read_picture
from sources.text.clean.machine_marks import PICTURE, take_out
from sources.text.clean.mentions import Named, read_code
from sources.text.clean.subheads import mark_subheads
from sources.text.markup import parseable, without_tags
from sources.text.plain import plain_lines, plain_text
from sources.text.sanitize import IMPLIED_END, ONLY_WORDS, sanitize_html

_HIDDEN = re.compile(r"display\s*+:\s*+none|visibility\s*+:\s*+hidden", re.I)
_CHART = re.compile(r"GetPic\.aspx|webquoteklinepic", re.I)
_MACHINE_HOST = re.compile(
    r"^(?:https?:)?//(?:quote|data|guba|so|fund|emweb)[\w.]*\.eastmoney\.com(?:/|$)", re.I
)
_CAPTION = r"(?:图片?来源|图源|图片?说明|图为|图[/／:：]|摄影)"
# All elements the rules below look at: one tree walk instead of one per rule.
SUSPECTS = "[style],[hidden],[data-code],.em_media,.infokey,a,img,noscript"
SUSPICIOUS = ("<a", "<img", "style", "hidden", "data-code", "em_media", "infokey")
_CREDIT_LINE = re.compile(r'<p class="em_media">((?:[^<]++|</?(?:span|a)\b[^<>]*+>)*+)</p>\s*+\Z')
_PIECE = re.compile(r"<[^<>]*+>|&\w++;|[^<&]++|[<&]")
_FOOT = 400  # characters of markup at a paragraph's end that may hold its signatures

_BLANK = " \t\n\u3000"
_BOLD_LINE = re.compile(r"<strong>([^<\n]{1,40})</strong>")
_SUBHEAD = re.compile(rf"<p>\s*+{_BOLD_LINE.pattern}\s*+</p>")
_SPACE = r"(?:\s|&nbsp;|<br>)++"
# Any of these means whitespace at a block's edge; most bodies have none.
_LOOSE = ("> ", ">\n", ">\u3000", " </", "\n</", "\u3000</", "&nbsp;", "<br>")
_INDENT = re.compile(rf"(<(?:p|h[2-4]|li|td|figcaption)>){_SPACE}")
# Only match at the start of a run of whitespace, else the rest of the run is scanned from each position.
_TRAILING = re.compile(rf"(?<!\s)(?<!&nbsp;)(?<!<br>){_SPACE}(</(?:p|h[2-4]|li|td|figcaption)>)")
_EMPTY = re.compile(r"<(p|h[2-4]|strong|em|b|i|u|a|li|ul|ol|blockquote)(?: [^<>]*+)?+>\s*+</\1>")
_GAPS = re.compile(r"(</(?:p|h[2-4]|figure|table|ul|ol|blockquote)>)\s*+(?=<)")
# A figure of the source, around the one inserted for its picture.
_TWO_FIGURES = re.compile(r"<figure>\s*+<figure></figure>\s*+(?=</figure>|<figcaption>)")
_CAPTIONED = re.compile(rf"{PICTURE}\s*(?:</p>\s*<p>)?\s*({_CAPTION}[^<]{{1,200}})?")


@dataclass(slots=True)
class Cleaned:
    """A sanitised body, its plain text, and what was read from it: credit, signatures, securities in order."""

    html: str = ""
    text: str = ""
    credit: str = ""
    byline: str = ""
    editor: str = ""
    # The address of the original, from a closing link.
    original: str = ""
    securities: list[Named] = field(default_factory=list)
    # In order; each has an empty figure in the body.
    pictures: list[Pictured] = field(default_factory=list)


def clean_body(body: str) -> Cleaned:
    """Clean a body: HTML, or plain text with one paragraph per line. The result has passed sanitize_html."""
    furniture = cut_furniture(body.replace(PICTURE, ""))
    cleaned, body = Cleaned(original=furniture.address), furniture.kept
    if "![" in body:
        body = markdown_pictures(body if HAS_MARKUP.search(body) else paragraphs(body))
    if "&lt;" in body:
        body = decoded_once(body)
    if HAS_MARKUP.search(body):
        html, only_words = _from_markup(lines_kept(body), cleaned)
    else:
        html, only_words = _from_lines(read_entities(body))
    # Nine in ten bodies need no further sanitising, and most pictures are paragraphs of their own.
    usual = only_words and html.count(PICTURE) == html.count(f"<p>{PICTURE}</p>")
    cleaned.html = _with_figures(_lines(html)) if usual else tidy(_with_pictures(sanitize_html(html)))
    _take_signatures(cleaned)
    cleaned.html = mark_subheads(cleaned.html)
    cleaned.text = plain_lines(cleaned.html) if usual else plain_text(cleaned.html)
    cleaned.byline = cleaned.byline or find_reporters(cleaned.text)
    return cleaned


def _from_lines(body: str) -> tuple[str, bool]:
    html = paragraphs(body)
    return html, ONLY_WORDS.fullmatch(html) is not None


def _from_markup(body: str, cleaned: Cleaned) -> tuple[str, bool]:
    """Remove boilerplate. Return the HTML and whether it matches ONLY_WORDS. Only builds a tree if a rule might
    match."""
    if match := _CREDIT_LINE.search(body):
        cleaned.credit = read_credit(unescape(without_tags(match[1])))
        body = body[: match.start()]
    unmarked, securities, pictures = take_out(body)
    only_words = ONLY_WORDS.fullmatch(unmarked) is not None
    if not only_words and _is_suspicious(unmarked):
        html = _without_boilerplate(body, cleaned)
        return html, ONLY_WORDS.fullmatch(html) is not None
    cleaned.securities, cleaned.pictures = _once_each(securities), pictures
    return unmarked, only_words


def _is_suspicious(body: str) -> bool:
    lower = body.lower()
    return any(sign in lower for sign in SUSPICIOUS)


def paragraphs(text: str) -> str:
    """Return plain text as HTML, one paragraph per line."""
    return "\n".join(
        f"<p>{escape(line.strip(), quote=False)}</p>" for line in text.split("\n") if line.strip()
    )


def tidy(html: str) -> str:
    """Remove empty paragraphs and typed indents from sanitised HTML; make a lone bold line a subheading."""
    html = _TRAILING.sub(r"\1", _INDENT.sub(r"\1", html)) if any(sign in html for sign in _LOOSE) else html
    emptied = "></" in html
    while emptied:
        html, emptied = _EMPTY.subn("", html)
    return _GAPS.sub("\\1\n", _SUBHEAD.sub(r"<h3>\1</h3>", html)).strip()


def _lines(html: str) -> str:
    """Like `tidy`, for HTML that matches ONLY_WORDS."""
    lines = (line.lstrip()[len("<p>") :].strip(_BLANK) for line in html.split("</p>"))
    return "\n".join(map(_paragraph, filter(None, lines)))


def _paragraph(inner: str) -> str:
    subhead = _BOLD_LINE.fullmatch(inner) if inner.startswith("<s") else None
    return f"<h3>{subhead[1]}</h3>" if subhead else f"<p>{inner}</p>"


# ------------------------------------------------------------------ rules: node -> what to do with it
def _hidden(node: LexborNode, attributes: dict, cleaned: Cleaned) -> str:
    hidden = "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "")
    return "drop" if hidden or node.tag == "noscript" else ""


def _credit(node: LexborNode, attributes: dict, cleaned: Cleaned) -> str:
    if "em_media" not in (attributes.get("class") or ""):
        return ""
    cleaned.credit = cleaned.credit or read_credit(node.text())
    return "drop"


def _chart(node: LexborNode, attributes: dict, cleaned: Cleaned) -> str:
    if "EmImageRemark" in (attributes.get("class") or ""):
        _mention(cleaned, attributes, "")
        return "drop"
    if node.tag == "img" and _CHART.search(attributes.get("src") or ""):
        _mention(cleaned, attributes, "")
        return "drop"
    return ""


def _picture(node: LexborNode, attributes: dict, cleaned: Cleaned) -> str:
    if node.tag != "img":
        return ""
    found = read_picture(attributes)
    if found is None or len(cleaned.pictures) >= MOST_PICTURES:
        return "drop"
    cleaned.pictures.append(found)
    return "picture"


def _machine_link(node: LexborNode, attributes: dict, cleaned: Cleaned) -> str:
    if attributes.get("data-code"):
        _mention(cleaned, attributes, node.text().strip())
        return "unwrap"
    machine = "infokey" in (attributes.get("class") or "") or _MACHINE_HOST.match(
        attributes.get("href") or ""
    )
    return "unwrap" if machine else ""


RULES = {
    "hidden": _hidden,
    "credit": _credit,
    "chart": _chart,
    "picture": _picture,
    "machine-link": _machine_link,
}


def _mention(cleaned: Cleaned, attributes: dict, name: str) -> None:
    for key in ("data-code", "href", "src"):
        if found := read_code(attributes.get(key) or "", name[:100]):
            cleaned.securities.append(found)
            return


def _without_boilerplate(html: str, cleaned: Cleaned) -> str:
    """Judge all nodes before changing any: a node must not be freed while one of its children is still to be read."""
    parsed = parseable(html, IMPLIED_END)
    if parsed is None:  # the sanitiser turns it into plain paragraphs
        return html
    tree = LexborHTMLParser(parsed)
    judged: list[tuple[LexborNode, str]] = []
    lies_in: dict[int, bool] = {}  # by node address: whether the node is dropped or inside a dropped one
    # Deduplicate by address: a node appears once for each part of the selector it matches.
    for node in {node.mem_id: node for node in tree.css(SUSPECTS)}.values():
        if _lies_in(node, lies_in):
            continue
        verdict = _judge(node, cleaned)
        lies_in[node.mem_id] = verdict == "drop"
        if verdict:
            judged.append((node, verdict))
    for node, verdict in reversed(judged):
        if verdict == "drop":
            node.decompose()
        elif verdict == "unwrap":
            node.unwrap()
        else:
            node.replace_with(PICTURE)
    cleaned.securities = _once_each(cleaned.securities)
    return (tree.body.inner_html or "") if tree.body else ""


def _judge(node: LexborNode, cleaned: Cleaned) -> str:
    attributes = node.attributes
    for rule in RULES.values():
        if verdict := rule(node, attributes, cleaned):
            return verdict
    return ""


def _lies_in(node: LexborNode, known: dict[int, bool]) -> bool:
    """Return True if the node is inside a dropped one. Parents are judged first, so `known` stays valid."""
    passed, parent = [node.mem_id], node.parent
    while parent is not None and parent.mem_id not in known:
        passed.append(parent.mem_id)
        parent = parent.parent
    inside = parent is not None and known[parent.mem_id]
    known.update(dict.fromkeys(passed, inside))
    return inside


def _once_each(securities: list[Named]) -> list[Named]:
    """Deduplicate securities, in order of appearance, each with the first name given."""
    by_symbol: dict[tuple[str, str], Named] = {}
    for one in securities:
        key = (one.code, one.market)
        if key not in by_symbol or (one.name and not by_symbol[key].name):
            by_symbol[key] = one
    return list(by_symbol.values())


def _with_pictures(html: str) -> str:
    """Replace each picture mark with an empty figure and its caption. Sanitise again, because tags moved."""
    if PICTURE not in html:
        return html
    figures = _CAPTIONED.sub(lambda match: f"</p>{_figure(match)}<p>", html)
    return _TWO_FIGURES.sub("<figure>", sanitize_html(figures))


def _with_figures(lines: str) -> str:
    """Like `_with_pictures`, for pictures that are separate paragraphs in ONLY_WORDS text."""
    if PICTURE not in lines:
        return lines
    figures = _CAPTIONED.sub(lambda match: f"</p>\n{_figure(match)}\n<p>", lines)
    return figures.replace("<p></p>", "").replace("\n\n", "\n").strip("\n")


def _figure(match: re.Match) -> str:
    caption = f"<figcaption>{match[1].strip()}</figcaption>" if match[1] else ""
    return f"<figure>{caption}</figure>"


def _take_signatures(cleaned: Cleaned) -> None:
    """Move closing signatures (credit, 责任编辑, 作者, 文/…) from the last paragraphs of the body to their fields."""
    for _ in range(4):
        html, end = cleaned.html, _before_figures(cleaned.html)
        tag = next((tag for tag in ("p", "h3") if html.endswith(f"</{tag}>", 0, end)), "")
        start = html.rfind(f"<{tag}>", 0, end) if tag else -1
        if start < 0 or not may_be_signed(html[max(start, end - _FOOT) : end]):
            break
        inner = html[start + len(tag) + 2 : end - len(tag) - 3]
        words, places = _words_of(inner)
        signed = read_signatures(words)
        if signed.text == words:
            break
        for slot in ("credit", "byline", "editor"):
            setattr(cleaned, slot, getattr(cleaned, slot) or getattr(signed, slot))
        kept = signed.text.rstrip()
        pairs = enumerate(zip(words, kept, strict=False))
        same = next((at for at, (old, new) in pairs if old != new), len(kept))
        left = inner[: places[same]] + escape(kept[same:], quote=False)
        if "<" in left or "&" in left:
            left = tidy(sanitize_html(f"<{tag}>{left}"))
        else:
            left = f"<{tag}>{left}</{tag}>" if left.strip(_BLANK) else ""
        before = html[:start] if left else html[:start].rstrip()
        cleaned.html = f"{before}{left}{html[end:]}".lstrip("\n")


def _before_figures(html: str) -> int:
    """Return where the last words end: pictures may follow the signatures."""
    end = len(html)
    while html.endswith("</figure>", 0, end) and (start := html.rfind("<figure>", 0, end)) >= 0:
        end = start - html.endswith("\n", 0, start)
    return end


def _words_of(inner: str) -> tuple[str, list[int]]:
    """Return a paragraph's text, and each character's offset in the markup followed by the markup's length."""
    words, places = [], []
    for piece in _PIECE.finditer(inner):
        shown = _shown(piece[0])
        words.append(shown)
        whole = shown != piece[0]
        places += [piece.start()] * len(shown) if whole else range(piece.start(), piece.end())
    return "".join(words), [*places, len(inner)]


def _shown(piece: str) -> str:
    if piece.startswith("<"):
        return "\n" if piece == "<br>" else ""
    return unescape(piece) if piece.startswith("&") else piece
