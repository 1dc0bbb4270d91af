"""Foreign names and bytes as a desk page may show them: nothing hidden, nothing that plays tricks."""

import re

# Controls, surrogates, and marks without a shape of their own, such as those that turn the reading
# direction round. Newline and tab may stay where a text has lines.
UNSEEN = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)


def _spelt(match: re.Match) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def visible(name: str) -> str:
    """A name in one line, every unseen character spelt out (\\x1b, \\u202e)."""
    return UNSEEN.sub(_spelt, name)


def visible_lines(text: str) -> str:
    """The same for a text of several lines, which it keeps."""
    unbroken = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNSEEN.sub(lambda match: match[0] if match[0] in "\n\t" else _spelt(match), unbroken)
