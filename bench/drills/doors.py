"""What reads words that others wrote, as functions of a text: name -> Door. The drill `growth` and the tests marked
`growth` try every one of them; whoever adds a reader adds its door."""

from collections.abc import Callable
from typing import NamedTuple

from sources.text.clean import boilerplate, bylines, image_tags
from sources.text.clean.boilerplate import clean_body, tidy
from sources.text.clean.mentions import read_code
from sources.text.clean.removals import explain_body
from sources.text.dates import read_date
from sources.text.decode import decode
from sources.text.lines import one_line
from sources.text.markup import shallow
from sources.text.merge import elements, three_way
from sources.text.minhash import signatures
from sources.text.plain import read_plain
from sources.text.printed import blocks, mastheads, page_jumps, printed_bylines
from sources.text.printed.blocks import Kind
from sources.text.sanitize import IMPLIED_END, sanitize_html
from sources.text.sentences import begins_anew, count_pairs, goes_on, is_closed, sentences


class Door(NamedTuple):
    """A function of a text, and runs of what it looks for besides those that every door is tried with."""

    run: Callable[[str], object]
    also: dict[str, str] = {}


def _decode(text: str) -> None:
    decode(text.encode("gb18030", "replace") + b"\xff")
    decode(text.encode("utf-8", "replace") + b"\xff")


def _sentences(text: str) -> None:
    sentences(text)
    count_pairs([text])
    is_closed(text)
    goes_on(text)
    begins_anew(text)


def _short_lines(text: str) -> None:
    """What is asked of a page's short lines only: of each of them, and of the whole."""
    for line in (text[at : at + 59] for at in range(0, len(text), 59)):
        printed_bylines.is_byline(line)
        printed_bylines.read_lead(line)
        mastheads.is_margin(line)
        blocks.kind_of(line)
    mastheads.read_edition([text])
    printed_bylines.opens_with_dateline(text)


def _credit(text: str) -> None:
    for part in (text[at : at + 199] for at in range(0, len(text), 199)):
        bylines.read_signatures(f"{part}编辑：")
        bylines.find_reporters(f"{part}\x01")
        bylines.read_credit(part)


def _page(text: str) -> None:
    words = [block.strip() for block in blocks.cut(text)]
    kinds = blocks.kinds_of(words)
    copies = blocks.repeats(words, kinds)
    blocks.variants(words, kinds, copies)
    blocks.find_boxes(kinds, copies)
    blocks.find_headlines(words, kinds, list(range(len(words))))
    blocks.features(*words)
    blocks.mark_up(words, range(len(words)), lambda i, j: True)


def _jumps(text: str) -> None:
    words = [block.strip() for block in blocks.cut(text)]
    kinds = blocks.kinds_of(words)
    prose = [i for i, kind in enumerate(kinds) if kind is Kind.PROSE]
    page_jumps.find_jumps(words, prose, [i for i, kind in enumerate(kinds) if kind is Kind.HEAD])


def _merge(text: str) -> None:
    html = sanitize_html(text)
    half = html.rfind(">", 0, len(html) // 2) + 1
    three_way.merge_bodies(html, f"{html[:half]}甲{html[half:]}", f"{html[:half]}乙{html[half:]}")


def _pictures(text: str) -> None:
    image_tags.markdown_pictures(text)
    image_tags.read_picture({"src": "/a.jpg", "width": f"1{text}", "height": f"1.{text}", "alt": text})
    image_tags.read_picture({"src": text})
    read_code(text)
    read_code(f"nid=1.{text}")


def _one_value(text: str) -> None:
    one_line(text)
    read_date(text)
    read_date(f"2022-01-01{text}")
    read_date(f"2022-01-01 01:02:03.{text}")
    printed_bylines.read_byline(text)


PEOPLE = {
    "places": "驻",
    "titles": "首席记者",
    "reporters in a row": "记者和",
    "and": "和",
    "names behind roles": "记者 张三 ",
    "labels": "编辑/张三 ",
    "roles as labels": "记者：张三 ",
    "editors": "责任编辑：(编辑 ，",
}
MARKUP = {
    "unbreakable blanks": "&nbsp;",
    "hidden paragraphs": '<p style="display:none;">字',
    "marked spans": '<span data-code="1,600160">a',
    "styled spans": '<span style="a">',
    "attributes": "<p a b ",
    "ends in attributes": '<ul a="</ul>"><li>x',
    "ends behind fences": "<div><object></div></object>",
    "strays in tables": "<table><br></table>",
    "unclosed quotes": "<a '",
    "empty pairs": "<p><b></b></p>",
    "pictures": "<center><img src='/a.jpg'></center>",
    "credit lines": '<p class="em_media">a<a>',
}
PAGE = {
    "amounts with units": "1,5亿",
    "open heads": "**甲\n",
    "items": "■甲乙，\n",
    "heads": "甲乙丙丁戊\n\n",
    "paragraphs alike": "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉，戌\n",
    "paragraphs cut off": "央行昨日宣布下调利率，市场对此反应积极，而在这\n\n",
}
TEXT = {
    "clean_body": Door(clean_body, MARKUP | {"foot": "<p>责任编辑：张三</p>"}),
    "sanitize_html": Door(lambda text: tidy(sanitize_html(text)), MARKUP),
    # With a broken tag: clear markup takes a shorter way, and a string that ends between two tags would be clear.
    "shallow": Door(
        lambda text: shallow(f"{text}<x", IMPLIED_END), MARKUP | {"divisions in values": "<div a='</div>'>"}
    ),
    "explain_body": Door(
        explain_body, MARKUP | {"gone characters": "<p>a\x01", "words in tables": "<table>a<td>b</td>"}
    ),
    "plain": Door(lambda text: (read_plain(text, text), boilerplate.paragraphs(text))),
    "html_sentences": Door(elements.html_sentences, {"ends": "。</b>", "quotes": "：“甲。”"}),
    "merge_bodies": Door(_merge, {"quotes": "<p>甲。乙。</p>", "nested": "<blockquote>甲"}),
    "decode": Door(_decode),
    "sentences": Door(_sentences, {"said": "：“甲。", "jumps": "（下转", "closers": "。”"}),
    "values": Door(_one_value, PEOPLE | {"pictured": "图/", "T": "T"}),
    "short lines": Door(_short_lines, PEOPLE | {"pages": "第3版 ", "staff": "主编摄：\u3000"}),
    "credit": Door(_credit, PEOPLE),
    "page": Door(_page, PAGE),
    "jumps": Door(_jumps, PAGE),
    "pictures": Door(_pictures, {"markdown": "![](a", "markdown titles": "![](a '", "codes": "nid=1.a"}),
    "sketch": Door(lambda text: signatures([(text, text)])),
}
