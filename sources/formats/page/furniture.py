"""What stands around an article and reads like one: notices, comments, hot lists. Found by where it stands. Pure."""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from sources.formats.page.page_lines import Line

_CALLED = re.compile(
    r"(?<![a-z])(?:comments?|cmt|reply|replies|pinglun|hot|rank(?:ing)?|recommend(?:ed|s)?|related?|relation|side ?bar"
    r"|copyright|disclaimer|statement|shengming|footer|guess|tuijian|xiangguan|hotnews|author-card|about-author|share)(?![a-z])"
)
_NOTICE = re.compile(
    r"^[\s【\[（(*※]{0,3}(?:(?:免责|版权|特别|郑重|重要|法律|转载)?(?:声明|说明)[：:】\s]|风险提示|网站公告|公告[：:】]|温馨提示|本[网站]转载|凡本[网站]"
    r"|凡注明|转载请注明|未经(?:授权|许可|书面)|违法和不良|本[网站](?:所有|内容|刊载|登载)|以上(?:内容|信息)(?:仅|由|不)|本文(?:仅代表|内容仅|不构成)"
    r"|投资有风险|如(?:有侵权|涉及版权)|欢迎关注|扫码|更多精彩)"
)
_FOOT = re.compile(
    r"^[\s【\[]{0,3}(?:主办|承办|版权所有|copyright|©|地址\s?[：:]|电话\s?[：:]|网站标识码|举报(?:邮箱|电话)|.{0,4}ICP备|上一[篇条]|下一[篇条]|打印|分享到|相关阅读(?:[】\]：:>》|]|\s|$))",
    re.I,
)
# A short line under the headline that says where, when and by whom, not what.
_SIGNED = re.compile(
    r"(?:[来來]源|稿源|作者|[记記]者|[编編][辑輯]|[责責][编編]|[时時][间間]|日期|[发發][布佈表]|浏览|阅读|点击|字[号体])[^：:]{0,6}[：:]"
    r"|(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d|^\d{1,2}[-月]\d{1,2}"
)
_STAMP = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s{0,3}\d{1,2}:\d\d|\d\s?(?:分钟|小时|天)前|\d\s?楼"
)
# The heading of a list of other pieces.
_RELATED = re.compile(
    r"[【\[\s■●◆]{0,3}(?:(?:相关|相關|延伸|推荐|推薦|更多|热门|精彩|往期)(?:的)?(?:链接|連結|阅读|閱讀|新闻|新聞|报道|報道|文章|资讯|稿件|推荐|内容|回顾|信息|文件|解读)"
    r"|猜你喜欢|大家都在看|为您推荐)[】\]\s：:>》»/|]{0,4}(?:更多)?[>》»\s]{0,3}"
)
_LONGEST_HEADLINE = 60  # characters, with the day beside it
FEWEST_ALIKE = 3
_TEASER = 8  # characters of a link that is a headline of its own
_BESIDE = 40  # other characters of such a line
MOST_SIGNED = 120  # characters of a line under the headline


def first_prose(lines: list[Line], headline: int) -> int:
    """Return the number of the line with which the article begins; -1 without a headline, or without any."""
    if headline < 0:
        return -1
    return next((at for at in range(headline + 1, len(lines)) if _may_begin(lines[at])), -1)


def furniture(lines: list[Line], headline: int, first: int) -> list[LexborNode]:
    """Return the elements and words to leave out, none inside another, for a page whose headline and first prose are
    these lines. That prose, and whatever holds it, is never among them.
    """
    kept = _ancestors(lines[first].node)
    gone: dict[int, LexborNode] = {}
    after = lines[first + 1 :]
    for node in (
        *_above(lines, headline, first),
        *_called(lines, kept),
        *_below(after),
        *_related(after),
    ):
        gone[node.mem_id] = node
    for node in _alike(lines[first + 1 :], kept):
        gone[node.mem_id] = node
    return [node for node in gone.values() if not _ancestors(node.parent) & gone.keys()]


def _may_begin(line: Line) -> bool:
    return line.is_prose and not line.hidden and not line.aside and not _NOTICE.match(line.text)


def _ancestors(node: LexborNode | None) -> set[int]:
    """Return the ids of an element and of all that hold it."""
    found = set()
    while node is not None:
        found.add(node.mem_id)
        node = node.parent
    return found


def _above(lines: list[Line], headline: int, first: int) -> Iterable[LexborNode]:
    """Yield the words above the article: up to the headline, and the lines that sign it."""
    before = sum(len(line.text) for line in lines[:headline] if _may_begin(line))
    after = sum(len(line.text) for line in lines[headline + 1 :] if _may_begin(line))
    start = 0 if before <= after else headline
    for at in range(start, first):
        line = lines[at]
        signs = (
            at > headline
            and not line.is_prose
            and len(line.text) <= MOST_SIGNED
            and _SIGNED.search(line.spaced)
        )
        if at <= headline or signs or (at > headline and _NOTICE.match(line.text)):
            yield from _words(line)


def _words(line: Line) -> Iterable[LexborNode]:
    return (piece.node for piece in line.pieces if piece.node is not None)


def _called(lines: list[Line], kept: set[int]) -> Iterable[LexborNode]:
    """Yield the outermost elements that their markup calls furniture and that hold none of the article's beginning."""
    known: dict[int, bool] = {}
    for line in lines:
        found, node = None, line.node
        while node is not None and node.mem_id not in kept:
            if node.mem_id not in known:
                said = node.attributes
                names = f"{said.get('class') or ''} {said.get('id') or ''}".lower().replace("_", " ")
                known[node.mem_id] = bool(_CALLED.search(names))
            found = node if known[node.mem_id] else found
            node = node.parent
        if found is not None:
            yield found


def _below(lines: list[Line]) -> Iterable[LexborNode]:
    for line in lines:
        if _NOTICE.match(line.text) or _FOOT.match(line.text):
            yield from _words(line)


def _related(lines: list[Line]) -> Iterable[LexborNode]:
    """Yield the words of a list of other pieces under its heading, below which no prose of an article stands."""
    last = max(
        (at for at, line in enumerate(lines) if _may_begin(line) and not _is_headline(line)), default=-1
    )
    start = next((at for at in range(last + 1, len(lines)) if _RELATED.fullmatch(lines[at].text)), -1)
    if start < 0:
        return
    end = start + 1
    while end < len(lines) and _is_headline(lines[end]):
        end += 1
    for line in lines[start:end] if end > start + 1 else ():
        yield from _words(line)


def _is_headline(line: Line) -> bool:
    """Return True for a line that may name another piece: short, without a full stop."""
    return len(line.text) <= _LONGEST_HEADLINE and "。" not in line.text


def _alike(lines: list[Line], kept: set[int]) -> Iterable[LexborNode]:
    """Yield what has at least three entries that each hold a linked headline or the moment of a comment: hot lists with
    summaries, comments."""
    seen: set[int] = set()
    entries: dict[int, int] = {}
    holders: dict[int, LexborNode] = {}
    for line in lines:
        if not (_is_teaser(line) or (len(line.text) <= 60 and _STAMP.search(line.spaced))):
            continue
        node = line.node
        for _ in range(5):
            parent = node.parent
            if parent is None or node.mem_id in kept or node.mem_id in seen:
                break
            seen.add(node.mem_id)
            entries[parent.mem_id] = entries.get(parent.mem_id, 0) + 1
            holders[parent.mem_id] = parent
            node = parent
    for key, node in holders.items():
        if key not in kept and entries[key] >= FEWEST_ALIKE:
            children = [child for child in node.iter() if child.tag not in ("br", "hr")]
            if entries[key] * 5 >= len(children) * 4:
                yield node


def _is_teaser(line: Line) -> bool:
    linked = sum(len(piece.text.strip()) for piece in line.pieces if piece.linked)
    return linked >= _TEASER and len(line.text) - linked <= _BESIDE
