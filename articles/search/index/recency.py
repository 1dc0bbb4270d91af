"""How much newer articles are favoured, as two fields of a document say. Pure.

tantivy multiplies a score by log2(2 + the field), so a field holds 2 ** factor - 2. The factors depend on the date
alone, not on today: they never have to be written again.
"""

import math

SECONDS_A_YEAR = 365.25 * 86_400
# `weight`, for most questions: of two articles that match equally well and are ten years apart, the newer one scores
# an eighth more.
_GROWTH = 0.03
# `fresh`, for topics: the factor doubles every three years, from 2010 on; for 2040 and later it stays at its largest,
# which a 64-bit float can just hold.
_SINCE, _DOUBLES, _LARGEST = 40.0, 3.0, 1_000.0  # years since 1970, years


def factor(field: str, seconds: int) -> float:
    """What a score is multiplied by, for an article of this moment (seconds since 1970), ordered by this field."""
    years = max(seconds, 0) / SECONDS_A_YEAR
    if field == "weight":
        return math.log2(2 + math.exp(_GROWTH * years))
    return min(max(2 ** ((years - _SINCE) / _DOUBLES), 1.0), _LARGEST)


def value(field: str, seconds: int) -> float:
    """What a document's field holds."""
    return 2 ** factor(field, seconds) - 2
