"""The admin of securities and tags."""

from django.contrib import admin
from taggit.models import Tag

from articles.admin.model_admin import DeskAdmin
from articles.models import Security


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


admin.site.unregister(Tag)  # taggit's own admin would merge tags in its table, not in ours


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    ordering = ["name"]
