"""Apply a new reading of an input to the article that it brought."""

from django.utils import timezone

from articles.importing.outlets import Outlets
from articles.models import Article, Revision
from sources.formats.raw_article import UNKNOWN_OUTLET, RawArticle
from sources.models import ImportItem, Source

# The fields that a reading sets.
READ = (
    *("title", "subtitle", "original_title", "body_html", "digest", "byline", "editor", "original_url"),
    *("published_at", "page", "edition_date"),
)


def is_edited(article: Article) -> bool:
    """Whether an editor has changed or published it; then a new reading only becomes a pending revision."""
    return article.edited_at is not None or article.status not in (
        Article.Status.REVIEW,
        Article.Status.DRAFT,
    )


def apply_fields(article: Article, raw: RawArticle, outlets: Outlets) -> None:
    """Set the fields that were read, without saving; empty ones stay as they are."""
    for name in READ:
        setattr(article, name, getattr(raw, name) or getattr(article, name))
    named = outlets.always or raw.outlet
    if named and named != UNKNOWN_OUTLET:
        article.source = Source.objects.get(pk=outlets.meet(raw))
    article.updated_at = timezone.now()
    article.derive(raw.plain)


def leave_pending(
    article: Article, raw: RawArticle, outlets: Outlets, item: ImportItem, **fields
) -> Revision:
    """Keep the new reading as a pending revision, for the editor to take or drop."""
    proposed = Article.objects.get(pk=article.pk)
    apply_fields(proposed, raw, outlets)
    snapshot = proposed.kept() | {"status": article.status}
    fields = {"kind": Revision.Kind.IMPORT, "state": Revision.State.PENDING} | fields
    return article.revisions.create(import_item=item, snapshot=snapshot, **fields)
