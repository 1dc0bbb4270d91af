"""The desk's pages for articles and what they are filed under."""

from articles.admin import (users, picture_pages, securities_and_tags, search_words, section_pages, story_pages,)  # noqa: F401  # noqa: F401
from articles.admin.article import article_admin  # noqa: F401  # noqa: F401
from articles.admin.imports import mapping_pages, review_queue, feed_subscriptions, upload_pages  # noqa: F401  # noqa: F401
from articles.admin.outlets import merge_pages  # noqa: F401  # noqa: F401
