"""An input that hangs, eats memory or crashes costs itself: at a command, at an upload, on every page, in a feed."""

import zipfile
from hashlib import sha256
from io import BytesIO
from random import Random

import pytest
from django.conf import settings as conf

from articles.importing.feeds import fetch_feeds
from articles.importing.run import Options, import_paths
from articles.importing.uploads import LONGEST_REHEARSAL
from articles.models import Article
from sources.files.raw_bytes import pack
from sources.models import FeedSubscription, ImportItem, ImportRun, Outcome, Upload
from sources.reading.limits import MIB
from tests.articles.importing.test_uploads import press, send
from tests.support.builders import make_source
from tests.support.editors import change_url, chief, fields_of, words
from tests.support.unruly_posts import post

# Once: what is tried here is the readers' processes, which hold no database.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unruly"), pytest.mark.once]
FAULTS = ["spin", "eat", "abort"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(conf, "HOME", tmp_path)


def shelved(fault: str) -> ImportItem:
    """An input that was rejected because it met the fault, as it lies on the shelf."""
    data = post("坏", fault).encode()
    run = ImportRun.objects.create(options={"format": "auto", "source": ""}, state=ImportRun.State.FINISHED)
    kept = {"raw": pack(data), "sha256": sha256(data).hexdigest(), "reason": "读它超过 20 秒，没有读完"}
    return ImportItem.objects.create(run=run, name="坏.md", outcome=Outcome.REJECTED, **kept)


# ------------------------------------------------------------------ commands
@pytest.mark.parametrize("fault", FAULTS)
def test_a_folder_is_imported_but_for_the_one_input(tmp_path, fault):
    folder = tmp_path / "posts"
    folder.mkdir()
    for number in range(5):
        text = post(f"第{number}篇", fault if number == 2 else "")
        (folder / f"2022-03-01-{number}.md").write_text(text)
    result = import_paths(Options([str(folder)]))
    assert result.counts == {Outcome.CREATED: 4, Outcome.REJECTED: 1} and result.read == 5
    item = ImportItem.objects.get(outcome=Outcome.REJECTED)
    assert item.name == "2022-03-01-2.md" and "没有读完" in item.reason
    assert item.raw_bytes() == post("第2篇", fault).encode()
    assert sorted(Article.objects.values_list("title", flat=True)) == [f"第{n}篇" for n in (0, 1, 3, 4)]


# ------------------------------------------------------------------ uploads
@pytest.mark.parametrize("fault", FAULTS)
def test_an_upload_says_which_file_it_is_and_imports_the_others(fault):
    client = chief()
    said = words(send(client, ("甲.md", post("甲")), ("坏.md", post("坏", fault)), ("乙.md", post("乙"))))
    assert "新建 2 条" in said and "退回 1 条" in said and "没有读完" in said
    assert "导入完了：新建 2 条，退回 1 条" in words(press(client, "start"))
    assert sorted(Article.objects.values_list("title", flat=True)) == ["乙", "甲"]
    item = ImportItem.objects.get(outcome=Outcome.REJECTED)
    assert (item.name, item.raw_bytes()) == ("坏.md", post("坏", fault).encode())


def test_a_member_of_an_archive_costs_no_other_member():
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, fault in (("甲", ""), ("坏", "leave"), ("乙", "")):
            archive.writestr(f"{name}.md", post(name, fault))
    said = words(send(chief(), ("三月.zip", packed.getvalue())))
    assert "新建 2 条" in said and "退回 1 条" in said and "三月.zip!坏.md" in said


def test_an_archive_that_takes_too_much_to_unpack_is_one_input(settings):
    settings.READ_MEMORY = 24 * MIB
    chance = Random(1)
    block = "".join(f"{chance.randrange(1000):03}" for _ in range(1500))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.md", block * (16 * MIB // len(block)))
    said = words(send(chief(), ("大.zip", packed.getvalue()), ("甲.md", post("甲"))))
    assert "压缩包没有读完" in said and "新建 1 条" in said


def test_a_rehearsal_stops_before_an_editor_has_waited_too_long(monkeypatch):
    monkeypatch.setattr("articles.importing.uploads.LONGEST_REHEARSAL", 0)
    assert LONGEST_REHEARSAL > 0
    client = chief()
    said = words(send(client, *((f"{n}.md", post(f"第{n}篇")) for n in range(20))))
    assert "只试读了开头的一部分" in said
    assert 0 < Upload.objects.get().rehearsal["total"] < 20
    press(client, "start")
    assert Article.objects.count() == 20


# ------------------------------------------------------------------ pages
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_tried_again_as_it_was_says_why_not(fault):
    item = shelved(fault)
    said = words(chief().post(f"/admin/sources/shelveditem/{item.pk}/again/", follow=True))
    assert "还是不行，什么也没有写" in said and "没有读完" in said
    assert not Article.objects.exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_preview_says_why_not_and_a_mended_text_comes_in(fault):
    item, client = shelved(fault), chief()
    page = f"/admin/sources/shelveditem/{item.pk}/mend/"
    sent = fields_of(client.get(page).content, "mend_form")
    assert "没有读完" in words(client.post(page, sent | {"_preview": "1"}))
    assert "没有读完" in words(client.post(page, sent | {"_import": "1"}))
    assert not Article.objects.exists()
    client.post(page, sent | {"text": post("好"), "_import": "1"})
    assert Article.objects.get().title == "好"


@pytest.mark.parametrize("fault", FAULTS)
def test_raw_beside_clean_shows_the_raw_text_and_why_there_is_no_other(fault):
    item = shelved(fault)
    said = words(chief().get(f"/admin/sources/importitem/{item.pk}/explained/"))
    assert "没有读完" in said and "沧澜银行今日发布公告" in said


def test_an_item_that_cannot_be_read_can_be_looked_at():
    item = shelved("spin")
    said = words(chief().get(f"/admin/sources/importitem/{item.pk}/change/"))
    assert "没有读完" in said and "unruly: spin" in said


def test_a_page_that_cannot_be_made_in_time_says_so_in_words(settings):
    """Whatever page it is: here the one to mend a text on, which is too long for so short a time."""
    item = shelved("spin")
    ImportItem.objects.update(raw=pack(post("长").encode() + "字，\n".encode() * 2_500_000))
    settings.READ_SECONDS = 0.001
    answer = chief().get(f"/admin/sources/shelveditem/{item.pk}/mend/")
    assert answer.status_code == 422
    assert "没有读完" in words(answer) and "别的页面照常可用" in words(answer)


def test_an_edit_that_cannot_be_cleaned_in_time_is_not_saved_and_not_lost(settings, bank):
    client, url = chief(), change_url(bank)
    sent = fields_of(client.get(url).content, "article_form")
    settings.READ_SECONDS = 0.001
    body = "<p><b>新的一段。</b></p>" * 60_000
    answer = client.post(url, sent | {"body_html": body, "reason": "试", "_save": "1"})
    assert answer.status_code == 200 and "没有保存" in words(answer)
    assert body in fields_of(answer.content, "article_form")["body_html"]
    bank.refresh_from_db()
    assert "新的一段" not in bank.body_html


# ------------------------------------------------------------------ feeds
def rss(fault: str = "") -> str:
    said = f"\nunruly: {fault}\n" if fault else ""
    day, text = "Tue, 01 Mar 2022 09:00:00 +0800", "沧澜银行一日公布季报。"
    entry = f"<title>好</title><link>https://a.example/1</link><pubDate>{day}</pubDate><description>{text}</description>"
    return f'<rss version="2.0"><channel><title>沧澜日报</title>{said}<item>{entry}</item></channel></rss>'


@pytest.mark.parametrize("fault", FAULTS)
def test_a_feed_that_cannot_be_read_fails_with_its_reason(server, fault):
    bad, good = (
        FeedSubscription.objects.create(source=make_source(), url=server.serve(path, body))
        for path, body in (("/bad.xml", rss(fault)), ("/good.xml", rss()))
    )
    fetched = list(fetch_feeds([bad, good], server.policy()))
    assert [one.is_well for one in fetched] == [False, True], list(map(str, fetched))
    bad.refresh_from_db()
    assert bad.outcome == "failed" and "没有读完" in bad.words
    assert Article.objects.get().title == "好"
