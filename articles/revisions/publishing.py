"""Publish and withdraw one article, for every page that offers it."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles.models import Article, Revision

RIGHT = "articles.publish_article"
AT_ONCE = 200  # articles in one request


class Refused(Exception):
    """The article stays as it was; the message says why, for the editor to read."""


def may_publish(user: AbstractBaseUser) -> bool:
    return user.has_perm(RIGHT)


def publish(pk: int, editor: AbstractBaseUser) -> Article:
    """Publish the article; readers see it from its publishing time on."""
    with transaction.atomic():
        article = _locked(pk)
        if article.status == Article.Status.PUBLISHED:
            raise Refused("已经发布")
        if lacks := article.missing():
            raise Refused(f"还缺{'、'.join(lacks)}")
        article.status = Article.Status.PUBLISHED
        article.revise(Revision.Kind.EDIT, editor, "发布")
    return article


def withdraw(pk: int, editor: AbstractBaseUser, reason: str) -> Article:
    """Withdraw a published article; its address answers 410."""
    with transaction.atomic():
        article = _locked(pk)
        if article.status != Article.Status.PUBLISHED:
            raise Refused("不是已发布的稿件")
        article.status = Article.Status.WITHDRAWN
        article.revise(Revision.Kind.WITHDRAWAL, editor, reason)
    return article


def _locked(pk: int) -> Article:
    """The stored article, locked until the transaction ends."""
    article = Article.objects.select_for_update().filter(pk=pk).first()
    if article is None:
        raise Refused("已不存在")
    return article
