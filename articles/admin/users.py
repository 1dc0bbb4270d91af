"""The admin of users and groups. Users who have done something are deactivated, not deleted.

Only superusers grant rights. Others with the right to change users manage only accounts with no more rights than
their own, as setting an account's password gives access to its rights.
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

# Fields that only superusers may change.
RIGHTS = ("is_superuser", "groups", "user_permissions")

admin.site.unregister([User, Group])


def rights_of(user: User) -> set[int]:
    """Ids of the account's permissions, even while it is inactive."""
    held = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return set(held.values_list("pk", flat=True))


def may_manage(manager: User, user: User) -> bool:
    """True if `manager` may change or delete the account of `user`."""
    if manager.is_superuser:
        return True
    return not user.is_superuser and rights_of(user) <= rights_of(manager)


@admin.register(Group)
class GroupsAdmin(DeskAdmin, GroupAdmin):
    """Django's, with the checks of DeskAdmin."""

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(User)
class PeopleAdmin(DeskAdmin, UserAdmin):
    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_manage(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or may_manage(request.user, obj))

    def get_readonly_fields(self, request, obj=None):
        given = super().get_readonly_fields(request, obj)
        return given if request.user.is_superuser else (*given, *RIGHTS)

    def get_deleted_objects(self, objs, request):
        """For users who have done something, say why they stay instead of listing all their rows."""
        if stay := [STAYS.format(visible(str(user))) for user in objs if has_done_something(user)]:
            return [], {}, set(), stay
        return super().get_deleted_objects(objs, request)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        return self._explain_protected(request, super().delete_view, object_id, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return self._explain_protected(request, super().changelist_view, extra_context)

    def _explain_protected(self, request: HttpRequest, view, *args) -> HttpResponse:
        """The user may do something between the confirmation page and the deletion."""
        try:
            return view(request, *args)
        except ProtectedError as error:
            self.message_user(request, f"没有删除：{error.args[0]}。", messages.ERROR)
            return self.redirect_to("admin:auth_user_changelist")
