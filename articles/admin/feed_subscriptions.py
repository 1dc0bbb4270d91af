"""The admin of feed subscriptions."""

from datetime import datetime

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from articles.admin.model_admin import DeskAdmin
from articles.importing.feeds import fetch_feeds, hold_of
from articles.revisions.publishing import may_publish
from sources.models import FeedSubscription
from sources.net.fetch import Policy
from sources.text.lines import without_login
from sources.text.visible import visible

WHAT_COMES = {"url", "source", "format"}  # whoever sets one of these is responsible for what is fetched
AT_ONCE = 5  # the page waits; each may take five seconds


class SubscriptionForm(forms.ModelForm):
    def clean_url(self):
        """No passwords: such addresses are never fetched, and the list shows them to everybody."""
        url = self.cleaned_data["url"]
        if without_login(url) != url:
            raise forms.ValidationError("网址里不要带用户名或密码。")
        return url

    def clean(self):
        """A new address, or switched on again: forget the last result."""
        values = super().clean()
        if "url" in self.changed_data or ("active" in self.changed_data and values.get("active")):
            self.instance.start_anew()
        return values


def _moment(at: datetime) -> str:
    return format_html('<span class="nowrap">{}</span>', date_format(timezone.localtime(at), "Y-m-d H:i"))


@admin.register(FeedSubscription)
class FeedSubscriptionAdmin(DeskAdmin):
    form = SubscriptionForm
    list_display = ["source", "address", "active", "went", "published", "times"]
    list_display_links = ["source", "address"]
    list_filter = ["active", "outcome", "format"]
    list_select_related = ["source", "created_by"]
    search_fields = ["source__name", "url"]
    search_help_text = "来源名称，或网址里的字。"
    autocomplete_fields = ["source"]
    actions = ["fetch_now"]
    sortable_by = ()
    readonly_fields = ["published", "went", "failures", "checked_at", "next_check", "run_link"]
    fieldsets = [
        (None, {"fields": ["source", "url", "format", "interval", "active"]}),
        ("现状", {"fields": readonly_fields}),
    ]

    @admin.action(description="现在抓取", permissions=["change"])
    def fetch_now(self, request, queryset):
        """Fetch also what was imported before, to get an undone import again."""
        if queryset.count() > AT_ONCE:
            said = f"一次最多现在抓取 {AT_ONCE} 个；更多的请运行 fetch_feeds。什么也没有抓取。"
            self.message_user(request, said, messages.ERROR)
            return
        for fetched in fetch_feeds(
            queryset.select_related("source"), Policy.usual(), anew=True, user=request.user
        ):
            level = messages.SUCCESS if fetched.is_well else messages.WARNING
            self.message_user(request, visible(str(fetched)), level)

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.fieldsets[:1]

    def get_changelist_instance(self, request):
        """One User object per person, so that permissions are read once."""
        listed = super().get_changelist_instance(request)
        makers = {}
        for one in listed.result_list:
            if one.created_by_id:
                one.created_by = makers.setdefault(one.created_by_id, one.created_by)
        return listed

    def save_model(self, request, obj, form, change):
        """Whoever sets what is fetched is responsible for it; so is a publisher who saves one nobody is."""
        takes_over = may_publish(request.user) and hold_of(obj.created_by)
        if not change or WHAT_COMES.intersection(form.changed_data) or takes_over:
            obj.created_by = request.user
        if change and takes_over:
            said = "这个订阅以后由你负责，抓取的稿件直接发布；先前待审的不变，请到“待处理”里看。"
            self.message_user(request, said, messages.SUCCESS)
        super().save_model(request, obj, form, change)

    @admin.display(description="抓取的稿件")
    def published(self, subscription):
        if subscription.pk is None:
            return None
        if hold := hold_of(subscription.created_by):
            return format_html('<span class="fetch-failed">待审</span>：{}', visible(hold))
        return format_html("直接发布（负责人：{}）", visible(str(subscription.created_by)))

    @admin.display(description="网址")
    def address(self, subscription):
        return visible(without_login(subscription.url))

    @admin.display(description="最近结果")
    def went(self, subscription):
        label = subscription.get_outcome_display()
        words = f"：{visible(subscription.words)}" if subscription.words else ""
        return format_html(
            '<span class="fetch-{}">{}</span>{}', subscription.outcome or "never", label, words
        )

    @admin.display(description="下次抓取")
    def next_check(self, subscription):
        if not subscription.active:
            return "已停用"
        return (
            _moment(subscription.next_check_at) if subscription.next_check_at else "下次运行 fetch_feeds 时"
        )

    @admin.display(description="抓取时间")
    def times(self, subscription):
        last = _moment(subscription.checked_at) if subscription.checked_at else "还没有"
        return format_html("上次 {}<br>下次 {}", last, self.next_check(subscription))

    @admin.display(description="最近导入")
    def run_link(self, subscription):
        if subscription.last_run is None:
            return None
        url = reverse("admin:sources_importrun_change", args=[subscription.last_run_id])
        return format_html('<a href="{}">{}</a>', url, subscription.last_run)
