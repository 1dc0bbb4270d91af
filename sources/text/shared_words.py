"""How much of one text is in another: enough to tell a new version from another article. Pure."""

from sources.text.plain import only_words

_MOST = 50_000  # characters that are compared
_RUN = 4


def share_in_common(one: str, other: str) -> float:
    """Return the share of the shorter text's runs of four letters that are in the longer one, 0 to 1.

    An empty text is part of every other.
    """
    fewer, more = sorted((_runs(one), _runs(other)), key=len)
    return len(fewer & more) / len(fewer) if fewer else 1.0


def _runs(text: str) -> set[str]:
    words = only_words(text[:_MOST])
    return {words[at : at + _RUN] for at in range(max(len(words) - _RUN + 1, min(len(words), 1)))}
