"""The review queue (待处理): import items that need a decision, and the pages to decide them."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from articles.admin.imports.clash_pages import ClashPage
from articles.admin.imports.dismiss_pages import DismissPages
from articles.admin.imports.mapping_pages import ColumnsPage
from articles.admin.imports.page_split_pages import SplitPage
from articles.admin.model_admin import InputFilter, ReadOnlyAdmin
from articles.admin.outlets.find_outlets import find_outlets
from articles.models import Revision
from articles.review.review_queue import items_in_review
from sources.models import MENDABLE, Outcome, ShelvedItem
from sources.reading.parts import line_in_part
from sources.text.visible import visible, visible_lines

OUTLETS = 50
# Label and file suffixes of each kind. (The name of a part continues with a colon.)
KINDS = {
    "jekyll": ("Jekyll 稿件", [".md", ".markdown", ".mdown", ".mkd"]),
    "text": ("版面、抓取的文本", [".txt", ".text"]),
    "table": ("表格", [".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".json", ".xlsx", ".xlsm", ".xls"]),
    "feed": ("订阅源", [".rss", ".atom", ".xml", ".rdf"]),
    "page": ("网页", [".html", ".htm"]),
    "archive": ("压缩包", [".zip", ".tar", ".gz", ".tgz"]),
}


class ReviewQueueForm(forms.Form):
    run = forms.IntegerField(label="批次号", required=False, min_value=1, max_value=2**31)
    outlet = forms.CharField(label="来源", required=False, max_length=200)


class ReviewQueueFilter(InputFilter):
    """By run, and by the outlet given at import or of the imported article."""

    title = "批次、来源"
    form_class = ReviewQueueForm
    answer = "退回的条目，只有导入时指定了来源的才找得到。"

    def queryset(self, request, queryset):
        run, outlet = self.asked.get("run"), self.asked.get("outlet")
        if run:
            queryset = queryset.filter(run=run)
        if outlet:
            brought = Revision.objects.filter(article__source__in=list(find_outlets(outlet)[:OUTLETS]))
            asked = Q(run__options__source__icontains=outlet)
            queryset = queryset.filter(asked | Q(pk__in=brought.values("import_item")))
        return queryset


class OutcomeFilter(admin.SimpleListFilter):
    """By outcome: why it is in the queue."""

    title = "结果"
    parameter_name = "outcome"

    def lookups(self, request, model_admin):
        return [(outcome.value, outcome.label) for outcome in MENDABLE]

    def queryset(self, request, queryset):
        return queryset.filter(outcome=self.value()) if self.value() in MENDABLE else queryset


class KindFilter(admin.SimpleListFilter):
    """By file type, told from the name."""

    title = "文件类型"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(key, label) for key, (label, _) in KINDS.items()]

    def queryset(self, request, queryset):
        if self.value() not in KINDS:
            return queryset
        named = Q()
        for suffix in KINDS[self.value()][1]:
            named |= Q(name__iendswith=suffix) | Q(name__icontains=f"{suffix}:")
        return queryset.filter(named)


@admin.register(ShelvedItem)
class ShelvedItemAdmin(ClashPage, ColumnsPage, DismissPages, SplitPage, ReadOnlyAdmin):
    list_display = ["shown_name", "outcome", "shown_reason", "run"]
    list_display_links = None
    list_filter = [OutcomeFilter, KindFilter, ReviewQueueFilter]
    list_select_related = ["run"]
    search_fields = ["name"]
    search_help_text = "文件名或原因里的字。"
    ordering = ["-id"]
    sortable_by = ()
    pages = {
        "retry": "<int:pk>/mend/",
        "retry_unchanged": "<int:pk>/again/",
        "clash": "<int:pk>/clash/",
        "columns": "<int:pk>/columns/",
        "dismiss": "<int:pk>/dismiss/",
        "back": "<int:pk>/back/",
        "split": "<int:pk>/split/",
    }

    def get_queryset(self, request):
        return items_in_review().defer("raw", "layout").order_by("-id")

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            queryset = queryset.filter(Q(name__icontains=word) | Q(reason__icontains=word))
        return queryset, False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("sources.view_importitem")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "待处理的条目"} | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Redirect to the import item's page, the same whether it is in the queue or not."""
        return self.redirect_to("admin:sources_importitem_change", object_id)

    @admin.display(description="文件")
    def shown_name(self, item):
        url = reverse("admin:sources_importitem_change", args=[item.pk])
        line = line_in_part(item.wrong_line, item.name) if item.outcome == Outcome.REJECTED else None
        return format_html('<a href="{}{}">{}</a>', url, f"#line-{line}" if line else "", visible(item.name))

    @admin.display(description="原因")
    def shown_reason(self, item):
        return visible_lines(item.reason) or self.get_empty_value_display()
