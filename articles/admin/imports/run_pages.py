"""The read-only admin of import runs and items: what came in, what became of it, the raw bytes."""

import json
from pathlib import PurePath

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename

from articles.admin.imports.explained_page import ExplainedPage
from articles.admin.imports.raw_text import RawText, hex_dump, open_raw
from articles.admin.model_admin import InputFilter, ReadOnlyAdmin
from sources.formats.table.table_header import is_table
from sources.models import MENDABLE, ImportItem, ImportRun, Outcome
from sources.reading.limits import OverLimit
from sources.reading.parts import file_and_part
from sources.reading.reading_process import apart
from sources.text.visible import visible, visible_lines

SHA256 = 64  # hex digits


def items_of(run: ImportRun, outcome: str = "") -> str:
    """Address of the list of a run's items."""
    query = {"run": run.pk} | ({"outcome": outcome} if outcome else {})
    return reverse("admin:sources_importitem_changelist", query=query)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "kind", "state", "started_at", "finished_at", "started_by", "sums"]
    list_filter = ["kind", "state"]
    list_select_related = ["started_by"]
    ordering = ["-id"]
    sortable_by = ()
    change_form_template = "admin/sources/record.html"
    fields = [
        *("kind", "came_from", "state", "said", "started_at", "finished_at", "started_by"),
        *("given", "outcomes"),
    ]

    @admin.display(description="说明")
    def said(self, run):
        return visible_lines(run.message) or self.get_empty_value_display()

    @admin.display(description="来自")
    def came_from(self, run):
        return visible(run.origin) or self.get_empty_value_display()

    @admin.display(description="结果")
    def sums(self, run):
        return "，".join(f"{label} {number}" for _, label, number in _counted(run))

    @admin.display(description="参数")
    def given(self, run):
        options = visible_lines(json.dumps(run.options, ensure_ascii=False, indent=2, sort_keys=True))
        return format_html('<pre class="as-it-came">{}</pre>', options)

    @admin.display(description="各种结果的条目")
    def outcomes(self, run):
        rows = [(items_of(run, name), label, number) for name, label, number in _counted(run)]
        every = format_html('<li><a href="{}">全部条目</a></li>', items_of(run))
        listed = format_html_join("", '<li><a href="{}">{}</a>：{} 条</li>', rows)
        return format_html('<ul class="plain">{}{}</ul>', listed, every)


def _counted(run: ImportRun) -> list[tuple[str, str, int]]:
    """(outcome, label, count) of the outcomes that occurred."""
    return [(name, label, run.counts[name]) for name, label in Outcome.choices if run.counts.get(name)]


class ItemFilterForm(forms.Form):
    run = forms.IntegerField(label="批次号", required=False, min_value=1, max_value=2**31)
    outcome = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *Outcome.choices])


class RunFilter(InputFilter):
    """By run, then outcome: the order of the index; the table is too big to filter without it."""

    title = "批次"
    form_class = ItemFilterForm
    answer = "先填批次号，再选结果。"

    def queryset(self, request, queryset):
        run, outcome = self.asked.get("run"), self.asked.get("outcome")
        if run:
            queryset = queryset.filter(run=run, **({"outcome": outcome} if outcome else {}))
        return queryset


@admin.register(ImportItem)
class ImportItemAdmin(ExplainedPage, ReadOnlyAdmin):
    list_display = ["shown_name", "outcome", "shown_reason", "run"]
    list_filter = [RunFilter]
    list_select_related = ["run"]
    search_fields = ["name"]
    search_help_text = "稿件编号或 SHA-256（要完整）；先选定批次，还可以按文件名里的字找。"
    ordering = ["-id"]
    sortable_by = ()
    change_form_template = "admin/sources/item.html"
    pages = {"raw": "<int:pk>/raw/", "explained": "<int:pk>/explained/"}
    fields = [
        *("shown_name", "outcome", "shown_reason", "run_link", "articles_made", "retries"),
        *("external_id", "sha256", "size"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("raw")

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        asked = ItemFilterForm(request.GET)
        if asked.is_valid() and asked.cleaned_data["run"]:
            return queryset.filter(name__icontains=search_term), False
        if len(search_term) == SHA256:
            return queryset.filter(sha256=search_term.lower()), False
        return queryset.filter(external_id=search_term), False

    @admin.display(description="文件")
    def shown_name(self, item):
        return visible(item.name)

    @admin.display(description="原因")
    def shown_reason(self, item):
        return visible_lines(item.reason) or self.get_empty_value_display()

    @admin.display(description="批次")
    def run_link(self, item):
        url = reverse("admin:sources_importrun_change", args=[item.run_id])
        return format_html('<a href="{}">{}</a>', url, item.run)

    @admin.display(description="大小")
    def size(self, item):
        raw = _raw(item)
        if raw is None:
            return "未保存原文，或已损坏"
        urls = [reverse(f"admin:sources_importitem_{page}", args=[item.pk]) for page in ("raw", "explained")]
        links = '{}（<a href="{}" download>下载原文</a>，<a href="{}">原始与清洗</a>）'
        return format_html(links, filesizeformat(len(raw)), *urls)

    @admin.display(description="稿件")
    def articles_made(self, item):
        """Articles whose revisions point to this item."""
        revisions = item.revisions.select_related("article").only("state", "import_item", "article__title")
        rows = [
            (
                reverse("admin:articles_article_change", args=[made.article_id]),
                made.article,
                made.get_state_display(),
            )
            for made in revisions[:20]
        ]
        return format_html_join("、", '<a href="{}">{}</a>（{}）', rows) or "没有"

    @admin.display(description="重试")
    def retries(self, item):
        """The earlier item that this one retries, and later ones that retry this."""
        rows = [("重试的是", item.mends_id)] if item.mends_id else []
        rows += [("已重试为", pk) for pk in item.mended_by.values_list("pk", flat=True)[:20]]
        linked = [(said, reverse("admin:sources_importitem_change", args=[pk]), pk) for said, pk in rows]
        return format_html_join("；", '{}<a href="{}">条目 {}</a>', linked) or "没有"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        item = self.get_object(request, unquote(object_id)) if request.method in ("GET", "HEAD") else None
        shown = self._shown(request, item) if item else {}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def _shown(self, request, item) -> dict:
        """Context: the raw text, how the item was settled, and what this user may do."""
        raw = _raw(item)
        text = _text_of(item, raw) if raw is not None else None
        settlement = item.settlements.in_force().select_related("run", "by").first()
        retryable = item.outcome in MENDABLE and request.user.has_perm("sources.add_importrun")
        return {
            "raw_reason": visible_lines(item.reason),
            "is_part": bool(file_and_part(item.name)[1]),
            "raw_text": text,
            "hex_dump": hex_dump(raw) if raw is not None and text is None else "",
            "settlement": settlement,
            "is_clash": item.is_clash,
            "may_retry": retryable and settlement is None and raw is not None,
            "may_dismiss": item.outcome in MENDABLE and request.user.has_perm("sources.change_importitem"),
            "page_item": _page_item(item),
            "is_rejected_table": item.outcome == Outcome.REJECTED and is_table(file_and_part(item.name)[0]),
        }

    def raw_view(self, request, pk):
        """Download the raw bytes; never shown in the browser, which might run them."""
        item = get_object_or_404(ImportItem, pk=pk)
        if not self.has_view_permission(request, item):
            raise PermissionDenied
        raw = _raw(item)
        if raw is None:
            raise Http404
        name = get_valid_filename(f"{item.pk}-{PurePath(visible(item.name)).name[-80:]}")
        return HttpResponse(
            raw,
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": content_disposition_header(True, name),
                "X-Content-Type-Options": "nosniff",
            },
        )


def _page_item(item: ImportItem) -> ImportItem | None:
    """The printed page that the item is or was cut from."""
    if item.layout is not None:
        return item
    file, part = file_and_part(item.name)
    pages = ImportItem.objects.filter(run=item.run_id, name=file, layout__isnull=False).defer("raw", "layout")
    return pages.first() if part else None


def _text_of(item: ImportItem, raw: bytes) -> RawText | None:
    """The bytes as text; None if they are not text or take too long, then a hex dump is shown."""
    try:
        return apart(open_raw, raw, item.name, item.wrong_line, size=len(raw))
    except OverLimit:
        return None


def _raw(item: ImportItem) -> bytes | None:
    """The item's bytes, unpacked once per page; None if missing or damaged."""
    if not hasattr(item, "unpacked"):
        item.unpacked = item.readable_bytes()
    return item.unpacked
