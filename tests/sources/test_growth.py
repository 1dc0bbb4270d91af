"""No input takes more than its share of time: every way into the readers, with strings that slow careless patterns.

What is measured is a ratio (tests.support.growth): twice the input may take at most 2.5 times as long.
"""

import json
from contextlib import suppress
from io import BytesIO
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook

from sources.formats import FORMATS, detect
from sources.formats.raw_article import NotAnArticle, Unreadable
from sources.reading.explain_input import explain_input
from sources.reading.read_again import NotReadAgain, read_again
from tests.support import wordpress
from tests.support.growth import MOST, family, growth

pytestmark = pytest.mark.growth

BODY = "据国际商报报道，服务贸易稳步增长，数字贸易成为新亮点。"
SCRAPE = f"{BODY * 15}原标题：服务贸易稳步增长\n{BODY * 15}"


def read(format_name, text, name="2022-03-01-x.md"):
    """Everything a reader makes of a file, as an import does it; a refusal is as good as an article."""
    with suppress(Unreadable, NotAnArticle):
        for found in FORMATS[format_name](text.encode("utf-8", "surrogatepass"), name):
            if hasattr(found, "fit"):
                found.fit()


# ------------------------------------------------------------------ the string as the whole file
def whole_post(text):
    read("jekyll", text)


def whole_newspaper(text):
    read("newspaper", text, "a.txt")


def whole_scrape(text):
    read("scrape", text, "a.txt")


def whole_feed(text):
    read("feed", text, "a.xml")


def whole_table(text):
    read("table", text, "a.csv")


def whole_json_table(text):
    read("table", text, "a.jsonl")


def whole_page(text):
    read("page", text, "a.html")


# ------------------------------------------------------------------ the string inside of what is well-formed
def post(text):
    """In every value of the front matter at once, quoted and bare, and as the body."""
    line = " ".join(text.splitlines())
    read("jekyll", f'---\ntitle: {line}\ntags: "{line}"\ncategories: [{line}]\nfrom: {line}\n---\n{text}\n')


def front_matter_as_yaml(text):
    """A block of YAML: something in it is more than one line."""
    lines = "\n  ".join(text.splitlines())
    read("jekyll", f"---\ntitle: a\ntags:\n  - {lines}\n---\n{BODY}\n")


def scrape(text):
    """Before the label, as the title, and as the text."""
    third = text[: len(text) // 3]
    read("scrape", f"{BODY * 12}{third}原标题：{third}\n{BODY}{third}", "a.txt")


def lead_of_scrape(text):
    """The lead stands twice, around a title."""
    read("scrape", f"{text}原标题：{BODY[:10]}{text}{BODY * 10}", "a.txt")


def newspaper(text):
    page = f"2022年3月1日 星期二 第3版\n\n标题一\n\n本报记者 王小明\n\n{BODY * 3}\n\n{text}\n\n■{text}\n\n{BODY * 3}\n"
    read("newspaper", page, "a.txt")


def blocks_of_newspaper(text):
    """As many blocks as there is room for."""
    size = 40
    blocks = "\n\n".join(text[at : at + size] for at in range(0, len(text), size))
    read("newspaper", f"标题一\n\n本报记者 王小明\n\n{BODY * 3}\n\n{blocks}\n", "a.txt")


def feed(text):
    said = escape("".join(char for char in text if char.isprintable() or char in "\t\n"))
    item = f"<title>{said}</title><link>{said}</link><author>{said}</author><pubDate>{said}</pubDate>"
    item += f"<description>{said}</description><guid>{said}</guid><category>{said}</category>"
    read(
        "feed",
        f'<?xml version="1.0"?><rss version="2.0"><channel><item>{item}</item></channel></rss>',
        "a.xml",
    )


def json_feed(text):
    entry = dict.fromkeys(("id", "url", "title", "content_html", "summary", "date_published"), text)
    made = {"version": "https://jsonfeed.org/version/1.1", "items": [entry | {"tags": [text]}]}
    read("feed", json.dumps(made), "a.json")


def row(text):
    quoted = text.replace('"', '""')
    cells = ",".join([f'"{quoted}"'] * 7)
    read("table", f"title,body,date,source,url,author,tags\n{cells}\n", "a.csv")


def header_of_table(text):
    read("table", f"title,body,{text}\n标题,{BODY},三\n", "a.csv")


def rows_of_table(text):
    """As many rows as there are pieces of the string."""
    size = 20
    rows = "\n".join(f"{text[at : at + size]},{BODY}" for at in range(0, len(text), size))
    read("table", f"title,body\n{rows}\n", "a.csv")


def json_row(text):
    read("table", json.dumps([dict.fromkeys(("title", "body", "date", "source", "url"), text)]), "a.json")


def workbook(text):
    book = Workbook()
    book.active.append(["title", "body", "source"])
    book.active.append(["".join(char for char in text if char >= " ")[:32_000]] * 3)
    made = BytesIO()
    book.save(made)
    read("table", made.getvalue().decode("latin-1"), "a.xlsx")


def page(text):
    """In the head, in the body as text, and in the body as markup."""
    said = escape(text, {'"': "&quot;"})
    third = said[: len(said) // 3]
    read(
        "page",
        f'<!DOCTYPE html><html><head><title>{third}</title><meta property="og:title" content="{third}">'
        f'<meta property="og:site_name" content="{third}"></head><body><h1>{third}</h1>'
        f"<article><p>{BODY * 3}</p><p>{third}</p></article></body></html>",
        "a.html",
    )


def markup_of_page(text):
    read(
        "page",
        f"<!DOCTYPE html><html><body><article><p>{BODY * 3}</p>{text}</article></body></html>",
        "a.html",
    )


def email(text):
    """As headers, as the text, and as the whole message."""
    line = text.replace("\n", " ")[: len(text) // 3]
    read("mail", f"From: {line}\nTo: a\nSubject: {line}\nContent-Type: text/plain\n\n{text}", "a.eml")
    read("mail", f"From: a\nTo: b\nContent-Type: text/plain; {line}\n\n一", "a.eml")
    read("mail", text, "a.eml")


def chapter(text):
    read("epub", json.dumps({"title": text, "html": f"<p>{BODY}</p>{text}"}), "a.epub")


def whole_export(text):
    read("wxr", text, "a.xml")
    read("ghost", text, "a.json")


def wordpress_post(text):
    said = "".join(char for char in text if char.isprintable() or char in "\t\n").replace("]]>", "]]")
    read("wxr", wordpress.export(wordpress.post(body=said, title=said, status=said, post_date=said)), "a.xml")


def ghost_post(text):
    """As HTML, and in the two editors' own formats."""
    post = dict.fromkeys(("id", "title", "html", "status", "published_at", "feature_image"), text)
    inner = {"type": "paragraph", "children": [{"type": "text", "text": text}]}
    lexical = json.dumps({"root": {"children": [inner, {"type": "html", "html": text}]}})
    mobiledoc = json.dumps({"sections": [[1, "p", [[0, [], 0, text]]]]})
    posts = [post, {"title": text, "lexical": lexical}, {"title": text, "mobiledoc": mobiledoc}]
    read("ghost", json.dumps({"db": [{"data": {"posts": posts}}]}), "a.json")


# ------------------------------------------------------------------ around the readers
def name_and_format(text):
    for name in ("a.md", "a.txt", "a.html", "a.xml", "a.json", "a.csv", "a.rss", text):
        detect(name, text.encode("utf-8", "surrogatepass"))


def reading_again(text):
    for name in ("a.md", "a.txt:1", "a.csv:2", "a.xml:1", text[:400]):
        with suppress(NotReadAgain):
            read_again(name, text.encode("utf-8", "surrogatepass"), "auto", text[:100])


def explanation(text):
    """Why each passage of the raw text is not in the clean one."""
    explain_input(text.encode("utf-8", "surrogatepass"), "table", text[::-1])
    explain_input(text.encode("utf-8", "surrogatepass"), "jekyll", text)


def tables(text):
    """A table's text in all the places that cost little."""
    for door in (whole_table, whole_json_table, row, header_of_table, rows_of_table, json_row, workbook):
        door(text)


def posts(text):
    for door in (whole_post, post, front_matter_as_yaml):
        door(text)


def scrapes(text):
    for door in (whole_scrape, scrape, lead_of_scrape):
        door(text)


def newspapers(text):
    for door in (whole_newspaper, newspaper, blocks_of_newspaper):
        door(text)


def feeds(text):
    for door in (whole_feed, feed, json_feed):
        door(text)


def exports(text):
    for door in (whole_export, wordpress_post, ghost_post):
        door(text)


def pages(text):
    for door in (whole_page, page, markup_of_page):
        door(text)


def documents(text):
    for door in (email, chapter):
        door(text)


def around(text):
    for door in (name_and_format, reading_again, explanation):
        door(text)


DOORS = [tables, posts, scrapes, newspapers, feeds, exports, pages, documents, around]
# What only one format's grammar repeats.
ALSO = {
    "empty comments": "<!---->",
    "open sections": "<![CDATA[",
    "attributes": '<a b="c" ',
    "open entries": "<item>",
    "headings": "<h1>",
    "lists in lists": "- ",
    "keys": "a: ",
    "objects": '{"a":',
    "quoted lines": '"a\nb",',
    "labels": "原标题：",
    "items": "■甲乙丙丁\n\n",
    "way back": "[返回(",
    "shortcodes": "[a b='",
    "captions": "[caption]<img>",
}


# A drill tries them all in every place, up to a million characters; here stand those of each kind that found most.
TRIED = {
    *("mixed spaces", "newlines", "digits", "Han characters", "sentences", "line breaks", "open paragraphs"),
    *("quotes", "brackets", "letters", "labels", "items", "shortcodes", "captions"),
}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_twice_the_file_takes_twice_the_time(door):
    tried = [(name, make) for name, make in family(ALSO) if name.removesuffix(", spoilt") in TRIED]
    rates = {name: growth(door, make) for name, make in tried if name.endswith("spoilt")}
    assert {name: rate for name, rate in rates.items() if rate > MOST} == {}


# ------------------------------------------------------------------ what would take for ever, or the square of a number
def test_a_page_of_empty_comments_is_told_from_a_feed_at_once():
    for name in ("a.html", "a.xml"):
        assert (
            growth(
                lambda text, name=name: detect(name, text.encode()),
                lambda n: "<!---->" * (n // 500) + "甲",
                16_000,
            )
            <= MOST
        )


@pytest.mark.parametrize(
    "before",
    ["\n", " \n", "<?x encoding='", "\n<!ENTITY", "\n<!DOCTYPE a", '\n<!ENTITY a "b">'],
    ids=["lines", "spaces", "instruction", "entities", "types", "closed entities"],
)
def test_what_stands_before_a_feed_does_not_cost_its_square(before):
    def run(text):
        read("feed", f"{text}<rss><channel><item><title>甲</title></item></channel></rss>", "a.xml")

    assert growth(run, before.__mul__, 32_000) <= MOST


@pytest.mark.parametrize(
    ("format_name", "file"),
    [
        ("feed", "<rss><channel><item {}><title>甲</title></item></channel></rss>"),
        ("page", "<html><body><p {}>甲</p></body></html>"),
        ("page", "<html><head><meta {}></head><body><p>甲</p></body></html>"),
        ("jekyll", "---\ntitle: 甲\n---\n<p {}>甲</p>"),
    ],
)
def test_attributes_of_one_element_do_not_cost_their_square(format_name, file):
    def run(text):
        said = " ".join(f"a{n}='b'" for n in range(len(text)))
        read(format_name, file.format(said), "a.html" if format_name == "page" else "2022-03-01-x.md")

    assert growth(run, "a".__mul__, 16_000) <= MOST


@pytest.mark.parametrize(
    "piece", ["[", "![a](", "*a_ ", "> - ", "`a``", "{% raw %}", "{{ x", "^[a", "a|b\n-|-\n", "{: ."]
)
def test_twice_the_markdown_takes_twice_the_time(piece):
    def run(text):
        read("jekyll", f"---\ntitle: 甲\n---\n{text}")

    assert growth(run, piece.__mul__, 8_000) <= MOST


def test_a_workbook_of_many_sheets_does_not_walk_through_all_their_empty_rows():
    """A cell in the last row of each, a few hundred bytes: without a limit a second's work for every sheet."""
    book = Workbook()
    for _ in range(12):
        sheet = book.create_sheet()
        sheet["A1"], sheet["B1"], sheet["A1048576"] = "title", "body", "甲"
    made = BytesIO()
    book.save(made)
    found = list(FORMATS["table"](made.getvalue(), "a.xlsx"))
    assert "合计超过" in str(found[-1].problem)


def test_a_header_that_each_row_would_be_kept_with_has_a_limit():
    with pytest.raises(Unreadable, match="表头有"):
        list(FORMATS["table"](f"title,body,{'甲' * 100_000}\n标题,正文,三\n".encode(), "a.csv"))


def test_json_nested_too_deep_costs_its_own_entry_alone():
    deep = "[" * 900 + "]" * 900
    found = list(FORMATS["table"](f'[{{"title": "甲", "body": {deep}}}]'.encode(), "a.json"))
    assert len(found) == 1


def test_lists_that_one_answer_wraps_are_found_in_one_pass():
    def run(text):
        answer = {f"list{n}": [{"title": "甲", "body": BODY}] for n in range(len(text))}
        list(FORMATS["table"](json.dumps({"data": answer}).encode(), "a.json"))

    assert growth(run, "a".__mul__, 16_000) <= MOST


def test_dates_of_a_table_do_not_cost_the_square_of_their_rows():
    def run(text):
        row = json.dumps(
            {"title": "甲", "body": BODY, "source": "渝州晨报", "date": "2022-03-01 09:12:03 CST"}
        )
        list(FORMATS["table"]("\n".join([row] * len(text)).encode(), "a.jsonl"))

    assert growth(run, "a".__mul__, 16_000) <= MOST
