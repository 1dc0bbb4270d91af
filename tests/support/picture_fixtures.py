"""Pictures to be brought, fetched and looked at."""

import io
import json

from django.core.management import CommandError, call_command
from PIL import Image

from articles.importing.run import Options, import_found
from articles.models import Article, Picture
from articles.models.picture import key_of
from sources.files.inputs import Found
from sources.reading.pool import IN_A_SERVER
from tests.articles.importing.test_importing import ID, post
from tests.support.builders import make_article

NAME = f"2022-03-01-NW{ID}.md"
State = Picture.State


def drawn(size=(64, 48), kind="PNG", colour="red", **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **more)
    return out.getvalue()


def bring(body, name=NAME, **more):
    return import_found(
        [Found(name, "", data=post(body=body, **more).encode())], Options(workers=IN_A_SERVER)
    ).run


def fetch(*arguments, expect=0):
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("fetch_images", "--json", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        status = stop.code
    except CommandError as error:
        status = error.returncode
    assert status == expect, err.getvalue()
    return json.loads(out.getvalue()) if out.getvalue() else None


def page(client, article=None):
    return client.get((article or Article.objects.get()).get_absolute_url())


def body_of(response):
    return response.content.decode().partition("data-article-body>")[2].partition("</div>")[0]


def recorded(url, **fields):
    article = make_article(body_html="<p>一段。</p><figure></figure>")
    return Picture.objects.create(
        article=article, version=1, position=1, after="一段", url=url, url_key=key_of(url), **fields
    )


def fetched(url, expect=0):
    picture = recorded(url)
    fetch(expect=expect)
    picture.refresh_from_db()
    return picture
