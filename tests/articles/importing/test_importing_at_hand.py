"""Inputs that lie under no path: uploaded or fetched, imported as files are."""

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command

from articles.importing.run import NotResumable, Options, import_found, resume
from articles.models import Article
from articles.undo.undo import undo_import
from sources.files.inputs import Found
from sources.files.walk import walk_file
from sources.models import ImportItem, ImportRun, Outcome
from sources.reading.pool import IN_A_SERVER
from sources.run_control.import_lock import ImportUnderWay
from tests.articles.importing.test_importing import ID, post
from tests.articles.importing.test_interrupted_imports import somebody_elses_turn

pytestmark = pytest.mark.django_db
NAME = f"2022-03-01-NW{ID}.md"


def bring(*found, **options):
    return import_found(found, Options(workers=IN_A_SERVER, origin="上传", **options))


def test_bytes_at_hand_become_an_article_with_its_record():
    result = bring(Found(NAME, "", data=post().encode()))
    assert result.counts == {Outcome.CREATED: 1}
    item = ImportItem.objects.get()
    assert (item.name, item.raw_bytes(), item.run) == (NAME, post().encode(), result.run)
    assert result.run.options == {"paths": [], "format": "auto", "source": "", "limit": None}
    assert (result.run.kind, result.run.origin) == (ImportRun.Kind.FILES, "上传")
    assert result.run.state == ImportRun.State.FINISHED


def test_brought_again_they_change_nothing():
    bring(Found(NAME, "", data=post().encode()))
    assert bring(Found("again.md", "", data=post().encode())).counts == {Outcome.UNCHANGED: 1}


def test_format_and_outlet_are_as_asked():
    bring(Found("没有后缀", "", data=post().encode()), format="jekyll", source="沧澜日报")
    assert Article.objects.get().source.name == "沧澜日报"


def test_a_rehearsal_writes_nothing():
    assert bring(Found(NAME, "", data=post().encode()), dry_run=True).counts == {Outcome.CREATED: 1}
    assert not ImportRun.objects.exists() and not Article.objects.exists()


def test_undo_takes_them_away():
    run = bring(Found(NAME, "", data=post().encode())).run
    assert undo_import(run).removed == 1
    assert not Article.objects.exists()


def test_a_file_laid_aside_goes_by_the_name_it_was_sent_under(tmp_path):
    aside = tmp_path / "tmp3f9a"
    aside.write_text(post())
    import_found(walk_file(NAME, str(aside)), Options(workers=IN_A_SERVER, origin="上传"))
    assert ImportItem.objects.get().name == NAME


def test_an_archive_laid_aside_gives_its_members(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"_posts/{NAME}", post())
    aside = tmp_path / "tmp3f9a"
    aside.write_bytes(packed.getvalue())
    import_found(walk_file("三月.zip", str(aside)), Options(workers=IN_A_SERVER, origin="上传"))
    assert ImportItem.objects.get().name == f"三月.zip!_posts/{NAME}"


def test_nothing_is_read_while_another_import_runs():
    def found():
        raise AssertionError("read although it is not our turn")
        yield

    with somebody_elses_turn(), pytest.raises(ImportUnderWay):
        import_found(found(), Options(workers=IN_A_SERVER, origin="上传"))
    assert not ImportRun.objects.exists()


def test_such_a_run_is_not_resumed_but_says_what_to_do():
    run = bring(Found(NAME, "", data=post().encode())).run
    with pytest.raises(NotResumable, match="再导入一次"):
        resume(run)
    with pytest.raises(CommandError, match="再导入一次"):
        call_command("import_articles", resume=run.pk)


def test_interrupted_it_does_not_promise_a_resume():
    run = ImportRun.objects.create(options={"paths": []}, origin="上传")
    run.interrupt()
    assert "--resume" not in run.message and "再导入一次" in run.message
