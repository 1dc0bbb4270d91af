"""您是不是要找: suggestions for a search that found nothing."""

from dataclasses import replace

from tantivy import Occur, Query

from articles.search.index.index import search_timeout
from articles.search.query.build import Matcher
from articles.search.query.filters import to_public
from articles.search.query.parse import Question
from articles.search.query.results import Pointer, SearchRequest
from articles.search.query.suggest import sounding_like

ALONE = 3  # words of a question that are offered singly
MOST = 6


def suggestions_for(asked: SearchRequest, question: Question, matcher: Matcher) -> list[Pointer]:
    """Suggestions that find something: names that sound the same, the words without filters, each word alone."""
    found = sounding_like(question.whole, MOST) if question.is_plain else []
    words = " ".join(part.words for part in question.wanted)
    plain = tuple(replace(part, exact=False, field="") for part in question.wanted)
    if words and (asked.is_narrowed or not question.is_plain):
        wide = Question(words, plain)
        found += _offer(words, "不加条件", wide, matcher)
    if len(plain) > 1:
        for part in plain[:ALONE]:
            found += _offer(part.words, "只找这个词", Question(part.words, (part,)), matcher)
    return found[:MOST]


def _offer(words: str, what: str, question: Question, matcher: Matcher) -> list[Pointer]:
    with search_timeout():
        query = Query.boolean_query(
            [(Occur.Must, matcher.query(question)), *to_public(matcher.opened.schema)]
        )
        count = matcher.opened.searcher.search(query, 1, count=True).count
    if not count:
        return []
    return [Pointer(words, SearchRequest(q=words).address(), f"{what}，{count} 篇")]
