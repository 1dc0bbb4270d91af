"""A source's new text against an editor's changes: merged sentence by sentence, shown, and only then taken."""

import pytest
from django.urls import reverse
from lxml import html

from articles.importing.run import Options, import_paths
from articles.models import Article, Revision
from articles.revisions.pending import merge_base
from articles.undo.undo import undo_import
from sources.reading.pool import IN_A_SERVER
from tests.support.editors import at_desk, change_url, correct, make_user, messages_of, open_form, words

pytestmark = pytest.mark.django_db

FIRST = "<p>沧澜银行今日发布季报。净利润增长百分之三。</p>\n<p>董事会已审议通过相关议案。</p>"


@pytest.fixture
def bring(tmp_path):
    """Import one article's text under one id, as often as asked."""

    def bring(body: str, title: str = "沧澜银行发布季报", **more):
        path = tmp_path / "2022-03-01-NW202203010000000001.md"
        path.write_text(
            f'---\nlayout: post\ntitle: "{title}"\ndate: 2022-03-01 09:00:00 +0800\n'
            f"categories: guojishangbao\ntags: 国际商报新闻\n---\n{body}"
        )
        return import_paths(Options([str(path)], workers=IN_A_SERVER))

    return bring


@pytest.fixture
def edited(bring):
    """An article that an import brought and an editor changed in its second paragraph."""
    bring(FIRST)
    article = Article.objects.get()
    body = article.body_html.replace("已审议通过", "昨日审议通过")
    assert correct(client_of("主编"), article, body_html=body, reason="核实").status_code == 302
    article.refresh_from_db()
    return article


def client_of(group: str = "编辑"):
    return at_desk(make_user(group))


def waiting() -> Revision:
    return Revision.objects.get(state="pending")


def merge_url(revision: Revision) -> str:
    return reverse("admin:articles_article_merge", args=[revision.article_id, revision.pk])


def form_of(page) -> dict[str, str]:
    """What a browser would send of the merge form."""
    forms = html.document_fromstring(page.content.decode()).xpath('//div[@id="content-main"]/form')
    return {name: value.removeprefix("\n") for name, value in forms[0].form_values()}


# ------------------------------------------------------------------ what can be merged
def test_changes_of_source_and_editor_in_different_sentences_are_proposed_together(bring, edited):
    bring(FIRST.replace("百分之三", "百分之五"))
    client, revision = client_of(), waiting()
    panel = words(client.get(change_url(edited)))
    assert "没有冲突，可以合并" in panel
    page = client.get(merge_url(revision))
    assert "来源改了 1 处，编辑改了 1 处" in words(page)
    assert "［删去：三］［新增：五］" in words(page)
    edited.refresh_from_db()
    assert edited.version == 2, "looking at it takes nothing"
    done = client.post(merge_url(revision), form_of(page) | {"do": "save"}, follow=True)
    assert "采用了合并稿，现在是第 3 版" in messages_of(done)
    edited.refresh_from_db()
    assert "百分之五。" in edited.text and "昨日审议通过" in edited.text
    newest = edited.revisions.first()
    assert (newest.kind, newest.version) == ("reconcile", 3)
    assert newest.editor_id == int(client.session["_auth_user_id"])
    revision.refresh_from_db()
    assert revision.state == "applied"


def test_after_a_merge_the_base_has_moved_on(bring, edited):
    second = FIRST.replace("百分之三", "百分之五")
    bring(second)
    client, revision = client_of(), waiting()
    client.post(merge_url(revision), form_of(client.get(merge_url(revision))) | {"do": "save"})
    edited.refresh_from_db()
    assert "百分之五" in merge_base(edited)["body_html"]
    assert bring(second).counts == {"unchanged": 1}
    bring(second.replace("今日发布", "昨日发布"))
    page = words(client.get(merge_url(waiting())))
    assert "来源改了 1 处，编辑改了 1 处" in page, "what was merged before is not proposed again"


def test_what_was_refused_once_is_not_proposed_again(bring, edited):
    second = FIRST.replace("百分之三", "百分之五")
    bring(second)
    client = client_of()
    client.post(reverse("admin:articles_article_drop", args=[edited.pk, waiting().pk]))
    bring(second.replace("今日发布", "昨日发布"))
    revision = waiting()
    client.post(merge_url(revision), form_of(client.get(merge_url(revision))) | {"do": "save"})
    edited.refresh_from_db()
    assert "昨日发布季报。净利润增长百分之三。" in edited.text


def test_a_newer_text_supersedes_the_one_that_waits_and_says_so(bring, edited):
    bring(FIRST.replace("百分之三", "百分之五"))
    old = waiting()
    bring(FIRST.replace("百分之三", "百分之六"))
    old.refresh_from_db()
    assert (old.state, waiting().pk > old.pk) == ("superseded", True)
    client = client_of()
    panel = words(client.get(change_url(edited)))
    assert panel.count("导入带来了新的文本") == 1
    assert "先前还有 1 份来源稿没有处理就来了更新的" in panel
    for page in (client.get(merge_url(old), follow=True), client.post(merge_url(old), {}, follow=True)):
        assert "来源后来又有更新的一稿" in messages_of(page)
    take = reverse("admin:articles_article_take", args=[edited.pk, old.pk])
    assert "来源后来又有更新的一稿" in messages_of(client.post(take, {"version": 2}, follow=True))
    edited.refresh_from_db()
    assert edited.version == 2
    assert "已有更新的来源稿" in words(client.get(f"/admin/articles/article/{edited.pk}/history/"))


def test_undoing_the_newer_text_lets_the_older_one_wait_again(bring, edited):
    bring(FIRST.replace("百分之三", "百分之五"))
    old = waiting()
    undo_import(bring(FIRST.replace("百分之三", "百分之六")).run)
    assert waiting() == old


def test_an_editor_who_edits_on_meanwhile_merges_with_what_is_there_then(bring, edited):
    bring(FIRST.replace("百分之三", "百分之五"))
    correct(client_of(), edited, title="编辑的新题", reason="改题")
    client, revision = client_of(), waiting()
    page = client.get(merge_url(revision))
    client.post(merge_url(revision), form_of(page) | {"do": "save"})
    edited.refresh_from_db()
    assert (edited.title, "百分之五" in edited.text) == ("编辑的新题", True)
    assert edited.original_title == "沧澜银行发布季报"


# ------------------------------------------------------------------ conflicts
@pytest.fixture
def clash(bring, edited):
    """Source and editor have changed one sentence and the headline, each in their own way."""
    correct(client_of(), edited, title="编辑的题", reason="改题")
    bring(FIRST.replace("已审议通过", "今晨审议通过"), title="来源的题")
    edited.refresh_from_db()
    return waiting()


def test_each_conflict_is_asked_about_and_nothing_is_saved_before_the_result_was_seen(clash):
    client = client_of()
    page = client.get(merge_url(clash))
    assert "有 2 处冲突" in words(page)
    for said in (
        "董事会［删去：已］［新增：昨日］审议通过相关议案。",
        "董事会［删去：已］［新增：今晨］审议通过相关议案。",
    ):
        assert said in words(page)
    assert "［新增：编辑的题］" in words(page) and "［新增：来源的题］" in words(page)
    assert "采用合并稿" not in words(page)
    half = client.post(merge_url(clash), form_of(page) | {"do": "result", "choose-title": "theirs"})
    assert "还有 1 处冲突没有选" in words(half)
    assert 'value="theirs" checked' in half.content.decode(), "what was chosen stays chosen"
    forced = client.post(merge_url(clash), form_of(page) | {"do": "save", "choose-title": "theirs"})
    assert (forced.status_code, "没有保存：还有冲突没有选定" in words(forced)) == (409, True)
    assert Article.objects.get().version == 3


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("ours", "董事会昨日审议通过相关议案。"),
        ("theirs", "董事会今晨审议通过相关议案。"),
        ("both", "董事会昨日审议通过相关议案。\n董事会今晨审议通过相关议案。"),
    ],
)
def test_a_conflict_is_settled_as_chosen(clash, choice, expected):
    client = client_of()
    chosen = {"do": "result", "choose-title": "theirs", "choose-body-0": choice}
    result = client.post(merge_url(clash), form_of(client.get(merge_url(clash))) | chosen)
    sent = form_of(result)
    assert sent["title"] == "来源的题"
    assert client.post(merge_url(clash), sent | {"do": "save", "reason": "以公告为准"}).status_code == 302
    article = Article.objects.get()
    assert article.text.endswith(expected)
    assert (article.title, article.revisions.first().reason) == ("来源的题", "以公告为准")


def test_the_result_can_be_put_right_before_it_is_saved(clash):
    client = client_of()
    chosen = {"do": "result", "choose-title": "ours", "choose-body-0": "ours"}
    sent = form_of(client.post(merge_url(clash), form_of(client.get(merge_url(clash))) | chosen))
    sent |= {"do": "save", "title": "合并时改的题", "body_html": "<p>一\r\n</p><script>x</script><p>二</p>"}
    client.post(merge_url(clash), sent)
    article = Article.objects.get()
    assert article.title == "合并时改的题"
    assert "script" not in article.body_html and article.text == "一\n二"


# ------------------------------------------------------------------ never unseen, nothing lost
def test_a_merge_that_an_edit_has_overtaken_is_not_saved_and_not_lost(clash):
    client = client_of()
    chosen = {"do": "result", "choose-title": "ours", "choose-body-0": "ours"}
    sent = form_of(client.post(merge_url(clash), form_of(client.get(merge_url(clash))) | chosen))
    correct(client_of(), Article.objects.get(), title="别人刚改的题", reason="快一步")
    page = client.post(merge_url(clash), sent | {"do": "save", "body_html": "<p>我费心合并的文字</p>"})
    assert page.status_code == 409
    assert "别人改过这篇稿件" in words(page) and "我费心合并的文字" in page.content.decode()
    assert "别人刚改的题" in words(page)
    article = Article.objects.get()
    assert (article.title, article.version) == ("别人刚改的题", 4)
    clash.refresh_from_db()
    assert clash.state == "pending"


def test_choices_made_for_another_version_are_not_taken_over(clash):
    client = client_of()
    sent = form_of(client.get(merge_url(clash))) | {"choose-title": "theirs", "choose-body-0": "theirs"}
    correct(client_of(), Article.objects.get(), byline="王小明", reason="补作者")
    page = client.post(merge_url(clash), sent | {"do": "result"})
    assert "别人改过这篇稿件" in words(page)
    assert "checked" not in page.content.decode()


def test_what_is_saved_is_what_was_shown(bring, edited):
    bring(FIRST.replace("百分之三", "百分之五"))
    client, revision = client_of(), waiting()
    sent = form_of(client.get(merge_url(revision)))
    revision.snapshot["body_html"] = revision.snapshot["body_html"].replace("百分之五", "百分之九")
    revision.save()
    page = client.post(merge_url(revision), sent | {"do": "save"})
    assert (page.status_code, "请再看一遍" in words(page)) == (409, True)
    edited.refresh_from_db()
    assert edited.version == 2


def test_a_text_that_brings_nothing_new_makes_no_version(bring, edited):
    bring(FIRST.replace("已审议通过", "昨日审议通过") + "\n<p>（完）</p>")
    revision = waiting()
    correct(client_of(), edited, body_html=revision.snapshot["body_html"], reason="自己补了")
    client = client_of()
    page = client.get(merge_url(revision))
    assert "来源新稿里没有现稿还没有的内容" in words(page)
    done = client.post(merge_url(revision), form_of(page) | {"do": "save"}, follow=True)
    assert "稿件不变" in messages_of(done)
    edited.refresh_from_db()
    revision.refresh_from_db()
    assert (edited.version, revision.state) == (3, "applied")


def test_a_text_whose_forerunner_is_unknown_is_compared_as_it_is(edited):
    edited.revisions.filter(import_item__isnull=False).delete()
    snapshot = edited.kept() | {"title": "来源的题"}
    revision = Revision.objects.create(article=edited, kind="import", state="pending", snapshot=snapshot)
    page = client_of().get(merge_url(revision))
    assert "来源先前的文本没有留存" in words(page)
    assert "有 1 处冲突" in words(page)


def test_a_published_article_never_loses_its_text_or_date_in_a_merge(bring, edited):
    bring(FIRST.replace("百分之三", "百分之五"))
    client, revision = client_of(), waiting()
    sent = form_of(client.get(merge_url(revision))) | {"do": "save", "body_html": ""}
    page = client.post(merge_url(revision), sent)
    assert (page.status_code, "缺正文" in words(page)) == (409, True)
    edited.refresh_from_db()
    assert edited.version == 2 and edited.text


def test_only_who_may_write_sees_the_merge(bring, edited):
    bring(FIRST.replace("百分之三", "百分之五"))
    url = merge_url(waiting())
    for sent in ({}, {"do": "save"}):
        assert at_desk(make_user()).post(url, sent).status_code == 403
    assert at_desk(make_user()).get(url).status_code == 403
    first = edited.revisions.get(version=1)
    assert client_of().get(merge_url(first)).status_code == 404
    assert Article.objects.get().version == 2


# ------------------------------------------------------------------ two editors
def test_two_editors_who_changed_different_sentences_are_shown_both_changes_together(edited):
    first, second = client_of("主编"), client_of("主编")
    opened = open_form(second, edited)
    body = edited.body_html
    correct(first, edited, body_html=body.replace("今日发布", "昨日发布"), reason="改日子")
    mine = opened | {"body_html": body.replace("百分之三", "百分之四"), "reason": "改数字"}
    page = words(second.post(change_url(edited), mine))
    assert "两人的改动没有冲突" in page
    assert "<p>沧澜银行昨日发布季报。净利润增长百分之四。</p>" in page
    clash = opened | {"body_html": body.replace("今日发布", "前日发布"), "reason": "改"}
    assert "两人的改动没有冲突" not in words(second.post(change_url(edited), clash))
