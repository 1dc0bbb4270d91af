"""Users who have done something are deactivated, never deleted, so that the record of who did what stays."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

# Apps whose rows record actions: Django's admin log, and ours. Rows of other apps (sessions, sign-ins) may be deleted.
ON_RECORD = ("admin", "articles", "sources")


def records_of(user: AbstractBaseUser) -> Iterator[models.QuerySet]:
    """For each column that names a user who did something: the rows with this one, possibly none."""
    for relation in user._meta.get_fields(include_hidden=True):
        if relation.one_to_many and relation.related_model._meta.app_label in ON_RECORD:
            yield relation.related_model._base_manager.filter(**{relation.field.name: user})


def has_done_something(user: AbstractBaseUser) -> bool:
    return any(rows.exists() for rows in records_of(user))


def keep_on_record(sender, instance: AbstractBaseUser, **signal) -> None:
    """Before a user is deleted, anywhere. Raises ProtectedError."""
    if has_done_something(instance):
        raise models.ProtectedError(f"“{instance}”做过的事要留下记录：请停用这个账号，不要删除", {instance})
