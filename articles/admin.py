"""The desk's pages for articles and what they are filed under."""

from articles.desk import articles, reference, shelf  # noqa: F401
