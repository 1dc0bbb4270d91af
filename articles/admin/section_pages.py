"""The admin of sections and their rules: try them on a text or the newest articles, apply them."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from articles.admin.model_admin import DeskAdmin
from articles.admin.parameters import read_number
from articles.models import Category
from articles.models.category import FormerCategorySlug
from articles.taxonomy.section_rules import BadRule, Keywords, read_rule, read_rules
from articles.taxonomy.section_trial import AT_MOST, TRIED_ON, apply, sort_unfiled, try_rules
from sources.text.visible import is_blank

SHOWN = 100  # changed articles listed in a trial
NOWHERE = "（不建议）"


def complaints(keywords: str) -> list[str]:
    """What is wrong with the rules, in words: invalid lines, repeated keywords."""
    wrong, seen = [], set()
    for line in filter(None, map(str.strip, keywords.splitlines())):
        try:
            word, _ = read_rule(line)
        except BadRule as why:
            wrong.append(str(why))
            continue
        if word in seen:
            wrong.append(f"“{word}”写了两次。")
        seen.add(word)
    return wrong


class CategoryForm(forms.ModelForm):
    def clean_name(self):
        if is_blank(self.cleaned_data["name"]):
            raise forms.ValidationError("名称里没有看得见的字。")
        return self.cleaned_data["name"]

    def clean_slug(self):
        """Old addresses of other sections are taken."""
        slug = self.cleaned_data["slug"]
        former = FormerCategorySlug.objects.exclude(category=self.instance.pk).filter(slug=slug).first()
        if former:
            raise forms.ValidationError(f"“{slug}”是栏目“{former.category}”的旧地址，还要通到那里。")
        return slug

    def clean_keywords(self):
        if wrong := complaints(self.cleaned_data["keywords"]):
            raise forms.ValidationError(wrong)
        return self.cleaned_data["keywords"]


class TextForm(forms.Form):
    """A text to try the rules on."""

    title = forms.CharField(label="标题", required=False, max_length=500, widget=AdminTextInputWidget)
    text = forms.CharField(
        label="正文", required=False, max_length=50_000, widget=AdminTextareaWidget(attrs={"rows": 8})
    )


@admin.register(Category)
class CategoryAdmin(DeskAdmin):
    form = CategoryForm
    list_display = ["name", "slug", "position", "words"]
    search_fields = ["name"]
    ordering = ["position", "id"]
    pages = {"try": "try/", "rehearse": "rehearse/", "apply": "apply/"}

    @admin.display(description="关键词")
    def words(self, category):
        words = list(read_rules(category.keywords))
        return "、".join(words[:8]) + (f"等 {len(words)} 个" if len(words) > 8 else "")

    def try_view(self, request: HttpRequest) -> HttpResponse:
        """试规则: points and evidence of each section for a title and a text. The POST saves nothing."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        form = TextForm(request.POST if request.method == "POST" else None)
        context = {"form": form, "title": "试规则"}
        if form.is_valid():
            title, text = form.cleaned_data["title"], form.cleaned_data["text"].strip()
            keywords = Keywords()
            context |= {"scores": keywords.scores(title, text), "proposal": keywords.propose(title, text)}
        return self.render(request, "admin/articles/category/try.html", context)

    def rehearse_view(self, request: HttpRequest) -> HttpResponse:
        """试算: try the unsaved section form on the newest articles."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        category = Category.objects.filter(pk=read_number(request.POST.get("rehearse", ""))).first()
        name = request.POST.get("name", "")[:50] or "新栏目"
        keywords = request.POST.get("keywords", "").replace("\0", "")
        trial = try_rules(category and category.pk, name, keywords)
        names = {
            None: NOWHERE,
            **dict(Category.objects.values_list("pk", "name")),
            category.pk if category else 0: name,
        }
        moves = [
            (
                move,
                names[move.filed] if move.filed else "—",
                names.get(move.before.category),
                names.get(move.after.category),
            )
            for move in (trial.moves[:SHOWN] if _may_see_articles(request) else ())
        ]
        gains = [(names.get(one), come, go) for one, come, go in trial.gains()]
        context = {"trial": trial, "moves": moves, "gains": gains, "category": category, "name": name}
        context |= {"wrong": complaints(keywords), "most": TRIED_ON, "title": f"试算：{name}"}
        return self.render(request, "admin/articles/category/rehearse.html", context)

    def apply_view(self, request: HttpRequest) -> HttpResponse:
        """按规则归栏: how many articles without a section would go where; a POST files them."""
        if not request.user.has_perms(["articles.change_article", "articles.change_category"]):
            raise PermissionDenied
        sorting = sort_unfiled()
        if request.method == "POST":
            done = apply(sorting, request.user)
            passed = sorting.total - done
            more = f"，{passed} 篇刚被别人改过，没有动" if passed else ""
            self.message_user(
                request, f"归了 {done} 篇{more}。", messages.SUCCESS if done else messages.WARNING
            )
            return self.redirect_to("admin:articles_category_apply")
        names = dict(Category.objects.values_list("pk", "name"))
        found = [(names[pk], len(some), sorting.titles[pk]) for pk, some in sorting.found.items()]
        found.sort(key=lambda row: -row[1])
        context = {"sorting": sorting, "found": found, "most": AT_MOST, "title": "按规则归栏"}
        return self.render(request, "admin/articles/category/apply.html", context)


def _may_see_articles(request: HttpRequest) -> bool:
    """True if the user may see titles, drafts included; others see only counts."""
    return any(request.user.has_perm(f"articles.{right}_article") for right in ("view", "change"))
