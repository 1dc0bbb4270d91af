"""相关报道: related articles, found by an article's most significant words."""

from collections import Counter
from collections.abc import Mapping
from math import log

from tantivy import Occur, Query

from articles.models import Article
from articles.search.index.index import Opened, Unavailable, open_searcher, search_timeout
from articles.search.index.tokens import words
from articles.search.query.filters import to_public
from articles.search.query.phrases import frequencies, lists, phrase
from sources.text.folding import fold

READ = 3000  # characters of its text: later ones mostly repeat these
WORDS = 18  # the most significant words, which are searched
IN_TITLE = 3  # occurrences that a word in the title counts for
SHARE = 0.3  # of these words, the share that a related article must contain
COMMON = 0.1  # of all articles: a word in more of them says nothing
TITLE, BODY = 2.0, 1.0
MORE = 15


def related(article: Article, limit: int = 5) -> list[dict]:
    """Published articles similar to this one, best first, as list rows; without others of its story.

    [] if the index is unavailable.
    """
    try:
        opened = open_searcher()
        with search_timeout():
            weights = _weightiest(opened, article)
            found = _like(opened, article, weights, limit) if weights else []
    except Unavailable:
        return []
    others = Article.objects.published().filter(pk__in=found)
    if article.story_id:
        others = others.exclude(story__id=article.story_id)
    listed = {row["id"]: row for row in others.as_rows()}
    return [listed[pk] for pk in found if pk in listed][:limit]


def _weightiest(opened: Opened, article: Article) -> dict[str, float]:
    """Weights of its most significant words (TF-IDF): frequent here, rare elsewhere."""
    counts = Counter(words(fold(article.text[:READ])))
    title = set(words(fold(article.title)))
    everything = max(opened.searcher.num_docs, 1)
    weights = {}
    for word in counts.keys() | title:
        here = counts[word] + IN_TITLE * (word in title)
        elsewhere = min(frequencies(opened, "body_pairs", word), default=0)
        is_shared = 1 < elsewhere <= max(COMMON * everything, 10)
        if len(word) < 2 or word.isdecimal() or not is_shared:
            continue
        weights[word] = (1 + log(here)) * log(1 + everything / (1 + elsewhere))
    heaviest = sorted(weights, key=lambda word: (-weights[word], word))[:WORDS]
    return {word: weights[word] for word in heaviest}


def _like(opened: Opened, article: Article, weights: Mapping[str, float], limit: int) -> list[int]:
    """The ids of articles that contain a good share of these words."""
    schema, heaviest = opened.schema, max(weights.values())
    looked_for = [
        (
            Occur.Should,
            Query.boost_query(
                Query.boolean_query(
                    [
                        (Occur.Should, Query.boost_query(Query.term_query(schema, "title", word), TITLE)),
                        (
                            Occur.Should,
                            Query.boost_query(phrase(opened, "body_pairs", word), BODY / lists(word)),
                        ),
                    ]
                ),
                weight / heaviest,
            ),
        )
        for word, weight in weights.items()
    ]
    needed = max(min(2, len(weights)), round(SHARE * len(weights)))
    query = Query.boolean_query(
        [
            (Occur.Must, Query.boolean_query(looked_for, needed)),
            (Occur.MustNot, Query.term_set_query(schema, "id", [article.pk])),
            *to_public(schema),
        ]
    )
    # Fetch more than are shown: some may be withdrawn since, or belong to the same story.
    found = opened.searcher.search(query, limit + MORE, count=False, weight_by_field="weight")
    return opened.searcher.fast_field_values("id", [place for _, place in found.hits])
