"""The admin of column mappings (列对应): made from a rejected table or a sample file."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from articles.admin.imports.mapping_form import (
    FIELD_NAMES,
    MappingForm,
    header_as_json,
    header_of_json,
    preview,
    sample_bytes,
)
from articles.admin.imports.retry_pages import RetryPages, find_item, hold
from articles.admin.model_admin import DeskAdmin
from articles.review.retry import Attempt
from sources.files.inputs import LARGEST, file_name
from sources.formats.raw_article import Unreadable
from sources.formats.table.table_header import Header, read_header
from sources.models import ColumnMapping
from sources.reading.limits import OverLimit
from sources.reading.parts import standalone_part
from sources.reading.reading_process import apart

RIGHT = "sources.add_columnmapping"
TABLE = "table"
COLUMNS = "admin/articles/mapping/columns.html"


class ColumnsPage(RetryPages):
    """Column mapping view of the review queue admin."""

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Map the columns of a rejected table; saving retries it."""
        item, data = find_item(request, pk)
        if request.method != "POST" and item.settlements.in_force().exists():
            self.message_user(request, "这一条已经处理过，下面写着是怎么处理的。", messages.WARNING)
            return self.redirect_to("admin:sources_importitem_change", item.pk)
        name, data = apart(standalone_part, item.name, data, TABLE, size=len(data))
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        try:
            header = apart(read_header, data, name, name=name, size=len(data))
        except (Unreadable, OverLimit) as why:
            self.message_user(request, f"读不出列：{why}。", messages.ERROR)
            return self.redirect_to("admin:sources_importitem_change", item.pk)
        source = item.run.options.get("source", "")
        initial = {"name": file_name(item.name).stem[:60], "outlet": source}
        form = MappingForm(request.POST or None, header, initial)
        wanted = request.method == "POST" and form.is_valid() and "_preview" not in request.POST
        if wanted and (mapping := form.keep(request.user)):
            self.message_user(request, f"列对应“{mapping}”已保存。", messages.SUCCESS)
            outlet = mapping.source.name if mapping.source else source
            attempt = Attempt(item, data, TABLE, outlet, hold=hold(request.user))
            return self.import_and_redirect(request, attempt)
        return self.render(request, COLUMNS, _columns_context(form, data, name) | {"item": item})


class SampleForm(forms.Form):
    file = forms.FileField(
        label="样表", help_text="一份有表头的表格（CSV、TSV、JSON Lines、XLSX）；只读表头和前几行，不导入。"
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(f"超过 {LARGEST >> 20} MB；请截取前几行。")
        try:
            self.header = apart(read_header, file.read(), file.name, name=file.name, size=file.size)
        except (Unreadable, OverLimit) as why:
            raise forms.ValidationError(f"读不出列：{why}。") from why
        return file


@admin.register(ColumnMapping)
class ColumnMappingAdmin(DeskAdmin):
    list_display = ["name", "source", "meanings", "made_by", "made_at"]
    list_select_related = ["source", "made_by"]
    ordering = ["-id"]
    sortable_by = ()

    @admin.display(description="对应")
    def meanings(self, mapping):
        return "；".join(
            f"{FIELD_NAMES.get(field, field)}：{'、'.join(names)}" for field, names in mapping.columns.items()
        )

    def add_view(self, request, form_url="", extra_context=None):
        """First a sample file, then its columns; a hidden field carries the sample."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if header := header_of_json(request.POST.get("sample", "")):
            return self._edit(
                request, header, {}, None, sent=request.POST if "name" in request.POST else None
            )
        form = SampleForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            return self._edit(
                request, form.header, {"name": file_name(form.cleaned_data["file"].name).stem[:60]}, None
            )
        context = {
            "title": "新的列对应",
            "form": form,
        }
        return self.render(request, "admin/articles/mapping/sample.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        mapping = self.get_object(request, object_id)
        if mapping is None:
            raise Http404
        if not self.has_change_permission(request, mapping):
            raise PermissionDenied
        header = header_of_json(request.POST.get("sample", "")) or Header(mapping.headers)
        meant = {name: field for field, names in mapping.columns.items() for name in names}
        initial = {f"column-{at}": meant.get(name, "") for at, name in enumerate(header.names)}
        initial |= {"name": mapping.name, "outlet": mapping.source.name if mapping.source else ""}
        return self._edit(
            request, Header(mapping.headers, header.rows), initial, mapping, request.POST or None
        )

    def _edit(self, request, header: Header, initial: dict, mapping, sent=None) -> HttpResponse:
        form = MappingForm(sent, header, initial, mapping)
        if (
            sent is not None
            and form.is_valid()
            and "_preview" not in sent
            and (kept := form.keep(request.user))
        ):
            (self.log_change if mapping else self.log_addition)(request, kept, "列对应")
            self.message_user(
                request, f"列对应“{kept}”已保存，以后导入这样的表格会照它读。", messages.SUCCESS
            )
            return self.redirect_to("admin:sources_columnmapping_changelist")
        context = _columns_context(form, sample_bytes(header), "sample.jsonl")
        return self.render(request, COLUMNS, context | {"mapping": mapping})


def _columns_context(form: MappingForm, data: bytes, name: str) -> dict:
    """The form and, once it is valid, a preview of the first rows."""
    is_sound = form.is_bound and form.is_valid()
    return {
        "title": "列对应",
        "form": form,
        "sample": header_as_json(form.header),
        "previews": preview(data, name, form.meanings()) if is_sound and form.header.rows else None,
    }
