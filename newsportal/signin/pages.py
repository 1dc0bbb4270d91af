"""Password forms, and the page shown after too many tries."""

from math import ceil

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override

from newsportal.signin import kept_forms, locks
from newsportal.signin.log import ASKING, record


class SignInForm(AdminAuthenticationForm):
    """Django's; the right password of a user who is not staff counts as a wrong one."""

    def confirm_login_allowed(self, user) -> None:
        try:
            super().confirm_login_allowed(user)
        except ValidationError:
            if hasattr(self.request, "sign_in_try"):
                locks.failed(self.request)
            raise


class NewPasswordForm(AdminPasswordChangeForm):
    """Django's, with a limit on tries of the old password, so an open session cannot be used to guess it."""

    def clean_old_password(self) -> str:
        name, (_, address) = self.user.get_username(), ASKING.get()
        allowed, tried = locks.count_try(locks.CHANGING.format(name), address)
        if not allowed:
            raise ValidationError(f"旧密码试错的次数太多，请等 {_minutes(tried)} 分钟再试。", code="locked")
        try:
            password = super().clean_old_password()
        except ValidationError:
            record("failed", name, address, 'at="password change"')
            raise
        locks.forgive(tried)
        return password


def _minutes(tried: locks.Try) -> int:
    return max(1, ceil((tried.until - timezone.now()).total_seconds() / 60))


@never_cache
@csp_override(settings.DESK_CSP)
def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials=None) -> HttpResponse:
    """The 429 page: how long the lock lasts and what to do."""
    tried = request.sign_in_try
    seconds = max(1, ceil((tried.until - timezone.now()).total_seconds()))
    words = {
        "title": "暂时不能登录",
        "minutes": ceil(seconds / 60),
        "until": tried.until,
        "everywhere": tried.limit == locks.BY_NAME.name,
        "browser": tried.limit in (locks.BY_DEVICE.name, locks.BY_DEVICE_A_DAY.name),
        "kept": request.POST.get(kept_forms.FIELD, ""),
    }
    answer = render(request, "admin/locked_out.html", admin.site.each_context(request) | words, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
