"""Editors at their desks: clients that open a form, change a field or two, and send it as a browser would."""

from itertools import count

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from lxml import html

from articles.models import Article
from tests.support import as_migrated

NUMBER = count(1)


def make_user(group: str = "", **fields) -> User:
    """A member of 编辑 or 主编; without a group somebody on the staff who may do nothing."""
    user = User.objects.create_user(f"u{next(NUMBER)}", password=None, **{"is_staff": True} | fields)
    if group:
        user.groups.add(as_migrated.group(group))
    return user


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def editor() -> Client:
    return at_desk(make_user("编辑"))


def chief() -> Client:
    return at_desk(make_user("主编"))


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def fields_of(page: bytes, form_id: str) -> dict[str, str]:
    """What a browser would send if the form were sent as it stands; buttons left out."""
    form = html.document_fromstring(page.decode()).get_element_by_id(form_id)
    disabled = {field.get("name") for field in form.xpath(".//*[@disabled]")}
    # A browser drops the line break that Django puts before a textarea's text.
    areas = {area.get("name") for area in form.xpath(".//textarea")}
    values = {name: value for name, value in form.form_values() if name not in disabled}
    return {name: value.removeprefix("\n") if name in areas else value for name, value in values.items()}


def open_form(client: Client, article: Article) -> dict[str, str]:
    return fields_of(client.get(change_url(article)).content, "article_form")


def correct(client: Client, article: Article, **changes):
    """Open the form, change fields, send it; follows no redirect."""
    return client.post(change_url(article), open_form(client, article) | changes)


def words(response) -> str:
    """What the page says, whitespace folded."""
    return " ".join(html.document_fromstring(response.content.decode()).text_content().split())


def messages_of(response) -> str:
    """What the page a redirect leads to tells the editor."""
    return " ".join(str(message) for message in response.context["messages"])
