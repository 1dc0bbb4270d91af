"""上传导入: files are laid aside safely, rehearsed, imported once, and gone when they have served."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from articles.importing import uploads
from articles.models import Article
from articles.undo.undo import undo_import
from sources.models import ImportItem, ImportRun, Upload
from sources.run_control.stored_uploads import folder_of
from tests.articles.importing.test_interrupted_imports import somebody_elses_turn
from tests.support.editors import at_desk, chief, editor, make_user, words

pytestmark = pytest.mark.django_db
ADD = "/admin/sources/upload/add/"
POST = '---\ntitle: "沧澜银行公告"\nsource: 沧澜日报\ndate: 2022-03-01 09:00:00 +0800\n---\n<p>正文。</p>'


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


def send(client, *files, **fields):
    """Files as (name, content)."""
    sent = [
        SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode()) for name, text in files
    ]
    return client.post(ADD, {"files": sent, "format": "auto", "source": ""} | fields, follow=True)


def press(client, button):
    return client.post(f"/admin/sources/upload/{Upload.objects.get().pk}/{button}/", follow=True)


def test_an_upload_is_rehearsed_and_nothing_is_written():
    said = words(send(chief(), ("甲.md", POST), ("坏.csv", "a,b\n1,2\n"), ("图.png", b"\x89PNG")))
    assert "新建 1 条" in said and "退回 1 条" in said and "非稿件 1 条" in said
    assert "沧澜银行公告" in said and "第一行没有认得的列名" in said
    assert not (Article.objects.exists() or ImportRun.objects.exists() or ImportItem.objects.exists())


def test_the_import_brings_the_articles_and_removes_the_files(home):
    client = chief()
    send(client, ("甲.md", POST), source="渝州晨报")
    said = words(press(client, "start"))
    assert "导入完了：新建 1 条" in said
    article, run = Article.objects.get(), ImportRun.objects.get()
    assert (article.source.name, article.status) == ("渝州晨报", "published")
    assert (run.items.get().name, run.started_by.groups.get().name) == ("甲.md", "主编")
    assert list((home / "uploads").iterdir()) == []
    assert undo_import(run).removed == 1


def test_what_an_editor_uploads_waits_for_review():
    client = editor()
    assert "待审 1 条" in words(send(client, ("甲.md", POST)))
    press(client, "start")
    assert Article.objects.get().status == "review"


def test_pressed_twice_it_is_imported_once():
    client = chief()
    send(client, ("甲.md", POST))
    press(client, "start")
    assert "没有再来一次" in words(press(client, "start"))
    assert ImportRun.objects.count() == 1


def test_an_archive_is_read_member_by_member_and_judged():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/甲.md", POST)
        archive.writestr("../out.md", POST)
    said = words(send(chief(), ("三月.zip", packed.getvalue())))
    assert "三月.zip!a/甲.md" in said and "成员名指到压缩包之外" in said


@pytest.mark.parametrize(
    "name", ["../../etc/甲.md", "C:\\甲.md", "/甲.md", "a\x00\x1b\u202e甲.md", "甲" * 300 + ".md", "<b>.md"]
)
def test_a_clients_path_is_never_used(home, name):
    client = chief()
    response = send(client, (name, POST))
    assert response.status_code == 200 and b"<b>.md" not in response.content
    upload = Upload.objects.get()
    kept = upload.files[0][0]
    assert "/" not in kept and "\\" not in kept and kept.isprintable() and len(kept) < 200
    stored = [path for path in home.rglob("*") if path.is_file() and "uploads" in path.parts]
    assert stored == [folder_of(upload) / "0"]
    assert stat.S_IMODE(stored[0].stat().st_mode) == 0o600


def test_two_files_of_one_name_are_both_read():
    client = chief()
    send(client, ("甲.md", POST), ("甲.md", POST.replace("公告", "季报")))
    press(client, "start")
    assert sorted(ImportItem.objects.values_list("name", flat=True)) == ["甲.md", "甲（2）.md"]
    assert Article.objects.count() == 2


def test_too_much_is_refused_in_words(home):
    said = words(send(chief(), ("大.txt", b"x" * (20 * 1024 * 1024 + 1))))
    assert "超过 20 MB" in said
    assert send(chief(), *((f"{i}.md", POST) for i in range(101))).status_code == 400
    assert "这个字段是必填项" in words(chief().post(ADD, {"format": "auto"}))
    assert not Upload.objects.exists() and not (home / "uploads").exists()


def test_the_limits_stand_on_the_page():
    said = words(chief().get(ADD))
    assert "一次最多 100 个文件，合计不超过 20 MB" in said


def test_while_another_import_runs_the_upload_waits_with_its_files():
    client = chief()
    send(client, ("甲.md", POST))
    with somebody_elses_turn():
        assert "没有导入" in words(press(client, "start"))
    assert not Article.objects.exists()
    press(client, "start")
    assert Article.objects.exists()


def test_a_big_one_goes_through_the_tasks_backend(settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    monkeypatch.setattr(uploads, "AT_ONCE_INPUTS", 1)
    client = chief()
    send(client, ("甲.md", POST), ("乙.md", POST.replace("公告", "季报")))
    said = words(press(client, "start"))
    assert "排在队里" in said and "刷新" in said
    assert not Article.objects.exists()
    upload = Upload.objects.get()
    uploads.import_upload.call(upload.pk, upload.by_id, "")  # the worker comes
    assert "新建：2 条" in words(client.get(f"/admin/sources/upload/{upload.pk}/change/"))


@pytest.mark.django_db(transaction=True)
def test_a_big_one_is_imported_by_the_worker_and_not_by_the_request(settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": settings.DATABASE}}
    monkeypatch.setattr(uploads, "AT_ONCE_INPUTS", 1)
    client = chief()
    send(client, ("甲.md", POST), ("乙.md", POST.replace("公告", "季报")))
    assert "排在队里" in words(press(client, "start"))
    assert not ImportRun.objects.exists()
    call_command("db_worker", "--batch", "--interval", "0.1", "--no-startup-delay", "-v0")
    said = words(client.get(f"/admin/sources/upload/{Upload.objects.get().pk}/change/"))
    assert "导入结果" in said and "新建：2 条" in said
    assert Article.objects.count() == 2


def test_what_a_worker_has_to_do_is_no_page_of_the_admin():
    client = at_desk(make_user(is_superuser=True))
    assert "Task" not in words(client.get("/admin/"))
    assert client.get("/admin/django_tasks_database/dbtaskresult/").status_code == 404


def test_a_run_that_goes_on_shows_how_far_it_is():
    client = chief()
    send(client, ("甲.md", POST))
    upload = Upload.objects.get()
    run = ImportRun.objects.create(kind="upload", options={"paths": []}, origin=upload.origin)
    ImportItem.objects.create(run=run, name="甲.md", outcome="created")
    Upload.objects.update(started_at=upload.at, run=run)
    page = client.get(f"/admin/sources/upload/{upload.pk}/change/")
    assert "正在导入" in words(page) and "新建：1 条" in words(page)
    assert b"http-equiv" not in page.content
    run.interrupt()
    assert "导入" in words(press(client, "start")) and Article.objects.exists()  # taken up again


def test_a_discarded_upload_leaves_no_file(home):
    client = chief()
    send(client, ("甲.md", POST))
    assert "已放弃" in words(press(client, "discard"))
    assert list(Path(home, "uploads").iterdir()) == []
    assert "没有再来一次" in words(press(client, "start"))
    assert not Article.objects.exists()


def test_what_was_forgotten_for_a_week_is_removed():
    client = chief()
    send(client, ("甲.md", POST))
    old = Upload.objects.get()
    Upload.objects.update(at="2020-01-01T00:00+08:00")
    send(client, ("乙.md", POST))
    assert not folder_of(old).exists()
    old.refresh_from_db()
    assert old.discarded_at


def test_only_those_who_may_import_upload():
    send(chief(), ("甲.md", POST))
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="view_importitem"))
    client, pk = at_desk(user), Upload.objects.get().pk
    for url in (ADD, "/admin/sources/upload/", f"/admin/sources/upload/{pk}/change/"):
        assert client.get(url).status_code == 403, url
    for url in (ADD, f"/admin/sources/upload/{pk}/start/", f"/admin/sources/upload/{pk}/discard/"):
        assert client.post(url, {}).status_code == 403, url
    assert chief().get(f"/admin/sources/upload/{pk}/start/").status_code == 404
    assert "上传导入" in words(editor().get("/admin/"))


# ------------------------------------------------------------------ whose it is
def test_an_editor_neither_sees_nor_starts_nor_throws_away_what_somebody_else_uploaded(home):
    send(chief(), ("甲.md", POST))
    upload, other = Upload.objects.get(), editor()
    page = f"/admin/sources/upload/{upload.pk}/"
    assert str(upload) not in words(other.get("/admin/sources/upload/"))
    for answer in (other.get(f"{page}change/"), other.post(f"{page}start/"), other.post(f"{page}discard/")):
        assert answer.status_code == 404
    upload.refresh_from_db()
    assert (upload.started_at, upload.discarded_at) == (None, None)
    assert (folder_of(upload) / "0").exists() and not Article.objects.exists()


def test_its_owner_may_and_so_may_who_has_the_right_over_others_uploads():
    mine = editor()
    send(mine, ("甲.md", POST))
    page = f"/admin/sources/upload/{Upload.objects.get().pk}/change/"
    for client in (mine, chief(), at_desk(make_user(is_superuser=True))):
        assert "甲.md" in words(client.get(page))
        assert "甲.md" in words(client.get("/admin/sources/upload/"))
    trusted = make_user("编辑")
    assert at_desk(trusted).get(page).status_code == 404
    trusted.user_permissions.add(Permission.objects.get(codename="manage_upload"))
    assert at_desk(trusted).get(page).status_code == 200
    press(mine, "discard")
    assert Upload.objects.get().discarded_at
