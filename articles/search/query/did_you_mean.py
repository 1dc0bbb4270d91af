"""您要找的是不是: suggestions for a search that found nothing, or hardly what was meant."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from tantivy import Occur, Query

from articles.search.index.index import search_timeout
from articles.search.index.tokens import dictionary
from articles.search.query.build import Matcher
from articles.search.query.filters import to_public
from articles.search.query.language.by_sound import Reading
from articles.search.query.language.misspelt import Spelling
from articles.search.query.language.nearest import nearest
from articles.search.query.parse import Part, Question, read
from articles.search.query.results import Pointer, SearchRequest
from articles.search.query.suggest import sounding_like
from articles.search.query.terms import aliased, key, units

ALONE = 4  # words of a question that are offered singly
COMPOUND = 4  # characters
NEAR = 3  # spellings of a word that are tried
FAR_RARER, FAR_MORE = 0.1, 5
MOST = 6


def offers(
    asked: SearchRequest, question: Question, matcher: Matcher, total: int, ways: Sequence[Reading] = ()
) -> list[Pointer]:
    """What the reader may have meant: the `ways` to read pinyin, other spellings; beside what was found only what is
    sure, on the first page."""
    if total and asked.page > 1:
        return []
    heard = [one for way in ways for one in _offer_words(way.heard.words, "按拼音", matcher)]
    found = spelt_better(question, matcher) if total else suggestions_for(asked, question, matcher)
    return [*heard, *(one for one in found if one.label not in {other.label for other in heard})][:MOST]


def suggestions_for(asked: SearchRequest, question: Question, matcher: Matcher) -> list[Pointer]:
    """Suggestions that find something: names that sound the same, the nearest spellings, the words without filters or
    in any order of the pages, each word alone."""
    found = sounding_like(question.whole, MOST) if question.is_plain else []
    plain = tuple(replace(part, exact=False, field="") for part in question.wanted)
    better = spelt_better(question, matcher)
    found += better
    for words in [] if better else _respelt(plain, matcher):
        found += _offer_words(" ".join(words), "相近的写法", matcher)
    words = " ".join(part.words for part in question.wanted)
    if words and (asked.is_narrowed or not question.is_plain):
        found += _offer(words, "不加条件", Question(words, plain), matcher)
    elif words and asked.sort == "newest":
        found += _offer_ranked(asked, question, matcher)
    if len(alone := _alone(plain, matcher)) > 1:
        for word in alone:
            found += _offer(word, "只找这个词", Question(word, (Part(word),)), matcher)
    return list({one.label: one for one in reversed(found)}.values())[::-1][:MOST]


def spelt_better(question: Question, matcher: Matcher) -> list[Pointer]:
    """The spelling that a question which finds something by chance most likely has; [] unless it is sure."""
    if not question.is_plain or aliased(question.whole, matcher.aliases):
        return []
    spelling = Spelling(cache(matcher.holding), cache(matcher.articles_with))
    words = [spelling.better(key(part.words)) or part.words for part in question.wanted]
    if words == [part.words for part in question.wanted]:
        return []
    return _offer_words(" ".join(words), "相近的写法", matcher)


def sure_spelling(question: Question, matcher: Matcher) -> str:
    """The spelling that a plain question which finds nothing most likely has; "" unless it is sure.

    Sure is what `spelt_better` finds, else the nearest spelling if the next one is far rarer.
    """
    if better := spelt_better(question, matcher):
        return better[0].label
    if not question.is_plain:
        return ""
    ways = dict.fromkeys(" ".join(words) for words in _respelt(question.wanted, matcher))
    counts = sorted(((count(read(words), matcher), words) for words in ways), reverse=True)
    if not counts or not counts[0][0]:
        return ""
    return counts[0][1] if len(counts) == 1 or counts[0][0] >= FAR_MORE * counts[1][0] else ""


def _alone(plain: Sequence[Part], matcher: Matcher) -> list[str]:
    """The parts of a question; of a single one, its words."""
    if len(plain) != 1:
        return [part.words for part in plain[:ALONE]]
    some = [unit.word for unit in units(plain[0].words, matcher.aliases) if len(unit.word) > 1]
    return [word for one in some for word in _pieces(one, matcher)][:ALONE]


def _pieces(word: str, matcher: Matcher) -> list[str]:
    """The word, or the words in a compound of the dictionary that no article has (银行利率)."""
    if len(word) < COMPOUND or not dictionary().has_word(word) or matcher.holding(word):
        return [word]
    within, at = [], 0
    for one in dictionary().cut_for_search(word, False):
        if len(one) < len(word) and word.startswith(one, at):
            within.append(one)
            at += len(one)
    return within or [word]


def _respelt(plain: Sequence[Part], matcher: Matcher) -> Iterator[list[str]]:
    """The question's words with another spelling of those that nothing contains."""
    near = [_spellings(part, matcher) for part in plain]
    if any(near):
        for place in range(NEAR):
            words = [
                (some[min(place, len(some) - 1)] if some else part.words)
                for part, some in zip(plain, near, strict=True)
            ]
            yield words


def _spellings(part: Part, matcher: Matcher) -> list[str]:
    """Other spellings of a part that finds nothing: of the whole, or else of the words of it that are nowhere."""
    if matcher.count(part) or aliased(part.words, matcher.aliases):
        return []
    close = key(part.words)
    if found := _near(close, matcher):
        return found
    some = [unit.word for unit in units(part.words, matcher.aliases)]
    better = {one: near[0] for one in some if not matcher.count(Part(one)) and (near := _near(one, matcher))}
    if not better:
        return []
    return ["".join(better.get(one, one) for one in some)]


def _near(word: str, matcher: Matcher) -> list[str]:
    """The nearest spellings of a word, without those that are far rarer than the most frequent."""
    counts = {one: matcher.count(Part(one, exact=True)) for one in nearest(word, matcher.articles_with, NEAR)}
    least = FAR_RARER * max(counts.values(), default=0)
    return [one for one, count in counts.items() if count and count >= least]


def _offer_ranked(asked: SearchRequest, question: Question, matcher: Matcher) -> list[Pointer]:
    """The same question by relevance, which does not need every word."""
    held = count(question, matcher)
    href = replace(asked, sort="relevance", page=1).address()
    return [Pointer(asked.q, href, f"按相关排序，不必每个词都有，{held} 篇")] if held else []


def _offer_words(words: str, what: str, matcher: Matcher) -> list[Pointer]:
    return _offer(words, what, read(words), matcher)


def _offer(words: str, what: str, question: Question, matcher: Matcher) -> list[Pointer]:
    held = count(question, matcher)
    return [Pointer(words, SearchRequest(q=words).address(), f"{what}，{held} 篇")] if held else []


def count(question: Question, matcher: Matcher) -> int:
    """The number of articles that readers may see and a question finds."""
    with search_timeout():
        query = Query.boolean_query(
            [(Occur.Must, matcher.query(question)), *to_public(matcher.opened.schema)]
        )
        return matcher.opened.searcher.search(query, 1, count=True).count
