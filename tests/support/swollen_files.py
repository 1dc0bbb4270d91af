"""Files whose few bytes name one thing thousands of times."""

from tests.sources.formats.test_documents import PAGE, epub
from tests.support import wordpress


def repeated(piece, count):
    return "".join(piece.format(number) for number in range(count))


def book_of(items, spine, **parts):
    about = f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest><spine>{spine}</spine></package>'
    return epub(**{"OEBPS/a.opf": about} | parts)


def contents_named_often(count):
    listed = PAGE.format(f"<nav>{repeated('<a href="{0}.xhtml">甲{0}</a>', count)}</nav>")
    return book_of(
        repeated('<item id="{}" href="nav.xhtml" properties="nav"/>', count),
        "",
        **{"OEBPS/nav.xhtml": listed},
    )


def chapter_named_often(count):
    page = PAGE.format(f"<script>{repeated('{}', count)}</script>甲")
    return book_of('<item id="a" href="c.xhtml"/>', '<itemref idref="a"/>' * count, **{"OEBPS/c.xhtml": page})


def chapters_of_one_file(count):
    spine, page = (
        repeated('<itemref idref="{}"/>', count),
        PAGE.format(f"<script>{repeated('{}', count)}</script>甲"),
    )
    return book_of(repeated('<item id="{}" href="c.xhtml"/>', count), spine, **{"OEBPS/c.xhtml": page})


def many_chapters(count):
    pages = {f"OEBPS/{number}.xhtml": "<p>甲</p>" for number in range(count)}
    spine = repeated('<itemref idref="{}"/>', count)
    return book_of(repeated('<item id="{0}" href="{0}.xhtml"/>', count), spine, **pages)


def galleries(count):
    pictures = (wordpress.attachment(n, f"https://a.cn/{n}.jpg") for n in range(2, 2 + count // 50))
    return wordpress.export(wordpress.post(1, "[gallery]" * count, "甲"), *pictures)
