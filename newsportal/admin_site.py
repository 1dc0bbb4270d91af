"""The admin site: names, sign-in, and a content security policy with nonces."""

from functools import wraps
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override

from articles.admin import dashboard
from articles.admin.model_admin import refuse_nul
from newsportal.signin import kept_forms, sessions
from newsportal.signin.devices import remember_editor
from newsportal.signin.log import asking
from newsportal.signin.next_page import with_safe_next
from newsportal.signin.pages import NewPasswordForm, SignInForm
from sources.reading.limits import Busy, OverLimit

# Order of the models in the menu; others come last.
ORDER = [
    *("Article", "Story", "Picture", "Category", "Security", "Tag"),
    *("Source", "FeedSubscription", "ShelvedItem", "Upload", "ImportRun", "ImportItem"),
    *("ColumnMapping", "User", "Group"),
]


class PortalAdminSite(AdminSite):
    """Django's admin with our titles, sign-in and content security policy."""

    site_header = "新闻门户 · 编辑部"
    site_title = "编辑部"
    index_title = "工作台"
    empty_value_display = "—"
    login_form = SignInForm
    password_change_form = NewPasswordForm
    enable_nav_sidebar = True

    def index(self, request, extra_context=None):
        """Django's, with the dashboard."""
        waiting = {
            "figures": list(dashboard.figures(request.user)),
            "runs": dashboard.last_runs(request.user),
        }
        return super().index(request, waiting | (extra_context or {}))

    def get_app_list(self, request, app_label=None):
        def place(model: dict) -> int:
            return ORDER.index(model["object_name"]) if model["object_name"] in ORDER else len(ORDER)

        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=place)
        return sorted(apps, key=lambda app: place(app["models"][0]))

    def each_context(self, request):
        """Django's, with the remaining session time for static/js/session-end.js."""
        return super().each_context(request) | {"session_end": sessions.told(request)}

    def get_urls(self):
        own = [
            path("session/", sessions.state, name="session"),
            path("session/back/", self.admin_view(self.back), name="session_back"),
            path(
                "r/<int:content_type_id>/<path:object_id>/",
                self.admin_view(self.on_site),
                name="view_on_site",
            ),
        ]
        return own + super().get_urls()

    def admin_view(self, view, cacheable=False):
        """Wrap a view: extend the session, keep a form that was posted after the session ended, refuse a NUL in the
        query, and explain OverLimit."""
        # Of the pages that Django marks as cacheable, only the translations script may be cached.
        guarded = super().admin_view(self._within_limits(view), cacheable and view == self.i18n_javascript)

        @wraps(guarded)
        def page(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method == "POST" and request.user.is_anonymous and (kept := kept_forms.keep(request)):
                return self._sign_in_again(request, *kept)
            sessions.extend(request)
            with asking(request):
                response = kept_forms.put_back(request, guarded(request, *args, **kwargs))
            remember_editor(request, response)
            return response

        return csp_override(settings.DESK_CSP)(page)

    def _within_limits(self, view):
        """Show a page for OverLimit, whatever view raised it."""

        @wraps(view)
        def shown(request, *args, **kwargs):
            refuse_nul(request)
            try:
                return view(request, *args, **kwargs)
            except OverLimit as why:
                words = {**self.each_context(request), "title": "没有读完", "why": str(why)}
                status = 503 if isinstance(why, Busy) else 422
                return TemplateResponse(request, "admin/over_limit.html", words, status=status)

        return shown

    def login(self, request, extra_context=None):
        """Django's; hands on a kept form, and never redirects to another site."""
        with_safe_next(request)
        kept, csrf = request.POST.get(kept_forms.FIELD, ""), request.META.get("CSRF_COOKIE")
        if kept and "username" not in request.POST:  # back from the lockout page
            return self._sign_in_again(request, kept, reverse("admin:index"), status=200)
        page = csp_override(settings.DESK_CSP)(super().login)
        response = page(request, {"kept": kept} | (extra_context or {}))
        if kept and request.user.is_authenticated and response.status_code == 302:
            response = HttpResponseRedirect(kept_forms.take_over(request, kept, csrf) or response["Location"])
        remember_editor(request, response)
        return response

    def logout(self, request, extra_context=None):
        with_safe_next(request)
        return super().logout(request, extra_context)

    def back(self, request: HttpRequest) -> HttpResponse:
        """Shown after signing in again in a new tab, while the form is still open in the old one."""
        return TemplateResponse(
            request, "admin/session_back.html", self.each_context(request) | {"title": "已重新登录"}
        )

    def on_site(self, request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
        """Django's, if the user may see the row: the address alone could reveal a hidden title."""
        kind = ContentType.objects.filter(pk=content_type_id).first()
        model = kind.model_class() if kind else None
        known = model is not None and self.is_registered(model)
        if not known or not self.get_model_admin(model).has_view_or_change_permission(request):
            raise Http404
        return shortcut(request, content_type_id, object_id)

    def _sign_in_again(self, request: HttpRequest, kept: str, after: str, status: int = 403) -> HttpResponse:
        """The sign-in page, carrying the posted form."""
        words = self.each_context(request) | {
            "title": "重新登录",
            "form": self.login_form(request),
            "app_path": reverse("admin:login"),
            "kept": kept,
            REDIRECT_FIELD_NAME: after,
        }
        page = csp_override(settings.DESK_CSP)(never_cache(TemplateResponse))
        return page(request, "admin/login.html", words, status=status)


def register_pages() -> None:
    """Register all ModelAdmins. Not at import time, as their modules import this site."""
    admin.autodiscover()
    tasks = apps.get_model("django_tasks_database", "DBTaskResult")
    if admin.site.is_registered(tasks):  # its pages are in English, for programmers
        admin.site.unregister(tasks)
    import_module("articles.admin.all_pages")
