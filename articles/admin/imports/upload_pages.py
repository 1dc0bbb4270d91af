"""上传导入: choose files, preview the result, import, see the result."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from articles.admin.imports.format_choices import AUTO, FORMAT_NAMES
from articles.admin.imports.outcome_words import outcome_words
from articles.admin.imports.retry_pages import RIGHT, hold
from articles.admin.model_admin import ReadOnlyAdmin
from articles.importing.uploads import can_start, rehearse, start
from sources.files.archives import HIGHEST_RATIO
from sources.models import ImportRun, Outcome, Upload
from sources.run_control.stored_uploads import (
    LARGEST,
    MOST_FILES,
    MOST_UNPACKED,
    delete_abandoned,
    delete_files,
    store_upload,
)

ACCEPTED = (
    ".md,.markdown,.txt,.text,.html,.htm,.csv,.tsv,.json,.jsonl,.ndjson,.xlsx,.xls"
    ",.xml,.rss,.atom,.zip,.tar,.gz,.tgz"
)
LIMITS = (
    f"一次最多 {MOST_FILES} 个文件，合计不超过 {LARGEST >> 20} MB；更多的请打成压缩包，或用命令 import_articles。"
    f"压缩包里每个文件最多 {LARGEST >> 20} MB、压缩比最多 {HIGHEST_RATIO} 倍，"
    f"解开合计最多 {MOST_UNPACKED >> 20} MB；"
    "其中的链接、嵌套的压缩包和指到外面的文件名不读，逐个写明原因。"
)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. Empty ones are allowed here and rejected by the import, with a reason."""

    widget = FilesInput(attrs={"accept": ACCEPTED})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    files = FilesField(label="文件", help_text=LIMITS)
    format = forms.ChoiceField(label="格式", choices=FORMAT_NAMES.items(), initial=AUTO)
    source = forms.CharField(
        label="来源",
        required=False,
        max_length=100,
        help_text="填了，就全部算作这个来源的稿件；留空则按原文。",
    )

    def clean_files(self):
        files = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                f"选了 {len(files)} 个文件，一次最多 {MOST_FILES} 个；请分几次，或打成压缩包。"
            )
        if (total := sum(file.size for file in files)) > LARGEST:
            raise forms.ValidationError(
                f"合计 {filesizeformat(total)}，超过 {LARGEST >> 20} MB；请分几次上传。"
            )
        return files

    def clean_source(self):
        return " ".join(self.cleaned_data["source"].split())


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "at", "by", "names", "state"]
    list_select_related = ["by", "run"]
    ordering = ["-id"]
    sortable_by = ()
    pages = {"start": "<int:pk>/start/", "discard": "<int:pk>/discard/"}

    def get_queryset(self, request):
        """Users see only the uploads that are open to them."""
        return super().get_queryset(request).open_to(request.user)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(RIGHT)

    def has_add_permission(self, request):
        return request.user.has_perm(RIGHT)

    def has_module_permission(self, request):
        return request.user.has_perm(RIGHT)

    @admin.display(description="文件")
    def names(self, upload):
        more = f" 等 {len(upload.files)} 个" if len(upload.files) > 3 else ""
        return "、".join(name for name, _ in upload.files[:3]) + more

    @admin.display(description="现状")
    def state(self, upload):
        if upload.discarded_at:
            return upload.message or "已放弃"
        if upload.run:
            url = reverse("admin:sources_importrun_change", args=[upload.run_id])
            return format_html('<a href="{}">{}</a>，{}', url, upload.run, upload.run.get_state_display())
        return "已开始导入" if upload.started_at else "还没有导入"

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            return self._store(request, form)
        context = {"title": "上传导入", "form": form, "held": hold(request.user)}
        return self.render(request, "admin/articles/upload/add.html", context)

    def _store(self, request, form) -> HttpResponse:
        asked = form.cleaned_data
        delete_abandoned()
        try:
            upload = store_upload(
                asked["files"], by=request.user, format=asked["format"], source=asked["source"]
            )
        except OSError as error:
            self.message_user(request, f"文件存不下来：{error.strerror}。什么也没有留下。", messages.ERROR)
            return HttpResponseRedirect(request.path)
        rehearse(upload, hold(request.user))
        return self.redirect_to("admin:sources_upload_change", upload.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The dry run, then progress, then the result; the buttons post to other views."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        upload = self.get_object(request, object_id)
        if upload is None:
            raise Http404
        run = upload.run if upload.started_at else None
        counts = _counts(run) if run else {}
        context = {
            "title": str(upload),
            "upload": upload,
            "run": run,
            "is_running": upload.started_at and (run is None or run.state == ImportRun.State.RUNNING),
            "may_start": can_start(upload),
            "counted": sum(counts.values()),
            "outcomes": _labelled(counts),
            "expected": _labelled(upload.rehearsal.get("counts", {})),
        }
        return self.render(request, "admin/articles/upload/upload.html", context)

    def start_view(self, request, pk):
        upload = self._find_posted(request, pk)
        if not start(upload, request.user, hold(request.user)):
            self.message_user(request, "这次上传已经在导入，或已经导入过，没有再来一次。", messages.WARNING)
            return self.redirect_to("admin:sources_upload_change", upload.pk)
        upload.refresh_from_db()
        if upload.run and upload.run.state == ImportRun.State.FINISHED:
            said = f"导入完了：{outcome_words(upload.run.counts)}。"
            self.message_user(request, said, messages.SUCCESS)
        elif upload.message:
            self.message_user(request, upload.message, messages.WARNING)
        return self.redirect_to("admin:sources_upload_change", upload.pk)

    def discard_view(self, request, pk):
        upload = self._find_posted(request, pk)
        if can_start(upload):
            upload.discarded_at = timezone.now()
            upload.save(update_fields=["discarded_at"])
            delete_files(upload)
            self.message_user(request, "已放弃，上传的文件已删除；没有导入任何东西。", messages.SUCCESS)
        return self.redirect_to("admin:sources_upload_change", upload.pk)

    def _find_posted(self, request, pk) -> Upload:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        return get_object_or_404(self.get_queryset(request), pk=pk)


def _counts(run: ImportRun) -> dict[str, int]:
    """Counts by outcome; while the run is going on, those written so far."""
    if run.state != ImportRun.State.RUNNING:
        return run.counts
    return dict(run.items.order_by().values_list("outcome").annotate(Count("pk")))


def _labelled(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(name, label, counts[name]) for name, label in Outcome.choices if counts.get(name)]
