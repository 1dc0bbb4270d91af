"""The index follows the log of changes: what is in the database is found, what is not is not, whoever was killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
import tantivy
from django.core.management import call_command
from django.db import connection

from articles.models import Article, Revision
from articles.models.change_log import Change
from articles.search.index import follow, index
from articles.search.index.tokens import pairs
from sources.models import ImportRun
from sources.text.folding import fold
from tests.support.builders import make_article, make_security

pytestmark = pytest.mark.django_db(transaction=True)


def found(words: str, field: str = "body_pairs", hidden: bool = False) -> set[int]:
    """The ids under which these words stand in the index."""
    opened = index.open_searcher()
    terms = pairs(fold(words))
    query = (
        tantivy.Query.phrase_query(opened.schema, field, terms)
        if len(terms) > 1
        else tantivy.Query.term_query(opened.schema, field, terms[0])
    )
    if not hidden:
        hides = tantivy.Query.term_query(opened.schema, "hidden", 1)
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, hides)])
    hits = opened.searcher.search(query, 100).hits
    return set(opened.searcher.fast_field_values("id", [address for _, address in hits]))


def test_without_an_index_it_is_made_and_says_so_before():
    article = make_article("沧澜银行降准", body_html="<p>自下周一起下调存款准备金率。</p>")
    with pytest.raises(index.Unavailable, match="rebuild_search"):
        index.open_searcher()
    assert follow.catch_up()
    assert found("存款准备金率") == {article.pk}
    assert not follow.is_behind()


def test_an_edit_a_withdrawal_and_a_deletion_are_followed():
    article = make_article("沧澜银行降准", body_html="<p>存款准备金率下调。</p>")
    follow.catch_up()
    article.body_html = "<p>贷款利率上调。</p>"
    article.revise(Revision.Kind.EDIT, reason="改")
    assert follow.is_behind()
    follow.catch_up()
    assert found("准备金率") == set()
    assert found("贷款利率") == {article.pk}
    article.status = Article.Status.WITHDRAWN
    article.revise(Revision.Kind.WITHDRAWAL, reason="撤")
    follow.catch_up()
    assert found("贷款利率") == set()
    assert found("贷款利率", hidden=True) == {article.pk}, "the desk still finds it"
    Article.objects.all().delete()
    follow.catch_up()
    assert found("贷款利率", hidden=True) == set()


def test_one_article_is_one_document_however_often_it_changes():
    article = make_article("沧澜银行", securities=[make_security()], tags=["降准"])
    for _ in range(3):
        article.revise(Revision.Kind.EDIT, reason="改")
        follow.catch_up()
    assert index.open_searcher().searcher.num_docs == 2, "the article, and the note of the position"


def test_an_import_can_be_searched_when_the_command_ends(tmp_path):
    posts = tmp_path / "posts"
    write_posts(posts, 30)
    say = StringIO()
    call_command("import_articles", str(posts), "--source", "沧澜晚报", stdout=StringIO(), stderr=say)
    assert len(found("公告的正文")) == 30
    assert not follow.is_behind()
    assert say.getvalue() == ""


def test_what_an_import_brings_twice_is_found_as_it_came_last(tmp_path):
    head = "---\ntitle: 沧澜银行公告\ndate: 2024-03-01 08:00\nsource: 沧澜晚报\n---\n"
    posts = tmp_path / "posts"
    for folder, said in (("1", "公告的正文。"), ("2", "更正过的内容。")):
        post = posts / folder / "2024-03-01-202403012206724280.md"
        post.parent.mkdir(parents=True)
        post.write_text(f"{head}<p>{said}</p>")
    call_command("import_articles", str(posts), stdout=StringIO(), stderr=StringIO())
    assert Article.objects.get().version == 2
    assert len(found("更正过的内容")) == 1
    assert found("公告的正文") == set()
    assert index.open_searcher().searcher.num_docs == 2, "the article, and the index's own position"


def test_an_import_without_the_index_leaves_it_to_who_follows(tmp_path):
    follow.rebuild()
    posts = tmp_path / "posts"
    write_posts(posts, 3)
    call_command("import_articles", str(posts), "--no-index", stdout=StringIO(), stderr=StringIO())
    assert follow.is_behind()
    follow.catch_up()
    assert len(found("公告的正文")) == 3


def test_an_import_goes_on_where_the_index_is_broken_and_says_what_to_run(tmp_path, index_home):
    index_home.write_text("a file where the folder should be")
    posts = tmp_path / "posts"
    write_posts(posts, 3)
    say = StringIO()
    call_command("import_articles", str(posts), stdout=StringIO(), stderr=say)
    assert Article.objects.count() == 3
    assert "rebuild_search" in say.getvalue()


def test_an_undone_import_is_not_found_any_more(tmp_path):
    posts = tmp_path / "posts"
    write_posts(posts, 3)
    call_command("import_articles", str(posts), stdout=StringIO(), stderr=StringIO())
    call_command("undo_import", str(ImportRun.objects.get().pk), stdout=StringIO())
    follow.catch_up()
    assert found("公告的正文", hidden=True) == set()


def test_an_index_that_is_deleted_or_garbled_is_made_anew(index_home):
    article = make_article(body_html="<p>存款准备金率下调。</p>")
    follow.catch_up()
    for harm in (delete, garble, forget_which):
        harm(index_home)
        with pytest.raises(index.Unavailable):
            index.open_searcher()
        assert follow.catch_up(), harm
        assert found("准备金率") == {article.pk}, harm


def delete(home):
    shutil.rmtree(home)


def garble(home):
    for generation in home.glob("v*"):
        (generation / "meta.json").write_text("{")


def forget_which(home):
    (home / index.CURRENT).write_text("v0-of-an-older-program")


def test_of_two_writers_one_stands_back(index_home):
    make_article()
    follow.catch_up()
    make_article()
    with index.index_lock(index.LOCK):
        assert follow.catch_up() is False
    assert follow.catch_up() is True


def test_readers_keep_the_old_index_until_the_new_one_is_swapped_in():
    article = make_article(body_html="<p>存款准备金率下调。</p>")
    follow.catch_up()
    before = index.open_searcher()
    follow.rebuild()
    after = index.open_searcher()
    assert before.generation != after.generation
    assert before.searcher.num_docs == after.searcher.num_docs == 2, "the old one can still be read"
    assert found("准备金率") == {article.pk}


def test_a_database_put_back_to_an_older_day_has_its_index_made_anew():
    make_article("旧的", body_html="<p>存款准备金率下调。</p>")
    follow.catch_up()
    with index.open_writer() as keeper:
        head = Change.objects.head()
        keeper.commit(head._replace(transaction=head.transaction + 10**6, id=head.id + 10**6))
    generation = index.current_generation()
    assert follow.is_behind()
    follow.catch_up()
    assert index.current_generation() != generation
    assert not follow.is_behind()


def test_rebuild_search_says_how_many_it_holds():
    make_article()
    said = StringIO()
    call_command("rebuild_search", stdout=said)
    assert "1 篇" in said.getvalue()
    assert not follow.is_behind()


def test_a_killed_writer_leaves_an_index_that_can_be_asked_and_goes_on(tmp_path, index_home):
    for number in range(40):
        make_article(f"第 {number} 份公告", body_html="<p>存款准备金率下调。</p>")
    follow.catch_up()
    env = os.environ | surroundings(index_home)
    for _ in range(3):
        Article.objects.update_versioned(title="改过的公告")
        writer = subprocess.Popen([sys.executable, "-c", WRITER], env=env, start_new_session=True)
        time.sleep(1.5)
        os.killpg(writer.pid, signal.SIGKILL)
        writer.wait()
        assert len(found("准备金率")) == 40, "the last commit is there"
    assert follow.catch_up()
    assert len(found("改过的公告", "title_pairs")) == 40
    assert index.open_searcher().searcher.num_docs == 41


WRITER = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
import django; django.setup()
from django.conf import settings
settings.SEARCH_HOME = os.environ["TEST_SEARCH_HOME"]
settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
from articles.search.index import follow, index
with index.open_writer(wait=10) as keeper:
    while True:  # takes out what is not there, over and over, and is killed at it
        follow.follow(keeper)
        keeper.remove([10**9]); keeper.commit(keeper.position)
        keeper.reached = keeper.position
"""


def surroundings(index_home) -> dict[str, str]:
    return {"TEST_SEARCH_HOME": str(index_home), "TEST_DATABASE": connection.settings_dict["NAME"]}


def write_posts(folder, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"2024-03-01-a{number}.md").write_text(
            f"---\ntitle: 沧澜银行公告{number}\ndate: 2024-03-01 08:00\nsource: 沧澜晚报\n---\n"
            f"<p>第 {number} 份公告的正文。</p>"
        )
