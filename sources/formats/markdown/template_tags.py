"""Tags of site generators in a body (Liquid, Hexo, Hugo): resolved where they plainly say what they mean, else an
editor is asked. The tag of an unresolved one stays in the text. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from sources.problem import Code, Problem
from sources.text.lines import one_line

_TAG = re.compile(
    r"\{\{[<%](?P<hugo>[^\n]{0,500}?)[%>]\}\}"
    r"|\{\{(?P<output>(?:\s?\"[^\"\n]{0,200}\"|\s?'[^'\n]{0,200}')?[^{}\n]{0,300})\}\}"
    r"|\{%-?\s{0,9}+(?P<name>\w{1,40}+)(?P<rest>(?:[^%]|%(?!\})){0,500}+)%\}"
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_INLINE_CODE = re.compile(r"``[^\n]{1,300}?``|`[^`\n]++`")
# What stands before an address: of a link, a picture, an attribute, a reference.
_BEFORE_ADDRESS = re.compile(r"(?:\]\(\s?<?|=\s?[\"']|^\[[^\]\n]{1,100}\]:\s?<?|<)\Z", re.M)
_LOOK_BACK = 120
_SITE = re.compile(r"(?:site\.(?:url|baseurl|github\.url)|\.?Site\.BaseURL|config\.(?:url|root))\Z")
_OF_PAGE = re.compile(r"page\.(\w{1,40})\Z")
_STRING = re.compile(r"(?P<quote>[\"'])(?P<said>[^\"']*+)(?P=quote)\s*+(?P<filters>\|.*+)?\Z")
_ADDRESS_FILTERS = re.compile(
    r"(?:\|\s*+(?:relative_url|absolute_url|relURL|absURL|prepend\s*+:\s*+site\.\w++(?:\.\w++)?+)\s*+)++\Z"
)
_PAIR = re.compile(r"([\w-]{1,40})\s?=\s?(?:\"([^\"]*+)\"|'([^']*+)'|(\S++))")
_IMAGE = re.compile(r"\S{1,300}\.(?:jpe?g|png|gif|webp|svg|bmp)(?:\?\S*+)?\Z|https?://\S++\Z", re.I)
_NO_SPACE = re.compile(r"^(#{2,6})(?=[^\s#])", re.M)
_NO_SPACE_FIRST = re.compile(r"^#(?=[\u4e00-\u9fff“《【])(?=[^#\n。！？；]{1,40}$)", re.M)
_CONTAINER = re.compile(r"^:::.{0,100}", re.M)
_QUOTES = {"blockquote", "quote", "cq", "centerquote", "pullquote", "pq", "note", "notel"}
_CODE = {"highlight", "codeblock", "code"}
_ADDRESSES = {"post_url", "link", "asset_path", "post_path", "ref", "relref"}
_PAIRED = _QUOTES | _CODE | {"raw", "comment"}
_MOST_NAMED = 10


@dataclass(slots=True)
class _Scan:
    """The text put together so far, the tags in order, and what an editor has to look at."""

    text: str
    values: Mapping[str, str | list[str]]
    tags: list[re.Match]
    ends: dict[str, list[int]]
    code: list[tuple[int, int]]
    out: list[str] = field(default_factory=list)
    unresolved: list[tuple[int, str]] = field(default_factory=list)

    def is_address(self) -> bool:
        """Return True if what comes next stands where an address does."""
        return _BEFORE_ADDRESS.search("".join(part[-_LOOK_BACK:] for part in self.out[-4:])) is not None

    def end_of(self, name: str, at: int) -> int:
        """Return the number of the tag that ends the one at number `at`; -1 if none does."""
        ends = self.ends.get(name, [])
        place = bisect_left(ends, at + 1)
        return ends[place] if place < len(ends) else -1

    def is_code(self, start: int) -> bool:
        place = bisect_left(self.code, (start + 1,)) - 1
        return place >= 0 and self.code[place][0] <= start < self.code[place][1]


def resolve_tags(
    text: str, values: Mapping[str, str | list[str]], first_line: int
) -> tuple[str, list[Problem]]:
    """Return a body with its generator's tags resolved, and a problem (with its line) for each that is not.

    `values` is the front matter, for `{{ page.title }}`; `first_line` is the number of the body's first line.
    """
    resolved, problems = text, []
    if "{%" in text or "{{" in text:
        scan = _scanned(text, values)
        _resolve_all(scan)
        resolved = "".join(scan.out)
        problems = list(_problems(text, scan.unresolved, first_line))
    if ":::" in text:
        found = ((match.start(), match[0]) for match in _CONTAINER.finditer(text))
        opened = [(at, said) for at, said in found if said.strip(": ")]
        problems += _problems(text, opened, first_line)
    return resolved, problems


def _problems(text: str, unresolved: list[tuple[int, str]], first_line: int) -> Iterator[Problem]:
    for at, tag in unresolved[:_MOST_NAMED]:
        line = text.count("\n", 0, at) + first_line
        said = f"第 {line} 行有网站模板的标签，没有展开，请对照原文改写：{one_line(tag)[:80]}"
        yield Problem(Code.DOUBTFUL_BODY, said, line)
    if len(unresolved) > _MOST_NAMED:
        yield Problem(Code.DOUBTFUL_BODY, f"另有 {len(unresolved) - _MOST_NAMED} 处模板标签没有展开")


def spaced_headings(text: str) -> str:
    """Return Markdown with the space that `##标题` lacks; `#话题#` and fenced code stay."""
    if "#" not in text:
        return text
    parts, at = [], 0
    for start, end in [*_fences(text), (len(text), len(text))]:
        parts.append(_NO_SPACE_FIRST.sub("# ", _NO_SPACE.sub(r"\1 ", text[at:start])))
        parts.append(text[start:end])
        at = end
    return "".join(parts)


def _scanned(text: str, values: Mapping[str, str | list[str]]) -> _Scan:
    tags = list(_TAG.finditer(text))
    ends: dict[str, list[int]] = {}
    for number, tag in enumerate(tags):
        name = _name(tag)
        if name.startswith(("end", "/")):
            ends.setdefault(name.removeprefix("end").removeprefix("/"), []).append(number)
    return _Scan(text, values, tags, ends, _code(text))


def _name(tag: re.Match) -> str:
    if tag["name"]:
        return tag["name"]
    words = (tag["hugo"] or "").split(maxsplit=1)
    return "/" + words[1].strip() if words[:1] == ["/"] and words[1:] else words[0] if words else ""


def _fences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where fenced code begins and ends."""
    if "```" not in text and "~~~" not in text:
        return
    at, opened, mark = 0, -1, ""
    for line in text.splitlines(keepends=True):
        fence = _FENCE.match(line)
        if fence and opened < 0:
            opened, mark = at, fence[1]
        elif fence and fence[1].startswith(mark) and not line.strip().strip(mark[0]):
            yield opened, at + len(line)
            opened = -1
        at += len(line)
    if opened >= 0:
        yield opened, at


def _code(text: str) -> list[tuple[int, int]]:
    fences = list(_fences(text))
    inline = (match.span() for match in _INLINE_CODE.finditer(text)) if "`" in text else ()
    return sorted([*fences, *(span for span in inline if not _within(span[0], fences))])


def _within(at: int, spans: list[tuple[int, int]]) -> bool:
    place = bisect_left(spans, (at + 1,)) - 1
    return place >= 0 and at < spans[place][1]


def _resolve_all(scan: _Scan) -> None:
    number, at = 0, 0
    while number < len(scan.tags):
        tag = scan.tags[number]
        scan.out.append(scan.text[at : tag.start()])
        end = scan.end_of(_name(tag), number) if _name(tag) in _PAIRED else -1
        is_code = scan.is_code(tag.start())
        if end >= 0 and (_name(tag) == "raw" or not is_code):
            scan.out.append(_paired(tag, scan.text[tag.end() : scan.tags[end].start()]))
            number, at = end + 1, scan.tags[end].end()
            continue
        said = None if is_code else _single(scan, tag)
        if said is None and not is_code and not _name(tag).startswith("/"):
            scan.unresolved.append((tag.start(), tag[0]))
        scan.out.append(tag[0] if said is None else said)
        number, at = number + 1, tag.end()
    scan.out.append(scan.text[at:])


def _paired(tag: re.Match, inner: str) -> str:
    name = _name(tag)
    if name in ("raw", "comment"):
        return inner if name == "raw" else ""
    if name in _CODE:
        return _fenced(inner)
    said = (tag["rest"] or "").strip(" -")
    if name.startswith("note"):  # the first words are classes of the theme
        said = " ".join(word for word in said.split() if not word.isascii())
        return f"\n\n<blockquote>\n\n{said}\n\n{inner}\n\n</blockquote>\n\n"
    by = f"\n\n—— {said}" if said else ""
    return f"\n\n<blockquote>\n\n{inner}{by}\n\n</blockquote>\n\n"


def _fenced(inner: str) -> str:
    longest = max((len(run) for run in re.findall(r"~{3,}", inner)), default=2)
    fence = "~" * (longest + 1)
    return f"\n\n{fence}\n{inner.strip(chr(10))}\n{fence}\n\n"


def _single(scan: _Scan, tag: re.Match) -> str | None:
    """Return what a tag stands for; None if it is not plain."""
    if tag["output"] is not None:
        return _output(scan, tag["output"].strip(" -"))
    if tag["hugo"] is not None:
        inner = tag["hugo"].strip()
        if inner.startswith("/*") and inner.endswith("*/"):  # a tag shown to the reader
            return "".join(tag[0].replace("/*", "", 1).rsplit("*/", 1))
        return _of_hugo(scan, inner)
    return _of_liquid(scan, tag["name"], tag["rest"].strip().removesuffix("-").strip())


def _output(scan: _Scan, said: str) -> str | None:
    if _SITE.match(said):
        return "" if scan.is_address() else None
    if of_page := _OF_PAGE.match(said):
        value = scan.values.get(of_page[1].lower())
        return value if isinstance(value, str) and value else None
    if string := _STRING.match(said):
        if not string["filters"]:
            return string["said"]
        plain = scan.is_address() and _ADDRESS_FILTERS.match(string["filters"])
        return string["said"] if plain else None
    return None


def _of_liquid(scan: _Scan, name: str, rest: str) -> str | None:
    if name in _ADDRESSES:
        return "#" if scan.is_address() and rest else None
    if name in ("img", "asset_img"):
        return _picture(rest)
    if name in ("post_link", "asset_link"):
        words = rest.split(maxsplit=1)
        return words[1].strip("\"'") if len(words) == 2 else None
    return "" if name in ("toc", "more", "excerpt") and not rest else None


def _picture(rest: str) -> str | None:
    """Return Hexo's `{% asset_img [class] a.png [width] [height] "title" %}` as a picture."""
    words = rest.split()
    address = next((at for at, word in enumerate(words) if _IMAGE.match(word.strip("\"'"))), None)
    if address is None:
        return None
    said = " ".join(word for word in words[address + 1 :] if not word.strip("\"'").isdecimal())
    alt = said.replace('" "', " ").replace("' '", " ").strip("\"'")
    return f'<img src="{escape(words[address].strip(chr(34) + chr(39)))}" alt="{escape(alt)}">'


def _of_hugo(scan: _Scan, inner: str) -> str | None:
    name, _, rest = inner.rstrip("/").strip().partition(" ")
    if name in _ADDRESSES:
        return "#" if scan.is_address() and rest.strip() else None
    if name != "figure":
        return None
    pairs = {pair[1].lower(): pair[2] or pair[3] or pair[4] or "" for pair in _PAIR.finditer(rest)}
    if not pairs.get("src"):
        return None
    words = pairs.get("caption") or pairs.get("title") or ""
    caption = f"<figcaption>{escape(words)}</figcaption>" if words else ""
    image = f'<img src="{escape(pairs["src"])}" alt="{escape(pairs.get("alt", ""))}">'
    return f"\n\n<figure>{image}{caption}</figure>\n\n"
