"""How a portal's search stands: `python -m bench.harness.index_state [--catch-up]`, in the portal's environment.

With `--search-on` it searches until its standard input ends, now and then withdraws an article that must not be shown
from then on, and says how often it did so. Else it prints one JSON object:
`says`, what a search that cannot be asked says instead; `published` and `found`, how many articles are, and how many
of them the index has; `more`, what it has besides; `wrong`, headlines that do not find theirs, of articles that are
in the index as they are now.
"""

import argparse
import json
import os
import sys
import threading
from random import Random

import django

HEADLINES = 200
ASKED = "asked"  # begins what --search-on says if nothing went wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catch-up", action="store_true", help="as a server does it by itself")
    parser.add_argument("--search-on", action="store_true", help="until standard input ends")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    django.setup()
    from articles.search.index import follow

    if asked.search_on:
        print(search_on())
        return
    if asked.catch_up:
        follow.catch_up(wait=60)
    print(json.dumps(standing()))


def standing() -> dict:
    from articles.models import Article
    from articles.models.change_log import Change
    from articles.search.index import index

    published = set(Article.objects.published().values_list("pk", flat=True))
    told = {"says": "", "published": len(published), "found": 0, "more": 0, "wrong": []}
    try:
        found = shown(index.open_searcher())
        told |= {"found": len(found & published), "more": len(found - published)}
        # An import that was killed may have put new texts in the place of old ones, which the index has still to hear.
        known = found & published - set(
            Change.objects.after(index.position()).values_list("article_id", flat=True)
        )
        some = Random(1).sample(sorted(known), min(HEADLINES, len(known)))
        # What was withdrawn in between is rightly not found.
        missed = [pk for pk, title in _headlines(some) if not _answers(title)]
        told["wrong"] = [title for _, title in _headlines(missed)]
    except index.Unavailable as reason:
        told["says"] = str(reason)
    return told


def shown(opened) -> set[int]:
    """The ids of all that an index would show to readers."""
    from tantivy import Occur, Query

    hidden = Query.term_query(opened.schema, "hidden", 1)
    query = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, hidden)])
    count = opened.searcher.search(query, 1).count
    hits = opened.searcher.search(query, count or 1).hits
    addresses = [address for _, address in hits]
    return set(opened.searcher.fast_field_values("id", addresses))


def _headlines(ids: list[int]) -> list[tuple[int, str]]:
    """The id and title of each of these articles that is published now."""
    from articles.models import Article

    return list(Article.objects.published().filter(pk__in=ids).values_list("pk", "title"))


def _answers(title: str) -> bool:
    """Whether an article of this headline is on the first page of what the headline finds."""
    from articles.search.query.results import (
        SearchRequest,
    )
    from articles.search.query.run import (
        search,
    )

    hits = search(SearchRequest(q=title)).hits
    return title in {"".join(words for words, _ in hit.title) for hit in hits}


def search_on() -> str:
    """Search again and again, withdraw an article every two seconds; how often it was answered, and how often told
    what to run instead, in words that begin otherwise when an article was shown that had been withdrawn."""
    from articles.search.index.index import Unavailable
    from articles.search.query.results import (
        SearchRequest,
    )
    from articles.search.query.run import (
        search,
    )

    ended, answered, refused, withdrawn = threading.Event(), 0, 0, 0
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.wait(0.05):
        try:
            hits = search(SearchRequest(q="市场 增长")).hits
            answered += 1
            if hits and answered % 40 == 0:
                withdrawn += 1
                if title := _shown_after_withdrawal(hits[0].id):
                    return f"shown although it was withdrawn: {title}"
        except Unavailable:
            refused += 1
    said = f"{ASKED} {answered + refused} times: {answered} answers, {refused} times what to run"
    return f"{said}; {withdrawn} articles withdrawn"


def _shown_after_withdrawal(pk: int) -> str:
    """Withdraw an article; its headline, if a search for it still shows it."""
    from articles.models import Article, Revision
    from articles.search.query.results import (
        SearchRequest,
    )
    from articles.search.query.run import (
        search,
    )

    article = Article.objects.get(pk=pk)
    article.status = Article.Status.WITHDRAWN
    article.revise(Revision.Kind.WITHDRAWAL, reason="演练")
    shown = {hit.id for hit in search(SearchRequest(q=article.title)).hits}
    return article.title if pk in shown else ""


if __name__ == "__main__":
    main()
