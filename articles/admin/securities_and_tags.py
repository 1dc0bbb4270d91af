"""The admin of securities and tags."""

from django import forms
from django.contrib import admin
from taggit.models import Tag

from articles.admin.model_admin import DeskAdmin
from articles.models import Security
from articles.models.tags_and_securities import FormerTagSlug, TagSpelling, tag_key
from sources.text.visible import is_blank


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


class TagForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if slug := self.fields.get("slug"):
            slug.required = False
            slug.help_text = "网址里的名字；留空则按名称取。改了以后，旧地址仍转到这里。"

    def clean_name(self):
        """One tag for all names that read the same."""
        name = self.cleaned_data["name"]
        if is_blank(name):
            raise forms.ValidationError("名称里没有看得见的字。")
        twin = TagSpelling.objects.exclude(tag=self.instance.pk).filter(key=tag_key(name)).first()
        if twin:
            raise forms.ValidationError(f"已有标签“{twin.tag}”，读起来一样（全半角、大小写、空格不计）。")
        return name

    def clean_slug(self):
        """Old addresses of other tags are taken."""
        slug = self.cleaned_data["slug"] or self.instance.slug
        former = FormerTagSlug.objects.exclude(tag=self.instance.pk).filter(slug=slug).first()
        if former:
            raise forms.ValidationError(f"“{slug}”是标签“{former.tag}”的旧地址，还要通到那里。")
        return slug


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    form = TagForm
    list_display = ["name", "slug"]
    search_fields = ["name"]
    ordering = ["name"]
