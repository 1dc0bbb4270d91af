"""The desk's pages for articles and what they are filed under."""

from articles.desk import (  # noqa: F401  # noqa: F401
    articles,
    joining,
    mappings,
    people,
    pictures,
    reference,
    searching,
    sections,
    shelf,
    stories,
    subscriptions,
    uploads,
)
