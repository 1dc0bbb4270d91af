"""Explain why each part of a raw body is missing from the clean text. Slow; imports do not use it. Pure.

Runs the cleaner's own rules (sources.text.clean.boilerplate.RULES) again, and maps what they remove to the exact
characters of the source.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.text.clean.boilerplate import HAS_MARKUP, RULES, SUSPECTS, SUSPICIOUS, Cleaned, clean_body
from sources.text.clean.declared import read_entities
from sources.text.clean.furniture import cut_furniture
from sources.text.markup import parseable
from sources.text.sanitize import DROPPED_WHOLE, IMPLIED_END, RAW, UNSTORABLE

# Rule -> its name in the admin, and the reason for the removal.
REASONS = {
    "hidden": ("隐藏文字", "网页上本来就看不见的填充，不是写给读者的"),
    "credit": ("来源署名", "“文章来源：……”已记作稿件的来源"),
    "chart": ("行情图", "外链的股票走势图，改记为文中提到的证券"),
    "picture": ("外站图片", "图片在别的网站上，正文里只留位置和图注"),
    "machine-link": ("机器链接", "程序加上的行情、百科链接：去掉链接，文字保留"),
    "code": ("程序代码", "脚本、样式、表单之类，不是正文"),
    "original-link": ("原文链接", "“查看原文”一类的链接不是正文，地址记入“原文链接”"),
    "read-more": ("阅读全文", "网页上展开全文的按钮，不是正文"),
    "app-notice": ("下载提示", "请人打开、下载或扫码的话，不是正文"),
    "syndicated": ("首发说明", "WordPress 订阅源在每篇后面加的话（appeared first on、最先出现在），不是正文"),
    "update-stamp": ("更新时间戳", "抓取程序留下的时间，不是正文"),
    "signature": ("文末署名", "作者、责任编辑、来源已记入各自的栏"),
    "unstorable": ("控制字符", "看不见、也存不进数据库的字符"),
    "front-matter": ("文件头", "标题、日期、标签等，已记入各自的栏"),
    "digest": ("摘要", "开头的引用段已记作摘要"),
    "tail": ("导航和原文链接", "站点的返回链接去掉，原文地址记入“原文链接”"),
    "elsewhere": ("不在正文里", "标题、日期等已记入各自的栏，或是网站自己的文字"),
    "other": ("未归类", "清洗时变了样，没有对应的规则，请对照原文"),
}
WORDLESS = {"chart", "picture", "machine-link"}  # remove the tag but not its words
MARKUP = "markup"  # tags and comments, never words
TAIL = 400  # characters at the end that may hold signatures

PIECE = 8  # equal characters after which both texts count as in step again
MOST_SOUGHT = 4000  # characters searched for that

_CODE = set(DROPPED_WHOLE.split("|"))
_RAW_TAGS = set(RAW.split("|")) - {"noscript"}
_RAW = re.compile(rf"<({'|'.join(_RAW_TAGS)})\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_TOKEN = re.compile(
    rf"<(?:{'|'.join(_RAW_TAGS)})\b.*?(?:</(?:{'|'.join(_RAW_TAGS)})\s*>|\Z)|"
    r"<!--.*?(?:-->|\Z)|<[/!?a-z](?:=\s*+(?:\"[^\"]*+\"|'[^']*+')|[^>])*+(?:>|\Z)|&(?:#\w{1,8}|[a-z]\w{1,30});?|[^<&]++|[<&]",
    re.S | re.I,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of the source; `rule` removed them, MARKUP for tags, "" for kept text."""

    source: str
    rule: str = ""
    # For markup: the rule that removed the element or unwrapped its words.
    by: str = ""

    @property
    def reason(self) -> tuple[str, str] | None:
        """Return the name and reason of the removing rule; None if no rule applied."""
        return REASONS.get(self.by if self.rule == MARKUP else self.rule)


@dataclass(frozen=True, slots=True)
class Removal:
    """Text removed by one rule, and its offset in the source."""

    rule: str
    text: str
    where: int


def explain(body: str) -> list[Removal]:
    """Return every removal that clean_body makes, in source order."""
    return removals(explain_body(body))


def removals(spans: list[Span]) -> list[Removal]:
    """Return the removals among the spans: removed words, and elements that were unwrapped or had no words."""
    found, where = [], 0
    for span in spans:
        rule = span.rule
        if rule == MARKUP:
            rule = span.by if span.by in WORDLESS else ""
        if rule and span.source.strip():
            found.append(Removal(rule, span.source, where))
        where += len(span.source)
    return found


def explain_body(body: str) -> list[Span]:
    """Return the whole body as spans; joined they are the body."""
    clean, furniture = clean_body(body).text, cut_furniture(body)
    if HAS_MARKUP.search(furniture.kept):
        spans = merge_spans(_tokens(furniture.kept), clean)
    else:
        # Plain text is literal: &lt; is four characters.
        spans = merge_spans(
            [Span(line) for line in furniture.kept.splitlines(keepends=True)], clean, read_entities
        )
    return _with_furniture(spans, len(furniture.body), [Span(text, rule) for rule, text in furniture.pieces])


def _with_furniture(spans: list[Span], at: int, furniture: list[Span]) -> list[Span]:
    """Return the spans with the furniture at its place, which may lie inside one of them."""
    for number, span in enumerate(spans):
        if at < len(span.source):
            parts = [replace(span, source=source) for source in (span.source[:at], span.source[at:])]
            above, below = ([part] if part.source else [] for part in parts)
            return [*spans[:number], *above, *furniture, *below, *spans[number + 1 :]]
        at -= len(span.source)
    return spans + furniture


def merge_spans(spans: list[Span], clean: str, read: Callable[[str], str] = unescape) -> list[Span]:
    """Label what else is missing from the clean text: signatures at the end, characters that cannot be stored."""
    kept = [(c, n) for n, span in enumerate(spans) if not span.rule for c in _words(span.source, read)]
    gone = _missing("".join(c for c, _ in kept), "".join(clean.split()))
    rules: dict[int, list[str]] = {}
    for at, (char, n) in enumerate(kept):
        rule = ""
        if at in gone:
            rule = (
                "unstorable" if UNSTORABLE.match(char) else "signature" if at >= len(kept) - TAIL else "other"
            )
        rules.setdefault(n, []).append(rule)
    return [part for n, span in enumerate(spans) for part in _split(span, rules.get(n, []))]


def _words(source: str, read: Callable[[str], str] = unescape) -> str:
    """Return the visible characters of a piece of source without tags, without whitespace."""
    return "".join(read(source).split())


def _missing(kept: str, clean: str) -> set[int]:
    """Return the offsets in `kept` that are missing from `clean`: from each difference to where both agree again."""
    gone: set[int] = set()
    at = read = _alike(kept, clean)
    end = _alike(kept[at:][::-1], clean[at:][::-1])
    last, last_read = len(kept) - end, len(clean) - end
    while at < last and read < last_read:
        if kept[at] != clean[read]:
            found = kept.find(clean[read : read + PIECE], at, at + MOST_SOUGHT)
            if found < 0:  # text added by the cleaner
                read += 1
                continue
            gone.update(range(at, found))
            at = found
        at, read = at + 1, read + 1
    return gone | set(range(at, last))


def _alike(one: str, other: str) -> int:
    """Return the length of the common prefix."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _split(span: Span, rules: list[str]) -> Iterator[Span]:
    """Split a span where characters were removed; whitespace stays with what precedes it."""
    if not any(rules):
        yield span
        return
    if len(rules) != len("".join(span.source.split())):  # one character, written as an entity
        yield Span(span.source, rules[0])
        return
    left, rule, labelled = iter(rules), "", []
    for char in span.source:
        rule = rule if char.isspace() else next(left)
        labelled.append((char, rule))
    for rule, chars in groupby(labelled, key=lambda pair: pair[1]):
        yield Span("".join(char for char, _ in chars), rule)


# ------------------------------------------------------------------ markup: mapping rules to source characters
def _tokens(body: str) -> list[Span]:
    """Tokenize the source. A word has the rule that dropped the element around it, a tag its own rule."""
    tokens = _TOKEN.findall(body)
    shown = ["" if _is_markup(token) else _words(token) for token in tokens]
    rules, at = _rules_of_words(body, _runs(tokens, shown)), 0
    spans: list[Span] = []
    for token, words in zip(tokens, shown, strict=True):
        if _is_markup(token):
            spans.append(Span(token, *("code",) if _RAW.match(token) else (MARKUP, _judge_tag(token))))
        else:
            spans += _split(Span(token), rules[at : at + len(words)])
        at += len(words)
    return spans


def _runs(tokens: list[str], shown: list[str]) -> list[str]:
    """Return the visible text between one tag and the next."""
    pairs = groupby(zip(tokens, shown, strict=True), key=lambda pair: _is_markup(pair[0]))
    return ["".join(words for _, words in run) for tag, run in pairs if not tag]


def _is_markup(token: str) -> bool:
    return token[0] == "<" and len(token) > 1


def _judge_tag(token: str) -> str:
    """Return the rule that matches a tag by itself."""
    if token.startswith(("</", "<!")) or not any(sign in token.lower() for sign in SUSPICIOUS):
        return ""
    node = LexborHTMLParser(token).css_first(SUSPECTS)
    return _judge(node)[0] if node is not None else ""


def _judge(node: LexborNode) -> tuple[str, str]:
    """Return the rule that matches an element, and its verdict; two empty strings if none does."""
    attributes = node.attributes
    for name, rule in RULES.items():
        if verdict := rule(node, attributes, Cleaned()):
            return name, verdict
    return "", ""


def _rules_of_words(body: str, runs: list[str]) -> list[str]:
    """Return for each visible character the rule that drops it, found in the same tree as the cleaner's."""
    parsed = parseable(body, IMPLIED_END)
    if parsed is None:
        return [""] * sum(map(len, runs))
    labelled = list(_labelled(LexborHTMLParser(parsed)))
    if "".join(words for words, _ in labelled) == "".join(runs):
        return [rule for words, rule in labelled for _ in words]
    # A parser moves words in a table but outside its cells, so tree order differs from source order.
    rules: dict[str, deque[str]] = defaultdict(deque)
    for words, rule in labelled:
        rules[words].append(rule)
    return [rule for run in runs for rule in [rules[run].popleft() if rules[run] else ""] * len(run)]


def _labelled(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Yield the words of each text node without whitespace, and the rule that drops an element around it."""
    known: dict[int, str] = {}  # by node address: the rule that drops the node or an ancestor
    for node in tree.css(SUSPECTS):
        if node.mem_id not in known and not _around(node, known):
            rule, verdict = _judge(node)
            known[node.mem_id] = rule if verdict == "drop" else "code" if node.tag in _CODE else ""
    for node in tree.root.traverse(include_text=True):
        if node.tag == "-text" and node.parent.tag not in _RAW_TAGS:
            yield "".join(node.text(deep=False).split()), _around(node, known)


def _around(node: LexborNode, known: dict[int, str]) -> str:
    """Return the rule that drops an ancestor. Parents are judged before their children, so `known` stays valid."""
    passed, parent, rule = [], node.parent, ""
    while parent is not None and not rule:
        if (rule := known.get(parent.mem_id)) is not None:
            break
        passed.append(parent.mem_id)
        rule = "code" if parent.tag in _CODE else ""
        parent = parent.parent
    known.update(dict.fromkeys(passed, rule or ""))
    return rule or ""
