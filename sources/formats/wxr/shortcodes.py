"""Shortcodes of WordPress: captions and galleries as HTML, others out of the text with a problem that names them.
Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape

from sources.problem import Code, Problem
from sources.text.markup import without_tags

LONGEST_SHOWN, MOST_SHOWN = 80, 5
MOST_PICTURES = 1000  # of the galleries of a post: thousands of galleries can each name thousands of files
# Shortcodes that need no attribute and no end to be known as such.
_KNOWN = {
    "caption",
    "wp_caption",
    "gallery",
    "embed",
    "audio",
    "video",
    "playlist",
    "toc",
    "more",
    "nextpage",
}
_MEDIA = {"audio", "video", "embed"}
# [[name]] is how an author writes the words "[name]".
_CODE = re.compile(r"\[(\[)?(/)?([A-Za-z][\w-]{0,60}+)((?:[\s/][^\[\]]*+)?)\](\])?", re.A)
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])([A-Za-z][\w-]*+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'\]]++))""", re.A
)
_ADDRESS = re.compile(r"https?://[^\s\"'<>\[\]]++", re.A)
_IMAGE = re.compile(r"(?:<a\b[^<>]*+>\s*+)?(<img\b[^<>]*+>)(?:\s*+</a>)?", re.I)
_BARE_WORD = re.compile(r"[a-z][a-z0-9]*[_-]?[a-z0-9_-]*\Z")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the site: its address, the caption an editor gave it, and the id of the post it was uploaded for."""

    url: str
    caption: str = ""
    parent: str = ""
    is_picture: bool = True

    def figure(self) -> str:
        words = f"<figcaption>{escape(self.caption, quote=False)}</figcaption>" if self.caption else ""
        return f'<figure><img src="{escape(self.url)}">{words}</figure>'


@dataclass(slots=True)
class Expanded:
    """A body without shortcodes, those that could not be expanded as they were written, and ids of missing pictures."""

    body: str = ""
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def problems(self) -> list[Problem]:
        found = []
        if self.unknown:
            shown = "、".join(dict.fromkeys(one[:LONGEST_SHOWN] for one in self.unknown[:MOST_SHOWN]))
            said = f"正文里有 {len(self.unknown)} 处短代码，不知道网站上显示什么，请对照原文：{shown}"
            found.append(Problem(Code.DOUBTFUL_BODY, said))
        if self.missing:
            ids = "、".join(self.missing[:MOST_SHOWN])[: LONGEST_SHOWN * 2]
            said = f"图集里的图不在导出文件里，请对照原文补上：{ids}"
            found.append(Problem(Code.DOUBTFUL_BODY, said))
        return found


def expanded(body: str, gallery: Callable[[dict[str, str]], tuple[list[Attachment], list[str]]]) -> Expanded:
    """Expand the shortcodes of a body. `gallery` gives the pictures of a gallery with these attributes, and the ids of
    those that it does not find."""
    if "[" not in body:
        return Expanded(body)
    codes = list(_CODE.finditer(body))
    closed = {code[3].lower() for code in codes if code[2]}
    made, at, result, caption, shown = [], 0, Expanded(), None, 0
    for code in codes:
        name = code[3].lower()
        if code[1] and code[5]:
            made += body[at : code.start()], code[0][1:-1]
            at = code.end()
            continue
        if not _is_code(code, name, closed):
            if _is_doubtful(code, body):
                result.unknown.append(code[0])
            continue
        # A bracket on one side only belongs to the text.
        start, end = code.start() + bool(code[1]), code.end() - bool(code[5])
        between, at = body[at:start], end
        if caption is not None:
            if code[2] and name in ("caption", "wp_caption"):
                made.append(_captioned(between, caption))
                caption = None
                continue
            made.append(between)
        else:
            made.append(between)
        if name in ("caption", "wp_caption") and not code[2]:
            caption = attributes(code[4]).get("caption", "")
        elif name == "gallery" and not code[2] and shown <= MOST_PICTURES:
            pictures, missing = gallery(attributes(code[4]))
            made += (f"\n\n{picture.figure()}\n\n" for picture in pictures)
            shown += len(pictures)
            result.missing += missing or ([] if pictures else [code[0][:LONGEST_SHOWN]])
        elif name in _MEDIA and (code[2] or name == "embed" or _ADDRESS.search(code[4])):
            made += (f'<a href="{escape(url)}">{escape(url)}</a>' for url in _ADDRESS.findall(code[4])[:1])
        elif not code[2]:
            result.unknown.append(body[start:end])
    if caption is not None:
        result.unknown.append("[caption]（没有结束）")
    made.append(body[at:])
    result.body = "".join(made)
    return result


def attributes(written: str) -> dict[str, str]:
    """Return the attributes of a shortcode by lower-case name."""
    return {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(written)}


def _is_code(code: re.Match, name: str, closed: Iterable[str]) -> bool:
    """Return True for what is certainly a shortcode: known, closed further on, or with attributes."""
    return name in _KNOWN or name in closed or _ATTRIBUTE.search(code[4]) is not None


def _is_doubtful(code: re.Match, body: str) -> bool:
    """Return True for what may be one: a word in small Latin letters in brackets that stands in a line of its own, or
    has the shape of a name in a program."""
    if not _BARE_WORD.match(code[3]) or code[4].strip(" /"):
        return False
    before = body[max(0, code.start() - 80) : code.start()].rpartition("\n")[2].strip()
    after = body[code.end() : code.end() + 80].partition("\n")[0].strip()
    alone = not _words(before) and not _words(after)
    return alone or "_" in code[3] or "-" in code[3]


def _words(markup: str) -> str:
    return without_tags(markup).strip()


def _captioned(inner: str, said: str) -> str:
    """Return the picture of a caption as a figure with its words; what is no picture stays as it is."""
    image = _IMAGE.search(inner)
    if image is None:
        return f"{inner}\n\n{said}" if said else inner
    words = (inner[: image.start()] + inner[image.end() :]).strip() or said
    words = " ".join(words.split("\n"))
    return f"\n\n<figure>{image[1]}<figcaption>{words}</figcaption></figure>\n\n"
