"""Which fields of an article a new version replaces, and which rows follow from them."""

from articles.models import Mention, TaggedArticle

# What a new version from the same source replaces; the rest is the editors' or the old address's.
REPLACED = ("title", "body_html", "digest", "byline", "editor", "original_url", "published_at")


CHANGED = (*REPLACED, "status", "text", "fingerprint", "public_at", "version", "updated_at")


# Where a version's copy says what the version after it was put on: lists by their model's column, ids in each.
JOINED = "joined"


LISTS = {"security_id": Mention, "tag_id": TaggedArticle}


Joined = dict[int, dict[str, list[int]]]
