"""Sections are proposed by weighted words, with the evidence, and never over what an editor chose."""

import pytest

from articles.importing.run import Options, import_paths
from articles.models import Article, Category, Revision
from articles.taxonomy.section_rules import Keywords
from articles.taxonomy.section_trial import apply, sort_unfiled
from articles.undo.undo import undo_import
from sources.reading.pool import IN_A_SERVER
from tests.support.builders import make_article, make_category
from tests.support.editors import change_url, chief, correct, editor, fields_of, words

pytestmark = pytest.mark.django_db
SECTIONS = "/admin/articles/category/"


@pytest.fixture(autouse=True)
def two_sections():
    """In place of the ten a newsroom starts with: 银行 and 足球."""
    Category.objects.all().delete()
    make_category("银行", slug="bank", keywords="银行\n降准 3\n球队赞助 -9", position=1)
    make_category("体育", slug="sport", keywords="足球\n银行杯　2", position=2)


def propose(title, text=""):
    proposal = Keywords().propose(title, text)
    return proposal.category and Category.objects.get(pk=proposal.category).name, proposal.why


# ------------------------------------------------------------------ proposing
@pytest.mark.parametrize(
    ("title", "text", "name", "why"),
    [
        ("银行开门", "", "银行", "银行 3 分：标题“银行”×1 (3)"),
        ("今天", "银行和银行。", "银行", "银行 2 分：导语“银行”×2 (2)"),
        ("银行开门", "央行降准。", "银行", "银行 6 分：标题“银行”×1 (3)，导语“降准”×1 (3)"),
        ("银行杯开赛", "", "体育", "体育 6 分：标题“银行杯”×1 (6)"),
        ("银行谈球队赞助", "", None, ""),
        ("今天天气好", "", None, ""),
        ("今天", "字" * 300 + "银行", None, ""),
    ],
)
def test_the_heaviest_section_is_proposed_with_its_words(title, text, name, why):
    assert propose(title, text) == (name, why)


def test_where_two_are_level_nothing_is_proposed_and_the_evidence_says_so():
    assert propose("银行队踢足球") == (None, "银行、体育同为 3 分，没有建议")


def test_a_word_may_speak_for_two_sections():
    Category.objects.filter(slug="sport").update(keywords="银行 2")
    assert propose("银行")[0] == "体育"


def test_an_import_files_by_the_rules_and_the_form_shows_why(tmp_path):
    (tmp_path / "2022-03-01-NW202203010000000001.md").write_text(
        '---\nlayout: post\ntitle: "银行开门"\ndate: 2022-03-01 09:00:00 +0800\ncategories: guojishangbao\n'
        "tags: 国际商报新闻\n---\n<p>央行宣布降准。</p>"
    )
    import_paths(Options([str(tmp_path)], workers=IN_A_SERVER))
    article = Article.objects.get()
    assert article.category.name == "银行"
    page = words(editor().get(change_url(article)))
    assert "银行 6 分：标题“银行”×1 (3)，导语“降准”×1 (3)" in page


def test_an_article_that_no_word_speaks_for_says_so():
    assert "没有栏目的关键词，没有建议" in words(editor().get(change_url(make_article("今天"))))


# ------------------------------------------------------------------ writing rules
def save(client, category, **changes):
    url = f"{SECTIONS}{category.pk}/change/"
    return client.post(url, fields_of(client.get(url).content, "category_form") | changes)


def test_lines_that_are_no_rules_are_refused_in_words():
    category, desk = Category.objects.get(slug="bank"), chief()
    assert "“贷款”的分值要在 1 到 999 之间（或负数），不能是 0" in words(
        save(desk, category, keywords="贷款 0")
    )
    assert "有 101 个字，关键词不能超过 100 个字" in words(save(desk, category, keywords="贷" * 101))
    assert "“贷款”写了两次" in words(save(desk, category, keywords="贷款\n贷款 3"))
    category.refresh_from_db()
    assert category.keywords.startswith("银行")
    assert save(desk, category, keywords="贷款 －2\nM2").status_code == 302


def test_rules_are_tried_on_a_text_that_nobody_keeps():
    page = editor().post(f"{SECTIONS}try/", {"title": "银行队踢足球", "text": "足球"})
    said = words(page)
    assert "建议：体育 4 分" in said and "标题“银行”×1 (3)" in said
    assert not Article.objects.exists()


def test_new_rules_are_tried_on_the_newest_articles_and_saved_nowhere():
    category = Category.objects.get(slug="sport")
    for title in ("银行开门", "足球开赛"):
        make_article(title, body_html="<p>今天。</p>")
    sent = {"rehearse": category.pk, "name": "体育", "keywords": "足球\n开门 9"}
    said = words(chief().post(f"{SECTIONS}rehearse/", sent))
    assert "最新的 2 篇里，1 篇的建议会变" in said
    assert "银行 3 分：标题“银行”×1 (3)" in said and "体育 27 分：标题“开门”×1 (27)" in said
    assert "体育 多 1 篇" in said and "银行 少 1 篇" in said
    assert "足球开赛" not in said
    category.refresh_from_db()
    assert "开门" not in category.keywords
    assert not Article.objects.exclude(category=None).exists()


def test_a_section_that_is_not_saved_yet_can_be_tried():
    make_article("今天下雨", body_html="<p>很大。</p>")
    said = words(chief().post(f"{SECTIONS}rehearse/", {"rehearse": "", "name": "天气", "keywords": "下雨"}))
    assert "天气 多 1 篇" in said
    assert chief().get(f"{SECTIONS}rehearse/").status_code == 404
    assert (
        'formaction="/admin/articles/category/rehearse/"' in chief().get(f"{SECTIONS}add/").content.decode()
    )


# ------------------------------------------------------------------ putting them to use
def test_what_is_filed_nowhere_is_filed_with_the_evidence_and_a_version():
    plain = make_article("银行开门", body_html="<p>今天。</p>")
    chosen = make_article("银行开门大吉", category=Category.objects.get(slug="sport"))
    edited = make_article("银行关门")
    correct(editor(), edited, title="银行关门了", reason="改题")
    desk = chief()
    page = desk.get(f"{SECTIONS}apply/")
    assert "1 篇没有栏目的稿件可以归栏" in words(page)
    page = desk.post(f"{SECTIONS}apply/", follow=True)
    assert "归了 1 篇" in words(page)
    for article, section, version in ((plain, "银行", 2), (chosen, "体育", 1), (edited, None, 2)):
        article.refresh_from_db()
        assert (article.category and article.category.name, article.version) == (section, version)
    revision = plain.revisions.get()
    assert (revision.kind, revision.proposal) == ("section", "银行 3 分：标题“银行”×1 (3)")
    assert "没有可以归栏的稿件" in words(desk.get(f"{SECTIONS}apply/"))


def test_an_article_that_moved_on_meanwhile_is_left_alone():
    article = make_article("银行开门")
    sorting = sort_unfiled()
    Article.objects.filter(pk=article.pk).update_versioned(digest="新的")
    assert apply(sorting) == 0
    article.refresh_from_db()
    assert article.category is None and not Revision.objects.exists()


def test_an_editor_without_the_rights_files_nothing():
    article = make_article("银行开门")
    for ask in (editor().get, editor().post):
        assert ask(f"{SECTIONS}apply/").status_code == 403
    article.refresh_from_db()
    assert article.category is None


def test_filing_by_rules_does_not_keep_an_import_from_being_undone(tmp_path):
    (tmp_path / "2022-03-01-NW202203010000000001.md").write_text(
        '---\nlayout: post\ntitle: "开门"\ndate: 2022-03-01 09:00:00 +0800\ncategories: guojishangbao\n'
        "tags: 国际商报新闻\n---\n<p>今天。</p>"
    )
    run = import_paths(Options([str(tmp_path)], workers=IN_A_SERVER)).run
    Category.objects.filter(slug="bank").update(keywords="开门")
    chief().post(f"{SECTIONS}apply/")
    assert Article.objects.get().category.name == "银行"
    assert undo_import(run).removed == 1
