"""After an undo its inputs come in again, whoever else had seen them meanwhile and found nothing new in them."""

import pytest

from articles.importing.run import Options, import_paths
from articles.models import Article, Revision
from articles.undo.undo import undo_import
from sources.models import ImportItem, OldSlug, Outcome
from sources.reading.pool import IN_A_SERVER
from tests.support.deliveries import bring, deliver, post

pytestmark = pytest.mark.django_db
TAIL = "\n\n<>\n"
CATEGORY = "---\nlayout: category\ntitle: {}新闻\ncategory: ZZQB\n---\n"


PAGE = """石桥修好了

□ 石城晚报记者 周舟

断了三年的石桥昨天修好，两岸村民放了一挂鞭炮，孩子们跑在最前面。

修桥用的是原来的青石，石匠师傅把每一块都编了号，一块也没有少。
"""


def counts(folder, **asked) -> dict:
    return dict(import_paths(Options([str(folder)], workers=IN_A_SERVER, **asked)).counts)


def test_a_printed_page_that_was_brought_twice(tmp_path):
    (tmp_path / "page.txt").write_text(PAGE)
    asked = Options([str(tmp_path)], format="newspaper", workers=IN_A_SERVER)
    run = import_paths(asked).run
    articles = Article.objects.count()
    assert articles
    again = counts(tmp_path, format="newspaper")
    assert again.keys() <= {Outcome.SKIPPED, Outcome.UNCHANGED}
    undo_import(run)
    assert counts(tmp_path, format="newspaper") == {Outcome.REVIEW: articles, Outcome.SKIPPED: 1}
    assert Article.objects.count() == articles


def test_an_article_that_came_again_with_another_tail(tmp_path):
    run = bring(deliver(tmp_path / "first", n1=post(1)))
    second = deliver(tmp_path / "second", n1=post(1) + TAIL)
    third = deliver(tmp_path / "third", n1=post(1) + TAIL, n2=post(2))
    assert counts(second) == {Outcome.UNCHANGED: 1}
    assert counts(third) == {Outcome.UNCHANGED: 1, Outcome.CREATED: 1}
    undo_import(run)
    assert counts(third) == {Outcome.CREATED: 1, Outcome.UNCHANGED: 1}
    assert Article.objects.count() == 2


def test_an_update_that_came_again_with_another_tail(tmp_path):
    bring(deliver(tmp_path / "first", n1=post(1, "<p>初稿。</p>")))
    second = deliver(tmp_path / "second", n1=post(1, "<p>二稿。</p>"))
    run = bring(second)
    third = deliver(tmp_path / "third", n1=post(1, "<p>二稿。</p>") + TAIL)
    assert counts(third) == {Outcome.UNCHANGED: 1}
    undo_import(run)
    assert counts(third) == {Outcome.UPDATED: 1}
    assert Article.objects.get().text.endswith("二稿。")
    assert counts(second) == {Outcome.UNCHANGED: 1}


def test_a_waiting_text_that_came_again_with_another_tail(tmp_path, django_user_model):
    bring(deliver(tmp_path / "first", n1=post(1, "<p>初稿。</p>")))
    Article.objects.get().revise("edit", editor=django_user_model.objects.create(username="林越"))
    run = bring(deliver(tmp_path / "second", n1=post(1, "<p>二稿。</p>")))
    third = deliver(tmp_path / "third", n1=post(1, "<p>二稿。</p>") + TAIL)
    assert counts(third) == {Outcome.UNCHANGED: 1}
    undo_import(run)
    assert counts(third) == {Outcome.CONFLICT: 1}
    assert Revision.objects.filter(state=Revision.State.PENDING).count() == 1


def test_a_text_that_was_refused_beside_an_article_that_goes(tmp_path):
    """It waits beside the article because it lacks something; with another tail it is nothing new."""
    run = bring(deliver(tmp_path / "first", n1=post(1, "<p>初稿。</p>")))
    faulty = post(1, "<p>二稿。</p>").replace("tags: 国际商报新闻", "tags: 国际商报新闻\npublished: false")
    assert counts(deliver(tmp_path / "second", n1=faulty)) == {Outcome.CONFLICT: 1}
    third = deliver(tmp_path / "third", n1=faulty + TAIL)
    assert counts(third) == {Outcome.UNCHANGED: 1}
    assert undo_import(run).removed == 1
    assert counts(third) == {Outcome.REVIEW: 1}


def test_a_twin_of_the_text_that_the_run_had_brought(tmp_path):
    bring(deliver(tmp_path / "first", n1=post(1, "<p>初稿。</p>")))
    run = bring(deliver(tmp_path / "second", n1=post(1, "<p>二稿。</p>")))
    twins = tmp_path / "twins"
    deliver(twins, n2=post(1, "<p>二稿。</p>") + TAIL)
    assert counts(twins) == {Outcome.DUPLICATE: 1}
    undo_import(run)
    assert not Revision.objects.filter(state=Revision.State.TWIN).exists()
    assert counts(twins) == {Outcome.CREATED: 1}


def test_a_twin_of_the_text_that_comes_back_stays_one(tmp_path):
    bring(deliver(tmp_path / "first", n1=post(1, "<p>初稿。</p>")))
    twins = deliver(tmp_path / "twins", n2=post(1, "<p>初稿。</p>") + TAIL)
    bring(twins)
    undo_import(bring(deliver(tmp_path / "second", n1=post(1, "<p>二稿。</p>"))))
    assert counts(twins) == {Outcome.UNCHANGED: 1}
    assert Revision.objects.filter(state=Revision.State.TWIN).count() == 1


@pytest.mark.parametrize("title", ["中国证券报·中证网", "北京晚报"])
def test_the_old_address_of_a_category_page(tmp_path, client, title):
    """Brought twice as the same bytes, and once more with another (wrong) name in it."""
    folder = tmp_path / "first"
    deliver(folder, n1=post(1, outlet="中国证券报·中证网", slug="zhongguozhengquanbao"))
    (folder / "category").mkdir()
    (folder / "category" / "ZZQB.html").write_text(CATEGORY.format("中国证券报·中证网"))
    run = bring(folder)
    (folder / "category" / "ZZQB.html").write_text(CATEGORY.format(title))
    bring(folder)
    undo_import(run)
    assert not OldSlug.objects.exists()
    bring(folder)
    assert client.get("/category/ZZQB.html").status_code == 301


def test_an_address_that_a_later_run_found_taken_is_learned_from_its_page_again(tmp_path, client):
    run = bring(deliver(tmp_path / "posts", n1=post(1, slug="ZZQB")))
    pages = tmp_path / "pages" / "category"
    pages.mkdir(parents=True)
    (pages / "ZZQB.html").write_text(CATEGORY.format("国际商报"))
    bring(pages.parent)
    undo_import(run)
    bring(pages.parent)
    assert client.get("/category/ZZQB.html").status_code == 301


def test_an_address_under_which_later_posts_stood_stays(tmp_path, client):
    bring(deliver(tmp_path / "table", n9=post(9, slug="elsewhere")))
    run = bring(deliver(tmp_path / "first", n1=post(1)))
    bring(deliver(tmp_path / "second", n2=post(2)))
    undo_import(run)
    assert client.get("/category/guojishangbao.html").status_code == 301


def test_what_leaned_on_nothing_of_the_run_stays_settled(tmp_path):
    first = deliver(tmp_path / "first", n1=post(1))
    bring(first)
    run = bring(deliver(tmp_path / "second", n1=post(1), n2=post(2)))
    bring(first)
    undo_import(run)
    undone = ImportItem.objects.filter(outcome=Outcome.UNDONE)
    assert set(undone.values_list("run", flat=True)) == {run.pk}
    assert counts(first) == {Outcome.UNCHANGED: 1}
