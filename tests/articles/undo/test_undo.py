"""Undo takes away what a run brought, puts back what it replaced, and leaves what a person touched."""

import json

import pytest
from django.core.management import call_command

from articles.importing.run import Options, import_paths
from articles.models import Article, Mention, Security
from articles.models.story import Story
from articles.undo.undo import GO_WITH_IT, undo_import
from sources.models import ImportItem, Outcome, Source
from sources.reading.pool import IN_A_SERVER
from tests.support.deliveries import KEPT_TABLES, LINK, LONG, bring, post, tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def folders(tmp_path):
    """Two deliveries: the second brings new articles, new outlets, and a new version of an old article."""

    def write(folder, number, text):
        path = tmp_path / folder / f"2022-03-01-NW{202203010000000000 + number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    for number in range(3):
        write("first", number, post(number, LINK))
    write("second", 1, post(1, "<p>第二稿。</p>"))
    write("second", 7, post(7, LINK.replace("600160", "600161"), "北京晚报", "beijingwanbao", "2022-03-02"))
    write("second", 8, post(8, outlet="北京晚报", slug="beijingwanbao"))
    return str(tmp_path / "first"), str(tmp_path / "second")


def test_undo_leaves_every_table_as_it_was(folders):
    first, second = folders
    bring(first)
    before = tables()
    run = bring(second)
    assert tables() != before
    done = undo_import(run)
    assert (done.removed, done.restored, done.kept) == (2, 1, [])
    after = tables()
    for model in KEPT_TABLES:
        assert after[model] == before[model], model
    assert set(run.items.values_list("outcome", flat=True)) == {Outcome.UNDONE}


def test_undoing_the_only_run_leaves_nothing(folders):
    run = bring(folders[0])
    undo_import(run)
    assert not any(rows for rows in tables().values())
    assert ImportItem.objects.count() == 3


def test_undone_inputs_can_come_again(folders):
    first, second = folders
    bring(first)
    undo_import(bring(second))
    again = import_paths(Options([second], workers=IN_A_SERVER))
    assert again.counts == {Outcome.CREATED: 2, Outcome.UPDATED: 1}


def test_a_later_run_that_found_nothing_new_does_not_keep_undone_inputs_away(folders):
    run = bring(folders[0])
    bring(folders[0])
    undo_import(run)
    assert import_paths(Options([folders[0]], workers=IN_A_SERVER)).counts == {Outcome.CREATED: 3}


def test_what_an_editor_has_touched_is_kept_and_named(folders, django_user_model):
    first, second = folders
    bring(first)
    run = bring(second)
    for title in ("第 1 篇", "第 7 篇"):
        article = Article.objects.get(title=title)
        article.title = f"{title}（改）"
        article.revise(
            "edit", editor=django_user_model.objects.get_or_create(username="林越")[0], reason="改题"
        )
    done = undo_import(run)
    assert (done.removed, done.restored) == (1, 0)
    assert sorted(kept.title for kept in done.kept) == ["第 1 篇（改）", "第 7 篇（改）"]
    assert Article.objects.get(title="第 1 篇（改）").text.endswith("第二稿。")
    assert Source.objects.named("北京晚报")
    assert not Article.objects.filter(title="第 8 篇").exists()


def test_what_a_later_run_changed_is_kept(folders, tmp_path):
    first, second = folders
    run = bring(first)
    bring(second)
    done = undo_import(run)
    assert [kept.why for kept in done.kept] == ["后来又有新的版本"]
    assert done.removed == 2


def test_a_pending_version_that_nobody_took_goes_with_its_run(folders, django_user_model):
    first, second = folders
    bring(first)
    article = Article.objects.get(title="第 1 篇")
    article.revise("edit", editor=django_user_model.objects.create(username="林越"), reason="核过")
    run = bring(second)
    assert article.revisions.filter(state="pending").count() == 1
    undo_import(run)
    assert not article.revisions.filter(state="pending").exists()
    assert Article.objects.filter(pk=article.pk).exists()


def test_a_dry_run_counts_and_changes_nothing(folders):
    first, second = folders
    bring(first)
    run = bring(second)
    before = tables()
    done = undo_import(run, dry_run=True)
    assert (done.removed, done.restored) == (2, 1)
    assert tables() == before
    run.refresh_from_db()
    assert run.state == "finished"


def test_the_command_says_what_it_did_in_json(folders, capsys):
    run = bring(folders[0])
    call_command("undo_import", str(run.pk), "--json")
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {key: said[key] for key in ("removed", "restored", "kept")} == {
        "removed": 3,
        "restored": 0,
        "kept": 0,
    }
    with pytest.raises(Exception, match="没有第 999 批"):
        call_command("undo_import", "999")


def test_every_table_that_points_to_an_article_is_named_where_articles_are_removed():
    pointing = {
        (relation.related_model, relation.field.name)
        for relation in Article._meta.get_fields(include_hidden=True)
        if relation.auto_created and (relation.one_to_many or relation.one_to_one)
    }
    assert pointing == set(GO_WITH_IT)


def test_what_lies_between_kept_articles_is_removed(folders, tmp_path, django_user_model):
    for number in range(20, 29):
        (tmp_path / "first" / f"2022-03-01-NW{202203010000000000 + number}.md").write_text(post(number, LINK))
    run = bring(folders[0])
    editor = django_user_model.objects.create(username="林越")
    kept = [f"第 {number} 篇" for number in (1, 22, 23, 26)]
    for article in Article.objects.filter(title__in=kept):
        article.revise("edit", editor=editor, reason="核过")
    done = undo_import(run)
    assert (done.removed, [one.title for one in done.kept]) == (8, kept)
    assert sorted(Article.objects.values_list("title", flat=True)) == kept
    assert Mention.objects.count() == 4
    assert set(
        run.items.exclude(outcome=Outcome.UNDONE).values_list("revisions__article__title", flat=True)
    ) == set(kept)


def test_a_run_of_nothing_but_new_versions_is_put_back_with_the_same_queries_however_many(
    folders, tmp_path, django_assert_max_num_queries
):
    bring(folders[0])
    before = tables()
    for number in range(3):
        path = tmp_path / "first" / f"2022-03-01-NW{202203010000000000 + number}.md"
        path.write_text(post(number, "<p>新的一稿。</p>"))
    run = bring(folders[0])
    with django_assert_max_num_queries(65):
        done = undo_import(run)
    assert (done.removed, done.restored) == (0, 3)
    for model, rows in tables().items():
        assert rows == before[model], model


def test_a_name_that_the_run_gave_to_a_nameless_security_goes_with_it(folders, tmp_path):
    chart = '<p><a class="EmImageRemark" data-code="600160|1|1" href="https://example.org/"></a>行情。</p>'
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts" / "2022-02-28-NW202202280000000001.md").write_text(post(50, chart))
    bring(tmp_path / "charts")
    before = tables()
    assert [one["name"] for one in before[Security]] == [""]
    run = bring(folders[0])
    assert Security.objects.get().name == "巨潮股份"
    undo_import(run)
    assert tables() == before


# ------------------------------------------------------------------ stories
@pytest.fixture
def retold(tmp_path):
    """`retold("first", 1, "…", outlet)` writes one telling of a story into a delivery."""

    def write(folder, number, body, outlet="国际商报", title="沧澜银行县域分行开业"):
        path = tmp_path / folder / f"2022-03-01-NW{202203010000000000 + number}.md"
        path.parent.mkdir(exist_ok=True)
        head = f'---\nlayout: post\ntitle: "{title}"\ndate: 2022-03-01 09:{number:02}:00 +0800\n'
        path.write_text(f"{head}categories: a\ntags: {outlet}新闻\n---\n{body}")
        return str(path.parent)

    return write


def test_undo_takes_a_telling_out_of_its_story_and_leaves_the_story(retold):
    retold("first", 1, LONG)
    bring(retold("first", 2, LONG + "<p>本报将继续关注。</p>", "北京晚报"))
    before = tables()
    assert len(before[Story]) == 1
    run = bring(retold("second", 3, "<p>本报综合消息：</p>" + LONG, "都市快报"))
    assert Story.objects.get().members.count() == 3
    undo_import(run)
    after = tables()
    for model in KEPT_TABLES:
        assert after[model] == before[model], model


def test_undo_dissolves_the_story_that_its_run_made(retold):
    bring(retold("first", 1, LONG))
    before = tables()
    run = bring(retold("second", 2, LONG + "<p>本报将继续关注。</p>", "北京晚报"))
    assert Story.objects.get().members.count() == 2
    undo_import(run)
    after = tables()
    for model in KEPT_TABLES:
        assert after[model] == before[model], model


def test_undo_puts_an_article_that_only_its_new_text_had_brought_into_a_story_out_of_it(retold):
    retold("first", 1, LONG)
    bring(retold("first", 2, "<p>沧澜银行：详情稍后。</p>", "北京晚报"))
    before = tables()
    assert not before[Story]
    run = bring(retold("second", 2, LONG + "<p>本报将继续关注。</p>", "北京晚报"))
    assert Story.objects.get().members.count() == 2
    undo_import(run)
    after = tables()
    for model in KEPT_TABLES:
        assert after[model] == before[model], model


def test_undo_keeps_what_later_imports_told_together(retold):
    run = bring(retold("first", 1, LONG))
    retold("second", 2, LONG + "<p>本报将继续关注。</p>", "北京晚报")
    bring(retold("second", 3, "<p>本报综合消息：</p>" + LONG, "都市快报"))
    undo_import(run)
    assert sorted(Story.objects.get().members.values_list("source__name", flat=True)) == [
        "北京晚报",
        "都市快报",
    ]


def test_undo_leaves_a_story_as_it_was_that_grouping_would_not_make_again(retold):
    rewritten = (
        LONG.replace("沧澜银行", "北疆铁路").replace("分行开业", "标段贯通").replace("贷款余额", "桥隧长度")
    )
    bring(retold("first", 1, LONG))
    bring(retold("second", 2, LONG + "<p>本报将继续关注。</p>", "北京晚报"))
    bring(
        retold(
            "third", 2, f"{rewritten[:200]}{'<p>列车将于年底试运行。</p>' * 9}", "北京晚报", "北疆铁路贯通"
        )
    )
    before = tables()
    assert Story.objects.get().members.count() == 2
    run = bring(retold("fourth", 1, LONG + "<p>更正一个数。</p>"))
    assert undo_import(run).restored == 1
    assert tables() == before


def test_undo_takes_out_of_a_story_what_only_its_run_had_brought_there(retold):
    rest = "<p>记者在现场看到，前来办理业务的商户排起了队，柜员逐一登记。</p>" * 3
    bring(retold("first", 1, LONG))
    bring(retold("second", 2, LONG + "<p>本报将继续关注。</p>", "北京晚报"))
    bring(retold("third", 3, rest, "都市快报", "商户排队"))
    before = tables()
    run = bring(retold("fourth", 3, LONG + "<p>本报综合消息。</p>", "都市快报"))
    assert Story.objects.get().members.count() == 3
    undo_import(run)
    assert tables() == before
