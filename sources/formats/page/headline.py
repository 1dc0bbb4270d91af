"""The headline of a page: what the reader sees above the article, held against what the page declares. Pure."""

import re
from dataclasses import dataclass, field

from sources.formats.page.page_lines import Line
from sources.text.outlet_names import name_key

LONGEST, SHORTEST = 200, 4  # characters of a headline, of its key
MOST_PARTS = 14
MOST_PIECES = 6
_GLUE = re.compile(r" ?(?:[_|｜丨¦]+|-{2,}|[—–]{1,2}|(?<= )[-·](?= )|-|[»>]) ?| ")
_STRONG = re.compile(r"[_|｜丨¦—–»>-]|·")
_QUOTE = "\"'“”‘’「」『』"
_CALLED_TITLE = re.compile(r"tit(?:le|$|\b)|headline|biaoti|topic|subject|activity-name")
_A_SITE = re.compile(
    r"(?:网|频道|官网|门户|在线|新闻|资讯|客户端|日报|晚报|早报|时报|商报|都市报|周刊|政府|中心|首页|\.(?:cn|com|net|org))$",
    re.I,
)
_NO_HEADLINE = re.compile(
    r"(?:来源|來源|稿源|作者|记者|记者|时间|時間|日期|编辑)\s?[：:]|(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d"
)
_SHORTENED = re.compile(r"([^…]{8,}?)(?:…{1,2}|\.{3})")
_GAP = re.compile(r"\s+")
_OWN = re.compile(r"版权|©|copyright|主办|reserved|备案|ICP", re.I)
COLUMN = 12  # characters at most of a column's name


@dataclass(slots=True)
class Declared:
    """Titles that the page declares, "" for none: <title>, og:title, and those of other metadata."""

    titled: str = ""
    shared: str = ""
    others: list[str] = field(default_factory=list)
    site: str = ""


@dataclass(slots=True)
class Headline:
    """The headline found, whether evidence proves it, the number of its line (-1: not seen), and the site's name that
    was taken off a declared title, if the page proves it."""

    text: str = ""
    certain: bool = False
    at: int = -1
    site: str = ""


@dataclass(slots=True)
class _Part:
    first: bool
    whole: bool
    strong: bool  # set apart by more than a space


@dataclass(slots=True)
class _Page:
    lines: list[Line]
    declared: list[dict[str, _Part]]
    columns: set[str]
    site: str


def find_headline(lines: list[Line], said: Declared, date_at: int) -> Headline:
    """Return the headline. `date_at` is the line of the publication date if one is labelled as such, else -1."""
    titled = _flat(said.titled)
    shared = _whole_of_a_cut(_flat(said.shared), lines, titled)
    others = [_whole_of_a_cut(_flat(one), lines, titled) for one in said.others]
    titled = _with_its_end(titled, lines)
    texts = [one for one in (shared, *others, titled) if one]
    page = _Page(lines, [_parts(one) for one in texts], _columns(lines, texts), name_key(said.site))
    found = _seen(page)
    if found.at < 0:
        found = _declared_twice(page, texts) or _above_the_date(page, date_at) or _best_guess(page, texts)
    elif date_at > found.at and (nearer := _above_the_date(page, date_at)):
        between = nearer.at > found.at and name_key(nearer.text) not in name_key(found.text)
        if between and not any(_is_whole(parts, found.text) for parts in page.declared):
            found = nearer
    found.text = found.text[:LONGEST]
    found.site = _site_taken_off(found, titled, page)
    return found


def _flat(text: str) -> str:
    return _GAP.sub(" ", text).strip()[: LONGEST + 100]


def _whole_of_a_cut(shared: str, lines: list[Line], titled: str) -> str:
    """Return the whole of a shared title that an unescaped quote has cut off, from the lines or the <title>."""
    if not shared or titled == shared:
        return shared
    for text in (line.text for line in lines if line.heading and not line.hidden):
        if _is_cut(shared, text):
            return text
    return "" if _is_cut(shared, titled) else shared


def _with_its_end(titled: str, lines: list[Line]) -> str:
    """Return a <title> that a program has shortened (…) with the whole of the heading that begins like it."""
    match = _SHORTENED.match(titled)
    if match is None:
        return titled
    for line in lines:
        if (
            line.heading
            and not line.hidden
            and len(line.text) > len(match[1])
            and line.text.startswith(match[1])
        ):
            return line.text + titled[match.end() :]
    return titled


def _is_cut(short: str, whole: str) -> bool:
    rest = whole[len(short) :].lstrip() if whole.startswith(short) else ""
    return bool(rest) and rest[0] in _QUOTE


def _parts(text: str) -> dict[str, _Part]:
    """Map the key of every run of parts of a title to where it stands in it."""
    glue = list(_GLUE.finditer(text))
    if len(glue) > MOST_PARTS:
        glue = glue[: MOST_PARTS // 2] + glue[-MOST_PARTS // 2 :]
    starts = [0, *(match.end() for match in glue)]
    ends = [*(match.start() for match in glue), len(text)]
    signs = [True, *(bool(_STRONG.search(match[0])) for match in glue), True]
    found: dict[str, _Part] = {}
    for one, start in enumerate(starts):
        for other in range(len(ends) - 1, one - 1, -1):
            key = name_key(text[start : ends[other]]) if start < ends[other] else ""
            if key and key not in found:
                whole = one == 0 and other == len(ends) - 1
                found[key] = _Part(one == 0, whole, signs[one] and signs[other + 1])
    return found


def _columns(lines: list[Line], texts: list[str]) -> set[str]:
    """Short parts of a title that the page links to or claims rights for: its columns, and itself."""
    wanted = {key for text in texts for key in _parts(text) if len(key) <= COLUMN}
    linked = {
        name_key(piece.text.strip())
        for line in lines
        for piece in line.pieces
        if piece.linked and len(piece.text.strip()) <= COLUMN
    }
    owners = [name_key(line.text) for line in lines if len(line.text) < LONGEST and _OWN.search(line.text)]
    return {key for key in wanted if key in linked or any(key in owner for owner in owners)}


def _is_whole(parts: dict[str, _Part], text: str) -> bool:
    part = parts.get(name_key(text))
    return part is not None and part.whole


def _may_be(line: Line) -> bool:
    if line.hidden or (line.aside and line.heading != 1):
        return False
    return not (line.linked and (line.to_root or not line.heading))


def _seen(page: _Page) -> Headline:
    """Return the visible line that a declared title holds: the longest, preferably in a heading."""
    best, most = Headline(), 0
    for at, line in enumerate(page.lines):
        if not _may_be(line):
            continue
        text = _shown(page, line)
        key = name_key(text)
        met = [parts[key] for parts in page.declared if key in parts]
        if not met or len(key) < SHORTEST or key in page.columns or key == page.site:
            continue
        score = (
            min(len(key), 40) + 30 * any(part.whole for part in met) + 15 * any(part.first for part in met)
        )
        score += 28 - 4 * line.heading if line.heading else 0
        score += 8 if _CALLED_TITLE.search(line.names) else 0
        if score > most:
            best, most = Headline(text, _is_proven(page, line, key), at), score
    return best


def _shown(page: _Page, line: Line) -> str:
    """Return a line's words; without a mark beside the headline (原创) if only so a declared title holds them."""
    text = line.text
    if len(text) > LONGEST:
        return ""
    if 1 < len(line.pieces) <= MOST_PIECES and not any(name_key(text) in parts for parts in page.declared):
        longest = max((piece.text.strip() for piece in line.pieces), key=len)
        if len(longest) * 2 > len(text):
            return longest
    return text


def _is_proven(page: _Page, line: Line, key: str) -> bool:
    """Return True if every declared title holds this line, set apart by more than a space, and no other headline stands
    above the text."""
    met = [parts.get(key) for parts in page.declared]
    if any(part is None or not part.strong for part in met):
        return False
    if not any(part.first for part in met):
        return False
    rivals = (
        name_key(other.text)
        for other in page.lines
        if other.heading == 1 and _may_be(other) and not other.linked and other is not line
    )
    known = page.columns | {page.site, key, ""}.union(*page.declared)
    return all(rival in known or rival in key or key in rival for rival in rivals)


def _declared_twice(page: _Page, texts: list[str]) -> Headline | None:
    """Return the title that two declarations share, where no line shows it."""
    for text in texts:
        key = name_key(text)
        if len(key) >= SHORTEST and key not in page.columns:
            met = [parts.get(key) for parts in page.declared]
            if len(met) > 1 and all(part and part.first and part.strong for part in met):
                rival = any(line.heading == 1 and _may_be(line) and not line.linked for line in page.lines)
                return Headline(text, not rival)
    return None


def _above_the_date(page: _Page, date_at: int) -> Headline | None:
    """Return the nearest heading above the date."""
    for at in range(date_at - 1, max(date_at - 7, -1), -1):
        line = page.lines[at]
        called = line.heading or _CALLED_TITLE.search(line.names)
        may_be = called and _may_be(line) and not line.is_prose and not _NO_HEADLINE.search(line.text)
        if may_be and 8 <= len(line.text) <= LONGEST:
            return Headline(line.text, at=at)
    return None


def _best_guess(page: _Page, texts: list[str]) -> Headline:
    """Return the first declared title without what looks like the site's name, else the only h1; never certain."""
    headings = list(dict.fromkeys(line.text for line in page.lines if line.heading == 1 and _may_be(line)))
    if not texts:
        return Headline(headings[0] if len(headings) == 1 else "")
    return Headline(_without_site(texts[0], page.columns | {page.site}))


def _without_site(title: str, known: set[str]) -> str:
    while True:
        last = None
        for match in _GLUE.finditer(title):
            last = match if _STRONG.search(match[0]) else last
        if last is None or last.start() < SHORTEST:
            return title
        rest = title[last.end() :]
        if name_key(rest) not in known and not _A_SITE.search(rest):
            return title
        title = title[: last.start()]


def _site_taken_off(found: Headline, titled: str, page: _Page) -> str:
    """Return the site's name: the last part of the <title> behind the headline that the page also says where a site
    names itself, in Chinese if there is such a part."""
    key = name_key(found.text)
    ends = [match.end() for match in _GLUE.finditer(titled) if _STRONG.search(match[0])]
    if not key or name_key(titled) == key:
        return ""
    near = {*range(30), *range(len(page.lines) - 30, len(page.lines))}
    own = [
        line.text
        for at, line in enumerate(page.lines)
        if line.to_root or (at in near and len(line.text) <= 60) or _OWN.search(line.text[:LONGEST])
    ]
    parts = [re.split(_GLUE, titled[end:] + "_", maxsplit=1)[0] for end in reversed(ends[-2:])]
    # An English name may stand last, behind the Chinese one.
    parts = parts if parts and parts[0].isascii() else parts[:1]
    parts = [part for part in parts if 3 <= len(part) <= 20 and name_key(part) not in key]
    proven = [part for part in parts if any(part in text for text in own)]
    return next((part for part in proven if not part.isascii()), proven[0] if proven else "")
