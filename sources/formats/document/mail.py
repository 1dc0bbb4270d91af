"""E-mails (.eml): one article each. Messages, which web archives are, too."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr

from sources.formats.fields import Values, article, is_web_address
from sources.formats.page import saved_page
from sources.formats.raw_article import RawArticle, Unreadable
from sources.formats.signatures import not_a
from sources.problem import EMPTY, Code, Problem
from sources.text.clean.boilerplate import paragraphs
from sources.text.decode import decode
from sources.text.lines import one_line

MOST_PARTS, DEEPEST = 500, 30
MOST_PARAMETERS = 2000  # of one block of headers: Python cuts each off the rest, in quadratic time
LONGEST_HEADER = 4000  # characters; Python's header parser is not made for longer ones
# What Python knows by names of charsets, but reads in quadratic time.
_NO_CHARSETS = {"punycode", "idna"}
_BOUNDARY = re.compile(rb"boundary\s?=\s?\"?([^\";\r\n]++)", re.I)
SHOWN = 5  # names of attachments
TO_CHECK = Problem(Code.TO_CHECK, "来自一封邮件：标题是主题，日期是发信的时间，请核对是不是发布的")
OUTLET_OF_SENDER = Problem(Code.DOUBTFUL_OUTLET, "来源取自发件人的名字，请选定")
LOCATION = "Snapshot-Content-Location"  # only browsers write it
# What some message has one of; the head of a post or a table may look like a header, but not like these.
HEADERS = {
    "from",
    "to",
    "subject",
    "received",
    "mime-version",
    "content-type",
    "message-id",
    LOCATION.lower(),
}
TOO_DEEP = Problem(Code.TOO_LARGE, "邮件里的邮件套得太深，未读；请只存正文")
ENCRYPTED = Problem(Code.DAMAGED, "邮件加了密，读不出；请解密后另存再导入")


def read(data: bytes, name: str) -> Iterator[RawArticle]:
    """Yield the article of an e-mail; of a page that a browser archived under the name of one, the page.

    Raises Unreadable, and NotAnArticle for an archived error page.
    """
    message = read_message(data, "邮件")
    yield from read_archive(message, name) if message[LOCATION] else read_mail(message)


def read_message(data: bytes, what: str) -> Message:
    """Return the message, of few enough parts. `what` names the kind of file. Raises Unreadable."""
    if not data.strip():
        raise Unreadable(EMPTY)
    message = _parsed(data)
    if not any(name.lower() in HEADERS for name in message):
        raise Unreadable(not_a(what, data))
    _parts(message)
    return message


def read_archive(message: Message, name: str) -> Iterator[RawArticle]:
    """Yield the article of an archived page; of an archive without a page, of its text."""
    parts = _parts(message)
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    yield from read_mail(message) if page is None else _of_page(message, page, name)


def read_mail(message: Message) -> Iterator[RawArticle]:
    """Yield the article of an e-mail: its HTML, else its plain text."""
    parts = _parts(message)
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    text = next(
        (part for part in parts if part.get_content_type() == "text/plain" and not _file_of(part)), None
    )
    if page is None and text is None:
        raise Unreadable(ENCRYPTED if _is_encrypted(message) else Problem(Code.NO_ARTICLES, "邮件里没有文字"))
    yield _of_mail(message, page, text, [one for part in parts if (one := _file_of(part))])


def _parsed(data: bytes) -> Message:
    inside, signs = True, 0  # in a block of headers; semicolons in it
    open_parts: list[
        bytes
    ] = []  # boundaries, each inside of the one before: Python asks all of them at every line
    for line in data.splitlines():
        if line.startswith(b"--") and open_parts:
            _close(open_parts, line)
        if not line.strip():
            inside, signs = False, 0
        elif line.startswith(b"--"):
            inside, signs = True, 0
        elif inside and b"boundary" in line.lower() and (found := _BOUNDARY.search(line)):
            open_parts.append(found[1].strip())
            if len(open_parts) > DEEPEST:
                raise Unreadable(TOO_DEEP)
        if inside and (signs := signs + line.count(b";")) > MOST_PARAMETERS:
            said = "信头的参数太多，不合常理，未读；请只存正文"
            raise Unreadable(Problem(Code.TOO_LARGE, said))
    try:
        # The older policy: the newer one parses headers in quadratic time.
        return message_from_bytes(data, policy=compat32)
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None


def _close(open_parts: list[bytes], line: bytes) -> None:
    """Take out what a line that begins with two dashes ends: the parts inside of the one it is a boundary of."""
    said = line[2:].rstrip()
    for ending in (said, said.removesuffix(b"--")):
        if ending in open_parts:
            at = len(open_parts) - 1 - open_parts[::-1].index(ending)
            del open_parts[at + (ending == said) :]
            return


def _parts(message: Message) -> list[Message]:
    parts = []
    for part in message.walk():
        parts.append(part)
        if len(parts) > MOST_PARTS:
            said = f"邮件或存档的部分超过 {MOST_PARTS} 个，未读；请只存正文"
            raise Unreadable(Problem(Code.TOO_LARGE, said))
    return parts


def _is_encrypted(message: Message) -> bool:
    return message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime")


def _of_page(message: Message, page: Message, name: str) -> Iterator[RawArticle]:
    addresses = (_header(message, LOCATION), _header(page, "Content-Location"))
    address = next(filter(is_web_address, addresses), "")
    for found in saved_page.read(_text(page).encode("utf-8", "replace"), name):
        found.original_url = found.original_url or address
        yield found


def _of_mail(message: Message, page: Message | None, text: Message | None, files: list[str]) -> RawArticle:
    sender = _sender(_header(message, "From"))
    problems = [TO_CHECK, OUTLET_OF_SENDER] if sender else [TO_CHECK]
    if files:
        named = "、".join(files[:SHOWN]) + ("…" if len(files) > SHOWN else "")
        said = f"邮件的 {len(files)} 个附件没有读（{named}）；要收，请另存出来再导入"
        problems.append(Problem(Code.DOUBTFUL_BODY, said))
    values = Values(
        title=_header(message, "Subject"),
        body=_text(page) if page is not None else paragraphs(_text(text)),
        date=_header(message, "Date"),
        site="" if "@" in sender else sender,
    )
    return article(values, "", None, problems)


def _sender(header: str) -> str:
    """Return the sender's name; "" for what the parser of addresses cannot take (thousands of groups in groups)."""
    try:
        return parseaddr(header)[0]
    except (RecursionError, ValueError, IndexError):
        return ""


def _file_of(part: Message) -> str:
    """The name of an attachment; "" for what is part of the text."""
    if part.is_multipart() or (part.get_content_disposition() != "attachment" and not part.get_filename()):
        return ""
    if part.get_content_maintype() == "image" and part["Content-ID"]:
        return ""
    return one_line(_decoded(part.get_filename() or "未命名"))[:80]


def _header(message: Message, name: str) -> str:
    """The words of a header. Many programs write Chinese as it is, in UTF-8 or GBK, which Python would blot out."""
    raw = next((its for one, its in message.raw_items() if one.lower() == name.lower()), "")
    if any("\udc80" <= char <= "\udcff" for char in raw):
        raw = decode(raw.encode("utf-8", "surrogateescape")).text
    return one_line(_decoded(raw))


def _decoded(value: str) -> str:
    """A header's words; one that claims an unknown encoding stays as it is written."""
    try:
        return str(make_header(decode_header(value[:LONGEST_HEADER])))
    except (MessageError, LookupError, ValueError):
        return value[:LONGEST_HEADER]


def _text(part: Message) -> str:
    """The text of a part in the encoding it declares, else in the one its bytes point to."""
    data = part.get_payload(decode=True) or b""
    try:
        charset = part.get_content_charset() or ""
        return decode(data).text if charset in _NO_CHARSETS else data.decode(charset)
    except (LookupError, ValueError):
        return decode(data).text
