"""The desk's pages for outlets and imports."""

from sources.desk import imports, outlets  # noqa: F401
