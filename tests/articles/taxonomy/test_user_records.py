"""Who did what outlives its doer: a user who has done something is deactivated, not deleted."""

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import ProtectedError

from articles.models import Revision
from articles.models.story import Story
from articles.taxonomy.user_records import ON_RECORD
from sources.models import ImportItem, ImportRun, Settlement, Upload
from tests.support.builders import make_article
from tests.support.editors import at_desk, correct, make_user, words

pytestmark = pytest.mark.django_db
USERS = "/admin/auth/user/"


@pytest.fixture
def root():
    return at_desk(make_user(is_superuser=True))


def delete(client, user):
    return client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}, follow=True)


def delete_chosen(client, *users):
    chosen = {"action": "delete_selected", "_selected_action": [user.pk for user in users], "post": "yes"}
    return client.post(USERS, chosen, follow=True)


def test_who_has_edited_is_not_deleted_from_the_page_nor_from_the_list(root):
    user, article = make_user("编辑"), make_article(status="review")
    assert correct(at_desk(user), article, byline="记者").status_code == 302
    for answer in (delete(root, user), delete_chosen(root, user)):
        assert "停用账号" in words(answer) and str(user) in words(answer)
    assert User.objects.filter(pk=user.pk).exists()
    assert Revision.objects.get(version=2).editor == LogEntry.objects.get(user=user).user == user


def test_one_who_stays_keeps_the_others_of_a_choice(root):
    idle, busy = make_user(), make_user()
    ImportRun.objects.create(started_by=busy)
    assert str(busy) in words(delete_chosen(root, idle, busy))
    assert User.objects.filter(pk__in=[idle.pk, busy.pk]).count() == 2


def test_who_has_done_nothing_can_be_deleted(root):
    one, other = make_user("编辑"), make_user()
    delete(root, one)
    delete_chosen(root, other)
    assert not User.objects.filter(pk__in=[one.pk, other.pk]).exists()


def test_who_is_deactivated_stays_on_record_and_is_signed_out(root):
    user = make_user("编辑")
    ImportRun.objects.create(started_by=user)
    client = at_desk(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302
    assert ImportRun.objects.get().started_by == user


DEEDS = {
    "admin log": lambda user: LogEntry.objects.create(user=user, action_flag=1),
    "version": lambda user: Revision.objects.create(article=make_article(), editor=user, kind="edit"),
    "run": lambda user: ImportRun.objects.create(started_by=user),
    "upload": lambda user: Upload.objects.create(by=user),
    "story": lambda user: Story.objects.create(confirmed_by=user),
    "settlement": lambda user: Settlement.objects.create(item=item(), kind="dismissed", by=user),
    "settlement taken back": lambda user: Settlement.objects.create(
        item=item(), kind="dismissed", taken_back_by=user
    ),
}


def item() -> ImportItem:
    return ImportItem.objects.create(run=ImportRun.objects.create(), name="甲.md", outcome="rejected")


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("how", [lambda user: user.delete(), lambda user: User.objects.all().delete()])
def test_no_code_deletes_who_has_done_something_either(deed, how):
    user = make_user()
    DEEDS[deed](user)
    with pytest.raises(ProtectedError), transaction.atomic():
        how(user)
    assert User.objects.filter(pk=user.pk).exists()


def test_no_row_of_ours_goes_with_a_user():
    for name in ON_RECORD:
        for model in apps.get_app_config(name).get_models():
            for field in model._meta.fields:
                if field.related_model is User and name != "admin":
                    assert field.remote_field.on_delete.__name__ == "SET_NULL", field
