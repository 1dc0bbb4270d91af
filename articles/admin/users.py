"""The desk's pages of users and groups: who has done something is deactivated, not deleted.

Rights are given by superusers only. Others with the right to change users tend accounts that may do no more than their
own: who chooses the password of an account can do all that it may.
"""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import ProtectedError, Q
from django.http import HttpRequest, HttpResponse

from articles.admin.model_admin import DeskAdmin
from articles.taxonomy.user_records import has_done_something
from sources.text.visible import visible

STAYS = "“{}”在这里做过事，稿件版本、导入批次和操作日志里都记着，不能删除；请在这个用户的页面上取消勾选“有效”，停用账号"

# What a user may do, on his page.
RIGHTS = ("is_superuser", "groups", "user_permissions")

admin.site.unregister([User, Group])


def rights_of(user: User) -> set[int]:
    """Permissions (ids) that the account holds, also while it is inactive."""
    held = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return set(held.values_list("pk", flat=True))


def may_tend(tender: User, user: User) -> bool:
    """Whether one user may change or delete the other's account."""
    if tender.is_superuser:
        return True
    return not user.is_superuser and rights_of(user) <= rights_of(tender)


@admin.register(Group)
class GroupsAdmin(DeskAdmin, GroupAdmin):
    """Django's, with the manners of the desk's other pages: no forged id or question breaks them."""

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(User)
class PeopleAdmin(DeskAdmin, UserAdmin):
    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_tend(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or may_tend(request.user, obj))

    def get_readonly_fields(self, request, obj=None):
        given = super().get_readonly_fields(request, obj)
        return given if request.user.is_superuser else (*given, *RIGHTS)

    def get_deleted_objects(self, objs, request):
        """As Django's, which then deletes nothing, and shows why; its own list would name every row on record."""
        if stay := [STAYS.format(visible(str(user))) for user in objs if has_done_something(user)]:
            return [], {}, set(), stay
        return super().get_deleted_objects(objs, request)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        return self._or_say_why(request, super().delete_view, object_id, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return self._or_say_why(request, super().changelist_view, extra_context)

    def _or_say_why(self, request: HttpRequest, view, *args) -> HttpResponse:
        """Somebody may do something between the question and the answer."""
        try:
            return view(request, *args)
        except ProtectedError as error:
            self.message_user(request, f"没有删除：{error.args[0]}。", messages.ERROR)
            return self.redirect_to("admin:auth_user_changelist")
