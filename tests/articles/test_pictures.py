"""Pictures: recorded with the import, a quiet line until they are fetched, then our own file where they stood."""

import io
import json
import os
import struct
import zlib

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from articles.importing import Options, import_found
from articles.models import Article, Picture
from articles.pictures import PLACE, file_of, keep_pictures, key_of
from articles.undoing import undo_import
from sources.inputs import Found
from sources.models import Outcome
from tests.articles.editors import at_desk, change_url, correct, editor, make_user, messages_of, words
from tests.articles.test_importing import ID, post
from tests.builders import make_article
from tests.local_server import local_server

pytestmark = pytest.mark.django_db
NAME = f"2022-03-01-NW{ID}.md"
State = Picture.State


@pytest.fixture
def server(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with local_server() as running:
        settings.FETCH_ALLOW = [("127.0.0.1", running.port)]
        yield running


def drawn(size=(64, 48), kind="PNG", colour="red", **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **more)
    return out.getvalue()


def bring(body, name=NAME, **more):
    return import_found([Found(name, "", data=post(body=body, **more).encode())], Options(workers=1)).run


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


# ------------------------------------------------------------------ recorded
def test_an_import_records_pictures_and_fetches_none(server):
    url = server.serve("/bridge.png", drawn())
    bring(f'<p>大桥昨日通车。</p><img src="{url}" alt="大桥夜景"><p>市民到场。</p>')
    picture = Picture.objects.get()
    assert (picture.url, picture.alt, picture.state, picture.position) == (url, "大桥夜景", State.REMOTE, 1)
    assert "<img" not in picture.article.body_html
    assert server.hits == []


def test_an_import_without_pictures_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        keep_pictures([])


def test_the_same_input_again_records_nothing_more():
    body = '<p>一段。</p><img src="https://example.com/a.jpg">'
    bring(body)
    bring(body, name="again.md", tail="\n")
    assert Picture.objects.count() == 1


def test_machinery_is_no_picture():
    bring(
        '<p>一段。</p><img src="data:image/gif;base64,R0lGOD"><img src="https://a.cn/t.gif" width="1" height="1">'
        '<img src="https://a.cn/images/share.png"><img src="https://hm.baidu.com/hm.gif?si=1">'
        '<p style="display:none"><img src="https://a.cn/hidden.jpg"></p><img src="https://a.cn/i.jpg" width="20" '
        'height="20"><p>二段。</p><img src="https://a.cn/market_share.jpg">'
    )
    assert [one.url for one in Picture.objects.all()] == ["https://a.cn/market_share.jpg"]
    assert Article.objects.get().body_html.count("<figure>") == 1


def test_what_is_no_web_address_is_recorded_as_refused():
    bring('<p>一段。</p><img src="file:///etc/passwd">')
    assert (Picture.objects.get().state, Picture.objects.get().host) == (State.REFUSED, "")
    assert fetch()["tried"] == 0


def test_a_hundred_pictures_are_enough():
    bring("<p>一段。</p>" + "".join(f'<img src="https://example.com/{n}x.jpg">' for n in range(300)))
    assert Picture.objects.count() == 100


def test_undo_takes_the_pictures_with_the_article():
    undo_import(bring('<p>一段。</p><img src="https://example.com/a.jpg">'))
    assert not Picture.objects.exists()


def test_undoing_an_update_brings_back_the_pictures_before_it(client):
    bring('<p>甲段文字。</p><img src="https://example.com/old.jpg" alt="旧图">')
    second = bring('<p>乙段文字。</p><img src="https://example.com/new.jpg" alt="新图">')
    assert second.counts == {Outcome.UPDATED: 1}
    assert "新图" in body_of(page(client)) and "旧图" not in body_of(page(client))
    undo_import(second)
    assert "旧图" in body_of(page(client)) and "新图" not in body_of(page(client))
    assert Picture.objects.count() == 1


# ------------------------------------------------------------------ shown
def test_until_it_is_fetched_a_quiet_line_says_what_stood_there(client):
    bring('<p>甲段。</p><img src="https://img.example.com/a.jpg" alt="大桥&quot;夜景&lt;b&gt;"><p>乙段。</p>')
    body = body_of(page(client))
    assert "图片：大桥&quot;夜景&lt;b&gt;" in body and "来源 img.example.com" in body
    assert "<img" not in body and "https://img.example.com" not in body
    assert body.index("甲段") < body.index("大桥") < body.index("乙段")


def test_once_fetched_our_file_stands_in_its_place(client, server):
    url = server.serve("/bridge.png", drawn((64, 48)))
    bring(f'<p>甲段。</p><img src="{url}" alt="大桥夜景"><p>乙段。</p>')
    assert fetch()["fetched"] == 1
    picture, body = Picture.objects.get(), body_of(page(client))
    img = (
        f'<img src="{picture.address}" alt="大桥夜景" width="64" height="48" loading="lazy" decoding="async">'
    )
    assert f"<p>甲段。</p>\n<figure>{img}" in body
    assert "127.0.0.1" not in body and "图片：" not in body


def test_pictures_stay_with_their_captions_whatever_an_editor_does(client):
    bring(
        '<p>甲段文字在此。</p><center><img src="https://e.cn/1a.jpg" alt="图甲"></center>'
        '<p style="text-align:center">图为甲</p><p>乙段文字在此。</p><img src="https://e.cn/2b.jpg" alt="图乙">'
        '<p>丙段文字在此。</p><img src="https://e.cn/3c.jpg" alt="图丙">'
    )
    article = Article.objects.get()
    whole = article.body_html
    assert PLACE.findall(whole) == ["<figure>"] * 3

    def shown(html):
        correct(editor(), article, body_html=html, reason="挪图")
        return [alt for alt in ("图甲", "图乙", "图丙") if f"图片：{alt}" in body_of(page(client, article))]

    first, second, third = (f"<p>{n}段文字在此。</p>" for n in "甲乙丙")
    figure, captioned = "<figure></figure>", "<figure><figcaption>图为甲</figcaption></figure>"
    assert shown(f"{second}{figure}{first}{captioned}") == ["图甲", "图乙"]
    body = body_of(page(client, article))
    assert body.index("图乙") < body.index("图片：图甲") < body.index("图为甲")
    assert shown(f"{first}{second}{third}{figure}") == ["图丙"]
    assert shown(f"{first}{captioned}<p>乙段改写了。</p>{figure}{third}{figure}") == ["图甲", "图乙", "图丙"]
    assert shown(f"{first}{second}{third}") == []


def test_a_figure_nobody_knows_the_picture_of_stays_empty(client):
    article = make_article(body_html="<p>一段。</p><figure><figcaption>说明</figcaption></figure>")
    assert "<figure><figcaption>说明</figcaption></figure>" in body_of(page(client, article))


def test_a_page_without_figures_asks_no_more_than_before(client, django_assert_num_queries):
    bring("<p>一段。</p>")
    article = Article.objects.get()
    page(client, article)
    with django_assert_num_queries(4):
        page(client, article)


def test_an_updated_article_keeps_the_file_of_a_picture_it_had(server, client):
    url = server.serve("/a.png", drawn())
    bring(f'<p>甲段文字。</p><img src="{url}">')
    fetch()
    bring(f'<p>甲段文字，改了。</p><img src="{url}">')
    assert Picture.objects.filter(state=State.FETCHED).count() == 2
    assert "/media/" in body_of(page(client)) and len(server.hits) == 1


# ------------------------------------------------------------------ fetched
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


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_all_common_types_become_webp(server, kind):
    data = drawn((80, 60), kind)
    picture = fetched(server.serve("/x", data, Content_Type="text/html"))
    assert (picture.state, picture.width, picture.height) == (State.FETCHED, 80, 60)
    assert (picture.original_type, picture.original_size) == (kind, len(data))
    ours = file_of(picture.sha256).read_bytes()
    assert ours != data and Image.open(io.BytesIO(ours)).format == "WEBP" and len(ours) == picture.size


def test_wide_ones_are_made_smaller_and_their_size_is_remembered(server):
    picture = fetched(server.serve("/wide.jpg", drawn((3200, 800), "JPEG")))
    assert (picture.width, picture.height) == (1600, 400)
    assert (picture.original_width, picture.original_height) == (3200, 800)


def test_a_photo_lying_on_its_side_is_set_upright_and_loses_its_metadata(server):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "secret-camera"
    picture = fetched(server.serve("/photo.jpg", drawn((60, 40), "JPEG", exif=exif)))
    assert (picture.width, picture.height, picture.original_width) == (40, 60, 40)
    assert b"secret-camera" not in file_of(picture.sha256).read_bytes()


def test_of_an_animation_the_first_frame_is_kept(server):
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    picture = fetched(server.serve("/a.gif", out.getvalue()))
    ours = Image.open(file_of(picture.sha256))
    assert getattr(ours, "n_frames", 1) == 1
    red, _, blue = ours.convert("RGB").getpixel((20, 20))
    assert red > 200 > 60 > blue


def test_what_is_drawn_on_nothing_stands_on_white(server):
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    picture = fetched(server.serve("/chart.png", out.getvalue()))
    assert Image.open(file_of(picture.sha256)).convert("RGBA").getpixel((20, 20)) == (255, 255, 255, 255)


def png_that_claims(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (SVG, "SVG"),
        (b"<svg onload=alert(1)>", "SVG"),
        (b"<!doctype html><script>alert(1)</script>", "网页"),
        (b"", "空文件"),
        (b"%PDF-1.7", "不是"),
        (b"BM" + b"\0" * 100, "不是"),
        (png_that_claims(50_000, 50_000), "像素"),
        (png_that_claims(8_000, 6_000), "像素"),
        (drawn((1, 1)), "占位图"),
        (drawn((200, 200), "JPEG")[:400], "图片坏了"),
        (drawn((64, 64))[:60], "图片坏了"),
    ],
)
def test_what_is_no_picture_we_take_is_refused_and_not_kept(server, settings, data, why):
    picture = fetched(server.serve("/a.jpg", data, Content_Type="image/jpeg"), expect=1)
    assert picture.state == State.REFUSED and why in picture.reason, picture.reason
    assert not settings.MEDIA_ROOT.exists()


def test_no_picture_inside_our_network_is_asked_for(server):
    for url in (
        *("http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:5432/", "http://[::1]/"),
        *(
            "http://[::ffff:127.0.0.1]/",
            "http://2130706433/",
            "http://0x7f.1/",
            "gopher://127.0.0.1:6379/_FLUSHALL",
        ),
        *("http://user:pw@127.0.0.1/", server.serve("/go.png", status=302, Location="http://10.0.0.1/x.png")),
    ):
        assert fetched(url, expect=1).state == State.REFUSED, url


def test_too_large_is_refused(server):
    picture = fetched(server.serve("/big.png", b"\x89PNG" + b"x" * 10 * 1024 * 1024), expect=1)
    assert (picture.state, "10 MB" in picture.reason) == (State.REFUSED, True)


def test_a_server_in_trouble_is_asked_again_later_and_as_late_as_it_wishes(server):
    picture = fetched(server.serve("/a.png", status=503, Retry_After="10800"), expect=1)
    assert (picture.state, picture.failures) == (State.FAILED, 1)
    assert 10_700 < (picture.retry_at - timezone.now()).total_seconds() < 10_900
    assert fetch()["tried"] == 0
    server.serve("/a.png", drawn())
    Picture.objects.update(retry_at=timezone.now())
    assert fetch()["fetched"] == 1


def test_after_eight_failures_it_is_left_alone(server):
    picture = recorded(server.serve("/a.png", status=500))
    for _ in range(8):
        fetch(expect=1)
        Picture.objects.update(retry_at=timezone.now())
    picture.refresh_from_db()
    assert picture.state == State.REFUSED and "试了 8 次" in picture.reason
    assert fetch()["tried"] == 0 and len(server.hits) == 8


def test_what_is_not_there_is_not_asked_for_again_unless_wished(server):
    picture = fetched(server.at("/none.png"), expect=1)
    assert (picture.state, "404" in picture.reason) == (State.REFUSED, True)
    assert fetch()["tried"] == 0
    server.serve("/none.png", drawn())
    assert fetch("--retry")["fetched"] == 1


def test_the_same_address_is_fetched_once(server):
    url = server.serve("/a.png", drawn())
    recorded(url), recorded(url)
    assert fetch()["fetched"] == 2
    assert len(server.hits) == 1


def test_one_that_an_undo_took_away_meanwhile_does_not_come_back():
    picture = recorded("https://a.cn/1.jpg")
    Picture.objects.all().delete()
    picture.refuse("没有这张图")
    assert not Picture.objects.exists()


def test_limit_and_source_narrow_what_is_fetched(server):
    first, second = (recorded(server.serve(f"/{n}a.png", drawn(colour=n))) for n in ("red", "blue"))
    assert fetch("--limit", "1")["tried"] == 1
    assert fetch("--source", first.article.source.name)["tried"] == 1
    assert Picture.objects.filter(state=State.FETCHED).count() == 2
    fetch("--source", "没有这家", expect=2)


def test_a_disk_that_takes_nothing_more_stops_it_in_words(server, settings, tmp_path):
    recorded(server.serve("/a.png", drawn()))
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    fetch(expect=2)
    assert Picture.objects.get().state == State.REMOTE


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


def test_files_lie_under_two_letters_readable_by_a_web_server(server):
    picture = fetched(server.serve("/a.png", drawn()))
    path = file_of(picture.sha256)
    assert path.parent.name == picture.sha256[:2]
    assert os.stat(path).st_mode & 0o777 == 0o644
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
