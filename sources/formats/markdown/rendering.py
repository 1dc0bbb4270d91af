"""Markdown of foreign posts to HTML, by markdown-it. The result still has to be sanitised (clean_body does). Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as mark_emphasis
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from sources.formats.markdown.template_tags import resolve_tags, spaced_headings
from sources.problem import Code, Problem
from sources.text.clean.boilerplate import HAS_MARKUP, paragraphs
from sources.text.clean.declared import decoded_once
from sources.text.lines import one_line

LONGEST = 300_000  # characters; ten times the longest real post
_DEEPEST = 40  # quotes and lists in each other; the parser drops what is deeper
_BLOCK = r"p|div|h[1-6r]|table|[uod]l|pre|blockquote|section|article|center|figure|br|!doctype|html|body"
_BEGINS_WITH_BLOCK = re.compile(rf"\s*+<(?:{_BLOCK})\b", re.I)
_BEGINS_INLINE = re.compile(r"\s*+<(?:img|span|font|strong|em|b|i|u|a|code)\b", re.I)
_HAS_BLOCK = re.compile(rf"</?(?:{_BLOCK})\b", re.I)
_MARKDOWN_LINE = re.compile(r"^(?:#{1,6} |[-*+] |> |```|~~~|\d{1,3}\. |\||!\[)", re.M)
_TAG_ALONE = re.compile(r"^[ \t]*+\{[{%][^\n]*[%}]\}[ \t]*+$", re.M)
# Notes to the generator at the end of a text: `{: .center}` of kramdown, `{#id}` of Hugo, `{.is-info}` of Wiki.js.
_ATTRIBUTES = re.compile(r"\s?\{(?::[^{}\n]{0,200}|[.#][^\W\d][^{}\n]{0,100})\}(?=\s|\Z)|\{:[^{}\n]{0,200}\}")
_CONTENTS = {"[toc]", "[[toc]]", "@[toc]", "${toc}", "[[_toc_]]"}
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef‘’“”—…·\U00020000-\U0003ffff]")
_LINE_ENDS = re.compile(r"[。！？；：…!?;:][”’」』）)】\"]{0,3}\Z")
_CLAUSE = re.compile(r"[\u4e00-\u9fff][，。！？；]")
_WRAPPED = 20  # characters: a shorter line was broken on purpose


@dataclass(slots=True)
class Document:
    """The HTML of a body, its own headline ("" if it has none or is not needed), and what an editor must check."""

    html: str
    title: str = ""
    problems: list[Problem] = field(default_factory=list)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Words are no address: `[注]: 见下文` and `[注](见下文)` stay text. The sanitiser judges schemes."""
        return not url or any(sign in url for sign in "/.#:?")


def is_html(body: str) -> bool:
    """Return True if a body is HTML from its first tag on, without a line of Markdown."""
    begins = _BEGINS_WITH_BLOCK.match(body) or (_BEGINS_INLINE.match(body) and _HAS_BLOCK.search(body))
    return bool(begins) and not _MARKDOWN_LINE.search(body)


def render(body: str, title: str, values: Mapping[str, str | list[str]], first_line: int) -> Document:
    """Return a Markdown or HTML body as HTML, its generator's tags resolved.

    `title` is the known headline: it is not repeated in the body; if there is none, the first heading of the first
    level is it. `values` is the front matter; `first_line` the number of the body's first line in its file.
    """
    if len(body) > LONGEST:
        said = f"正文有 {len(body)} 个字符，超过 {LONGEST}，没有按 Markdown 排版"
        return Document(paragraphs(body), problems=[Problem(Code.DOUBTFUL_BODY, said)])
    body = decoded_once(body)
    was_html = is_html(body)
    body, problems = resolve_tags(body, values, first_line)
    if was_html:
        # In HTML, what looks like a tag inside a paragraph is text: an article may quote some.
        return Document(body, problems=problems if _TAG_ALONE.search(body) else [])
    env: dict = {}
    tokens = _parser().parse(spaced_headings(_without_comments(body)), env)
    if any(token.level >= _DEEPEST - 2 for token in tokens):
        said = "引用或列表嵌套太深，没有按 Markdown 排版，请核对"
        return Document(paragraphs(body), problems=[*problems, Problem(Code.DOUBTFUL_BODY, said)])
    found = Document("", problems=problems)
    tokens = _without_title(tokens, title, found)
    html = _parser().renderer.render(list(_prose(tokens)), _parser().options, env)
    # What Markdown shows as text must not be taken for a picture or for plain lines by the next step.
    html = html.replace("![", "!&#91;")
    found.html = html if HAS_MARKUP.search(html) else f"<div>{html}</div>"
    return found


def _without_comments(body: str) -> str:
    """Return a body without HTML comments: to Markdown, the rest of a comment's last line is no paragraph. Blocks of
    code may show some."""
    if "<!--" not in body or "```" in body or "~~~" in body:
        return body
    kept, at = [], 0
    while (start := body.find("<!--", at)) >= 0 and (end := body.find("-->", start)) >= 0:
        kept.append(body[at:start])
        at = end + 3
    return "".join([*kept, body[at:]])


@cache
def _parser() -> MarkdownIt:
    made = _Markdown("commonmark", {"html": True, "maxNesting": _DEEPEST})
    made.enable(["table", "strikethrough"]).use(footnote_plugin)
    made.inline.ruler.at("emphasis", _emphasis)
    made.core.ruler.push("chinese_lines", _chinese_lines)
    made.add_render_rule("footnote_anchor", lambda *_: "")
    return made


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Like CommonMark's, but beside a Chinese character no space is needed (`**重点：**接着`, `他说**“好”**。`), and a
    star of a security's name (`*ST长油`) or between figures (`5*3`) is none."""
    start = state.pos
    if not mark_emphasis(state, silent):
        return False
    before, after = state.src[start - 1 : start] if start else "", state.src[state.pos : state.pos + 1]
    marks = state.delimiters[-(state.pos - start) :]
    if (
        state.src[start] == "*"
        and len(marks) == 1
        and (state.src.startswith("ST", state.pos) or _is_times(before, after))
    ):
        marks[0].open = marks[0].close = False
    elif state.src[start] == "*":
        opens = bool(after.strip() and before and _CJK.match(before))
        closes = bool(before.strip() and after and _CJK.match(after))
        for mark in marks:
            mark.open, mark.close = mark.open or opens, mark.close or closes
    return True


def _is_times(before: str, after: str) -> bool:
    return before.isdigit() and after.isdigit()


# ------------------------------------------------------------------ lines and generators' notes
def _chinese_lines(state: StateCore) -> None:
    _number_items(state.tokens)
    parent = None
    for token in state.tokens:
        if token.type == "inline" and token.children:
            _settle_lines(
                token.children, parent is not None and parent.type == "paragraph_open" and not parent.hidden
            )
            _take_out_notes(token.children)
        parent = token


def _settle_lines(children: list[Token], is_paragraph: bool) -> None:
    """Decide what each line break in Chinese text is: one after a sentence ends a paragraph, as most posts have one
    paragraph a line; one in mid-sentence of a long line only wraps it; one after a short line stays a break."""
    line = ""
    for child, after in zip(children, [*children[1:], None], strict=True):
        if child.type != "softbreak":
            words = "" if child.type == "html_inline" else child.content
            line = "" if child.type == "hardbreak" else line + words
            continue
        following = after.content[:1] if after is not None else ""
        if _LINE_ENDS.search(line[-5:]):
            _becomes(child, "</p>\n<p>" if is_paragraph and child.level == 0 else "<br>\n")
        elif _CJK.search(line) and (not following or _CJK.match(following)):
            is_wrapped = len(line) >= _WRAPPED
            if not is_wrapped or _CJK.match(line[-1]):
                _becomes(child, "" if is_wrapped else "<br>\n")
        line = ""


def _number_items(tokens: list[Token]) -> None:
    """Make paragraphs with their numbers of ordered lists that do not begin with 1: the sanitiser keeps no numbers."""
    kept: list[bool] = []  # of each open list, whether its numbers are its own
    number = ""
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            kept.append(token.type == "ordered_list_open" and "start" in token.attrs)
            token.hidden = kept[-1]
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            token.hidden = kept.pop()
        elif token.type in ("list_item_open", "list_item_close") and kept and kept[-1]:
            token.hidden, number = (
                True,
                f"{token.info}{token.markup} " if token.type == "list_item_open" else "",
            )
        elif token.type in ("paragraph_open", "paragraph_close") and kept and kept[-1]:
            token.hidden = False
        elif token.type == "inline" and number:
            token.children = [Token("text", "", 0, content=number), *(token.children or ())]
            number = ""


def _becomes(token: Token, html: str) -> None:
    token.type, token.tag, token.content = "html_inline", "", html


def _take_out_notes(children: list[Token]) -> None:
    for child in children:
        if child.type == "text" and "{" in child.content:
            child.content = _ATTRIBUTES.sub("", child.content)
    if len(children) == 1 and children[0].content.strip().lower() in _CONTENTS:
        children[0].content = ""


def _prose(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens; Chinese sentences are paragraphs, no code if set in by four spaces, no heading over a ruler."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.markup == "-" and tokens[at + 1].content.endswith("。"):
            token.tag = tokens[at + 2].tag = "p"
        if token.type == "code_block" and _CLAUSE.search(token.content):
            lines = (line.strip() for line in token.content.split("\n"))
            token.type = "html_block"
            token.content = "".join(f"<p>{escape(line, quote=False)}</p>\n" for line in lines if line)
        yield token


# ------------------------------------------------------------------ the headline
def _without_title(tokens: list[Token], title: str, found: Document) -> list[Token]:
    """Set the headline of the document and return the tokens without it, if it is the first of them."""
    at = next((at for at, token in enumerate(tokens) if token.tag == "h1" and token.level == 0), -1)
    if at < 0:
        return tokens
    words = one_line(_words(tokens[at + 1]))
    if title and "".join(words.split()) != "".join(title.split()):
        return tokens
    if not title:
        found.title = words
        if at:
            said = f"标题取自正文中间的一级标题，请核对：{words[:40]}"
            found.problems.append(Problem(Code.DOUBTFUL_TITLE, said))
    return tokens if at else tokens[3:]


def _words(inline: Token) -> str:
    return "".join(
        child.content
        for child in inline.children or ()
        if child.type in ("text", "code_inline", "text_special")
    )
