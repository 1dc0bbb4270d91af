"""The desk's pages for articles and what they are filed under."""

from articles.desk import articles, mappings, reference, shelf, uploads  # noqa: F401
