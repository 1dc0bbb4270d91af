"""Give an article that came from an import the text it should have come with, as a version of its own."""

from django.utils import timezone

from articles.importing.outlets import Outlets
from articles.models import Article, Revision
from sources.formats.raw_article import UNKNOWN_OUTLET, RawArticle
from sources.models import ImportItem, Source

# What a reading says of an article; nothing else of it is touched.
READ = (
    *("title", "subtitle", "original_title", "body_html", "digest", "byline", "editor", "original_url"),
    *("published_at", "page", "edition_date"),
)


def is_edited(article: Article) -> bool:
    """Whether the text is an editor's by now, or public: then a new reading only lands beside it."""
    return article.edited_at is not None or article.status not in (
        Article.Status.REVIEW,
        Article.Status.DRAFT,
    )


def apply_fields(article: Article, raw: RawArticle, outlets: Outlets) -> None:
    """Put what was read in place of what the article says, unsaved; what was not read stays as it is."""
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
    """Lay the new reading beside the article, for the editor to take or drop."""
    proposed = Article.objects.get(pk=article.pk)
    apply_fields(proposed, raw, outlets)
    snapshot = proposed.kept() | {"status": article.status}
    fields = {"kind": Revision.Kind.IMPORT, "state": Revision.State.PENDING} | fields
    return article.revisions.create(import_item=item, snapshot=snapshot, **fields)
