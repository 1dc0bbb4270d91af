"""Read the head and foot lines of a printed page: paper, day, page number; and detect other text outside articles."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

LONGEST_MARGIN = 60
HEAD_LINES, FOOT_LINES = 4, 3  # lines of a page in which a paper or section name may stand alone

_MARGIN = re.compile(
    r"第?[A-Z]?\d{1,3}版(?:\s[^。]*)?|[^。，]*\d{4}年\d{1,2}月\d{1,2}日[^。，]*(?:星期|责编|编辑)[^。]*"
    r"|(?:责任编辑|责编|本版\S{0,4}|美编|版式|校对)[：:\s][^。]*|[（(]?(?:紧接|下转|上接)[^。]{0,20}版[^。]{0,20}[）)]?"
    r"|[（(].{1,40}[摄图供][）)]|[—\-\s\d]{1,8}|国内统一(?:连续出版物|刊)号[^。]*"
    r"|(?:今日|本报|本版)?导读|[^。]{2,50}[（(]详?见第?[A-Z]?\d{1,3}版[）)]",
    re.S,
)
_PHOTO = re.compile(r"[（(]?[^。！？]{0,40}(?:记者|通讯员)[^。！？]{1,20}摄[）)]?\Z")

_DAY = r"(\d{4})\s?[年./\-]\s?(\d{1,2})\s?[月./\-]\s?(\d{1,2})日?"
_PAGE = r"(?:第\s?|版次[：:]?\s?(?:第\s?)?)?(?P<{0}>[A-Z]?\d{{1,3}}|[一二三四五六七八九十]{{1,2}})\s?版"
_PARTS = re.compile(
    rf"(?P<day>{_DAY})|(?:星期|周)[一二三四五六日天]|(?:农历|夏历)\S{{2,12}}|[甲-癸]\S年\S{{2,8}}"
    r"|(?:今日|本期|本报今日|共)\s?\d{1,3}\s?版|(?:总?第\s?\d{1,6}\s?期|总第\s?\d{1,6}\s?号)"
    rf"|{_PAGE.format('page')}|版次[：:]?\s?(?:第\s?)?(?P<after>[A-Z]?\d{{1,3}})|(?P<bare>[A-Z]\d{{1,2}}|\d{{1,2}})(?!\d)"
    r"|(?P<staff>(?:本版|责任|值班|执行)?(?:主编|编辑|责编|美编|校对|版式|组版|编审|编委|统筹|制图|视觉)[：:\s]{0,2}"
    r"[\u4e00-\u9fff]{1,4}(?:[\s、][\u4e00-\u9fff](?=[\s、]|\Z)|[\s、][\u4e00-\u9fff]{2,3}(?=[\s、]|\Z))?)"
    r"|(?P<paper>《?[\u4e00-\u9fff\d]{1,10}(?:报|经济报道)》?(?:海外版|社|网|数字报)?)(?=[\s|｜/·,，:：】\]]|\d|\Z)"
    r"|(?P<site>[\w.\-@]{3,40}\.(?:com|cn|net|org)[\w./]{0,20})|(?P<section>[\u4e00-\u9fff·]{2,8})(?=[\s|｜/:：】\]]|\d|\Z)"
)
_BETWEEN = re.compile(r"[\s|｜/·:：;；【】\[\]\-—_•]*")
# Words that end in 报 but are not papers, though they may stand above a page.
_NO_PAPER = re.compile(r"(?:预|海|简|情|喜|举|通|公|年|季|中|财|汇|回|捷|申|填|上|电|警|战|谎)报\Z")
_SECTION = re.compile(
    r"(?:头版|要闻|经济|财经|金融|银行|保险|证券|基金|债券|期货|股市|市场|公司|上市公司|产业|产经|行业|企业|商业|科技|汽车|楼市|房产|地产"
    r"|理财|投资|综合|国内|国际|世界|中国|全球|时政|政务|社会|民生|本地|本市|城市|都市|区域|地方|县域|乡村|三农|农业|评论|观点|言论|理论"
    r"|文化|文娱|娱乐|体育|教育|健康|卫生|法治|法制|专题|专版|专栏|特刊|特别报道|深度|调查|人物|副刊|广告|公告|信息披露|读者|服务|热点"
    r"|焦点|关注|天下|视野|数据)(?:新闻|要闻|报道|版|周刊|专刊)?\Z"
)
# Names that no headline ends with, so they may stand alone.
_PAPER_ALONE = re.compile(
    r"《?[\u4e00-\u9fff\d]{2,8}(?:[日晚时商早晨导周新]报|(?:都市|证券|财经|经济|金融|保险|青年|工人|农民|法治|法制|消费者|参考)报"
    r"|都市快报|经济报道)》?(?:海外版)?\Z"
)
_TENS = "〇一二三四五六七八九十"


@dataclass(slots=True)
class Masthead:
    """The parts of a line that contains nothing else; `parts` is their number."""

    parts: int = 0
    papers: set[str] = field(default_factory=set)
    days: set[date | None] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    bare: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)


def read_masthead(line: str) -> Masthead | None:
    """Parse a line that consists only of a paper's name, day, weekday, page, issue, editors and at most two section
    names; None for any other line."""
    line = line.strip()
    if not line or len(line) > LONGEST_MARGIN:
        return None
    found, at = Masthead(), _BETWEEN.match(line).end()
    while at < len(line):
        part = _PARTS.match(line, at)
        if not part:
            return None
        found.parts += 1
        _take(part, found)
        at = _BETWEEN.match(line, part.end()).end()
    return found if len(found.sections) <= 2 else None


def _take(part: re.Match, found: Masthead) -> None:
    paper = (part["paper"] or "").strip("《》")
    if part["day"]:
        found.days.add(_date(part.group(2, 3, 4)))
    elif page := part["page"] or part["after"]:
        found.pages.add(_number(page))
    elif part["bare"]:
        found.bare.append(part["bare"])
    elif paper and not _NO_PAPER.search(paper):
        found.papers.add(paper)
    elif paper or part["section"]:
        found.sections.append(paper or part["section"])


def is_margin(line: str) -> bool:
    """Return True if a line belongs to the page and not to an article, anywhere: its own line, a photo credit, …"""
    if len(line) > LONGEST_MARGIN:
        return False
    if _PHOTO.match(line) or _MARGIN.fullmatch(line):
        return True
    found = read_masthead(line) if any(sign in line for sign in "版年-.报") else None
    return bool(found and len(found.sections) < found.parts and _tells(found) >= 2)


def _tells(found: Masthead) -> int:
    return sum(map(bool, (found.papers, found.days, found.pages)))


def margins(words: Sequence[str]) -> list[int]:
    """Return the page's own lines at its head and foot, including those that alone could be headlines."""
    found = []
    for lines in (range(min(HEAD_LINES, len(words))), range(len(words) - 1, len(words) - 1 - FOOT_LINES, -1)):
        for i in lines:
            if i < 0 or not (is_margin(words[i]) or _stands_alone(words[i], bool(found))):
                break
            found.append(i)
    return found


def _stands_alone(line: str, follows: bool) -> bool:
    """Return True if a line is only a paper's name or a day, or, next to such a line, a section name."""
    parts = read_masthead(line)
    if not parts or len(parts.sections) > follows or (parts.bare and not _tells(parts)):
        return False
    if parts.papers and parts.parts == 1:
        return bool(_PAPER_ALONE.match(line.strip()))
    return _tells(parts) > 0 or (bool(parts.sections) and bool(_SECTION.match(parts.sections[0])))


def read_edition(lines: Iterable[str]) -> tuple[date | None, str, str]:
    """Return day, page and paper from a page's own lines (2031年5月6日 星期二 第3版); None or "" for a value that
    is missing or ambiguous."""
    own = [line for line in lines if "转" not in line and "接" not in line and "见" not in line]
    days, pages, papers = set(), set(), set()
    for line in own:
        found = read_masthead(line) or _loosely(line)
        days |= found.days
        # A bare A06 or 03 next to a paper or day is the page number.
        pages |= found.pages or (
            set(found.bare) if len(set(found.bare)) == 1 and found.days | found.papers else set()
        )
        papers |= found.papers
    day = days.pop() if len(days) == 1 else None
    return day, pages.pop() if len(pages) == 1 else "", papers.pop() if len(papers) == 1 else ""


def _loosely(line: str) -> Masthead:
    """Read the same parts from a line that also contains other text."""
    found = Masthead()
    for word in re.split(r"[\s|｜【】\[\]]+", line):
        part = _PARTS.match(word)
        if part and not part["section"] and not part["bare"]:
            _take(part, found)
    return found


def _date(parts: Sequence[str]) -> date | None:
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def _number(page: str) -> str:
    """Return 第三版 as "3", 第十二版 as "12"."""
    if page[0] not in _TENS:
        return page
    tens, ten, ones = page.rpartition("十")
    return str((_TENS.index(tens) if tens else 1) * 10 * bool(ten) + (_TENS.index(ones) if ones else 0))
