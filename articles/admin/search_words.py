"""The admin of search aliases, and of searches without results."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from articles.admin.model_admin import DeskAdmin
from articles.models.search_terms import SearchAlias, Unanswered, forget_aliases
from sources.text.visible import visible

SHOWN = 5  # expansions in the list


@admin.register(SearchAlias)
class SearchAliasAdmin(DeskAdmin):
    list_display = ["word", "also", "both_ways", "enabled"]
    list_filter = ["enabled", "both_ways"]
    search_fields = ["word", "expansions"]
    search_help_text = "词，或者它也找的词。"
    ordering = ["key"]
    fields = ["word", "expansions", "both_ways", "enabled"]

    @admin.display(description="也找")
    def also(self, alias):
        others = alias.others()
        return "、".join(others[:SHOWN]) + (f"等 {len(others)} 个" if len(others) > SHOWN else "")

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        forget_aliases()


@admin.register(Unanswered)
class UnansweredAdmin(DeskAdmin):
    """Most frequent first: where an alias would help most readers."""

    list_display = ["shown_words", "count", "last_day", "first_day"]
    list_display_links = None
    search_fields = ["words"]
    search_help_text = "查询里的字词。全角、繁体、大写字母都按折算后的写法记。"
    ordering = ["-count", "-last_day", "pk"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_list_display(self, request):
        may_add = request.user.has_perm("articles.add_searchalias")
        return [*self.list_display, "ways_on"] if may_add else self.list_display

    @admin.display(description="查询", ordering="words")
    def shown_words(self, asked):
        return visible(asked.words)

    @admin.display(description="处理")
    def ways_on(self, asked):
        add = reverse("admin:articles_searchalias_add", query={"word": asked.words[:40]})
        search = reverse("admin:articles_article_changelist", query={"q": asked.words})
        return format_html('<a href="{}">加别名</a>　<a href="{}">查稿件</a>', add, search)
