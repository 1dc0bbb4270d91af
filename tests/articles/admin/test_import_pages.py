"""The desk pages of outlets and imports."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.admin.imports.raw_text import WHOLE
from articles.models import Revision
from sources.files.raw_bytes import pack
from sources.models import ImportItem, ImportRun, Outcome, Source, SourceAlias
from sources.text.visible import visible
from tests.support.builders import make_article, make_source
from tests.support.editors import at_desk, chief, editor, fields_of, make_user, words

pytestmark = pytest.mark.django_db
LIST = "/admin/sources/source/"
HOSTILE = "<img src=x onerror=alert(1)>"


def change(client, source: Source, **changes):
    url = f"{LIST}{source.pk}/change/"
    return client.post(url, fields_of(client.get(url).content, "source_form") | changes)


def names(response) -> list[str]:
    return [source.name for source in response.context["cl"].result_list]


# ------------------------------------------------------------------ outlets
def test_a_renamed_outlet_still_answers_to_its_old_name_and_address():
    source = make_source("证券时报网")
    assert change(chief(), source, name="证券时报", slug="stcn").status_code == 302
    source.refresh_from_db()
    assert (source.name, source.slug) == ("证券时报", "stcn")
    for name in ("证券时报网", "证券时报", "证券 时报"):
        assert Source.objects.named(name) == source
    assert Source.objects.at_old_slug("zhengquanshibaowang") == source


def test_a_name_that_is_anothers_is_refused_in_words():
    source, other = make_source("甲报"), make_source("乙报")
    other.add_alias("乙报网")
    assert "已是来源“乙报”的名称或别名" in words(change(chief(), source, name="乙报 网"))
    said = words(change(chief(), source, **{"aliases-1-name": "乙报网"}))
    assert "“乙报网”已是来源“乙报”的名称" in said
    source.refresh_from_db()
    assert source.name == "甲报"
    assert SourceAlias.objects.filter(source=source).count() == 1


def test_one_alias_spelt_twice_is_refused_in_words():
    source, client = make_source("甲报"), chief()
    url = f"{LIST}{source.pk}/change/"
    sent = fields_of(client.get(url).content, "source_form")
    sent |= {"aliases-TOTAL_FORMS": 3, "aliases-1-name": "Techweb", "aliases-2-name": "ＴＥＣＨＷＥＢ"}
    assert "同一个别名写了两次" in words(client.post(url, sent))
    assert source.aliases.count() == 1


def test_a_new_outlet_gets_its_address_and_its_first_alias():
    client = chief()
    blank = fields_of(client.get(f"{LIST}add/").content, "source_form")
    assert client.post(f"{LIST}add/", blank | {"name": "沧澜日报"}).status_code == 302
    assert Source.objects.named("沧澜日报").slug == "canglanribao"


def test_outlets_are_found_by_name_alias_pinyin_and_old_address():
    source = make_source("证券时报")
    source.add_alias("时报网")
    source.keep_old_slug("STCN-old")
    make_source("新华社")
    client = editor()
    for term in ("证券", "时报网", "zhengquan", "stcn-old"):
        assert names(client.get(LIST, {"q": term})) == ["证券时报"], term
    asked = {"app_label": "articles", "model_name": "article", "field_name": "source", "term": "时报网"}
    found = client.get("/admin/autocomplete/", asked).json()["results"]
    assert found == [{"id": str(source.pk), "text": "证券时报"}]


def test_an_outlet_shows_how_many_articles_it_has_and_leads_to_them():
    source = make_source("证券时报")
    make_article("甲", source=source)
    make_article("乙")
    client = editor()
    page = client.get(LIST)
    assert f'<a href="/admin/articles/article/?outlet={source.slug}">1 篇</a>' in page.content.decode()
    listed = client.get("/admin/articles/article/", {"outlet": source.slug})
    assert [article.title for article in listed.context["cl"].result_list] == ["甲"]


def test_the_list_of_outlets_takes_few_queries_however_many_there_are():
    client = chief()

    def queries() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as made:
            client.get(LIST)
        return len(made)

    make_source()
    few = queries()
    for _ in range(200):
        make_source()
    assert queries() == few <= 14


# ------------------------------------------------------------------ imports
def make_item(run=None, name: str = "甲.md", raw: bytes = b"", **fields) -> ImportItem:
    run = run or ImportRun.objects.create(options={"paths": [HOSTILE]}, counts={"created": 3, "rejected": 1})
    kept = {"raw": pack(raw), "sha256": hashlib.sha256(raw).hexdigest()}
    return ImportItem.objects.create(run=run, name=name, **{"outcome": Outcome.CREATED} | kept | fields)


def item_page(item: ImportItem, client=None):
    return (client or editor()).get(f"/admin/sources/importitem/{item.pk}/change/")


def test_a_run_shows_what_was_asked_and_leads_to_its_items_by_outcome():
    run = make_item().run
    make_item(run, "退.md", outcome="rejected", reason="没有正文")
    make_item(name="另一批.md")
    client = editor()
    page = client.get(f"/admin/sources/importrun/{run.pk}/change/")
    assert HOSTILE in words(page) and b"<img src=x" not in page.content
    assert "退回：1 条" in words(page)
    link = f"/admin/sources/importitem/?run={run.pk}&amp;outcome=rejected"
    assert link in page.content.decode()
    listed = client.get(link.replace("&amp;", "&"))
    assert [item.name for item in listed.context["cl"].result_list] == ["退.md"]
    assert "没有正文" in words(listed)


def test_an_item_shows_what_came_in_and_what_it_made():
    item = make_item(raw="---\ntitle: 沧澜\n---\n正文".encode(), reason="新")
    article = make_article("沧澜银行")
    Revision.objects.create(article=article, version=1, kind="import", import_item=item)
    said = words(item_page(item))
    for fact in ("甲.md", "新建", item.sha256, "title: 沧澜", "沧澜银行", "下载原文", "字节"):
        assert fact in said, fact


@pytest.mark.parametrize(
    "name",
    [
        f"{HOSTILE}.md",
        "a\x1b[2Jb.md",
        "a\u202efdp.md",
        "a\r\nX-Evil: 1",
        "/",
        "..",
        "\u200b",
        '"; x="',
        "新闻" * 500,
    ],
)
def test_a_file_of_any_name_is_shown_and_downloaded_safely(name):
    item, client = make_item(name=name, raw=b"<script>alert(1)</script>"), editor()
    page = item_page(item, client)
    listed = client.get("/admin/sources/importitem/")
    for response in (page, listed):
        assert response.status_code == 200
        assert b"<img src=x" not in response.content
        assert b"<script>alert" not in response.content
        assert b"\x1b" not in response.content
        assert "\u202e".encode() not in response.content
    download = client.get(f"/admin/sources/importitem/{item.pk}/raw/")
    assert download.content == b"<script>alert(1)</script>"
    assert download["Content-Type"] == "application/octet-stream"
    assert download["X-Content-Type-Options"] == "nosniff"
    assert download["Content-Disposition"].startswith("attachment; filename")
    assert "X-Evil" not in download


@pytest.mark.parametrize(
    "raw", [b"", b"\0\xff\xfe", "中文".encode("gb18030") * 9, b"\xed\xa0\x80", b"x" * WHOLE * 3]
)
def test_bytes_of_any_kind_are_previewed(raw):
    page = item_page(make_item(raw=raw))
    assert page.status_code == 200
    assert b"\0" not in page.content
    assert len(page.content) < WHOLE


def test_a_long_text_is_cut_and_says_so():
    said = words(item_page(make_item(raw="第一行\n".encode() * 200_000)))
    assert "第一行" in said and "只显示第 1 至 50000 行" in said


def test_an_item_without_bytes_says_so_and_downloads_nothing():
    item = make_item(raw=b"x")
    client = editor()
    for nothing in ({"raw": None, "sha256": ""}, {"raw": b"damaged"}):
        ImportItem.objects.update(**nothing)
        assert "未保存原文" in words(item_page(item, client))
        assert client.get(f"/admin/sources/importitem/{item.pk}/raw/").status_code == 404


def test_words_of_a_name_are_only_looked_for_within_a_run():
    item, client = make_item(name="甲乙.md", external_id="甲乙"), editor()
    found = f"/importitem/{item.pk}/change/".encode()
    searched = {
        run: found in client.get("/admin/sources/importitem/", {"q": "乙", "run": run}).content
        for run in (str(item.run_id), "", "0", "９" * 3, "9" * 25, "²", "-1", "x")
    }
    assert searched == {run: run == str(item.run_id) for run in searched}
    assert found in client.get("/admin/sources/importitem/", {"q": "甲乙"}).content


def test_only_those_who_may_see_items_download_them():
    url = f"/admin/sources/importitem/{make_item(raw=b'x').pk}/raw/"
    assert at_desk(make_user()).get(url).status_code == 403
    assert at_desk(make_user(is_staff=False)).get(url).status_code == 302


def test_records_of_imports_cannot_be_written():
    item, client = make_item(), at_desk(make_user(is_superuser=True))
    for url in (f"/admin/sources/importitem/{item.pk}/", f"/admin/sources/importrun/{item.run_id}/"):
        assert client.post(f"{url}change/", {"outcome": "rejected"}).status_code == 403
        assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    client.post(
        "/admin/sources/importitem/", {"action": "delete_selected", "_selected_action": item.pk, "post": 1}
    )
    item.refresh_from_db()
    assert item.outcome == "created"


def test_items_are_found_by_number_and_checksum():
    item = make_item(raw=b"x", external_id="NW1")
    make_item(name="乙.md", raw=b"y")
    client = editor()
    for term in ("NW1", item.sha256, item.sha256.upper()):
        found = client.get("/admin/sources/importitem/", {"q": term}).context["cl"].result_list
        assert [one.pk for one in found] == [item.pk], term
    assert not client.get("/admin/sources/importitem/", {"q": "甲"}).context["cl"].result_list
    found = client.get("/admin/sources/importitem/", {"q": "甲", "run": item.run_id})
    assert [one.pk for one in found.context["cl"].result_list] == [item.pk]


def test_unseen_characters_are_spelt_out():
    assert visible("a\x00\x1b\u202eb\udcffc\n　中") == "a\\x00\\x1b\\u202eb\\udcffc\\x0a　中"
