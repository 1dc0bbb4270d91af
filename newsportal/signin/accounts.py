"""The user admin with an action to lift lockouts."""

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest

from articles.admin.users import PeopleAdmin
from newsportal.signin import locks
from newsportal.signin.log import ASKING, record


class AccountAdmin(PeopleAdmin):
    actions = ["lift_locks"]

    @admin.action(description="解除所选用户的登录锁定", permissions=["change"])
    def lift_locks(self, request: HttpRequest, queryset) -> None:
        names = list(queryset.values_list("username", flat=True))
        locks.lift(names)
        by, address = ASKING.get()
        for name in names:
            record("lock lifted", name, address, f'by="{by}"')
        self.message_user(request, f"{len(names)} 个用户现在可以重新登录了。", messages.SUCCESS)


def register(site: AdminSite) -> None:
    """Replace the user admin that has no such action."""
    site.unregister(User)
    site.register(User, AccountAdmin)
