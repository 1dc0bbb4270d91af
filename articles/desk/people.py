"""The desk's pages of users and groups: who has done something is deactivated, not deleted."""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles.people import has_done_something
from sources.desk.lists import DeskAdmin
from sources.desk.names import visible

STAYS = "“{}”在这里做过事，稿件版本、导入批次和操作日志里都记着，不能删除；请在这个用户的页面上取消勾选“有效”，停用账号"

admin.site.unregister([User, Group])


@admin.register(Group)
class GroupsAdmin(DeskAdmin, GroupAdmin):
    """Django's, with the manners of the desk's other pages: no forged id or question breaks them."""


@admin.register(User)
class PeopleAdmin(DeskAdmin, UserAdmin):
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
            return HttpResponseRedirect(reverse("admin:auth_user_changelist"))
