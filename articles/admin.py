"""The desk's pages for articles and what they are filed under."""

from articles.desk import articles, joining, pictures, reference, sections, subscriptions  # noqa: F401
