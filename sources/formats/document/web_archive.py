"""Web archives (.mht, .mhtml): the page that a browser saved, an article."""

from collections.abc import Iterator

from sources.formats.document.mail import read_archive, read_mail, read_message
from sources.formats.raw_article import RawArticle


def read(data: bytes, name: str) -> Iterator[RawArticle]:
    """Yield the article of an archived page; of an e-mail under the name of one, the e-mail's.

    Raises Unreadable, and NotAnArticle for an archived error page.
    """
    message = read_message(data, "网页存档")
    sent = not message["Snapshot-Content-Location"] and (message["To"] or message["Received"])
    yield from read_mail(message) if sent else read_archive(message, name)
