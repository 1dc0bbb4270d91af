"""原始与清洗: an input beside its clean text; each removed passage with its rule and reason."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from zstandard import ZstdError

from articles.admin.model_admin import DeskAdmin
from sources.files.raw_bytes import unpack
from sources.models import ImportItem
from sources.reading.explain_input import Explained, explain_input
from sources.reading.limits import OverLimit
from sources.reading.read_again import NotReadAgain, ReadAgain, read_again
from sources.reading.reading_process import apart
from sources.reading.saved_columns import saved_columns
from sources.text.clean.removals import MARKUP, REASONS, Span, removals
from sources.text.decode import decode
from sources.text.visible import visible, visible_lines


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the input: kept, markup, or removed by a rule."""

    words: str
    is_markup: bool
    name: str = ""
    why: str = ""


class ExplainedPage(DeskAdmin):
    """Raw and clean text view of the import item admin."""

    def explained_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Raw on the left, clean on the right; if the bytes cannot be read again, the page says why."""
        item = get_object_or_404(ImportItem.objects.select_related("run"), pk=pk)
        if not self.has_view_permission(request, item):
            raise PermissionDenied
        raw, options = _raw(item)
        again, problem = _again(item, raw, options)
        clean = again.article.plain.text if again else ""
        explained, trouble = _explained(raw, again)
        if trouble:
            again, clean, problem = None, "", problem or trouble
        context = {
            "title": "原始与清洗",
            "subtitle": visible(item.name),
            "original": item,
            "parts": _parts(explained.spans) if again else [Part(visible_lines(_text(explained)), False)],
            "article": again.article if again else None,
            "clean": clean.split("\n"),
            "by_rule": explained.by_rule,
            "rules": _counted(explained.spans) if again else [],
            "problem": problem,
        }
        return self.render(request, "admin/sources/explained.html", context)


def _raw(item: ImportItem) -> tuple[bytes, dict]:
    """The item's bytes, and the options of the run that first stored them."""
    holder = item
    if item.raw is None:
        kept = ImportItem.objects.select_related("run").filter(sha256=item.sha256, raw__isnull=False)
        holder = kept.order_by("pk").first() if item.sha256 else None
    try:
        return unpack(bytes(holder.raw)), holder.run.options
    except (AttributeError, ZstdError):
        raise Http404("没有保存原文，或已损坏") from None


def _again(item: ImportItem, raw: bytes, options: dict) -> tuple[ReadAgain | None, str]:
    saved = saved_columns(options.get("source") or "")
    asked = (item.name, raw, options.get("format") or "auto", "", saved)
    try:
        return apart(read_again, *asked, name=item.name, size=len(raw)), ""
    except (NotReadAgain, OverLimit) as reason:
        return None, visible_lines(str(reason))


def _explained(raw: bytes, again: ReadAgain | None) -> tuple[Explained, str]:
    """What was removed and why, and ""; over the limits the plain text, and what went wrong."""
    clean = again.article.plain.text if again else ""
    try:
        return apart(explain_input, raw, again.format if again else None, clean, size=len(raw)), ""
    except OverLimit as reason:
        return Explained([Span(apart(decode, raw, size=len(raw)).text)], False), visible_lines(str(reason))


def _text(explained: Explained) -> str:
    return "".join(span.source for span in explained.spans)


def _parts(spans: list[Span]) -> list[Part]:
    """Group neighbouring spans of the same rule and reason."""
    parts = []
    for (rule, reason), some in groupby(spans, key=lambda span: (span.rule, span.reason)):
        words = visible_lines("".join(span.source for span in some))
        parts.append(Part(words, rule == MARKUP, *(reason if reason and words.strip() else ())))
    return parts


def _counted(spans: list[Span]) -> list[tuple[str, str, int]]:
    """Name, reason and count of each rule that removed something."""
    times = Counter(removal.rule for removal in removals(spans))
    return [(*REASONS[rule], number) for rule, number in times.most_common()]
