"""Import this module to register the admin of both apps."""

from articles.admin import (  # noqa: F401
    feed_subscriptions,
    picture_pages,
    search_words,
    section_pages,
    securities_and_tags,
    story_pages,
    users,
)
from articles.admin.article import article_admin  # noqa: F401
from articles.admin.imports import (  # noqa: F401
    mapping_pages,
    review_queue,
    run_pages,
    upload_pages,
)
from articles.admin.outlets import merge_pages, outlet_admin  # noqa: F401
