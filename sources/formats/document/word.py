"""Word documents (.docx): one article, its headings, lists and tables kept."""

from collections.abc import Iterator
from io import BytesIO

from selectolax.lexbor import LexborHTMLParser

from sources.formats.fields import Values, article
from sources.formats.packed import open_packed, tags_in, too_large
from sources.formats.raw_article import RawArticle, Unreadable
from sources.formats.signatures import not_a
from sources.problem import EMPTY, Code, Problem
from sources.text.lines import one_line
from sources.text.plain import plain_text
from sources.text.sanitize import sanitize_html

MAIN_PART = "word/document.xml"
MOST_TAGS = 1_000_000  # of all parts: a book of a thousand pages
LONGEST_TITLE = 60  # characters of a first paragraph that may be the title
# The names of Word's title style in its English and Chinese editions, and WPS's.
STYLES = "\n".join(f"p[style-name='{name}'] => h1:fresh" for name in ("Title", "标题", "文档标题"))
TO_CHECK = Problem(Code.TO_CHECK, "Word 文稿没有标题、来源、日期的字段，请对照原稿核对")
TITLE_GUESSED = Problem(Code.DOUBTFUL_TITLE, "标题取自文稿的第一段，请核对")
_SENTENCE_ENDS = ("。", "！", "？", "；", "…", ".")


def read(data: bytes, name: str) -> Iterator[RawArticle]:
    """Yield the document's article. Its pictures are not taken in, which a problem says. Raises Unreadable."""
    if not data.strip():
        raise Unreadable(EMPTY)
    packed = open_packed(data, "Word 文稿")
    if MAIN_PART not in packed.namelist():
        raise Unreadable(not_a("Word 文稿", data))
    if tags_in(packed, "Word 文稿") > MOST_TAGS:
        raise too_large("Word 文稿的段落太多，未读；请拆成几个文件")
    html, pictures = _to_html(data)
    title, body, problems = _titled(html)
    if pictures:
        said = f"文稿里的 {pictures} 张图片没有收下，在原始文件里"
        problems.append(Problem(Code.DOUBTFUL_BODY, said))
    yield article(Values(title=title, body=body), "", None, [TO_CHECK, *problems])


def _to_html(data: bytes) -> tuple[str, int]:
    """Return the document as HTML without pictures, and how many pictures it has."""
    import mammoth  # takes 0.1 s to load, and few imports contain a document

    pictures = []
    leave_out = mammoth.images.img_element(lambda image: pictures.append(image) or {"src": ""})
    try:
        made = mammoth.convert_to_html(BytesIO(data), convert_image=leave_out, style_map=STYLES)
    except MemoryError:
        raise
    except RecursionError:
        raise too_large("Word 文稿的表格套得太深，未读；请拆开表格，或把文字另存为 .txt 导入") from None
    except Exception as error:  # damaged documents raise many kinds of exception
        said = f"Word 文稿坏了，打不开（{type(error).__name__}）；请用 Word 另存一份再导入"
        raise Unreadable(Problem(Code.DAMAGED, said)) from error
    return made.value, len(pictures)


def _titled(html: str) -> tuple[str, str, list[Problem]]:
    """Return the title, the body without it, and the problems: the first heading, else a short first paragraph."""
    tree = LexborHTMLParser(html)
    for lone in tree.css("td > p:only-child, th > p:only-child"):
        lone.unwrap()
    html = (tree.body.inner_html or "") if tree.body else ""
    blocks = tree.body.iter() if tree.body else ()
    first = next((node for node in blocks if one_line(node.text())), None)
    if first is None:
        return "", "", []
    words = one_line(plain_text(sanitize_html(first.html or "")))
    heading = first.tag in ("h1", "h2")
    if not heading and (first.tag != "p" or len(words) > LONGEST_TITLE or words.endswith(_SENTENCE_ENDS)):
        return "", html, []
    first.decompose()
    return words, tree.body.inner_html or "", [] if heading else [TITLE_GUESSED]
