"""Who did what stays on record: a user who has done something here is deactivated, never deleted."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

# Apps whose rows say who did something: Django's admin log, and ours. Rows of other apps (sessions, sign-ins) go along.
ON_RECORD = ("admin", "articles", "sources")


def records_of(user: AbstractBaseUser) -> Iterator[models.QuerySet]:
    """What says that this user did something: for each such column its rows, of which there may be none."""
    for relation in user._meta.get_fields(include_hidden=True):
        if relation.one_to_many and relation.related_model._meta.app_label in ON_RECORD:
            yield relation.related_model._base_manager.filter(**{relation.field.name: user})


def has_done_something(user: AbstractBaseUser) -> bool:
    return any(rows.exists() for rows in records_of(user))


def keep_on_record(sender, instance: AbstractBaseUser, **signal) -> None:
    """Before a user is deleted, by whatever way. Raises ProtectedError."""
    if has_done_something(instance):
        raise models.ProtectedError(f"“{instance}”做过的事要留下记录：请停用这个账号，不要删除", {instance})
