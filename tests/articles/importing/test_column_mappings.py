"""列对应: an editor says once what a table's columns mean, and the next such table is read by it."""

import io
import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from openpyxl import Workbook

from articles.admin.imports.format_choices import FORMAT_NAMES
from articles.admin.imports.mapping_form import FIELD_NAMES
from articles.importing.run import Options, import_found, import_paths
from articles.models import Article
from articles.reclean.run import reclean
from articles.review.review_queue import items_in_review
from sources.files.inputs import Found
from sources.formats import FORMATS
from sources.formats.table.columns import FIELDS
from sources.models import ColumnMapping, ImportItem
from sources.reading.pool import IN_A_SERVER
from sources.reading.saved_columns import keep, saved_columns
from tests.support.builders import make_source
from tests.support.editors import at_desk, chief, editor, fields_of, make_user, words

pytestmark = pytest.mark.django_db
HEADERS = ["名目", "何时", "谁写的", "写了啥"]
MEANT = {"名目": "title", "何时": "date", "谁写的": "outlet", "写了啥": "body"}
ROWS = [
    ["沧澜银行公告", "2022-03-01 09:00", "沧澜日报", "正文一。"],
    ["沧澜证券公告", "2022-03-02 09:00", "沧澜日报", "正文二。"],
]
TABLE = "\n".join(";".join(row) for row in [HEADERS, *ROWS]) + "\n"
ADD = "/admin/sources/columnmapping/add/"


def bring(text=TABLE, name="三月.csv", **options):
    data = text if isinstance(text, bytes) else text.encode()
    return import_found(
        [Found(name, "", data=data)], Options(workers=IN_A_SERVER, origin="测试", **options)
    ).run


def kept(name="月度表", meant=MEANT, source=None) -> ColumnMapping:
    return keep(name, HEADERS, meant, source, None)


@pytest.fixture
def rejected() -> ImportItem:
    return bring().items.get(outcome="rejected")


def columns_url(item) -> str:
    return f"/admin/sources/shelveditem/{item.pk}/columns/"


def choose(client, item, **more):
    sent = fields_of(client.get(columns_url(item)).content, "mapping_form")
    sent |= {f"column-{at}": MEANT[name] for at, name in enumerate(HEADERS)}
    return client.post(columns_url(item), sent | {"name": "月度表"} | more, follow=True)


# ------------------------------------------------------------------ reading by what was kept
def test_a_table_with_a_kept_header_is_read_by_it_and_says_so():
    kept()
    run = bring()
    assert run.counts == {"created": 2}
    assert {article.source.name for article in Article.objects.all()} == {"沧澜日报"}
    assert "按保存的列对应“月度表”读出" in run.items.first().reason


def test_columns_may_stand_in_another_order_and_spelling():
    kept()
    turned = "\n".join(";".join(reversed(row)) for row in [[f" {one} " for one in HEADERS], *ROWS])
    assert bring(turned).counts == {"created": 2}


def test_json_lines_and_workbooks_are_read_by_it_too():
    kept()
    line = '{"名目": "甲", "何时": "2022-03-01", "谁写的": "沧澜日报", "写了啥": "正文。"}'
    assert bring(line, "a.jsonl").counts == {"created": 1}
    book, file = Workbook(), io.BytesIO()
    for row in [HEADERS, *ROWS]:
        book.active.append(row)
    book.save(file)
    assert bring(file.getvalue(), "a.xlsx").counts == {"created": 2}


def test_worker_processes_read_by_it_too(tmp_path):
    kept()
    for number in range(900):
        (tmp_path / f"{number:03}.csv").write_text(TABLE.replace("公告", f"公告{number}"))
    assert import_paths(Options([str(tmp_path)], workers=2)).counts == {"created": 1800}


def test_the_command_reads_by_it(tmp_path):
    kept()
    (tmp_path / "a.csv").write_text(TABLE)
    call_command("import_articles", str(tmp_path), workers=IN_A_SERVER)
    assert Article.objects.count() == 2


def test_another_header_is_not_read_by_it():
    kept()
    assert bring(TABLE.replace("写了啥", "写了什么")).counts == {"rejected": 1}


def test_what_the_editor_left_out_is_left_out():
    kept(meant=MEANT | {"谁写的": ""})
    bring()
    assert {article.source.name for article in Article.objects.all()} == {"来源不明"}


def test_an_outlets_own_reading_goes_before_that_for_all():
    one, other = make_source("渝州晨报"), make_source("石城晚报")
    without = MEANT | {"谁写的": ""}
    kept("通用")
    kept("渝州", without, one)
    assert [saved.name for saved in saved_columns("渝州晨报").values()] == ["渝州"]
    assert [saved.name for saved in saved_columns("石城晚报").values()] == ["通用"]
    assert [saved.name for saved in saved_columns("").values()] == ["通用"]
    kept("石城", without, other)
    ColumnMapping.objects.filter(source=None).delete()
    assert saved_columns("") == {}  # two outlets' own, and nobody says which


def test_rows_without_an_outlet_are_of_the_outlet_it_was_made_for():
    kept(meant=MEANT | {"谁写的": ""}, source=make_source("渝州晨报"))
    bring(source="渝州晨报")
    assert {article.source.name for article in Article.objects.all()} == {"渝州晨报"}


def test_a_reading_kept_for_one_outlet_is_used_for_no_other():
    kept(meant=MEANT | {"谁写的": ""}, source=make_source("渝州晨报"))
    for named in ("", "石城晚报"):
        assert bring(source=named).counts == {"rejected": 1}
    assert not Article.objects.exists()


@pytest.mark.parametrize("made_for", ["", "沧澜日报"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("三月.csv", TABLE),
        ("三月.jsonl", "\n".join(json.dumps(dict(zip(HEADERS, row, strict=True))) for row in ROWS)),
    ],
)
def test_rows_that_were_read_by_it_are_cleaned_again_and_explained(name, text, made_for):
    kept(source=make_source(made_for) if made_for else None)
    item = bring(text, name, source=made_for).items.first()
    assert reclean().counts == {"unchanged": 2}
    page = words(chief().get(f"/admin/sources/importitem/{item.pk}/explained/"))
    assert "沧澜日报 · 2022-03-0" in page


# ------------------------------------------------------------------ from a rejected table
def test_the_columns_of_a_rejected_table_are_shown_with_its_first_rows(rejected):
    client = editor()
    assert (
        columns_url(rejected)
        in client.get(f"/admin/sources/importitem/{rejected.pk}/change/").content.decode()
    )
    said = words(client.get(columns_url(rejected)))
    for fact in (*HEADERS, *ROWS[0], *ROWS[1], "第一行没有认得的列名"):
        assert fact in said, fact


def test_a_preview_reads_the_rows_and_keeps_nothing(rejected):
    said = words(choose(chief(), rejected, _preview="1"))
    assert "前几行会读成这样" in said and "2022-03-02 09:00" in said and "正文二。" in said
    assert not ColumnMapping.objects.exists() and not Article.objects.exists()


def test_saved_it_is_tried_again_at_once(rejected):
    said = words(choose(chief(), rejected))
    assert "列对应“月度表”已保存" in said and "新建 2 条" in said
    assert Article.objects.filter(status="published").count() == 2
    mapping = ColumnMapping.objects.get()
    assert mapping.columns == {"title": ["名目"], "date": ["何时"], "outlet": ["谁写的"], "body": ["写了啥"]}
    assert not items_in_review().exists()
    assert set(ImportItem.objects.filter(mends=rejected).values_list("name", flat=True)) == {
        "三月.csv:2",
        "三月.csv:3",
    }
    assert bring(TABLE.replace("公告", "季报"), "四月.csv").counts == {"created": 2}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"column-3": ""}, "还没有指定哪一列是正文"),
        ({"column-0": "nonsense"}, "选择一个有效的选项"),
        ({"outlet": "没有这家"}, "没有“没有这家”这个来源"),
        ({"outlet": "渝州晨报"}, "就不要再填来源"),
        ({"name": ""}, "这个字段是必填项"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(rejected, more, said):
    make_source("渝州晨报")
    assert said in words(choose(chief(), rejected, **more))
    assert not ColumnMapping.objects.exists() and not Article.objects.exists()


def test_no_table_no_columns(rejected):
    ImportItem.objects.filter(pk=rejected.pk).update(name="甲.md")
    assert "读不出列" in words(chief().get(columns_url(rejected), follow=True))


# ------------------------------------------------------------------ from a sample file, and afterwards
def test_from_a_sample_file_a_reading_is_made_and_nothing_imported():
    client = chief()
    page = client.post(ADD, {"file": SimpleUploadedFile("样表.csv", TABLE.encode())})
    sent = fields_of(page.content, "mapping_form") | {"name": "样表"}
    sent |= {f"column-{at}": MEANT[name] for at, name in enumerate(HEADERS)}
    assert "正文一。" in words(client.post(ADD, sent | {"_preview": "1"}))
    assert "列对应“样表”已保存" in words(client.post(ADD, sent, follow=True))
    assert not Article.objects.exists()
    assert bring().counts == {"created": 2}


@pytest.mark.parametrize("name", ["甲.md", "空.csv", "坏.xlsx"])
def test_a_sample_that_is_no_table_is_refused_in_words(name):
    page = chief().post(ADD, {"file": SimpleUploadedFile(name, b"x" if name != "空.csv" else b"\n")})
    assert "读不出列" in words(page)


@pytest.mark.parametrize(
    "sample", ["[]", "{", '{"names": [], "rows": []}', '{"names": ["a"], "rows": [[]]}', "[" * 9999]
)
def test_a_forged_sample_is_taken_for_none(sample):
    assert "样表" in words(chief().post(ADD, {"sample": sample, "name": "x"}))


def test_a_reading_is_changed_and_deleted():
    mapping, client = kept(), chief()
    url = f"/admin/sources/columnmapping/{mapping.pk}/change/"
    sent = fields_of(client.get(url).content, "mapping_form")
    assert [sent[f"column-{at}"] for at in range(4)] == list(MEANT.values())
    client.post(url, sent | {"column-2": "author"})
    mapping.refresh_from_db()
    assert mapping.columns["author"] == ["谁写的"] and ColumnMapping.objects.count() == 1
    assert "谁写的" in words(client.get("/admin/sources/columnmapping/"))
    root = at_desk(make_user(is_superuser=True))
    root.post(f"/admin/sources/columnmapping/{mapping.pk}/delete/", {"post": "yes"})
    assert not ColumnMapping.objects.exists()


def test_two_readings_of_one_name_are_refused_in_words(rejected):
    keep("月度表", ["别的", "表头"], {}, None, None)
    assert "已有同名的列对应" in words(choose(chief(), rejected))
    assert not Article.objects.exists()


def test_only_those_who_may_keep_readings_do(rejected):
    user = make_user()
    for right in ("view_importitem", "add_importrun", "view_columnmapping"):
        user.user_permissions.add(Permission.objects.get(codename=right))
    client, mapping = at_desk(user), kept()
    assert client.get(columns_url(rejected)).status_code == 403
    assert client.post(columns_url(rejected), {"name": "x"}).status_code == 403
    assert client.get(ADD).status_code == 403
    assert client.post(f"/admin/sources/columnmapping/{mapping.pk}/change/", {"name": "x"}).status_code == 403


def test_every_format_has_a_name_at_the_desk():
    assert FORMAT_NAMES.keys() == {"auto", *FORMATS}


def test_every_field_of_a_table_has_a_name_at_the_desk():
    assert FIELD_NAMES.keys() == {"", *FIELDS}
