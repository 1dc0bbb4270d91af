"""No other site's file takes more than its share of time: each format's own grammar, in every place a reader looks.

Like tests.sources.test_growth: twice the input may take at most 2.5 times as long. The drill `growth` goes to a million
characters.
"""

import pytest

from tests.support.format_doors import ALSO, DOORS, read
from tests.support.growth import MOST, family, growth
from tests.support.swollen_files import (
    chapter_named_often,
    chapters_of_one_file,
    contents_named_often,
    galleries,
    many_chapters,
)

pytestmark = pytest.mark.growth

# A drill tries them all in every place, up to a million characters; here stand those of each kind that found most.
TRIED = {
    *(
        "mixed spaces",
        "digits",
        "Han characters",
        "sentences",
        "encoded words",
        "soft breaks",
        "galleries of some",
    ),
    *("strong words", "runs of Word", "containers", "YAML maps", "bare credits", "labels beside a headline"),
}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_twice_the_file_takes_twice_the_time(door):
    tried = [(name, make) for name, make in family(ALSO) if name.removesuffix(", spoilt") in TRIED]
    rates = {name: growth(door, make) for name, make in tried if name.endswith("spoilt")}
    assert {name: rate for name, rate in rates.items() if rate > MOST} == {}


@pytest.mark.parametrize(
    "make", [contents_named_often, chapter_named_often, chapters_of_one_file, many_chapters]
)
def test_a_book_costs_what_it_holds_however_often_it_names_it(make):
    files: dict[int, bytes] = {}

    def run(text):
        read("epub", files[len(text)], "a.epub")

    def filled(n):
        files.setdefault(n // 16, make(n // 16))
        return "a" * (n // 16)

    assert growth(run, filled) <= MOST


def test_galleries_do_not_cost_the_product_of_their_number_and_their_pictures():
    assert growth(lambda text: read("wxr", galleries(len(text) // 8), "a.xml"), "a".__mul__) <= MOST


@pytest.mark.parametrize("charset", ["punycode", "idna", "PUNYCODE", "hex", "rot13"])
def test_a_charset_that_is_none_does_not_cost_the_square_of_the_text(charset):
    def run(text):
        read("mail", f"From: a\nTo: b\nContent-Type: text/plain; charset={charset}\n\n{text}", "a.eml")

    assert growth(run, lambda n: ("a9z-" * n)[:n]) <= MOST


# ------------------------------------------------------------------ what readers once broke at
