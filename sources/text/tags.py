"""Remove tags from markup, in linear time."""

import re

_TAG = re.compile(r"<[^>]*+>")


def without_tags(html: str, instead: str = "") -> str:
    """Replace each tag with `instead`.

    No tag ends after the last `>`; searching there would scan from every `<` to the end of the text.
    """
    end = html.rfind(">") + 1
    return _TAG.sub(instead, html[:end]) + html[end:]
