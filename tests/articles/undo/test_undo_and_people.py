"""Undo keeps what a person has worked on and says so by name; what nobody has touched goes."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from articles.models import Article, Revision, Security
from articles.models.story import Story
from articles.undo.undo import NothingToUndo, undo_import
from sources.models import ColumnMapping, ImportItem, Outcome, Source
from tests.support.deliveries import LINK, LONG, bring, deliver, post, tables
from tests.support.editors import at_desk, fields_of, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return at_desk(make_user(is_superuser=True))


@pytest.fixture
def run(tmp_path):
    return bring(deliver(tmp_path / "new", n1=post(1, LINK, "石城晚报", "shichengwanbao"), n2=post(2)))


def named(done) -> list[tuple[str, str]]:
    return [(one.what, one.title) for one in done.kept]


def change(client, row, form: str, **fields):
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    assert client.post(url, fields_of(client.get(url).content, form) | fields).status_code == 302


# ------------------------------------------------------------------ outlets, securities, tags
def test_an_outlet_that_an_editor_has_described_is_kept_and_named(run, chief):
    source = Source.objects.get(name="石城晚报")
    change(chief, source, "source_form", kind="newspaper", note="总编室已核实")
    assert named(undo_import(run, dry_run=True)) == [("来源", "石城晚报")]
    assert named(undo_import(run)) == [("来源", "石城晚报")]
    source.refresh_from_db()
    assert source.note == "总编室已核实"
    assert source.aliases.exists() and source.old_slugs.get().slug == "shichengwanbao"
    assert not Source.objects.filter(name="国际商报").exists()


def test_an_outlet_that_an_editor_has_read_a_table_for_is_kept_and_so_is_his_reading(run):
    source = Source.objects.get(name="石城晚报")
    ColumnMapping.objects.create(source=source, name="石城", columns={"title": ["标题"]}, signature="x" * 32)
    assert named(undo_import(run)) == [("来源", "石城晚报")]
    assert ColumnMapping.objects.get().source == source


def test_a_security_whose_name_an_editor_has_corrected_is_kept_and_named(run, chief):
    change(chief, Security.objects.get(), "security_form", name="巨潮股份（更名）")
    assert named(undo_import(run)) == [("证券", "巨潮股份（更名） 600160.SH")]
    assert Security.objects.get().name == "巨潮股份（更名）"


def test_tags_of_others_that_nothing_uses_stay_and_those_of_the_run_go(run):
    Tag.objects.create(name="年度专题")
    before = tables()
    undo_import(run)
    assert [tag.name for tag in Tag.objects.all()] == ["年度专题"]
    assert any(row["name"] == "银行" for row in before[Tag])


def test_a_tag_that_other_articles_use_by_now_stays(run, tmp_path):
    bring(deliver(tmp_path / "later", n5=post(5)))
    undo_import(run)
    assert [tag.name for tag in Tag.objects.all()] == ["银行"]
    assert Article.objects.get().tags.count() == 1


# ------------------------------------------------------------------ waiting texts
@pytest.fixture
def waiting(tmp_path):
    """A text that came for an article which an editor had changed."""
    bring(deliver(tmp_path / "first", n1=post(1, "<p>初稿。</p>")))
    Article.objects.get().revise("edit", editor=User.objects.create(username="林越"), reason="核过")
    bring(deliver(tmp_path / "second", n1=post(1, "<p>二稿。</p>")))
    return Revision.objects.get(state=Revision.State.PENDING)


def test_a_waiting_text_that_an_editor_has_taken_is_kept_and_named(waiting, chief):
    article = waiting.article
    url = reverse("admin:articles_article_change", args=[article.pk]).removesuffix("change/")
    chief.post(f"{url}versions/{waiting.pk}/take/", {"version": article.version})
    done = undo_import(waiting.import_item.run)
    assert [(one.pk, one.why) for one in done.kept] == [(article.pk, "编辑采用了这一批带来的文本")]
    article.refresh_from_db()
    assert article.text.endswith("二稿。")
    assert ImportItem.objects.get(pk=waiting.import_item.pk).outcome == Outcome.CONFLICT


def test_a_waiting_text_that_an_editor_has_refused_is_nothing_to_keep(waiting):
    Revision.objects.filter(pk=waiting.pk).update(state=Revision.State.DROPPED)
    assert not undo_import(waiting.import_item.run).kept


# ------------------------------------------------------------------ stories
@pytest.fixture
def told(tmp_path):
    """`told("first", 1, outlet)` delivers one telling of a story."""

    def tell(folder, number, outlet="国际商报"):
        text = post(number, LONG + f"<p>{outlet}将继续关注。</p>", outlet).replace(
            f"第 {number} 篇", "沧澜银行开业"
        )
        return bring(deliver(tmp_path / folder, **{f"n{number}": text}))

    return tell


def confirm() -> Story:
    Story.objects.update(confirmed_at=timezone.now())
    return Story.objects.get()


def test_a_confirmed_story_of_which_one_article_is_left_is_kept_and_named(told):
    told("first", 1)
    run = told("second", 2, "北京晚报")
    story = confirm()
    assert named(undo_import(run, dry_run=True)) == [("同题报道", f"第 {story.pk} 组")]
    assert named(undo_import(run)) == [("同题报道", f"第 {story.pk} 组")]
    assert story.members.count() == 1
    told("second", 2, "北京晚报")
    assert story.members.count() == 2


def test_a_confirmed_story_that_keeps_two_articles_stays_without_a_word(told):
    told("first", 1)
    told("second", 2, "北京晚报")
    story = confirm()
    done = undo_import(told("third", 3, "都市快报"))
    assert (done.kept, done.lost, story.members.count()) == ([], [], 2)


def test_a_confirmed_story_of_which_nothing_is_left_goes_and_that_is_said(tmp_path, capsys):
    texts = [
        post(n, LONG, outlet).replace(f"第 {n} 篇", "开业") for n, outlet in ((1, "国际商报"), (2, "晚报"))
    ]
    run = bring(deliver(tmp_path / "both", n1=texts[0], n2=texts[1] + "<p>本报将继续关注。</p>"))
    story = confirm()
    call_command("undo_import", str(run.pk))
    assert f"同题报道第 {story.pk} 组" in capsys.readouterr().err
    assert not Story.objects.exists()


# ------------------------------------------------------------------ the command
def test_the_command_names_what_is_kept(run, capsys):
    Source.objects.filter(name="石城晚报").update(standing=Source.Standing.CHECKED)
    article = Article.objects.get(title="第 2 篇")
    article.revise("edit", editor=User.objects.create(username="林越"))
    call_command("undo_import", str(run.pk), "--json")
    out, err = capsys.readouterr()
    said = json.loads(out.splitlines()[-1])
    assert (said["removed"], said["kept"]) == (1, 2)
    assert [one["article"] for one in said["kept_articles"]] == [article.pk]
    assert [(one["what"], one["title"]) for one in said["kept_others"]] == [("来源", "石城晚报")]
    assert f"保留 {article.pk} 《第 2 篇》" in err and "《石城晚报》" in err


def test_a_run_is_undone_once(run):
    undo_import(run)
    counts, message = dict(run.counts), run.message
    for dry in (False, True):
        with pytest.raises(NothingToUndo):
            undo_import(run, dry_run=dry)
    for words in (["undo_import", str(run.pk)], ["import_articles", "--resume", str(run.pk)]):
        with pytest.raises(CommandError, match="已(经)?撤销") as refused:
            call_command(*words)
        assert refused.value.returncode == 2
    run.refresh_from_db()
    assert (run.state, run.counts, run.message) == ("undone", counts, message)
    assert "移除 2 篇" in message


def test_what_a_later_run_had_kept_from_being_undone_is_undone_once_that_is(run, tmp_path):
    later = bring(deliver(tmp_path / "later", n2=post(2, "<p>二稿。</p>")))
    assert undo_import(run).removed == 1
    with pytest.raises(NothingToUndo):
        undo_import(run)
    undo_import(later)
    assert undo_import(run).removed == 1
    assert run.message.count("移除 1 篇") == 2
    assert not Article.objects.exists()


NOWHERE = {
    "sqlite": ["CREATE TRIGGER full_disk BEFORE DELETE ON articles_article BEGIN DELETE FROM nowhere; END"],
    "postgresql": [
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
        "'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
        "CREATE TRIGGER full_disk BEFORE DELETE ON articles_article EXECUTE FUNCTION full_disk()",
    ],
}


def test_a_database_that_takes_nothing_leaves_all_as_it_was_and_the_command_says_so(run):
    before = tables()
    with connection.cursor() as cursor:
        for statement in NOWHERE[connection.vendor]:
            cursor.execute(statement)
    with pytest.raises(CommandError, match="什么也没有撤销") as refused:
        call_command("undo_import", str(run.pk))
    assert refused.value.returncode == 2
    assert ("磁盘满了" in str(refused.value)) == (connection.vendor == "postgresql")
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER full_disk" + (" ON articles_article" if connection.vendor != "sqlite" else "")
        )
    assert tables() == before


# ------------------------------------------------------------------ what is no article
def test_a_small_text_that_is_no_article_is_kept_as_it_came(tmp_path):
    folder = tmp_path / "site"
    deliver(folder, n1=post(1))
    (folder / "README.md").write_text("---\nlayout: page\n---\n# 说明\n")
    run = bring(folder)
    item = run.items.get(name="README.md")
    assert item.outcome == Outcome.SKIPPED and item.sha256
    assert item.raw_bytes() == (folder / "README.md").read_bytes()
    again = bring(folder).items.get(name="README.md")
    assert again.raw is None and again.raw_bytes() == item.raw_bytes()
