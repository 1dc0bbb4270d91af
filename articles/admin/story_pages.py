"""The admin of stories: the list, and one story with its articles: 移出, 拆开, 合并, 核定."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format

from articles.admin.article.story_panel import members_of
from articles.admin.model_admin import ReadOnlyAdmin
from articles.admin.parameters import read_number, read_numbers
from articles.models import Article
from articles.models.story import Story
from articles.models.summaries import is_day_only
from articles.revisions.publishing import Refused
from articles.stories import decisions
from sources.text.visible import visible

VERBS = {"remove": "移出", "split": "另成一组", "merge": "合并", "confirm": "核定"}


class DecidedFilter(admin.SimpleListFilter):
    title = "编辑核定"
    parameter_name = "decided"

    def lookups(self, request, model_admin):
        return [("1", "核定过"), ("0", "自动归并")]

    def queryset(self, request, queryset):
        if self.value() not in ("0", "1"):
            return queryset
        return queryset.filter(confirmed_at__isnull=self.value() == "0")


@admin.register(Story)
class StoryAdmin(ReadOnlyAdmin):
    """The rights are those of articles."""

    list_display = ["headline", "size_shown", "latest", "decided"]
    list_filter = [DecidedFilter]
    ordering = ["-id"]
    sortable_by = ()
    pages = {verb: f"<int:pk>/{verb}/" for verb in VERBS}

    def has_module_permission(self, request):
        return request.user.has_perm("articles.view_article")

    def has_view_permission(self, request, obj=None):
        return any(request.user.has_perm(f"articles.{right}_article") for right in ("view", "change"))

    def may_decide(self, request) -> bool:
        return request.user.has_perm("articles.change_article")

    # -------------------------------------------------------------- the list
    def get_queryset(self, request):
        first = Article.objects.filter(story=OuterRef("pk")).order_by("public_at", "id")
        stories = super().get_queryset(request).select_related("confirmed_by")
        return stories.annotate(first_title=Subquery(first.values("title")[:1]))

    def get_changelist_instance(self, request):
        """Count only the stories on this page, not the whole table."""
        changelist = super().get_changelist_instance(request)
        shown = [story.pk for story in changelist.result_list]
        counted = (
            Story.objects.filter(pk__in=shown).with_count().annotate(newest=Max("members__published_at"))
        )
        counts = {pk: (size, newest) for pk, size, newest in counted.values_list("pk", "size", "newest")}
        for story in changelist.result_list:
            story.size, story.newest = counts.get(story.pk, (0, None))
        return changelist

    @admin.display(description="最早一篇的标题")
    def headline(self, story):
        return visible(story.first_title or "") or f"（无标题）第 {story.pk} 组"

    @admin.display(description="篇数")
    def size_shown(self, story):
        return story.size

    @admin.display(description="最近一篇")
    def latest(self, story):
        if story.newest is None:
            return None
        shape = "Y-m-d" if is_day_only(story.newest) else "Y-m-d H:i"
        return date_format(timezone.localtime(story.newest), shape)

    @admin.display(description="编辑核定")
    def decided(self, story):
        return f"{story.confirmed_by or '编辑'}核定" if story.confirmed_at else "自动归并"

    # -------------------------------------------------------------- one story
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        story = get_object_or_404(self.get_queryset(request), pk=read_number(object_id or ""))
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self._render_story(request, story, "change")

    def _render_story(self, request, story: Story, template: str, **more) -> HttpResponse:
        members = members_of(story.pk)
        context = {
            "story": story,
            "members": members,
            "title": f"同题报道：{self.headline(story)}",
            "seen": decisions.signature([one.pk for one in members]),
            "public": sum(one.is_public for one in members),
            "may_decide": self.may_decide(request),
        }
        return self.render(request, f"admin/articles/story/{template}.html", context | more)

    # -------------------------------------------------------------- deciding
    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._decide(request, pk, "remove")

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._decide(request, pk, "split")

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._decide(request, pk, "merge")

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._decide(request, pk, "confirm")

    def _decide(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Decide on a story; what moves articles asks for confirmation first."""
        if not self.may_decide(request):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        story = get_object_or_404(self.get_queryset(request), pk=pk)
        chosen = set(read_numbers(request.POST.getlist("article")))
        try:
            into = _into(request, pk) if verb == "merge" else None
            if verb in ("remove", "split") and not chosen:
                raise Refused("请先勾选稿件")
            if verb != "confirm" and "sure" not in request.POST:
                picked = [one for one in members_of(pk) if verb == "merge" or one.pk in chosen]
                asked = {"verb": verb, "label": VERBS[verb], "picked": picked, "into": into}
                asked["seen"] = request.POST.get("seen", "")
                return self._render_story(request, story, "sure", **asked)
            to = _carry_out(request, verb, pk, chosen, into)
        except Refused as why:
            self.message_user(request, f"没有{VERBS[verb]}：{why}。", messages.ERROR)
            return self._to_story(pk)
        self.log_change(request, story, VERBS[verb])
        self.message_user(request, f"已{VERBS[verb]}。自动归并不会推翻。", messages.SUCCESS)
        return self._to_story(to)

    def _to_story(self, pk: int) -> HttpResponse:
        """Redirect to the story, or to the list if it no longer exists."""
        if Story.objects.filter(pk=pk).exists():
            return self.redirect_to("admin:articles_story_change", pk)
        return self.redirect_to("admin:articles_story_changelist")


def _into(request: HttpRequest, pk: int) -> Story:
    typed = request.POST.get("into", "").strip().removeprefix("第").removesuffix("组").strip()
    into = Story.objects.with_count().filter(pk=read_number(typed)).first()
    if into is None:
        raise Refused("没有这一组，请写另一组的号码")
    if into.pk == pk:
        raise Refused("这就是同一组")
    return into


def _carry_out(request: HttpRequest, verb: str, pk: int, chosen: set[int], into: Story | None) -> int:
    """Carry it out; returns the id of the story to show next."""
    seen, editor = request.POST.get("seen", ""), request.user
    if verb == "remove":
        decisions.remove_from_story(pk, chosen, editor, seen)
    elif verb == "split":
        return decisions.split_off(pk, chosen, editor, seen).pk
    elif verb == "merge":
        decisions.merge(pk, into.pk, editor, seen)
        return into.pk
    else:
        decisions.confirm(pk, editor, seen)
    return pk
