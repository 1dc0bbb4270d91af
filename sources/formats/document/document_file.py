"""Documents: Word (.docx), books (.epub), e-mails (.eml) and web archives (.mht), by the file's suffix."""

from collections.abc import Iterator

from sources.files.inputs import file_name
from sources.formats.document import book, mail, word
from sources.formats.raw_article import Broken, RawArticle, Unreadable
from sources.problem import EMPTY, Code, Problem

READERS = {".docx": word.read, ".epub": book.read, ".eml": mail.read, ".mht": mail.read, ".mhtml": mail.read}


def read(data: bytes, name: str) -> Iterator[RawArticle | Broken]:
    """Yield the articles of a document. None is certain: each waits for an editor, with the reason.

    Raises Unreadable for what is not such a document, is damaged, encrypted or too large; NotAnArticle for an archived
    error page.
    """
    if not data.strip():
        raise Unreadable(EMPTY)
    suffix = file_name(name).suffix
    if suffix not in READERS:
        said = f"不是认得的文档（{suffix or '没有扩展名'}）；能读的是 {'、'.join(READERS)}"
        raise Unreadable(Problem(Code.WRONG_FORMAT, said))
    yield from READERS[suffix](data, name)
