"""The admin of pictures: thumbnails, the result of each fetch, retry. Nothing is fetched here."""

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from articles.admin.model_admin import InputFilter, ReadOnlyAdmin
from articles.models import Article, Picture
from sources.text.lines import without_login
from sources.text.visible import visible

SHOWN = 30  # on the article form; the rest are in the list


class ArticleQuestion(forms.Form):
    article = forms.IntegerField(label="稿件号", required=False, min_value=1, max_value=2**31)


class OfArticle(InputFilter):
    title = "稿件"
    form_class = ArticleQuestion
    answer = "稿件网址里的号码。"

    def queryset(self, request, queryset):
        article = self.asked.get("article")
        return queryset.filter(article=article) if article else queryset


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    list_display = ["thumbnail", "named", "went", "article_link"]
    list_display_links = ["named"]
    list_filter = ["state", OfArticle]
    list_select_related = ["article"]
    ordering = ["-id"]
    sortable_by = ()
    actions = ["ask_again"]
    change_form_template = "admin/sources/record.html"
    fields = [
        *("thumbnail", "article_link", "position", "where", "alt", "state", "shown_reason", "failures"),
        *("retry_at", "fetched_at", "file", "original"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("article__body_html", "article__text")

    @admin.action(description="再试一次（下次运行 fetch_images 时）", permissions=["retry"])
    def ask_again(self, request, queryset):
        count = Picture.objects.filter(pk__in=queryset.values("pk")).ask_again()
        said = (
            f"{count} 张会在下次运行 fetch_images 时再试。" if count else "选中的没有出错的，什么也没有改。"
        )
        self.message_user(request, said, messages.SUCCESS if count else messages.INFO)

    def has_retry_permission(self, request):
        return request.user.has_perm("articles.change_picture")

    @admin.display(description="图")
    def thumbnail(self, picture):
        return thumbnail(picture) if picture.is_here else None

    @admin.display(description="说明和网址")
    def named(self, picture):
        return format_html(
            "{}<br>{}", visible(picture.alt) or "（没有说明）", visible(without_login(picture.url))
        )

    @admin.display(description="状态")
    def went(self, picture):
        reason = f"：{visible(picture.reason)}" if picture.reason else ""
        return format_html(
            '<span class="fetch-{}">{}</span>{}', picture.state, picture.get_state_display(), reason
        )

    @admin.display(description="网址")
    def where(self, picture):
        return visible(without_login(picture.url))

    @admin.display(description="原因")
    def shown_reason(self, picture):
        return visible(picture.reason) or self.get_empty_value_display()

    @admin.display(description="稿件")
    def article_link(self, picture):
        url = reverse("admin:articles_article_change", args=[picture.article_id])
        return format_html('<a href="{}">{}</a>', url, visible(str(picture.article)))

    @admin.display(description="本地文件")
    def file(self, picture):
        if not picture.is_here:
            return None
        size = f"{picture.width}×{picture.height}，{picture.size // 1024} KB"
        return format_html('<a href="{}">{}</a>（{}）', picture.address, picture.address, size)

    @admin.display(description="原图")
    def original(self, picture):
        if not picture.is_here:
            return None
        pixels = f"{picture.original_width}×{picture.original_height}"
        return f"{picture.original_type}，{pixels}，{picture.original_size // 1024} KB"


def thumbnail(picture: Picture) -> str:
    """A thumbnail, or its state in words."""
    if not picture.is_here:
        return format_html(
            '<span class="state fetch-{}">{}</span>', picture.state, picture.get_state_display()
        )
    return format_html(
        '<img class="thumbnail" src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        *(picture.address, picture.alt, picture.width, picture.height),
    )


def pictures_of(article: Article) -> str:
    """An article's pictures for its form, with a link to all of them."""
    rows = [
        (
            reverse("admin:articles_picture_change", args=[one.pk]),
            thumbnail(one),
            visible(str(one)),
            one.reason,
        )
        for one in article.pictures.order_by("-version", "position")[:SHOWN]
    ]
    if not rows:
        return "没有"
    every = reverse("admin:articles_picture_changelist", query={"article": article.pk})
    listed = format_html_join("", '<li><a href="{}">{} {}</a> <span class="quiet">{}</span></li>', rows)
    return format_html(
        '<ul class="plain thumbnails">{}<li><a href="{}">全部图片，再试一次</a></li></ul>', listed, every
    )
