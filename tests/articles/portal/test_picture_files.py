"""Our own picture files, as they are served and as the desk shows them."""

import os

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles.pictures.record import file_of
from newsportal.config.home import modes
from tests.support.editors import at_desk, change_url, editor, make_user, messages_of, words
from tests.support.picture_fixtures import State, drawn, fetched, recorded

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ served
def test_our_file_is_served_for_ever_and_can_run_nothing(client, server):
    picture = fetched(server.serve("/a.png", drawn()))
    response = client.get(picture.address)
    assert response.content == file_of(picture.sha256).read_bytes()
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in response["Cache-Control"] and "Set-Cookie" not in response
    assert client.get(picture.address, headers={"If-None-Match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "../secret-key",
        "..%2fsecret-key",
        "a" * 63,
        "A" * 64,
        "0" * 64,
        "0" * 64 + "/..",
        "%00" * 64,
        "0" * 64 + ".png",
    ],
)
def test_nothing_else_is_served(client, server, path):
    assert client.get(f"/media/{path}.webp").status_code == 404


@pytest.mark.parametrize(("served_by_nginx", "file", "folder"), [(False, 0o600, 0o700), (True, 0o644, 0o755)])
def test_files_are_readable_by_a_web_server_only_where_one_serves_them(
    server, settings, served_by_nginx, file, folder
):
    settings.FILE_UPLOAD_PERMISSIONS, settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS = modes(served_by_nginx)
    picture = fetched(server.serve("/a.png", drawn()))
    path = file_of(picture.sha256)
    assert path.parent.name == picture.sha256[:2]
    assert os.stat(path).st_mode & 0o777 == file
    assert os.stat(path.parent).st_mode & 0o777 == folder
    assert list(path.parent.iterdir()) == [path]


# ------------------------------------------------------------------ at the desk
def test_an_article_s_form_shows_its_pictures(server):
    picture = fetched(server.serve("/a.png", drawn()))
    response = editor().get(change_url(picture.article))
    assert f'src="{picture.address}"' in response.content.decode()


def test_an_editor_asks_for_another_try_and_nothing_is_fetched_in_the_request(server):
    picture = fetched(server.at("/none.png"), expect=1)
    chosen = {"action": "ask_again", "_selected_action": [picture.pk]}
    asked = len(server.hits)
    response = editor().post(reverse("admin:articles_picture_changelist"), chosen, follow=True)
    assert "1 张" in messages_of(response)
    picture.refresh_from_db()
    assert picture.state == State.REMOTE and len(server.hits) == asked


def test_who_may_only_look_cannot_ask(server):
    picture = fetched(server.at("/none.png"), expect=1)
    looker = make_user()
    looker.user_permissions.add(Permission.objects.get(codename="view_picture"))
    client = at_desk(looker)
    assert "不抓取" in words(client.get(reverse("admin:articles_picture_changelist")))
    chosen = {"action": "ask_again", "_selected_action": [picture.pk]}
    client.post(reverse("admin:articles_picture_changelist"), chosen)
    picture.refresh_from_db()
    assert picture.state == State.REFUSED


def test_the_list_narrows_to_one_article_and_a_record_has_its_page(server):
    one, other = recorded("https://a.cn/one.jpg"), recorded("https://a.cn/other.jpg")
    client = editor()
    said = words(client.get(reverse("admin:articles_picture_changelist"), {"article": one.article_id}))
    assert "one.jpg" in said and "other.jpg" not in said
    assert client.get(reverse("admin:articles_picture_change", args=[other.pk])).status_code == 200
