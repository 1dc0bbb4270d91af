"""Two outlets become one and two again: nothing is lost, nobody's work is overwritten, no address dies."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.importing.run import Options, import_paths
from articles.models import Article, Revision, TaggedArticle
from articles.models.summaries import OutletFront
from articles.taxonomy.merge_outlets import CannotMerge, belongings, merge, unmerge
from articles.undo.undo import undo_import
from sources.models import ImportRun, OldSlug, Source, SourceAlias
from sources.models.outlet_history import Renaming, SourceMerge, Unlike
from sources.reading.pool import IN_A_SERVER
from sources.run_control.import_lock import ImportUnderWay
from tests.articles.importing.test_interrupted_imports import somebody_elses_turn
from tests.support.builders import make_article, make_source
from tests.support.editors import (
    at_desk,
    change_url,
    chief,
    correct,
    editor,
    make_user,
    open_form,
    words,
)

pytestmark = pytest.mark.django_db
NEW = "/admin/sources/sourcemerge/new/"
# What an undo puts back, row for row; versions and history go on growing.
PUT_BACK = [Source, SourceAlias, OldSlug, Renaming, Unlike, OutletFront, TaggedArticle]


def tables() -> dict:
    rows = {model: list(model.objects.order_by("pk").values()) for model in PUT_BACK}
    # A front is made anew: its own id means nothing.
    rows[OutletFront] = list(OutletFront.objects.order_by("source").values("source", "count", "newest"))
    return rows


def filed() -> dict[str, str]:
    return dict(Article.objects.values_list("title", "source__name"))


@pytest.fixture
def pair():
    """TechWeb with an alias, an old address, a renaming and two articles; Tech网 with one."""
    merged, stays = make_source("TechWeb"), make_source("Tech网")
    merged.add_alias("泰克网")
    merged.keep_old_slug("TechWeb")
    for title in ("甲", "乙"):
        make_article(title, source=merged)
    make_article("丙", source=stays)
    return merged, stays


def bring(folder) -> ImportRun:
    return import_paths(Options([str(folder)], workers=IN_A_SERVER)).run


def post(folder, number, body="正文。", outlet="国际商报", slug="guojishangbao"):
    folder.mkdir(exist_ok=True)
    text = (
        f'---\nlayout: post\ntitle: "第 {number} 篇"\ndate: 2022-03-01 09:00:00 +0800\ncategories: {slug}\n'
    )
    path = folder / f"2022-03-01-NW{202203010000000000 + number}.md"
    path.write_text(f"{text}tags: {outlet}新闻\n---\n<p>第 {number} 篇。</p><p>{body}</p>")


# ------------------------------------------------------------------ together
def test_everything_of_the_merged_outlet_belongs_to_the_one_that_stays(pair):
    merged, stays = pair
    done = merge(merged.pk, stays.pk)
    assert filed() == {"甲": "Tech网", "乙": "Tech网", "丙": "Tech网"}
    assert not Source.objects.filter(name="TechWeb").exists()
    for name in ("TechWeb", "techweb", "泰克网", "Tech网"):
        assert Source.objects.named(name) == stays
    assert done.articles == 2
    front = OutletFront.objects.get()
    assert (front.source, front.count) == (stays, 3)


def test_a_merge_counts_as_a_change_and_keeps_the_version_before(pair, client):
    merged, stays = pair
    article = Article.objects.get(title="甲")
    before = article.kept()
    merge(merged.pk, stays.pk, make_user("主编"))
    article.refresh_from_db()
    assert article.version == 2
    page = chief().get(f"/admin/articles/article/{article.pk}/history/")
    assert "合并来源" in words(page) and "“TechWeb”并入“Tech网”" in words(page)
    # No text was copied; the next change keeps it.
    assert not Revision.objects.filter(snapshot__isnull=False).exists()
    article.title = "甲（改）"
    article.revise("edit", make_user("编辑"), "改题")
    kept = Revision.objects.get(article=article, version=2).snapshot
    assert kept | {"source_id": merged.pk} == before | {"updated_at": kept["updated_at"]}


def test_the_version_before_a_merge_can_be_read_and_restored(pair):
    merged, stays = pair
    article, desk = make_article("丁", source=merged), chief()
    correct(desk, article, title="丁二", reason="改题")
    first = Revision.objects.get(article=article, version=1)
    second = Revision.objects.get(article=article, version=2)
    merge(merged.pk, stays.pk)
    page = words(desk.get(f"/admin/articles/article/{article.pk}/versions/{second.pk}/"))
    assert "丁二" in page and "没有另存文字" not in page
    third = Revision.objects.get(article=article, version=3)
    page = words(desk.get(f"/admin/articles/article/{article.pk}/versions/{third.pk}/"))
    assert "TechWeb" in page and "Tech网" in page and "丁" not in page.partition("与上一版相比")[2][:40]
    desk.post(
        f"/admin/articles/article/{article.pk}/versions/{first.pk}/restore/", {"version": 3, "reason": "还原"}
    )
    article.refresh_from_db()
    assert (article.title, article.source) == ("丁", stays)


def test_readers_are_not_told_of_an_update(client):
    merged, stays = make_source(), make_source()
    article = make_article("甲", source=merged, published_at=datetime(2021, 12, 29, tzinfo=UTC))
    assert "更新" not in words(client.get(article.get_absolute_url()))
    merge(merged.pk, stays.pk)
    page = client.get(article.get_absolute_url())
    assert "更新" not in words(page) and b"dateModified" not in page.content
    assert stays.name in words(page)


def test_an_editor_with_such_an_article_open_is_told_and_loses_nothing(pair):
    merged, stays = pair
    article, desk = Article.objects.get(title="甲"), editor()
    sent = open_form(desk, article) | {"title": "甲（改）", "reason": "改题"}
    merge(merged.pk, stays.pk)
    page = desk.post(change_url(article), sent)
    assert "别人改过它" in words(page) and "“TechWeb”并入“Tech网”" in words(page)
    article.refresh_from_db()
    assert (article.title, article.version) == ("甲", 2)
    again = {name: field for name, field in sent.items() if name != "version"} | {"version": "2"}
    assert desk.post(change_url(article), again).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.source) == ("甲（改）", stays)


def test_a_copy_read_before_the_merge_cannot_overwrite_it(pair):
    merged, stays = pair
    stale = Article.objects.get(title="甲")
    merge(merged.pk, stays.pk)
    stale.title = "旧的"
    with pytest.raises(Exception, match="已被别人改过"):
        stale.save()
    assert filed()["甲"] == "Tech网"


def test_old_addresses_lead_on_in_one_hop_through_a_chain_of_merges(pair, client):
    merged, stays = pair
    last = make_source("科技日报")
    merge(merged.pk, stays.pk)
    merge(stays.pk, last.pk)
    there = "/sources/kejiribao/"
    leads = {
        "/sources/techweb/": there,
        "/sources/techweb": there,
        "/sources/techwang/": there,
        "/sources/techweb/feed.xml": f"{there}feed.xml",
        "/sources/techweb/?from=2022-01-01&next=//evil.example&page=3": f"{there}?from=2022-01-01",
        "/category/TechWeb.html": there,
        "/TechWeb/": there,
    }
    for address, target in leads.items():
        response = client.get(address)
        assert (response.status_code, response.headers.get("Location")) == (301, target), address
        assert client.get(target).status_code == 200
    assert client.get("/archive/2021/12/29/?source=techweb").context["page"].articles


def test_an_address_that_is_in_use_never_leads_to_itself(client):
    source = make_source("国际商报")
    source.keep_old_slug("guojishangbao")
    make_article(source=source)
    assert client.get("/sources/guojishangbao/").status_code == 200
    assert client.get("/sources/guojishangbao/feed.rss").status_code == 404


def test_a_merge_takes_few_statements_however_many_articles(pair):
    merged, stays = pair

    def statements(pks) -> int:
        with CaptureQueriesContext(connection) as made:
            merge(*pks)
        return len(made)

    few = statements((merged.pk, stays.pk))
    other = make_source()
    for _ in range(60):
        make_article(source=other)
    assert statements((other.pk, stays.pk)) <= few + 1


def test_a_merge_waits_for_no_import_but_refuses_by_name(pair):
    merged, stays = pair
    with somebody_elses_turn(), pytest.raises(ImportUnderWay):
        merge(merged.pk, stays.pk)
    assert Source.objects.filter(pk=merged.pk).exists()


def test_what_cannot_be_merged_is_refused_and_nothing_changes(pair):
    merged, stays = pair
    for pks in ((merged.pk, merged.pk), (merged.pk, 10**9), (10**9, stays.pk)):
        with pytest.raises(CannotMerge):
            merge(*pks)
    assert not SourceMerge.objects.exists()


# ------------------------------------------------------------------ apart
def test_undoing_a_merge_puts_everything_back(pair):
    merged, stays = pair
    merged.name = "泰克"
    merged.save()
    merged.renamed("TechWeb", merged.slug)
    Unlike.objects.remember(merged.pk, make_source("泰克斯").pk, None)
    before, articles = tables(), filed()
    done = merge(merged.pk, stays.pk)
    assert tables() != before
    assert unmerge(done.pk).left == []
    after = tables()
    for model in PUT_BACK:
        assert after[model] == before[model], model
    assert filed() == articles
    assert Article.objects.get(title="甲").version == 3


def test_after_an_undo_redirects_end(pair, client):
    merged, stays = pair
    unmerge(merge(merged.pk, stays.pk).pk)
    assert client.get("/sources/techweb/").status_code == 200
    assert client.get("/category/TechWeb.html").headers["Location"] == "/sources/techweb/"


def test_an_undo_leaves_what_a_person_has_filed_since_and_says_why(pair):
    merged, stays = pair
    third, desk = make_source("第三家"), editor()
    make_article("丁", source=merged)
    done = merge(merged.pk, stays.pk)
    correct(desk, Article.objects.get(title="甲"), source=str(third.pk), reason="归错了")
    for pk in (third.pk, stays.pk):
        correct(desk, Article.objects.get(title="乙"), source=str(pk), reason="再想想")
    correct(desk, Article.objects.get(title="丁"), digest="另写的摘要", reason="改摘要")
    done = unmerge(done.pk)
    assert filed() == {"甲": "第三家", "乙": "Tech网", "丙": "Tech网", "丁": "TechWeb"}
    whys = {one["title"]: one["why"] for one in done.left}
    assert whys == {"甲": "后来归了“第三家”", "乙": "后来有人改过它的来源，又改了回来"}
    assert Article.objects.get(title="丁").digest == "另写的摘要"


def test_names_that_a_person_gave_to_another_since_stay_there(pair):
    merged, stays = pair
    third = make_source("第三家")
    done = merge(merged.pk, stays.pk)
    SourceAlias.objects.filter(name="泰克网").update(source=third)
    unmerge(done.pk)
    assert Source.objects.named("泰克网") == third
    assert Source.objects.named("TechWeb").pk == merged.pk


def test_a_chain_is_undone_from_its_end(pair):
    merged, stays = pair
    last = make_source("科技日报")
    first, second = merge(merged.pk, stays.pk), merge(stays.pk, last.pk)
    with pytest.raises(CannotMerge, match="请先撤销那一次"):
        unmerge(first.pk)
    unmerge(second.pk)
    correct(editor(), Article.objects.get(title="甲"), digest="摘要", reason="改摘要")
    assert unmerge(first.pk).left == []
    assert filed() == {"甲": "TechWeb", "乙": "TechWeb", "丙": "Tech网"}
    with pytest.raises(CannotMerge, match="已经撤销"):
        unmerge(first.pk)


def test_a_name_taken_meanwhile_stands_in_the_way_in_words(pair):
    merged, stays = pair
    done = merge(merged.pk, stays.pk)
    stays.refresh_from_db()
    stays.name = "TechWeb"
    stays.save()
    with pytest.raises(CannotMerge, match="现在有来源就叫“TechWeb”"):
        unmerge(done.pk)
    assert filed()["甲"] == "TechWeb"


# ------------------------------------------------------------------ imports before and after
def test_an_import_after_a_merge_files_under_the_one_that_stays(tmp_path):
    post(tmp_path / "a", 1)
    post(tmp_path / "a", 2, outlet="商报", slug="shangbao")
    bring(tmp_path / "a")
    stays = Source.objects.named("商报")
    merge(Source.objects.named("国际商报").pk, stays.pk)
    post(tmp_path / "b", 1, body="第二稿。")
    post(tmp_path / "b", 3)
    counts = import_paths(Options([str(tmp_path / "b")], workers=IN_A_SERVER)).counts
    assert counts == {"updated": 1, "created": 1}
    assert set(Article.objects.values_list("source__name", flat=True)) == {"商报"}
    assert Source.objects.count() == 1


def test_undoing_the_import_that_brought_articles_before_a_merge_removes_them(tmp_path):
    post(tmp_path / "a", 1)
    run = bring(tmp_path / "a")
    stays = make_source("商报")
    done = merge(Source.objects.named("国际商报").pk, stays.pk)
    undone = undo_import(run)
    assert (undone.removed, undone.kept) == (1, [])
    assert not Article.objects.exists()
    # That the two are one is a person's word and stays.
    assert Source.objects.named("国际商报") == stays
    assert unmerge(done.pk).left == []
    assert Source.objects.named("国际商报") != stays


def test_undoing_the_update_before_a_merge_restores_the_text_and_leaves_the_outlet(tmp_path):
    post(tmp_path / "a", 1)
    post(tmp_path / "b", 1, body="第二稿。")
    bring(tmp_path / "a")
    run = bring(tmp_path / "b")
    merged, stays = Source.objects.named("国际商报"), make_source("商报")
    done = merge(merged.pk, stays.pk)
    undone = undo_import(run)
    assert (undone.restored, undone.kept) == (1, [])
    article = Article.objects.get()
    assert article.text.endswith("正文。") and article.source == stays
    first, second = article.revisions.order_by("version")
    assert (second.kind, second.version, article.version) == ("merge", 2, 2)
    assert "第二稿" not in words(chief().get(f"/admin/articles/article/{article.pk}/versions/{first.pk}/"))
    unmerge(done.pk)
    article.refresh_from_db()
    assert (article.source_id, article.version) == (merged.pk, 3)


def test_an_outlet_that_others_went_into_outlives_the_import_that_brought_it(tmp_path):
    post(tmp_path / "a", 1)
    run = bring(tmp_path / "a")
    stays = Source.objects.named("国际商报")
    done = merge(make_source("商报网").pk, stays.pk)
    undo_import(run)
    assert Source.objects.named("商报网") == stays
    unmerge(done.pk)
    assert Source.objects.named("商报网") != stays


# ------------------------------------------------------------------ at the desk
def test_a_chief_merges_from_the_list_and_takes_it_back(pair):
    merged, stays = pair
    desk = chief()
    chosen = {"action": "merge_selected", "_selected_action": [merged.pk, stays.pk]}
    page = desk.post("/admin/sources/source/", chosen, follow=True)
    assert "合并后留下哪一个" in words(page) and "2 篇稿件，1 个别名（泰克网），1 个旧地址" in words(page)
    page = desk.get(NEW, {"pk": [merged.pk, stays.pk], "into": stays.pk})
    assert "“TechWeb”并入“Tech网”" in words(page)
    sent = {"pk": merged.pk, "into": stays.pk, "seen": page.context["seen"]}
    page = desk.post(NEW, sent, follow=True)
    assert "“TechWeb”并入“Tech网”，移了 2 篇稿件" in words(page) and "2 篇稿件放回去" in words(page)
    done = SourceMerge.objects.get()
    page = desk.post(f"/admin/sources/sourcemerge/{done.pk}/undo/", follow=True)
    assert "“TechWeb”回来了" in words(page)
    assert filed()["甲"] == "TechWeb"
    assert "已撤销" in words(desk.get("/admin/sources/sourcemerge/"))


def test_an_outlet_is_found_by_name_to_go_into(pair):
    merged, stays = pair
    page = chief().get(NEW, {"pk": merged.pk, "name": "tech网"})
    assert page.context["stays"] == stays
    assert "没有找到" in words(chief().get(NEW, {"pk": merged.pk, "name": "无此报"}))


def test_nobody_merges_what_was_renamed_under_his_eyes(pair):
    merged, stays = pair
    desk = chief()
    seen = desk.get(NEW, {"pk": merged.pk, "into": stays.pk}).context["seen"]
    Source.objects.filter(pk=stays.pk).update(name="别的报")
    page = desk.post(NEW, {"pk": merged.pk, "into": stays.pk, "seen": seen}, follow=True)
    assert "没有合并" in words(page)
    assert Source.objects.filter(pk=merged.pk).exists()


def test_an_editor_sees_the_record_but_merges_nothing(pair):
    merged, stays = pair
    done = merge(merged.pk, stays.pk)
    desk, record = editor(), "/admin/sources/sourcemerge/"
    page = desk.get(f"{record}{done.pk}/change/")
    assert page.status_code == 200 and "放回" not in words(page)
    assert desk.post(f"{record}{done.pk}/undo/").status_code == 403
    for ask in (desk.get, desk.post):
        assert ask(NEW, {"pk": stays.pk}).status_code == 403
    assert chief().get(f"{record}{done.pk}/undo/").status_code == 404
    assert at_desk(make_user()).get(f"{record}{done.pk}/change/").status_code == 403
    done.refresh_from_db()
    assert done.is_standing


def test_belongings_are_counted(pair):
    merged, _ = pair
    found = belongings(merged)
    assert (found.articles, found.names, found.old_slugs, found.others) == (2, ["泰克网"], 1, [])
