"""Short lines of their own between long paragraphs: subheads that a site set as plain paragraphs. Pure."""

import re

LONGEST = 25  # characters of a subhead
_SHORTEST = 4
_LONG = 50  # characters of a paragraph that a subhead stands above or below
_FEWEST = 5  # paragraphs: two subheads, and prose around both
_MOST = 40  # subheads of one article; more is a list
_PARAGRAPH = re.compile(r"<p>([^<]*+)</p>")
_ENDED = re.compile(r"[。！？!?…；;][”’」』）)】]*\Z")
# What else stands alone on a short line: a byline, a date, a label, a signature, an item of a list, figures.
_OTHER = re.compile(
    r"[：:。；;！？!?…]|\A(?:[（(【\[□■●◆▲△※·•\-—#>|①-⑳]|\d{1,2}[.、．)）\s])|[）)】\]，,、]\Z"
    r"|\A[\d〇一二三四五六七八九十]{1,4}(?:年[\d一二三四五六七八九十]{0,3}月?|月).{0,8}\Z"
    r"|记者|通讯员|编辑|责编|作者|来源|摄影|供图|制图|图片|本报讯|文/|图/|新华社|报道|https?:|www\.|@|点击|扫码|未完|下转|上接"
)
_NAMES = re.compile(r"[\u4e00-\u9fff]{2,3}(?:[ \u3000、，]{1,3}[\u4e00-\u9fff]{2,3}){0,6}")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def mark_subheads(html: str) -> str:
    """Return clean HTML with its bare subheads as <h3>, where at least two of an article agree; else as it is.

    A bare subhead is a paragraph of 4 to 25 characters without an end mark, between paragraphs that have one.
    """
    if html.count("\n") < _FEWEST - 1:
        return html
    lines = html.split("\n")
    short = [at for at, line in enumerate(lines) if len(line) <= LONGEST + len("<p></p>") and line]
    if len(short) < 2 or len(short) > _MOST:
        return html
    heads = [at for at in short if _stands_between(lines, at) and _is_bare_head(lines[at])]
    # Other short lines among them make it a list, a dialogue or a poem.
    others = [
        at
        for at in short
        if at not in heads and heads and heads[0] < at < heads[-1] and _is_paragraph(lines[at])
    ]
    if len(heads) < 2 or len(others) >= len(heads):
        return html
    for at in heads:
        lines[at] = f"<h3>{lines[at][len('<p>') : -len('</p>')]}</h3>"
    return "\n".join(lines)


def _is_paragraph(line: str) -> bool:
    return _PARAGRAPH.fullmatch(line) is not None


def _stands_between(lines: list[str], at: int) -> bool:
    """Return True if prose stands above and below.

    Above the first, an opening label may stand instead; on either side, a short sentence of its own may stand between.
    """
    below = lines[at + 1 : at + 3]
    if not below or not (_is_prose(below[0]) or (_is_ended(below[0]) and _is_prose(below[-1]))):
        return False
    if at == 0:
        return False
    above = lines[max(at - 2, 0) : at]
    return (
        _is_prose(above[-1])
        or (_is_ended(above[-1]) and _is_prose(above[0]))
        or (at == 1 and above[0].endswith(("：</p>", ":</p>")))
    )


def _is_prose(line: str) -> bool:
    return len(line) > _LONG and _is_ended(line)


def _is_ended(line: str) -> bool:
    return line.startswith("<p>") and _ENDED.search(line.removesuffix("</p>")) is not None


def _is_bare_head(line: str) -> bool:
    match = _PARAGRAPH.fullmatch(line)
    words = match[1].strip() if match else ""
    if not _SHORTEST <= len(words) <= LONGEST or _OTHER.search(words):
        return False
    return len(_HAN.findall(words)) >= _SHORTEST and not _NAMES.fullmatch(words)
