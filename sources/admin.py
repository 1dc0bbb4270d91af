"""The desk's pages for outlets and imports."""

from articles.admin.imports import run_pages
from articles.admin.outlets import outlet_admin  # noqa: F401
