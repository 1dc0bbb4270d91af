"""Who may tend which account: the rights of somebody's own are all that he can hand out or take over."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User

from newsportal.signin.accounts import AccountAdmin
from tests.support import as_migrated
from tests.support.editors import at_desk, fields_of, make_user
from tests.support.signing_in import PASSWORD

pytestmark = pytest.mark.django_db
USERS, GROUPS = "/admin/auth/user/", "/admin/auth/group/"
NEW = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}


def office(*more: str, **fields) -> User:
    """Somebody who tends accounts and groups, and is no superuser."""
    user = make_user(**fields)
    tends = Permission.objects.filter(content_type__app_label="auth").exclude(codename__endswith="permission")
    user.user_permissions.set([*tends, *Permission.objects.filter(codename__in=more)])
    return user


def page_of(user: User) -> str:
    return f"{USERS}{user.pk}/change/"


def send(client, user: User, **changes):
    return client.post(page_of(user), fields_of(client.get(page_of(user)).content, "user_form") | changes)


def everything(user: User) -> tuple:
    return (
        # Signing in and every save of the form write these anew.
        User.objects.filter(pk=user.pk).values().get() | {"date_joined": None, "last_login": None},
        set(user.groups.values_list("pk", flat=True)),
        set(user.user_permissions.values_list("pk", flat=True)),
    )


FORGED = {
    "superuser": lambda: {"is_superuser": "on"},
    "group": lambda: {"groups": [as_migrated.group("主编").pk]},
    "permission": lambda: {"user_permissions": list(Permission.objects.values_list("pk", flat=True))},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("own", [True, False], ids=["one's own account", "another"])
def test_who_tends_accounts_gives_no_rights(own, forged):
    tender = office()
    user = tender if own else make_user()
    before = everything(user)
    assert send(at_desk(tender), user, **forged()).status_code == 302
    user = User.objects.get(pk=user.pk)
    assert everything(user) == before
    assert not user.is_superuser and not user.has_perm("articles.publish_article")


def test_nor_does_he_make_or_change_a_group_to_stand_in():
    tender, group = office(), Group.objects.create(name="资料室")
    tender.groups.add(group)
    client = at_desk(tender)
    rights = {"name": "资料室", "permissions": list(Permission.objects.values_list("pk", flat=True))}
    assert client.get(f"{GROUPS}{group.pk}/change/").status_code == 200
    assert client.post(f"{GROUPS}{group.pk}/change/", rights).status_code == 403
    assert client.post(f"{GROUPS}add/", rights | {"name": "又一个"}).status_code == 403
    assert client.post(f"{GROUPS}{group.pk}/delete/", {"post": "yes"}).status_code == 403
    assert not group.permissions.exists() and Group.objects.filter(pk=group.pk).exists()
    assert not Group.objects.filter(name="又一个").exists()


ABOVE = {
    "a superuser": lambda: make_user(is_superuser=True),
    "a chief": lambda: make_user("主编"),
    "a chief who is deactivated": lambda: make_user("主编", is_active=False),
    "one with a right of his own": lambda: office("publish_article"),
}


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
def test_an_account_that_may_do_more_is_not_taken_over(above):
    user, client = above(), at_desk(office())
    before = everything(user)
    assert client.get(page_of(user)).status_code == 200
    sent = {"username": "taken", "email": "taken@example.com", "is_active": "on"}
    assert client.post(page_of(user), sent).status_code == 403
    assert client.get(f"{USERS}{user.pk}/password/").status_code == 403
    assert client.post(f"{USERS}{user.pk}/password/", NEW).status_code == 403
    assert client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": user.pk, "post": "yes"}
    client.post(USERS, chosen)
    assert everything(user) == before


def test_an_account_that_may_do_no_more_is_tended():
    tender, user = office("view_article"), make_user()
    client = at_desk(tender)
    assert send(client, user, first_name="宁").status_code == 302
    assert client.post(f"{USERS}{user.pk}/password/", NEW).status_code == 302
    user.refresh_from_db()
    assert user.first_name == "宁" and user.check_password(PASSWORD)


def test_a_superuser_gives_every_right():
    user, group = make_user(), as_migrated.group("编辑")
    client = at_desk(make_user(is_superuser=True))
    assert send(client, user, groups=[group.pk], is_superuser="on").status_code == 302
    user.refresh_from_db()
    assert user.is_superuser and list(user.groups.all()) == [group]


@pytest.mark.parametrize("action", ["lift_locks", "delete_selected"])
@pytest.mark.parametrize("pk", ["x", "9" * 25])
def test_a_forged_choice_of_a_user_is_refused(action, pk):
    client = at_desk(make_user(is_superuser=True))
    sent = {"action": action, "_selected_action": pk, "post": "yes"}
    assert client.post(USERS, sent).status_code == 400


def test_the_page_with_locks_is_the_one_that_is_shown():
    assert isinstance(admin.site.get_model_admin(User), AccountAdmin)
