"""No text takes more than its share of time: comparing, merging, grouping, searching, filing, with strings that slow
careless patterns and with thousands of things that are alike.

What is measured is a ratio (tests.support.growth): twice the input may take at most 2.5 times as long.
"""

from contextlib import suppress
from html import escape

import numpy as np
import pytest
from django.urls import Resolver404, resolve

from articles.admin.article.merge_rows import rows
from articles.portal.legacy_urls import NUMBERED, OURS, OUTLET, POST
from articles.portal.render import guess
from articles.portal.structured_data import authors
from articles.revisions.diff import compare_bodies, compare_texts
from articles.revisions.merge import merge
from articles.search.index.tokens import cut, paired
from articles.search.query.language.figures import wholes
from articles.search.query.language.idle_words import asking
from articles.search.query.language.nearest import nearest
from articles.search.query.language.whole_words import cut_through
from articles.search.query.parse import read, span
from articles.search.query.snippets import highlight, make_snippet
from articles.search.query.terms import expansions, left_idle, needles, open_parts, units
from articles.stories.similarity.clusters import Clusters
from articles.stories.similarity.comparable import Piece
from articles.stories.similarity.compare import similarity
from articles.stories.similarity.match import SignatureWindow, join_pairs, pairs_of
from articles.taxonomy.section_rules import Keywords
from sources.text.folding import clean, fold
from sources.text.minhash import signatures
from sources.text.outlet_names import untaken_slug
from tests.support.growth import MOST, family, growth

pytestmark = pytest.mark.growth

BODY = "据国际商报报道，服务贸易稳步增长，数字贸易成为新亮点。"
PARAGRAPH = 40  # characters
MOST_PARAGRAPHS = 140  # with as many between them fewer than those beyond which nothing is compared


def paragraphs(text, *between):
    """The string cut up, with these paragraphs in turn between its pieces."""
    size = max(PARAGRAPH, len(text) // MOST_PARAGRAPHS)
    pieces = [text[at : at + size].replace("\n", " ") for at in range(0, len(text), size)]
    return "\n".join(one for n, piece in enumerate(pieces) for one in (piece, between[n % len(between)]))


def body(text):
    return "\n".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))


# ------------------------------------------------------------------ two versions, and three
def differing_paragraphs(text):
    """Two alternations of paragraphs: what one has between the string's pieces, the other has elsewhere."""
    compare_texts(paragraphs(text, "甲", "乙"), paragraphs(text, "乙", "甲", "丙"))


def one_long_paragraph(text):
    compare_texts(text.replace("\n", " "), text[::-1].replace("\n", " "))


def many_words_exchanged(text):
    """Paragraphs that are compared word by word, none of them as it was."""
    old = paragraphs(text, "甲")
    compare_texts(old, "\n".join(line[::-1] + "丁" for line in old.split("\n")))


def differing_markup(text):
    compare_bodies(body(text), body(text).replace("<p>", "<p><b>").replace("</p>", "</b></p>"))


def merged_paragraphs(text):
    """Both sides changed the same alternation, each in its own way."""
    forms = (paragraphs(text, *between) for between in ("甲乙", "乙甲丙", "丙甲"))
    page = merge(*({"body_html": body(form), "title": "题"} for form in forms))
    list(rows(page, {}))


def merged_long_paragraph(text):
    line = text.replace("\n", " ")
    page = merge(*({"body_html": body(form), "title": "题"} for form in (line, f"甲{line}乙", line[::-1])))
    list(rows(page, {}))


# ------------------------------------------------------------------ the same piece?
def one_piece(text):
    """Two articles of nearly the same words."""
    changed = "".join(f"{text[at : at + 60]}甲{at}" for at in range(0, len(text), 60))
    one, other = Piece.all_of([("服务贸易", text, 0), ("服务贸易增长", changed, 90_000)])
    similarity(one, other)
    similarity(other, one)


# ------------------------------------------------------------------ words of readers and editors
def question(text):
    for words in (text, f"来源:{text}", f'"{text}'):
        needles(read(words), {})
    span(text[:100])


def language_of_a_question(text):
    """Its figures, idle words, brackets and alternatives, near misses, and whether words stand whole in articles."""
    folded = fold(text)
    list(wholes(folded))
    list(asking(folded))
    for words in (text, f"({text}", f"甲 OR {text}", f"{text}|{text}", f'-"{text}'):
        asked = read(words)
        expansions(asked, {})
        list(open_parts(asked))
    units(text, {})
    left_idle(text, {})
    nearest(folded, len, 3)
    cut_through(
        [folded, f"{BODY}{folded}{BODY}"], [[folded[:4]], [folded[:1], folded[-2:]], ["贸易", "服贸"]]
    )
    clean(text)


def snippet(text):
    words = [text[:100], text[:2], text[-3:], "贸易"]
    make_snippet(text, words)
    highlight(text, words)


def index_entry(text):
    paired(fold(text))
    cut(fold(text))


def rules_of_a_section(text):
    """As what an editor wrote, and as the article they are held against."""
    Keywords([(1, "甲", text), (2, "乙", f"{text} 3\n贸易 2")]).propose(text[:500], text)


def address(text):
    for path in (f"/{text}", f"/{text}.html", f"/a/2022/01/01/{text}.html", f"/{text}/2022/01/01/1.html"):
        for pattern in (POST, OURS, OUTLET, NUMBERED):
            pattern.fullmatch(path)
        guess(path)
        with suppress(Resolver404):
            resolve(path)


def names_in_a_byline(text):
    authors(text)


def two_versions(text):
    for door in (differing_paragraphs, one_long_paragraph, many_words_exchanged, differing_markup):
        door(text)


def three_versions(text):
    for door in (merged_paragraphs, merged_long_paragraph):
        door(text)


def words(text):
    for door in (question, snippet, index_entry, rules_of_a_section, address, names_in_a_byline):
        door(text)


DOORS = [two_versions, three_versions, one_piece, words, language_of_a_question]
ALSO = {"between tags": "<p>甲</p>", "rules": "贸易 3\n", "path": "/2022/01/01/", "quoted": '"甲" '}
ALSO |= {
    "either": "甲 OR ",
    "alternatives": "甲|",
    "open brackets": "(甲 ",
    "closed brackets": "(甲)",
    "without": "-甲 ",
}
ALSO |= {
    "fields": "来源:",
    "percents": "12.5%",
    "signs": "C++",
    "codes": "601939.SH ",
    "idle": "为什么",
    "of days": "2024年3月5日",
}
ALSO |= {"in traditional": "帳戶", "pinyin": "zheng", "figures": "1.2万亿元", "parts": "贸易甲"}


# A drill tries them all in every place, up to a million characters; here stand those of each kind that found most.
TRIED = {
    *("mixed spaces", "newlines", "digits", "bold marks", "Han characters", "sentences", "line breaks"),
    *("emoji", "between tags", "rules", "path", "percents", "either", "open brackets", "signs", "parts"),
}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_twice_the_text_takes_twice_the_time(door):
    tried = [(name, make) for name, make in family(ALSO) if name.removesuffix(", spoilt") in TRIED]
    rates = {name: growth(door, make) for name, make in tried if name.endswith("spoilt")}
    assert {name: rate for name, rate in rates.items() if rate > MOST} == {}


# ------------------------------------------------------------------ thousands alike
def group_articles(count, apart=()):
    """So many articles of one text are put together."""
    said = {pk: ("服务贸易", BODY * 8, pk) for pk in range(1, count + 1)}
    sketches = np.repeat(signatures([said[1][:2]]), count)
    ids, clusters = np.arange(1, count + 1), Clusters(apart)
    shelf = SignatureWindow(ids, ids.copy(), sketches, np.ones(count, dtype=bool))
    join_pairs(pairs_of(shelf), lambda pks: {pk: said[pk] for pk in pks}, clusters)
    return clusters


def test_articles_alike_do_not_cost_their_square():
    rate = growth(lambda text: group_articles(len(text)), "a".__mul__, largest=8_000)
    assert rate <= MOST


def test_articles_told_apart_do_not_cost_their_square():
    def run(text):
        group_articles(len(text), apart=[(pk, pk + 1) for pk in range(1, len(text), 50)])

    assert growth(run, "a".__mul__, largest=8_000) <= MOST


def test_a_story_that_grows_from_its_end_does_not_cost_its_square():
    def run(text):
        clusters = Clusters()
        for pk in range(len(text), 0, -1):
            if clusters.may_join(pk, pk + 1):
                clusters.join(pk, pk + 1)

    assert growth(run, "a".__mul__) <= MOST


def test_outlets_of_one_slug_do_not_cost_their_square():
    """Names without a letter or digit in them are all of the same address part."""

    def run(text):
        taken, tried = set(), {}
        for _ in text:
            taken.add(untaken_slug("☆", taken, tried=tried))

    assert growth(run, "a".__mul__) <= MOST
