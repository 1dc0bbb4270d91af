"""fetch_images: pictures are fetched from public addresses alone, made small and safe, and asked for with patience."""

import io
import struct
import zlib

import pytest
from django.utils import timezone
from PIL import Image

from articles.models import Picture
from articles.pictures.record import file_of
from tests.support.picture_fixtures import State, drawn, fetch, fetched, recorded

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("transparent", [None, 60_000])
def test_a_grey_of_sixteen_bits_keeps_its_shades(server, transparent):
    grey, out = Image.new("I;16", (256, 64)), io.BytesIO()
    grey.putdata([x * 257 if x < 240 else 60_000 for _ in range(64) for x in range(256)])
    grey.save(out, "PNG", **({} if transparent is None else {"transparency": transparent}))
    ours = Image.open(file_of(fetched(server.serve("/scan.png", out.getvalue())).sha256)).convert("L")
    for x in (8, 64, 128, 192):
        assert abs(ours.getpixel((x, 30)) - x) < 8
    assert abs(ours.getpixel((250, 30)) - (255 if transparent else 60_000 // 256)) < 8


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
