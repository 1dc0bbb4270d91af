"""The desk's pages of what articles are filed under: sections, securities, tags."""

from django.contrib import admin
from taggit.models import Tag

from articles.models import Category, Security
from sources.desk.lists import DeskAdmin


@admin.register(Category)
class CategoryAdmin(DeskAdmin):
    list_display = ["name", "slug", "position", "words"]
    search_fields = ["name"]
    ordering = ["position", "id"]

    @admin.display(description="关键词")
    def words(self, category):
        words = category.keywords.split()
        return "、".join(words[:8]) + (f"等 {len(words)} 个" if len(words) > 8 else "")


@admin.register(Security)
class SecurityAdmin(DeskAdmin):
    list_display = ["symbol_shown", "name", "kind"]
    list_filter = ["kind", "market"]
    search_fields = ["code", "name"]
    search_help_text = "代码或名称。"
    ordering = ["market", "code"]

    @admin.display(description="代码", ordering="code")
    def symbol_shown(self, security):
        return security.symbol


admin.site.unregister(Tag)  # taggit's page merges tags by its own table, not by ours


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    ordering = ["name"]
