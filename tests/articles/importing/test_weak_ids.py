"""An id that is only a file name or the number of a row: two things that share it are two articles."""

import io
import os
import tarfile

import pytest

from articles.importing import batch
from articles.importing.run import Options, import_found, import_paths
from articles.models import Article, Revision
from articles.review.review_queue import items_in_review
from articles.undo.undo import undo_import
from sources.files.inputs import Found
from sources.models import Outcome
from sources.reading.pool import IN_A_SERVER
from tests.support.editors import chief, make_user, words

pytestmark = pytest.mark.django_db

BANK = "沧澜银行一日公布季报，净息差比上季收窄五个基点，行长说全年目标不变，不良率持平，拨备覆盖率略有上升。"
PORT = "渡口的钟停了三年，今天终于修好了，摆渡的老人说从前听惯了钟声，如今两岸的人又可以按时出门赶集。"
NAME = "2022-03-01-weekly.md"


def post(title, text, more="source: 澜州日报\n"):
    return f'---\nlayout: post\ntitle: "{title}"\ndate: 2022-03-01 09:00:00 +0800\n{more}---\n{text}\n'


def bring(*posts, **options):
    found = [Found(name, "", data=text.encode()) for name, text in posts]
    return import_found(found, Options(workers=IN_A_SERVER, origin="测试", **options)).run


def outcomes(run) -> list[str]:
    return list(run.items.order_by("pk").values_list("outcome", flat=True))


def texts() -> set[str]:
    return set(Article.objects.values_list("text", flat=True))


# ------------------------------------------------------------------ two articles
SITES = {
    "no outlet and no category": "",
    "one outlet": "source: 澜州日报\n",
    "one category": "categories: news\nsource: 澜州日报\n",
    "category and tag of a blog": "categories: news\ntags: 周报\n",
    "a short number of its own": "id: 7\nsource: 澜州日报\n",
}


@pytest.mark.parametrize("more", SITES.values(), ids=SITES)
def test_files_of_one_name_in_two_sites_are_two_articles(more):
    run = bring(
        (f"siteA/_posts/{NAME}", post("季报", BANK, more)), (f"siteB/_posts/{NAME}", post("渡口", PORT, more))
    )
    assert texts() == {BANK, PORT}
    assert not Revision.objects.filter(version__gt=1).exists()
    assert set(outcomes(run)) <= {"created", "review"}


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_they_come_out_alike_however_many_are_written_together(monkeypatch, at_once):
    monkeypatch.setattr(batch, "AT_ONCE", at_once)
    monkeypatch.setattr(batch, "AT_THE_END", at_once)
    three = [("季报", BANK), ("渡口", PORT), ("渡口", PORT + "更正：停了四年。")]
    run = bring(*((f"{n}/{NAME}", post(*one)) for n, one in enumerate(three)))
    assert outcomes(run) == ["created", "created", "updated"]
    assert texts() == {BANK, PORT + "更正：停了四年。"}


def test_the_outlets_of_two_sites_keep_their_articles_apart():
    bring((NAME, post("季报", BANK, "categories: news\nsource: 甲报\n")))
    run = bring((NAME, post("渡口", PORT, "categories: news\nsource: 乙报\n")))
    assert outcomes(run) == ["created"]
    assert set(Article.objects.values_list("source__name", "text")) == {("甲报", BANK), ("乙报", PORT)}


def test_each_of_two_is_known_again_and_changed_by_its_own_file():
    both = [(f"a/{NAME}", post("季报", BANK)), (f"b/{NAME}", post("渡口", PORT))]
    bring(*both)
    assert outcomes(bring(*both)) == ["unchanged", "unchanged"]
    again = [(name, text + "\n[返回首页](//finews.withounder.com/)\n") for name, text in both]
    assert outcomes(bring(*again)) == ["unchanged", "unchanged"]
    assert outcomes(bring((f"b/{NAME}", post("渡口", PORT + "补记。")))) == ["updated"]
    assert outcomes(bring((f"a/{NAME}", post("季报", BANK + "补记。")))) == ["updated"]
    assert texts() == {BANK + "补记。", PORT + "补记。"}
    assert outcomes(bring(*both)) == ["unchanged", "unchanged"]  # older versions
    assert Article.objects.count() == 2


def test_a_row_s_number_in_two_tables_is_no_proof():
    head = "编号,title,date,source,body\n"
    bring(("三月.csv", f"{head}1,季报,2022-03-01,澜州日报,{BANK}\n"))
    run = bring(("四月.csv", f"{head}1,渡口,2022-04-01,澜州日报,{PORT}\n"))
    assert outcomes(run) == ["created"] and texts() == {BANK, PORT}


# ------------------------------------------------------------------ one article
NEW_VERSIONS = {
    "a sentence more": ("季报", BANK + "分析师认为符合预期。"),
    "a word": ("季报", BANK.replace("五个", "六个")),
    "shorter": ("季报", BANK[: len(BANK) // 2]),
    "the title only": ("沧澜银行季报出炉", BANK),
}


@pytest.mark.parametrize(("title", "text"), NEW_VERSIONS.values(), ids=NEW_VERSIONS)
def test_a_new_version_under_the_name_is_an_update(title, text):
    bring((NAME, post("季报", BANK)))
    assert outcomes(bring((NAME, post(title, text)))) == ["updated"]
    article = Article.objects.get()
    assert (article.title, article.text) == (title, text)


def test_a_row_of_one_number_and_title_is_updated_whatever_its_text():
    head = "id,title,date,source,body\n"
    bring(("a.csv", f"{head}1,季报,2022-03-01,澜州日报,{BANK}\n"))
    assert outcomes(bring(("a.csv", f"{head}1,季报,2022-03-01,澜州日报,{PORT}\n"))) == ["updated"]


def test_a_number_of_the_mirror_means_one_article_whatever_stands_in_it():
    name, more = "2022-03-01-NW202203010912345678.md", "categories: guojishangbao\ntags: 国际商报新闻\n"
    bring((name, post("季报", BANK, more)))
    assert outcomes(bring((name, post("渡口", PORT, more)))) == ["updated"]
    assert texts() == {PORT}


def test_a_body_that_was_missing_comes_later():
    bring((NAME, post("季报", "")))
    assert outcomes(bring((NAME, post("季报", BANK)))) == ["updated"]


# ------------------------------------------------------------------ unsure: an editor says
UNSURE = {
    "the same title over another text": ("季报", PORT),
    "another title, and half of the text changed": ("银行交卷", BANK[: len(BANK) * 2 // 3] + PORT[:20]),
    "a form with other figures": ("二月季报", BANK.replace("一日", "九日").replace("五个", "七个")),
}


@pytest.mark.parametrize(("title", "text"), UNSURE.values(), ids=UNSURE)
def test_what_is_neither_surely_the_same_nor_another_waits_and_replaces_nothing(title, text):
    bring((NAME, post("季报", BANK)))
    before = Article.objects.values().get()
    run = bring((NAME, post(title, text)))
    assert outcomes(run) == [Outcome.CONFLICT]
    assert Article.objects.values().get() == before
    item = run.items.get()
    assert "《季报》" in item.reason and item.raw_bytes() and item.is_clash
    assert item.pk in items_in_review().values_list("pk", flat=True)
    assert outcomes(bring((NAME, post(title, text) + "\n"))) == ["unchanged"]  # told once


def test_an_editor_s_word_that_it_is_another_makes_it_one():
    bring((NAME, post("季报", BANK)))
    item = bring((NAME, post("季报", PORT))).items.get()
    run = bring((NAME, post("季报", PORT)), apart=item.external_id)
    assert outcomes(run) == ["created"] and texts() == {BANK, PORT}
    assert outcomes(bring((NAME, post("季报", PORT + "补记。")))) == ["updated"]
    assert texts() == {BANK, PORT + "补记。"}


def test_what_an_editor_has_changed_is_not_doubled_by_its_own_file():
    bring((NAME, post("季报", BANK)))
    article = Article.objects.get()
    article.title, article.body_html = "行长谈季报", f"<p>{BANK}</p><p>编者按：见二版。</p>"
    article.revise("edit", make_user())
    assert outcomes(bring((NAME, post("季报", BANK + "补记。")))) == ["conflict"]
    assert Revision.objects.get(state="pending").article == article
    assert outcomes(bring((NAME, post("渡口", PORT)))) == ["conflict"]
    assert Article.objects.get().title == "行长谈季报"


# ------------------------------------------------------------------ undoing
def test_each_run_is_undone_by_itself():
    first, second = bring((NAME, post("季报", BANK))), bring((NAME, post("渡口", PORT)))
    assert undo_import(first).removed == 1
    assert texts() == {PORT}
    assert outcomes(bring((NAME, post("季报", BANK)))) == ["created"]
    assert undo_import(second).removed == 1
    assert texts() == {BANK}


# ------------------------------------------------------------------ names
def test_gbk_names_in_a_tar_and_a_folder_are_one_article_each(tmp_path):
    posts = {"2022-03-01-季报.md": post("季报", BANK), "2022-03-01-渡口.md": post("渡口", PORT)}
    with tarfile.open(
        tmp_path / "a.tar", "w", format=tarfile.GNU_FORMAT, errors="surrogateescape"
    ) as archive:
        for name, text in posts.items():
            info = tarfile.TarInfo(os.fsdecode(name.encode("gbk")))
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    import_paths(Options([str(tmp_path / "a.tar")], workers=1))
    assert texts() == {BANK, PORT}
    folder = tmp_path / "b"
    folder.mkdir()
    for name, text in posts.items():
        path = os.path.join(os.fsencode(folder), name.encode("gbk"))
        with open(path, "wb") as file:
            file.write((text + "\n补记。\n").encode())
    run = import_paths(Options([str(folder)], workers=1)).run
    assert outcomes(run) == ["updated", "updated"]
    assert texts() == {BANK + "\n补记。", PORT + "\n补记。"}


@pytest.mark.parametrize("verdict", ["same", "another"])
def test_the_editor_s_page_takes_it_either_way(verdict):
    bring((NAME, post("季报", BANK)))
    article = Article.objects.get()
    item = bring((NAME, post("季报", PORT))).items.get()
    page = f"/admin/sources/shelveditem/{item.pk}/clash/"
    client = chief()
    said = words(client.get(page))
    assert "净息差" in said and "摆渡" in said
    client.post(
        page, {"verdict": verdict, "rival": article.pk} if verdict == "same" else {"verdict": verdict}
    )
    article.refresh_from_db()
    assert article.text == BANK
    assert texts() == ({BANK} if verdict == "same" else {BANK, PORT})
    assert Revision.objects.filter(article=article, state="pending").count() == (verdict == "same")
