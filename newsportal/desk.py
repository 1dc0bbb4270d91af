"""The admin site: its names, and a content security policy that lets the admin's own nonces through."""

from functools import wraps

from django.conf import settings
from django.contrib.admin import AdminSite
from django.template.response import TemplateResponse
from django.views.decorators.csp import csp_override

from articles.desk import home
from sources.desk.lists import refuse_nul
from sources.limits import Busy, OverLimit

# What is used most stands first; what is not named comes last.
ORDER = [
    *("Article", "Story", "Picture", "Category", "Security", "Tag"),
    *("Source", "FeedSubscription", "ShelvedItem", "Upload", "ImportRun", "ImportItem"),
    *("ColumnMapping", "User", "Group"),
]


class Desk(AdminSite):
    """Django's admin, in Chinese, with no inline script or style let through without a nonce."""

    site_header = "新闻门户 · 编辑部"
    site_title = "编辑部"
    index_title = "工作台"
    empty_value_display = "—"
    enable_nav_sidebar = True

    def index(self, request, extra_context=None):
        """First what waits, then where everything is."""
        waiting = {"figures": list(home.figures(request.user)), "runs": home.last_runs(request.user)}
        return super().index(request, waiting | (extra_context or {}))

    def get_app_list(self, request, app_label=None):
        def place(model: dict) -> int:
            return ORDER.index(model["object_name"]) if model["object_name"] in ORDER else len(ORDER)

        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=place)
        return sorted(apps, key=lambda app: place(app["models"][0]))

    def admin_view(self, view, cacheable=False):
        """As Django's, with a policy of our own, a refusal of NUL in a query, and limits of reading told in words."""

        @wraps(view)
        def asked(request, *args, **kwargs):
            refuse_nul(request)
            return view(request, *args, **kwargs)

        guarded = super().admin_view(self._within_limits(asked), cacheable)
        return csp_override(settings.DESK_CSP)(guarded)

    def _within_limits(self, view):
        """A text that cannot be read, compared or merged within its limits is told in words, whatever page it is on."""

        @wraps(view)
        def shown(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except OverLimit as why:
                words = {**self.each_context(request), "title": "没有读完", "why": str(why)}
                status = 503 if isinstance(why, Busy) else 422
                return TemplateResponse(request, "admin/over_limit.html", words, status=status)

        return shown

    def login(self, request, extra_context=None):
        return csp_override(settings.DESK_CSP)(super().login)(request, extra_context)
