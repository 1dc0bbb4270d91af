"""The desk's pages for articles and what they are filed under."""

from articles.desk import articles, reference, stories  # noqa: F401
