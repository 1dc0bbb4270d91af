"""Every file of tests/corpus is read and held against its sidecar: adding a bug is adding a pair of files."""

import json
from pathlib import Path

import pytest

from sources.formats import FORMATS
from sources.formats.raw_article import NotAnArticle, OldAddress, Unreadable

CORPUS = Path(__file__).parent.parent.parent / "corpus"
# A newspaper page yields several articles and the page itself: test_newspaper.py reads those.
CASES = [path for path in sorted(CORPUS.glob("*/*.json")) if path.parent.name != "newspaper"]


def field_of(raw, name):
    value = getattr(raw, name)
    if name in ("securities", "pictures"):
        return [list(one) for one in value]
    if name == "problems":
        return [problem.text for problem in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("sidecar", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_reader_finds_what_the_sidecar_says(sidecar):
    case = json.loads(sidecar.read_text())
    (raw,) = FORMATS[sidecar.parent.name](sidecar.with_suffix(".in").read_bytes(), case["name"])
    raw.fit()
    wanted = case.get("is", {})
    assert {name: field_of(raw, name) for name in wanted} == wanted
    for words in case.get("lacks", ()):
        assert words not in raw.body_html
    if "has_problem" in case:
        assert any(case["has_problem"] in problem.text for problem in raw.problems)
    assert case.get("has_text", "") in raw.plain.text


def test_the_corpus_is_not_empty():
    assert len(CASES) >= 30


@pytest.mark.parametrize("name", ["README.md", "404.md", "a/index.html"])
def test_pages_of_the_site_itself_are_no_articles(name):
    with pytest.raises(NotAnArticle):
        list(FORMATS["jekyll"](b"---\nlayout: page\ntitle: x\n---\nhello", name))


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\xef\xbb\xbf", b" \t\r\n" * 500, b"\x7fELF\x02\x01\0\0" + b"\0" * 90]
)
def test_what_holds_no_text_is_unreadable(data):
    with pytest.raises(Unreadable):
        list(FORMATS["jekyll"](data, "_posts/2022-03-01-a.md"))


def test_a_category_page_teaches_an_old_address_and_its_name_as_it_stands():
    page = "---\nlayout: category\ntitle: 大江网新闻\ncategory: Techweb\n---".encode()
    assert list(FORMATS["jekyll"](page, "category/Techweb.html")) == [OldAddress("Techweb", "大江网")]
