"""Which fields of an article a new version from the source replaces, and which rows depend on them."""

from articles.models import Mention, TaggedArticle

# Replaced by a new version from the source; other fields belong to editors, or come from the old address.
REPLACED = ("title", "body_html", "digest", "byline", "editor", "original_url", "published_at")


CHANGED = (*REPLACED, "status", "text", "fingerprint", "public_at", "version", "updated_at")


# Key in a snapshot: the tags and securities that the next version added, as {column: [ids]}.
JOINED = "joined"


LISTS = {"security_id": Mention, "tag_id": TaggedArticle}


Joined = dict[int, dict[str, list[int]]]
