"""The admin of articles: list, form, and how a save becomes a version."""

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from articles.admin import picture_pages
from articles.admin.article import conflicts
from articles.admin.article.form import ArticleForm
from articles.admin.article.history_pages import HistoryPages, pending
from articles.admin.article.list_page import ArticleList, DayFilter, OutletFilter, PendingFilter, search
from articles.admin.article.locked_save import LockedSave
from articles.admin.article.merge_pages import MergePage
from articles.admin.article.publish_pages import PublishPages
from articles.admin.article.story_panel import StoryPanel, story_panel_context
from articles.admin.model_admin import CheckedChoices
from articles.models import Article, Mention, Revision
from articles.models.summaries import is_day_only
from articles.revisions.publishing import may_publish
from sources.text.visible import visible


class MentionInline(CheckedChoices, admin.TabularInline):
    model = Mention
    autocomplete_fields = ["security"]
    extra = 1
    verbose_name = "证券"
    verbose_name_plural = "文中提到的证券"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(db_field, request, **kwargs | {"label": "证券"})


class ToTheSecond(AdminSplitDateTime):
    """Shows seconds: the locale's format drops them, so every save would change the time."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.widgets[1].format = "%H:%M:%S"


@admin.register(Article)
class ArticleAdmin(LockedSave, PublishPages, HistoryPages, MergePage, StoryPanel):
    form = ArticleForm
    formfield_overrides = {models.DateTimeField: {"widget": ToTheSecond}}
    list_display = ["headline", "dated", "source", "state", "category", "byline"]
    list_filter = ["status", OutletFilter, DayFilter, "category", PendingFilter]
    list_select_related = ["source", "category"]
    sortable_by = ()
    ordering = ["-id"]
    search_fields = ["title"]
    search_help_text = (
        "稿件编号、旧地址，或者标题、正文、作者里的字词；引号、减号、“来源：”等写法同网站搜索。"
    )
    autocomplete_fields = ["source"]
    inlines = [MentionInline]
    actions = ["publish_selected", "withdraw_selected"]
    pages = {
        "withdraw": "<int:pk>/withdraw/",
        "leave_story": "<int:pk>/story/leave/",
        "join_story": "<int:pk>/story/join/",
        "version": "<int:pk>/versions/<int:revision_pk>/",
        "restore": "<int:pk>/versions/<int:revision_pk>/restore/",
        "merge": "<int:pk>/versions/<int:revision_pk>/merge/",
        "take": "<int:pk>/versions/<int:revision_pk>/take/",
        "drop": "<int:pk>/versions/<int:revision_pk>/drop/",
    }
    on_record = [
        *("external_id", "version_now", "created_at", "updated_at", "legacy_path"),
        *("public_page", "brought_by", "pictures_shown"),
    ]
    readonly_fields = ["proposed", *on_record]
    fieldsets = [
        ("标题", {"fields": ["title", "subtitle", "original_title"]}),
        ("正文", {"fields": ["body_html", "digest"]}),
        ("发布", {"fields": ["status", "published_at"]}),
        ("来源与出处", {"fields": ["source", ("byline", "editor"), "original_url"]}),
        ("印刷版", {"fields": [("page", "edition_date")]}),
        ("标签与栏目", {"fields": ["category", "proposed", "tags"]}),
        ("修改说明", {"fields": ["reason"]}),
    ]
    record = ("档案", {"fields": on_record})

    # -------------------------------------------------------------- the list
    @admin.display(description="标题")
    def headline(self, article):
        return visible(str(article))

    @admin.display(description="发布时间")
    def dated(self, article):
        at = article.published_at
        if at is None:
            return None
        shape = "Y-m-d" if is_day_only(at) else "Y-m-d H:i"
        return format_html('<span class="nowrap">{}</span>', date_format(timezone.localtime(at), shape))

    @admin.display(description="状态")
    def state(self, article):
        waits = article.public_at and article.public_at > timezone.now()
        label = "定时发布" if waits else article.get_status_display()
        return format_html('<span class="state state-{}">{}</span>', article.status, label)

    def get_changelist(self, request, **kwargs):
        return ArticleList

    def get_search_results(self, request, queryset, search_term):
        if not (term := search_term.strip()):
            return queryset, False
        found, remark = search(queryset, term)
        if remark and request.method == "GET":
            self.message_user(request, remark, messages.WARNING)
        return found, False

    # -------------------------------------------------------------- the form
    def get_fieldsets(self, request, obj=None):
        writes = obj is None or self.has_change_permission(request, obj)
        shown = self.fieldsets if writes else self.fieldsets[:-1]
        return [*shown, self.record] if obj else shown

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.may_publish = may_publish(request.user)
        return form

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        blank = {"empty_label": "（未定）"} if db_field.name == "category" else {}
        return super().formfield_for_foreignkey(db_field, request, **kwargs | blank)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Only "view" beside outlet and section: they are changed on their own pages."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = False
        return field

    def view_on_site(self, article):
        return article.get_absolute_url() if article.is_public else None

    @admin.display(description="版本")
    def version_now(self, article):
        url = reverse("admin:articles_article_history", args=[article.pk])
        return format_html('第 {} 版（<a href="{}">全部版本</a>）', article.version, url)

    @admin.display(description="公开页面")
    def public_page(self, article):
        if not article.is_public:
            return "读者看不到"
        url = article.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, url)

    @admin.display(description="由导入带来")
    def brought_by(self, article):
        brought = article.revisions.exclude(import_item=None).select_related("import_item")
        revisions = brought.only("article", "import_item__name").order_by("id")
        first, last = revisions.first(), revisions.last()
        if first is None:
            return "不是，由编辑录入"
        url = reverse("admin:sources_importitem_change", args=[first.import_item_id])
        beside = reverse("admin:sources_importitem_explained", args=[last.import_item_id])
        links = '<a href="{}">{}</a>（<a href="{}">原始与清洗</a>）'
        return format_html(links, url, visible(first.import_item.name), beside)

    @admin.display(description="图片")
    def pictures_shown(self, article):
        return picture_pages.pictures_of(article)

    @admin.display(description="栏目依据")
    def proposed(self, article):
        """The section that the rules proposed last, with the matched words; an editor may have chosen another."""
        said = article.revisions.exclude(proposal="") if article.pk else Revision.objects.none()
        newest = said.order_by("-id").values_list("proposal", flat=True).first()
        return visible(newest) if newest else "标题和导语里没有栏目的关键词，没有建议"

    def has_publish_permission(self, request):
        return may_publish(request.user) and self.has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        """Articles are withdrawn, never deleted."""
        return False

    # -------------------------------------------------------------- saving
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if "_publish" in request.POST and not may_publish(request.user):
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        """Save a new article; a changed one is saved in `save_related`, with its mentions."""
        if not change:
            obj.edited_at = timezone.now()
            obj.save()
            first = {"version": obj.version, "kind": Revision.Kind.EDIT, "editor": request.user}
            obj.revisions.create(reason=form.cleaned_data["reason"] or "新建", **first)

    def save_related(self, request, form, formsets, change):
        article, mentions = form.instance, any(formset.has_changed() for formset in formsets)
        article.is_kept = not change or mentions or form.changes_article
        if change and article.is_kept:
            withdrawn = form.status_moves and article.status == Article.Status.WITHDRAWN
            kind = Revision.Kind.WITHDRAWAL if withdrawn else Revision.Kind.EDIT
            article.revise(kind, request.user, form.summary() or "改了提到的证券")
        if not change or "tags" in form.changed_data:
            form.save_m2m()
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def save_formset(self, request, form, formset, change):
        for mention in formset.save(commit=False):
            mention.public_at = form.instance.public_at
            mention.save()
        for mention in formset.deleted_objects:
            mention.delete()

    def log_change(self, request, obj, message):
        return super().log_change(request, obj, message) if getattr(obj, "is_kept", True) else None

    def response_change(self, request, obj):
        if not obj.is_kept:
            self.message_user(request, "没有改动，没有产生新版本。", messages.INFO)
            return HttpResponseRedirect(request.get_full_path())
        if "_publish" in request.POST:
            self.message_user(request, f"“{visible(str(obj))}”已发布。", messages.SUCCESS)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_change(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["may_publish"] = may_publish(request.user)
        if change and obj:
            context["pending"] = pending(obj, context["may_publish"])
            context["retold"] = story_panel_context(obj)
            context["conflict"] = conflicts.describe(context["adminform"].form)
            context["stale"] = getattr(context["adminform"].form, "stale_digest", None)
        return super().render_change_form(request, context, add, change, form_url, obj)
