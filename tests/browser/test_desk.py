"""The desk as Chromium shows it: no page complains, and a corrected headline reaches the readers."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article, Revision
from sources.files.raw_bytes import pack
from sources.models import ImportItem, ImportRun, Upload
from sources.reading.saved_columns import keep
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.editors import make_user

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "沧澜-2021-很长的密码"
HOSTILE = "<img src=x onerror=alert(1)>"


def log_in(page: Page, group: str = "主编") -> None:
    user = make_user(group)
    user.set_password(PASSWORD)
    user.save()
    page.goto("/admin/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


@pytest.fixture
def newsroom():
    """One of everything, with hostile names, and the pages that show them."""
    article = make_article(
        f"{HOSTILE}题",
        source=make_source(f"{HOSTILE}社"),
        category=make_category(f"{HOSTILE}栏"),
        securities=[make_security("601939.SH", name=HOSTILE)],
        tags=[HOSTILE],
        byline=HOSTILE,
    )
    run = ImportRun.objects.create(options={"paths": [HOSTILE]}, counts={"created": 1})
    waits = ImportItem.objects.create(
        run=run,
        name=f"{HOSTILE}.csv",
        reason=f"第 1 行：{HOSTILE}",
        outcome="rejected",
        raw=pack(f"{HOSTILE}\n{HOSTILE}\n".encode()),
    )
    layout = {"blocks": [HOSTILE], "articles": [], "repeats": {}, "left_over": [1], "variants": {}}
    printed = ImportItem.objects.create(run=run, name=HOSTILE, outcome="skipped", layout=layout)
    row = {
        "name": HOSTILE,
        "label": "退回",
        "outcome": "rejected",
        "reason": HOSTILE,
        "title": HOSTILE,
        "outlet": HOSTILE,
    }
    upload = Upload.objects.create(
        files=[[HOSTILE, 1]], source=HOSTILE, rehearsal={"counts": {}, "rows": [row]}
    )
    mapping = keep(HOSTILE, [HOSTILE], {HOSTILE: "title"}, None, None)
    shelf = "/admin/sources/shelveditem"
    item = ImportItem.objects.create(run=run, name=f"{HOSTILE}\u202e.md", reason=HOSTILE, outcome="created")
    Revision.objects.create(article=article, version=1, kind="import", import_item=item, reason=HOSTILE)
    waiting = {
        "snapshot": article.kept() | {"title": f"{HOSTILE}新"},
        "state": "pending",
        "import_item": item,
    }
    pending = Revision.objects.create(article=article, kind="import", **waiting)
    one = f"/admin/articles/article/{article.pk}"
    return [
        *(
            "/admin/",
            "/admin/articles/article/",
            f"/admin/articles/article/?outlet={HOSTILE}&since=2021-01-01",
        ),
        *("/admin/articles/article/add/", f"{one}/change/", f"{one}/history/", f"{one}/withdraw/"),
        *(f"{one}/versions/{pending.pk}/", "/admin/articles/category/", "/admin/articles/category/add/"),
        *("/admin/articles/security/", "/admin/sources/source/", "/admin/sources/source/add/"),
        *(f"/admin/sources/source/{article.source_id}/change/", "/admin/sources/importrun/"),
        *(f"/admin/sources/importrun/{run.pk}/change/", f"/admin/sources/importitem/{item.pk}/change/"),
        *("/admin/sources/importitem/", "/admin/taggit/tag/", "/admin/password_change/"),
        *(f"{shelf}/", f"/admin/sources/importitem/{waits.pk}/change/", f"{shelf}/{waits.pk}/mend/"),
        *(f"{shelf}/{waits.pk}/dismiss/", f"{shelf}/{waits.pk}/columns/", f"{shelf}/{printed.pk}/split/"),
        *(
            "/admin/sources/upload/",
            "/admin/sources/upload/add/",
            f"/admin/sources/upload/{upload.pk}/change/",
        ),
        *("/admin/sources/columnmapping/", "/admin/sources/columnmapping/add/"),
        f"/admin/sources/columnmapping/{mapping.pk}/change/",
    ]


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_the_desk_complains_or_runs_out_of_its_frame(page, complaints, newsroom, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    log_in(page)
    for url in newsroom:
        response = page.goto(url)
        assert response.status == 200, url
        assert complaints == [], url
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url


def test_a_corrected_headline_reaches_the_readers_and_the_sources_own_stays(page, complaints):
    article = make_article("沧澜银行净利闰增长", source=make_source("证券时报"))
    log_in(page, "编辑")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.locator("#id_title").fill("沧澜银行净利润增长")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("请写明改了什么")).to_be_visible()
    page.locator("#id_reason").fill("改正错字")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(f"/articles/{article.pk}/")
    expect(page.locator("h1")).to_have_text("沧澜银行净利润增长")
    expect(page.get_by_text("沧澜银行净利闰增长")).to_be_visible()
    assert complaints == []


def test_the_second_editor_sees_the_conflict_and_saves_knowingly(page, complaints):
    article = make_article("原题", status="review")
    log_in(page, "编辑")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    theirs = Article.objects.get(pk=article.pk)
    theirs.title = "甲的题"
    theirs.revise("edit", make_user("编辑", last_name="李", first_name="明"), "甲改了题")
    page.locator("#id_title").fill("乙的题")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="两个人改了同一篇稿件")).to_be_visible()
    expect(page.get_by_text("李明")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("乙的题")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert (article.title, article.original_title, article.version) == ("乙的题", "原题", 3)
    assert complaints == []


def test_a_chief_publishes_from_the_list_and_withdraws_with_a_reason(page, complaints):
    article = make_article("要发的稿", status="review")
    log_in(page)
    page.goto("/admin/articles/article/")
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").select_option(label="发布所选稿件")
    page.get_by_role("button", name="运行").click()
    expect(page.get_by_text("发布了 1 篇")).to_be_visible()
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.get_by_role("link", name="撤下……").click()
    page.get_by_label("撤下的原因").fill("事实有误")
    page.get_by_role("button", name="撤下 1 篇").click()
    expect(page.get_by_text("撤下了 1 篇")).to_be_visible()
    article.refresh_from_db()
    assert article.status == "withdrawn"
    assert complaints == []


def test_an_outlet_is_chosen_by_typing_and_found_by_pinyin(page, complaints):
    source = make_source("证券时报")
    make_source("新华社")
    log_in(page)
    page.goto("/admin/articles/article/add/")
    page.locator("#id_title").fill("新稿")
    page.locator(".field-source .select2-selection").click()
    page.locator(".select2-search__field").fill("zhengquan")
    page.get_by_role("option", name="证券时报").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Article.objects.get().source == source
    assert complaints == []


def test_the_outlet_filter_works_without_javascript(chromium, live_server):
    make_article("甲", source=make_source("证券时报"))
    make_article("乙", source=make_source("新华社"))
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    log_in(page)
    page.goto("/admin/articles/article/")
    page.get_by_label("名称、别名或地址名").fill("时报")
    page.locator("form:has(#filter_outlet) button").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.get_by_text("正在看：证券时报")).to_be_visible()
    context.close()
