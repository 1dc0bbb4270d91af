"""The admin of outlets. Old names and addresses of an outlet keep working."""

from collections import Counter

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from articles.admin.outlets.check_pages import CheckPage
from articles.admin.outlets.find_outlets import containing
from articles.admin.outlets.merge_pages import MERGED_AT_ONCE
from articles.admin.outlets.rename_pages import SHOWN, RenamePage
from sources.models import OldSlug, Source, SourceAlias
from sources.text.outlet_names import name_key


class AliasForm(forms.ModelForm):
    def clean_name(self):
        """An alias belongs to one outlet; the error names it."""
        name = self.cleaned_data["name"]
        holder = SourceAlias.objects.filter(key=name_key(name)).exclude(pk=self.instance.pk).first()
        if holder:
            raise forms.ValidationError(f"“{name}”已是来源“{holder.source}”的名称。")
        return name


class AliasFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """Two new rows may be spellings of the same name."""
        super().clean()
        names = [form.cleaned_data.get("name", "") for form in self.forms if form not in self.deleted_forms]
        twice = [key for key, times in Counter(map(name_key, names)).items() if key and times > 1]
        if twice:
            raise forms.ValidationError(f"同一个别名写了两次：{'、'.join(twice)}。")


class AliasInline(admin.TabularInline):
    model = SourceAlias
    form, formset = AliasForm, AliasFormSet
    extra = 1
    verbose_name_plural = "别名（导入时按这些写法认来源；全半角、大小写、空格、书名号、间隔点不计）"


class OldSlugInline(admin.TabularInline):
    model = OldSlug
    extra = 1
    verbose_name_plural = "旧地址（仍可打开，转到现在的地址；区分大小写）"


class SourceForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if slug := self.fields.get("slug"):
            slug.required, slug.help_text = False, "网址里的名字，一般用拼音；留空则自动取拼音。"

    def clean_name(self):
        name = self.cleaned_data["name"]
        holder = Source.objects.named(name)
        if holder and holder.pk != self.instance.pk:
            raise forms.ValidationError(f"“{name}”已是来源“{holder}”的名称或别名。")
        return name

    def clean_slug(self):
        """Old addresses of other outlets are taken."""
        slug = self.cleaned_data["slug"]
        holder = Source.objects.at_old_slug(slug) if slug else None
        if holder and holder.pk != self.instance.pk:
            raise forms.ValidationError(f"“{slug}”是来源“{holder}”的旧地址，还要通到那里。")
        return slug


@admin.register(Source)
class SourceAdmin(CheckPage, RenamePage):
    form = SourceForm
    actions = ["merge_selected"]
    pages = {"check": "check/", "name_back": "<int:pk>/names/<int:renaming_pk>/back/"}
    list_display = ["name", "kind", "standing", "slug", "article_count", "created_at"]
    list_filter = ["standing", "kind", "initial"]
    list_select_related = ["front"]
    search_fields = ["name"]
    search_help_text = "名称、别名、拼音、旧地址都可以。"
    ordering = ["initial", "slug"]
    inlines = [AliasInline, OldSlugInline]
    readonly_fields = ["article_count", "initial", "created_at"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "standing", "homepage", "search_weight", "note"]}),
        ("现状", {"fields": ["article_count", "initial", "created_at"]}),
    ]

    @admin.display(description="已发布稿件")
    def article_count(self, source):
        if source.pk is None:
            return None
        url = reverse("admin:articles_article_changelist", query={"outlet": source.slug})
        front = getattr(source, "front", None)
        return format_html('<a href="{}">{} 篇</a>', url, front.count if front else 0)

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            queryset = containing(queryset, word)
        return queryset, False

    def save_related(self, request, form, formsets, change):
        """Keep the old name as an alias and the old address as a redirect."""
        super().save_related(request, form, formsets, change)
        source = form.instance
        if change:
            was = {name: form.initial.get(name, getattr(source, name)) for name in ("name", "slug")}
            source.renamed(was["name"], was["slug"], request.user)
        source.add_alias(source.name)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["renamings"] = obj.renamings.select_related("editor")[:SHOWN] if obj else ()
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.action(description="合并所选来源……", permissions=["change"])
    def merge_selected(self, request: HttpRequest, queryset) -> HttpResponse:
        """Redirect to the page that asks which of them stays."""
        pks = queryset.values_list("pk", flat=True)[:MERGED_AT_ONCE]
        return self.redirect_to("admin:sources_sourcemerge_new", query={"pk": list(pks)})
