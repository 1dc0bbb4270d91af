"""Whose article a page shows: outlet and author, from its metadata and from the words beside its headline. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sources.formats.fields import same_outlet, without_label
from sources.formats.page.page_lines import Line, Piece
from sources.text.lines import one_line
from sources.text.outlet_names import name_key

BESIDE = 12  # lines from the headline on that may be signed
LONGEST_NAME = 30
SHORT_LINE = 80
CELL = "cell"
_WITHOUT_DATE = re.compile(
    r"第[A-Za-z]?\d{1,3}版\S{0,10}|原创|(?:HKT|GMT|CST|UTC|BJT|[AaPp][Mm])(?![A-Za-z])|\d[\d年月日:：/-]*|星期.|周[一二三四五六日]"
)
_SOURCE = re.compile(
    r"(?<!图片)(?<!图)(?:(?:[来來]源|稿源|信源|出处|转自|转载自)\s?[：:]\s{0,3}|(?:^|[|｜\s])来源\s{0,3}\Z)"
)
_AUTHOR = re.compile(
    r"(?:(?:作者|撰文|[记記]者)\s?[：:]|(?<![图圖])文\s?[/／])\s{0,3}|(?:^|[|｜\s])作者\s{0,3}\Z"
)
# What follows a name in the same words.
_NEXT_LABEL = (
    r"(?:文章|新闻|稿件|信息)?[来來]源|稿源"
    r"|(?:作者|责任编辑|責任編輯|责编|编辑|編輯|记者|記者|通讯员|校对|审核|摄影|[发發][布佈表](?:[时時][间間]|日期|于)|[发發][布佈表]"
    r"|更新(?:时间)?|[时時][间間]|日期|浏览|阅读|点击|字号|字体|评论|分享)[数次量]{0,2}\s?[：:(（\d]|我要|(?:19|20)\d\d[-/.年]"
)
_NEXT = re.compile(r"[\s|｜,，。;；、()（）《》【】\[\]]|" + _NEXT_LABEL)
_AFTER_AUTHORS = re.compile(r"[|｜。;；()（）《》【】\[\]]|\s{2}|" + _NEXT_LABEL)
_CHANNEL = re.compile(r"[-－—_·](?:[^-－—_·]{1,8}频道|综合)\Z|(?:数字报|电子版|电子报)\Z")
_CALLED_SOURCE = re.compile(
    r"\b(?:source|src|media|laiyuan|copyfrom|origin-name|jgname|a_source|media_name)\b|source"
)
_FOREIGN = re.compile(r"[A-Z][A-Za-z&.'-]{1,20}(?: [A-Z&][A-Za-z&.'-]{0,20}){1,4}(?![^\s|｜(（])")
# A word with an at sign, which begins where the word does; an address.
_NO_PERSON = re.compile(r"(?<!\S)[^\s@]*+@\S*+|https?://\S*+")
_COLON = re.compile(r"[：:]|分类|频道|栏目|首页")
_CALLED_ACCOUNT = re.compile(r"(?<![a-z])(?:author|account|nick|user)[-_]?name(?![a-z])")
_ADDRESS = re.compile(r"@|://|^(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,10}$", re.I)
_NUMBER = re.compile(r"\d{5}|^\d+$|^(?:用户|网友|手机用户|游客|微信用户)\d")
_NOBODY = {
    *(
        "未知",
        "佚名",
        "网络",
        "互联网",
        "网络整理",
        "转载",
        "原创",
        "本站",
        "本站原创",
        "本网",
        "原创稿",
        "管理员",
        "小编",
        "编辑",
        "综合",
    ),
    *(
        "admin",
        "administrator",
        "name",
        "author",
        "root",
        "webmaster",
        "null",
        "undefined",
        "none",
        "default",
        "anonymous",
        "unknown",
    ),
    *("责任编辑", "作者", "来源", "其他", "其它", "不详", "匿名", "本报", "站长", "test", "user", "editor"),
    *("听新闻", "订阅", "收藏", "分享", "举报", "打印", "关注", "点赞", "版权所有"),
}
_OF_THIS_SITE = {"本站", "本站原创", "本网", "原创", "原创稿", "本网站"}
# Sites where others publish: their name is not the outlet's.
PLATFORMS = {
    *(
        "微信公众平台",
        "微信",
        "今日头条",
        "头条号",
        "百家号",
        "百度",
        "网易号",
        "网易订阅",
        "搜狐号",
        "企鹅号",
        "腾讯号",
        "大鱼号",
        "一点资讯",
    ),
    *(
        "知乎",
        "知乎专栏",
        "简书",
        "微博",
        "新浪微博",
        "雪球",
        "豆瓣",
        "哔哩哔哩",
        "东方财富号",
        "财富号",
        "新浪看点",
        "凤凰号",
        "大风号",
        "澎湃号",
    ),
}
_OUTLET_LIKE = re.compile(
    r"(?:[报网社台刊]|新闻|频道|客户端|杂志|周刊|传媒|在线|财经|科技|资讯|日报|晚报|观察|电视|广播|公众号|政府|办公室|委员会|局|厅|部)$"
)
_PERSON = re.compile(r"[\u3400-\u9fff·]{2,10}|[A-Za-z][A-Za-z .'-]{1,30}")


@dataclass(slots=True)
class Origin:
    """Outlet and author, "" for none. `guessed` is set where only a word's markup calls it the outlet."""

    outlet: str = ""
    author: str = ""
    guessed: bool = False
    of_the_site: bool = False


def outlet_name(value: str) -> str:
    """Return an outlet's name without label, channel and what stands after it; "" if it is no name: an address, a
    number, a word for nobody."""
    value = without_label(one_line(value)).strip(" 　:：|｜-—_.·\xa0\"'“”[]【】()（）")
    words = value.split()
    value = value if len(words) < 2 or value.isascii() else words[0]
    value = _CHANNEL.sub("", value)
    return "" if _is_no_name(value) else value


def person(value: str) -> str:
    """Return the names of people in an author's value, without addresses, numbers and words for nobody."""
    value = _NO_PERSON.sub(" ", without_label(one_line(value)))
    names = [one.strip(" 　.。:：|｜-—_\xa0\"'[]【】()（）") for one in re.split(r"[,，、;；|｜/／]", value)]
    kept = [
        one for one in names if one and not _is_no_name(one) and not any(char.isdigit() for char in one[:1])
    ]
    return " ".join(dict.fromkeys(kept))[:200]


def _is_no_name(value: str) -> bool:
    if not 2 <= len(value) <= LONGEST_NAME * 2 or value.casefold() in _NOBODY:
        return True
    return bool(_ADDRESS.search(value) or _NUMBER.search(value))


def is_platform(name: str) -> bool:
    """Return True for the name of a site where others publish."""
    return name_key(name) in {name_key(one) for one in PLATFORMS}


def signed(lines: list[Line], headline: int, dated: int) -> Origin:
    """Return outlet and author as the lines beside the headline name them."""
    found = Origin()
    start = max(min(one for one in (headline, dated, len(lines)) if one >= 0) - 2, 0) if lines else 0
    beside = lines[start : start + BESIDE + 2] if headline >= 0 or dated >= 0 else lines[:60]
    shown = [line for line in beside if not line.is_prose and not line.hidden]
    pieces = [piece for line in shown for piece in (_begin(line), *line.pieces)]
    for at, piece in enumerate(pieces):
        after = pieces[at + 1 : at + 4]
        if not found.outlet and (named := _labelled(_SOURCE, piece, after)):
            found.of_the_site = found.of_the_site or named in _OF_THIS_SITE
            found.outlet = outlet_name(named)
        if not found.author and (named := _labelled(_AUTHOR, piece, after, _AFTER_AUTHORS)):
            found.author = person(named)
    if not found.outlet and not found.of_the_site:
        found.outlet = _by_its_markup(pieces, _CALLED_SOURCE) or _labelled_below(lines)
    if not found.outlet and not found.of_the_site:
        found.outlet = _by_its_markup(pieces, _CALLED_ACCOUNT) or _beside_the_date(lines, dated)
        found.guessed = bool(found.outlet)
    return found


def _begin(line: Line) -> Piece:
    """Return an empty piece that stands between lines; its names tell whether the line is the next cell of a row."""
    return Piece("", CELL if line.node.tag in ("td", "dd") else "", linked=False)


def _labelled(label: re.Pattern, piece: Piece, after: list[Piece], ends: re.Pattern | None = None) -> str:
    """Return the name behind a label, in the same words or, where these end with the label, in the next piece."""
    words = piece.text.strip()
    if len(words) > 300 or not (match := label.search(words)):
        return ""
    if rest := words[match.end() :].strip():
        return _first_name(rest, ends) if re.search(r"[：:/／]", match[0]) else ""
    nearest = ""
    for one in after:
        nearest = one.text.strip()
        if nearest or (not one.text and one.names != CELL):
            break
    return _first_name(nearest, ends)


def _first_name(words: str, ends: re.Pattern | None = None) -> str:
    words = words.lstrip(" :：　\xa0")
    if foreign := _FOREIGN.match(words):
        return foreign[0].strip()
    if "《" in words[:1]:
        return words[1:].split("》", 1)[0]
    return (ends or _NEXT).split(words, maxsplit=1)[0].strip()


def _beside_the_date(lines: list[Line], dated: int) -> str:
    """Return the only other words of the date's own line."""
    if not 0 <= dated < len(lines) or len(lines[dated].spaced) > LONGEST_NAME * 2:
        return ""
    words = [one for one in _WITHOUT_DATE.sub(" ", lines[dated].spaced).split() if outlet_name(one) == one]
    names = [
        one for one in words if 3 <= len(one) <= 20 and not _NEXT.match(one + "：") and not _COLON.search(one)
    ]
    return names[0] if len(names) == 1 else ""


def _labelled_below(lines: list[Line]) -> str:
    """Return the outlet that a short line anywhere names: 来源：… at the foot of an article."""
    for line in lines:
        if line.hidden or line.linked or len(line.text) > SHORT_LINE or "源" not in line.text:
            continue
        for at, piece in enumerate(line.pieces):
            if name := outlet_name(_labelled(_SOURCE, piece, line.pieces[at + 1 : at + 3])):
                return name
    return ""


def _by_its_markup(pieces: Iterable[Piece], called: re.Pattern) -> str:
    for piece in pieces:
        words = piece.text.strip()
        if len(words) <= LONGEST_NAME and called.search(piece.names):
            name = outlet_name(_first_name(words))
            if name and not name[:1].isdigit():
                return name
    return ""


def author_of(shown: str, declared: Iterable[tuple[str, bool]], outlets: Iterable[str]) -> str:
    """Return the author: the one shown, else the first declared one that may be a person.

    `declared` says of each value whether it is only a site's own word for its source (article:author of aggregators).
    """
    known = [one for one in outlets if one]
    for value, doubtful in ((shown, False), *declared):
        name = person(value)
        if not name or any(same_outlet(name, one) for one in known):
            continue
        if value is shown or (
            not doubtful and not _OUTLET_LIKE.search(name) and _PERSON.fullmatch(name.replace(" ", ""))
        ):
            return name
    return ""
