"""修改后重试 and 原样重试: retry an item that could not be imported, edited or unchanged."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from articles.admin.imports.format_choices import AUTO, FORMAT_NAMES
from articles.admin.imports.outcome_words import HELD, outcome_words
from articles.admin.imports.raw_text import RawText, open_raw
from articles.admin.model_admin import DeskAdmin
from articles.importing.match import Decision
from articles.review.retry import (
    PRINTED,
    Attempt,
    NothingNew,
    Settled,
    StillRejected,
    page_of_item,
    rehearse,
    retry,
    standalone_input,
)
from articles.revisions.publishing import may_publish
from sources.formats import choose
from sources.formats.raw_article import UNKNOWN_OUTLET
from sources.models import MENDABLE, ImportItem
from sources.reading.reading_process import apart
from sources.run_control.import_lock import ImportUnderWay
from sources.text.visible import visible, visible_lines

RIGHT = "sources.add_importrun"
SEE = "sources.view_importitem"  # the page shows the raw bytes
SHOWN = 20  # articles in a preview
BODY_SHOWN = 3000  # characters


class RetryForm(forms.Form):
    format = forms.ChoiceField(label="格式", choices=FORMAT_NAMES.items())
    source = forms.CharField(
        label="来源",
        required=False,
        max_length=100,
        help_text="填了，就全部算作这个来源的稿件；留空则按原文。没有登记过的来源会登记为“待核”。",
    )
    text = forms.CharField(label="原文", strip=False, required=False, widget=forms.Textarea)

    def clean_text(self):
        return self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n")

    def clean_source(self):
        return " ".join(self.cleaned_data["source"].split())


class RetryPages(DeskAdmin):
    """Retry views of the review queue admin."""

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Edit the text, preview the articles, import."""
        item, data = find_item(request, pk)
        if request.method != "POST" and item.settlements.in_force().exists():
            self.message_user(request, "这一条已经处理过，下面写着是怎么处理的。", messages.WARNING)
            return self.redirect_to("admin:sources_importitem_change", pk)
        name, data = standalone_input(item, data, item.run.options.get("format", AUTO))
        raw_text = apart(open_raw, data, item.name, item.wrong_line, size=len(data))
        form = RetryForm(request.POST or None, initial=_initial(item, name, data, raw_text))
        decisions: list[Decision] | None = None
        if request.method == "POST" and form.is_valid():
            attempt = _attempt(request, item, data, raw_text, form.cleaned_data)
            if "_import" in request.POST and (answer := self.import_attempt(request, attempt)):
                return answer
            decisions = rehearse(attempt)
        return self._render_retry(request, item, form, raw_text, decisions)

    def retry_unchanged_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """原样重试: the same bytes, format and outlet again."""
        item, data = find_item(request, pk)
        if request.method != "POST":
            raise Http404
        return self.import_and_redirect(request, unchanged_attempt(request, item, data))

    def import_attempt(self, request: HttpRequest, attempt: Attempt) -> HttpResponse | None:
        """Import and redirect to the result; None, with a message, if nothing can be imported."""
        try:
            run = retry(attempt, request.user)
        except StillRejected as why:
            self.message_user(request, f"还是不行，什么也没有写：{visible(str(why))}", messages.ERROR)
            return None
        except (Settled, NothingNew, ImportUnderWay) as why:
            self.message_user(request, f"没有导入：{why}。", messages.WARNING)
            return self.redirect_to("admin:sources_importitem_change", attempt.item.pk)
        self.message_user(request, f"已导入，{run}：{outcome_words(run.counts)}。", messages.SUCCESS)
        new = run.items.order_by("pk").values_list("pk", flat=True)
        if len(new) == 1:
            return self.redirect_to("admin:sources_importitem_change", new[0])
        return self.redirect_to("admin:sources_importrun_change", run.pk)

    def import_and_redirect(self, request: HttpRequest, attempt: Attempt) -> HttpResponse:
        """Import and redirect to the result, or back to the item if nothing can be imported."""
        imported = self.import_attempt(request, attempt)
        return imported or self.redirect_to("admin:sources_importitem_change", attempt.item.pk)

    def _render_retry(
        self, request: HttpRequest, item: ImportItem, form, raw_text, decisions
    ) -> HttpResponse:
        context = {
            "title": "修改后重试",
            "subtitle": visible(item.name),
            "item": item,
            "reason": visible_lines(item.reason),
            "form": form,
            "raw_text": raw_text,
            "held": hold(request.user),
            "previews": [_preview(one) for one in decisions[:SHOWN]] if decisions is not None else None,
            "more": max(len(decisions or ()) - SHOWN, 0),
        }
        return self.render(request, "admin/articles/review_queue/retry.html", context)


def unchanged_attempt(request: HttpRequest, item: ImportItem, data: bytes) -> Attempt:
    """The attempt without changes; an id clash is imported as a new article."""
    return Attempt(
        item,
        data,
        item.run.options.get("format", AUTO),
        _outlet_of(item),
        hold=hold(request.user),
        apart=_apart(item),
    )


def _outlet_of(item: ImportItem) -> str:
    """The outlet given at import; for an id clash, else the one on record."""
    return item.run.options.get("source", "") or (item.outlet if item.is_clash and item.outlet else "")


def _apart(item: ImportItem) -> str:
    return item.external_id if item.is_clash else ""


def hold(user) -> str:
    """Why what this user imports goes to review; "" for users who may publish."""
    return "" if may_publish(user) else HELD


def _attempt(
    request: HttpRequest, item: ImportItem, data: bytes, raw_text: RawText | None, asked: dict
) -> Attempt:
    """The attempt with the form's data; unedited bytes keep their encoding."""
    is_edited = raw_text is not None and asked["text"] != raw_text.shown
    return Attempt(
        item,
        raw_text.with_edit(asked["text"]) if is_edited else data,
        asked["format"],
        asked["source"],
        hold=hold(request.user),
        apart=_apart(item),
    )


def _initial(item: ImportItem, name: str, data: bytes, raw_text: RawText | None) -> dict:
    asked = item.run.options.get("format", AUTO)
    detected = apart(choose, asked, name, data, size=len(data)) or AUTO
    if page_of_item(item):
        detected = PRINTED
    brought = item.revisions.select_related("article__source").first()
    named = brought.article.source.name if brought else ""
    return {
        "format": detected,
        "source": _outlet_of(item) or (named if named != UNKNOWN_OUTLET else ""),
        "text": raw_text.shown if raw_text else "",
    }


def _preview(decision: Decision) -> dict:
    """What one input would become, ready to print."""
    raw = decision.raw
    said = {"outcome": decision.outcome, "label": decision.outcome.label, "reason": decision.reason}
    if raw is None:
        return said | {"name": visible(decision.read.name)}
    body = raw.plain.text
    return said | {
        "raw": raw,
        "problems": [problem.text for problem in raw.problems],
        "notes": raw.notes,
        "paragraphs": visible_lines(body[:BODY_SHOWN]).split("\n"),
        "left": max(len(body) - BODY_SHOWN, 0),
    }


def find_item(request: HttpRequest, pk: int) -> tuple[ImportItem, bytes]:
    """The item and its bytes; 403 without the right to import, 404 if it cannot be retried."""
    if not request.user.has_perms([RIGHT, SEE]):
        raise PermissionDenied
    item = get_object_or_404(ImportItem.objects.select_related("run"), pk=pk)
    data = item.readable_bytes()
    if data is None or item.outcome not in MENDABLE:
        raise Http404
    return item, data
