"""待处理: what could not be taken as it came is shown, mended, tried again, given up, and never lost."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.importing.run import Options, import_found
from articles.models import Article, Revision
from articles.review.review_queue import items_in_review
from articles.undo.undo import undo_import
from sources.files.inputs import Found
from sources.models import ImportItem, ImportRun, Settlement
from sources.reading.pool import IN_A_SERVER
from tests.support.editors import at_desk, chief, editor, fields_of, make_user, words

pytestmark = pytest.mark.django_db
SHELF = "/admin/sources/shelveditem/"
TABLE = (
    "id,title,date,source,body\n"
    "1,沧澜银行公告,2022-03-01 09:00,沧澜日报,正文一。\n"
    "2,少了两列,2022-03-01\n"
    "3,沧澜证券公告,2022-03-01 10:00,沧澜日报,正文三。\n"
)
HEADER, BROKEN_ROW = TABLE.splitlines()[0], TABLE.splitlines()[2]
MENDED = f"{HEADER}\n2,少了两列,2022-03-01 11:00,沧澜日报,正文二。\n"
UNDATED = '---\ntitle: "没有日期的稿件"\nsource: 沧澜日报\n---\n<p>正文。</p>'


def bring(name, text, **options) -> ImportRun:
    data = text if isinstance(text, bytes) else text.encode()
    return import_found(
        [Found(name, "", data=data)], Options(workers=IN_A_SERVER, origin="测试", **options)
    ).run


@pytest.fixture
def broken() -> ImportItem:
    """The one row of a table that could not be read."""
    return bring("三月.csv", TABLE).items.get(outcome="rejected")


def page_of(item, action="mend") -> str:
    return f"{SHELF}{item.pk}/{action}/"


def item_url(item) -> str:
    return f"/admin/sources/importitem/{item.pk}/change/"


def send(client, item, button, **changes):
    sent = fields_of(client.get(page_of(item)).content, "mend_form") | changes
    return client.post(page_of(item), sent | {button: "1"})


def shelved() -> list[str]:
    return sorted(items_in_review().values_list("name", flat=True))


# ------------------------------------------------------------------ the list
def test_the_shelf_holds_what_was_rejected_and_what_waits_in_review(broken):
    bring("没有日期.md", UNDATED)
    assert shelved() == ["三月.csv:3", "没有日期.md"]
    said = words(editor().get(SHELF))
    assert "第 3 行有 3 列" in said and "没有日期.md" in said and "三月.csv:2" not in said


def test_a_published_article_leaves_the_shelf():
    bring("没有日期.md", UNDATED)
    article = Article.objects.get()
    article.published_at, article.status = timezone.now(), "published"
    article.revise("edit", make_user())
    assert shelved() == []


def test_a_text_that_waits_beside_an_editors_is_on_the_shelf():
    bring("NW202203010000000001.md", UNDATED)
    article = Article.objects.get()
    article.title = "编辑的题"
    article.revise("edit", make_user())
    bring("NW202203010000000001.md", UNDATED.replace("正文", "新文"))
    assert sorted(items_in_review().values_list("outcome", flat=True)) == ["conflict", "review"]


def test_the_filters_narrow_the_shelf(broken):
    run = bring("没有日期.md", UNDATED)
    client = editor()

    def names(**asked):
        return [item.name for item in client.get(SHELF, asked).context["cl"].result_list]

    assert names(outcome="rejected") == names(kind="table") == names(q="列") == ["三月.csv:3"]
    assert names(outcome="review") == names(kind="jekyll") == names(run=run.pk) == ["没有日期.md"]
    assert names(outlet="沧澜日报") == ["没有日期.md"]
    assert names(kind="archive") == []


def test_the_desk_home_counts_the_shelf(broken):
    figures = {figure.label: figure for figure in editor().get("/admin/").context["figures"]}
    assert (figures["待处理的条目"].number, figures["待处理的条目"].address) == ("1", SHELF)


def test_the_shelf_takes_few_queries_however_many_there_are(broken):
    client = editor()

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            client.get(SHELF)
        return len(made)

    few = queries()
    rows = [ImportItem(run=broken.run, name=f"{i}.md", outcome="rejected") for i in range(60)]
    ImportItem.objects.bulk_create(rows)
    assert queries() == few <= 12


# ------------------------------------------------------------------ an item's page
def test_the_item_page_says_why_and_marks_the_line(broken):
    page = editor().get(item_url(broken))
    text = page.content.decode()
    assert '<div class="wrong" id="line-2">' in text and 'href="#line-2"' in text
    assert text.index("第 3 行有 3 列") < text.index("少了两列") < text.index("SHA-256")
    assert f'href="{item_url(broken)}#line-2"' in editor().get(SHELF).content.decode()


def test_broken_bytes_are_marked_and_the_encoding_is_named():
    item = bring("坏.md", UNDATED.encode() + b"\n<p>\xff</p>").items.get()
    text = editor().get(item_url(item)).content.decode()
    assert '<mark title="坏字节">\ufffd</mark>' in text and "按 UTF-8 读出" in text
    assert '<div class="wrong" id="line-6">' in text


def test_a_binary_is_shown_in_hex_and_can_be_downloaded():
    item = bring("坏.xlsx", b"PK\x03\x04\0\0\1").items.get()
    client = editor()
    text = client.get(item_url(item)).content.decode()
    assert "50 4b 03 04" in text and "下载原始文件" in text
    assert "不能在这里改" in words(client.get(page_of(item)))


def test_of_a_long_text_the_part_about_the_fault_is_shown_and_edited():
    lines = [f'{{"title": "第 {i} 条", "body": "{"正文" * 40}", "date": "2022-03-01"}}' for i in range(9000)]
    lines[7000] = "不是 JSON"
    item = bring("长.jsonl", "\n".join(lines), format="page").items.get()
    said = "第 7001 行读不懂"
    wrong = {"reason": said, "problems": [["bad-part", 7001, said]]}
    ImportItem.objects.filter(pk=item.pk).update(outcome="rejected", **wrong)
    client = chief()
    text = client.get(item_url(item)).content.decode()
    assert 'class="wrong" id="line-7001"' in text and "第 0 条" not in text and len(text) < 3_000_000
    form = fields_of(client.get(page_of(item)).content, "mend_form")
    assert "不是 JSON" in form["text"] and "第 0 条" not in form["text"]
    sent = form | {"text": form["text"].replace("不是 JSON", ""), "format": "table", "_preview": "1"}
    said = words(client.post(page_of(item), sent))
    assert "另有 8979 条没有列出" in said  # 8999 good rows, 20 shown: nothing about the part was lost


# ------------------------------------------------------------------ mending
def test_a_preview_shows_what_it_would_become_and_writes_nothing(broken):
    before = (ImportItem.objects.count(), Article.objects.count(), ImportRun.objects.count())
    said = words(send(chief(), broken, "_preview", text=MENDED))
    for fact in ("会变成这样", "新建", "少了两列", "沧澜日报", "2022-03-01 11:00", "正文二。"):
        assert fact in said, fact
    assert before == (ImportItem.objects.count(), Article.objects.count(), ImportRun.objects.count())
    assert "_import" not in chief().get(page_of(broken)).content.decode()  # first one looks


def test_a_mended_text_comes_in_and_the_old_item_stays_as_it_was(broken):
    raw = broken.raw_bytes()
    response = send(chief(), broken, "_import", text=MENDED)
    new = ImportItem.objects.get(mends=broken)
    assert response.url == item_url(new)
    assert (new.outcome, new.name, new.raw_bytes()) == ("created", broken.name, MENDED.encode())
    assert Article.objects.get(title="少了两列").status == "published"
    broken.refresh_from_db()
    assert (broken.outcome, broken.raw_bytes()) == ("rejected", raw)
    assert shelved() == []
    assert "已重新导入" in words(editor().get(item_url(broken)))


def test_an_editor_without_the_right_to_publish_brings_it_to_review(broken):
    said = words(send(editor(), broken, "_preview", text=MENDED))
    assert "你没有发布权" in said and "请主编核对后发布" in said
    send(editor(), broken, "_import", text=MENDED)
    assert Article.objects.get(title="少了两列").status == "review"


def test_sent_twice_it_comes_in_once(broken):
    client = chief()
    sent = fields_of(client.get(page_of(broken)).content, "mend_form") | {"text": MENDED, "_import": "1"}
    client.post(page_of(broken), sent)
    runs = ImportRun.objects.count()
    assert "已经处理过" in words(client.get(page_of(broken), follow=True))
    assert "没有再导入一次" in words(client.post(page_of(broken), sent, follow=True))
    assert ImportRun.objects.count() == runs and Article.objects.filter(title="少了两列").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_comes_in_once(broken):
    client = chief()
    sent = fields_of(client.get(page_of(broken)).content, "mend_form") | {"text": MENDED, "_import": "1"}
    start, codes = threading.Barrier(4), []

    def submit():
        start.wait()
        codes.append(client.post(page_of(broken), sent).status_code)
        connection.close()

    threads = [threading.Thread(target=submit) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert codes == [302] * 4
    assert Article.objects.filter(title="少了两列").count() == 1
    assert Settlement.objects.count() == ImportItem.objects.filter(mends=broken).count() == 1


def test_what_is_still_wrong_is_not_imported_and_the_typed_text_stays(broken):
    page = send(chief(), broken, "_import", text=f"{HEADER}\n2,还是少列\n")
    assert "还是不行" in words(page) and "还是少列" in page.content.decode()
    assert shelved() == ["三月.csv:3"] and not Settlement.objects.exists()


def test_as_it_was_it_is_tried_again(broken):
    assert "还是不行" in words(chief().post(page_of(broken, "again"), follow=True))
    assert not ImportItem.objects.filter(mends=broken).exists()
    ImportItem.objects.filter(pk=broken.pk).update(raw=None, sha256=bring_sha(MENDED))  # we read better now
    chief().post(page_of(broken, "again"))
    assert Article.objects.filter(title="少了两列").exists() and shelved() == []


def bring_sha(text: str) -> str:
    """The hash under which these bytes are kept by an item of a run that was undone."""
    run = bring("别处.csv", text)
    undo_import(run)
    return run.items.exclude(raw=None).first().sha256


def test_undoing_the_retry_puts_the_item_back_and_it_can_be_mended_anew(broken):
    send(chief(), broken, "_import", text=MENDED)
    undo_import(ImportItem.objects.get(mends=broken).run)
    assert not Article.objects.filter(title="少了两列").exists() and shelved() == ["三月.csv:3"]
    send(chief(), broken, "_import", text=MENDED)
    assert Article.objects.filter(title="少了两列").exists() and shelved() == []
    assert Settlement.objects.filter(item=broken).count() == 2


def test_a_mended_text_becomes_the_next_version_of_its_article():
    item = bring("没有日期.md", UNDATED).items.get()
    article = Article.objects.get()
    dated = UNDATED.replace("title:", "date: 2022-03-01 09:00:00 +0800\ntitle:")
    send(chief(), item, "_import", text=dated, source="渝州晨报")
    article = Article.objects.get()
    assert (article.status, article.version, article.source.name) == ("published", 2, "渝州晨报")
    assert article.revisions.get(version=2).import_item.mends == item
    assert shelved() == []
    undo_import(ImportItem.objects.get(mends=item).run)
    article.refresh_from_db()
    assert (article.status, article.version, article.source.name) == ("review", 1, "沧澜日报")
    assert shelved() == ["没有日期.md"]


def test_a_mended_text_never_overwrites_an_editors():
    item = bring("没有日期.md", UNDATED).items.get()
    article = Article.objects.get()
    article.title = "编辑的题"
    article.revise("edit", make_user())
    send(chief(), item, "_import", text=UNDATED.replace("正文", "新文"))
    article.refresh_from_db()
    assert (article.title, article.text) == ("编辑的题", "正文。")
    waiting = article.revisions.get(state=Revision.State.PENDING)
    assert "新文" in waiting.snapshot["body_html"]


def test_a_hostile_text_is_shown_as_text():
    item = bring("<img src=x>.csv", "a,b\n<script>alert(1)</script></textarea>,1\n").items.get()
    client = chief()
    for url in (item_url(item), page_of(item), SHELF):
        page = client.get(url)
        assert b"<script>alert" not in page.content and b"<img src=x" not in page.content


# ------------------------------------------------------------------ giving up
def test_a_dismissed_item_leaves_the_shelf_with_who_when_and_why(broken):
    client = editor()
    assert "请写明放弃的原因" in words(client.post(page_of(broken, "dismiss"), {"reason": " "}))
    assert shelved() == ["三月.csv:3"]
    client.post(page_of(broken, "dismiss"), {"reason": "原稿已另行收录"})
    assert shelved() == []
    said = words(client.get(item_url(broken)))
    assert "已放弃" in said and "原稿已另行收录" in said and Settlement.objects.get().by.username in said
    client.post(page_of(broken, "dismiss"), {"reason": "又一次"})
    assert Settlement.objects.get().reason == "原稿已另行收录"


def test_a_dismissal_is_taken_back_and_stays_on_record(broken):
    client = editor()
    client.post(page_of(broken, "dismiss"), {"reason": "看错了"})
    assert client.get(page_of(broken, "back")).status_code == 404
    client.post(page_of(broken, "back"))
    assert shelved() == ["三月.csv:3"]
    taken_back = Settlement.objects.get()
    assert taken_back.taken_back_at and taken_back.taken_back_by
    client.post(page_of(broken, "dismiss"), {"reason": "确实没用"})
    assert shelved() == [] and Settlement.objects.count() == 2


# ------------------------------------------------------------------ who may
def test_who_may_only_look_can_change_nothing(broken):
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="view_importitem"))
    client = at_desk(user)
    said = words(client.get(item_url(broken)))
    assert "第 3 行有 3 列" in said
    for word in ("修改后重试", "原样重试", "放弃"):
        assert word not in said
    for action in ("mend", "again", "dismiss", "back"):
        for answer in (client.get(page_of(broken, action)), client.post(page_of(broken, action), {})):
            assert answer.status_code == 403, action
    assert at_desk(make_user()).get(SHELF).status_code == 403
