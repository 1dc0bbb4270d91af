"""What a reclean changes: which rules now remove something, what now stays, which fields differ."""

from collections import Counter
from dataclasses import dataclass, field

from articles.reclean.find import Finding, values_of
from articles.revisions.merge import BODY
from sources.reading.explain_input import explain_input
from sources.reading.limits import OverLimit
from sources.reading.reading_process import apart
from sources.text.clean.removals import REASONS, removals
from sources.text.plain import plain_text
from sources.text.sentences import sentences

STAYS, MARKUP = "stays", "markup"
WORDS = {STAYS: "原先去掉、现在保留", MARKUP: "只有格式不同"}


@dataclass(slots=True)
class Effect:
    """How one article changes: sentences removed and added, and counts by rule, STAYS, MARKUP or field."""

    out: list[str]
    into: list[str]
    counts: Counter = field(default_factory=Counter)


def effect_of(finding: Finding) -> Effect:
    """Compare what the import brought with what today's cleaner makes of the same bytes."""
    before, after = values_of(finding.before), values_of(finding.after)
    old, new = _sentences(before[BODY]), _sentences(after[BODY])
    effect = Effect([one for one in old if one not in new], [one for one in new if one not in old])
    effect.counts.update(_rules(finding, effect.out))
    effect.counts.update({STAYS: len(effect.into)} if effect.into else {})
    if before[BODY] != after[BODY] and not effect.counts:
        effect.counts[MARKUP] = 1
    effect.counts.update(
        name for name in before if name not in (BODY, "digest") and before[name] != after[name]
    )
    return effect


def _sentences(html: str) -> list[str]:
    lines = plain_text(html).split("\n")
    return [sentence.strip() for line in lines for sentence in sentences(line) if sentence.strip()]


def _rules(finding: Finding, out: list[str]) -> list[str]:
    """For each removed sentence the rule that removed it."""
    if not out:
        return []
    try:
        asked = (finding.raw, finding.format, finding.clean.plain.text)
        explained = apart(explain_input, *asked, size=len(finding.raw))
    except OverLimit:
        return ["other"] * len(out)
    by_rule: dict[str, str] = {}
    for removal in removals(explained.spans):
        by_rule[removal.rule] = by_rule.get(removal.rule, "") + "".join(removal.text.split())
    return [next((rule for rule, gone in by_rule.items() if _bare(one) in gone), "other") for one in out]


def _bare(words: str) -> str:
    return "".join(words.split())


def describe_change(what: str, labels: dict[str, str]) -> str:
    """A rule, STAYS, MARKUP or a field, as the admin shows it; `labels` names fields."""
    if what in REASONS:
        return f"规则“{REASONS[what][0]}”现在去掉"
    return WORDS.get(what) or f"{labels.get(what, what)}读法不同"
