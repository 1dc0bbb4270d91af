"""版面拆分: an editor gives the blocks of a printed page to articles anew, and no character is lost."""

import pytest
from django.contrib.auth.models import Permission

from articles.admin.imports.page_split_pages import MOST_BLOCKS
from articles.importing.run import Options, import_found
from articles.models import Article, Revision
from articles.models.page_split import PageSplit
from articles.review.page_splits import BadSplit, redo_split, split_in_force
from articles.undo.undo import undo_import
from sources.files.inputs import Found
from sources.formats.newspaper.layout import Piece, Split
from sources.models import ImportItem
from sources.reading.pool import IN_A_SERVER
from tests.support.editors import at_desk, editor, fields_of, make_user, words

pytestmark = pytest.mark.django_db
PAGE = """渔港开市

本报讯（记者 林越）沧澜渔港昨日开市，首日成交三百吨，渔民一早就排起了队。

渔港负责人说，冷库已经扩建完毕，可以存放两千吨渔获。

石桥修好了

□ 石城晚报记者 周舟

断了三年的石桥昨天修好，两岸村民放了一挂鞭炮，孩子们跑在最前面。

修桥用的是原来的青石，石匠师傅把每一块都编了号，一块也没有少。

渔港负责人说，冷库已经扩建完毕，可以存放两千吨渔获。
"""


@pytest.fixture
def page() -> ImportItem:
    asked = Options(workers=IN_A_SERVER, origin="测试", format="newspaper")
    run = import_found([Found("版面.txt", "", data=PAGE.encode())], asked).run
    return run.items.get(layout__isnull=False)


def url(page: ImportItem) -> str:
    return f"/admin/sources/shelveditem/{page.pk}/split/"


def send(client, page, button="_apply", **changes):
    """Changes such as `b8_to="1"`: block 8 into article 1."""
    sent = fields_of(client.get(url(page)).content, "split_form")
    sent |= {f"{name[1:].replace('_', '-', 1)}": value for name, value in changes.items()}
    return client.post(url(page), sent | {button: "1"}, follow=True)


def articles(page) -> list[Article | None]:
    return [Article.objects.filter(pk=one.article).first() for one in split_in_force(page).pieces]


def every_block_stands_once(page) -> bool:
    return not split_in_force(page).faults(len(page.layout["blocks"]))


def test_the_reader_proposed_two_articles_and_a_repeat(page):
    split = split_in_force(page)
    assert [(one.heads, one.bylines, one.body) for one in split.pieces] == [
        ([1], [], [2, 3]),
        ([4], [5], [6, 7]),
    ]
    assert split.repeats == {8: 3}
    assert [one.title for one in articles(page)] == ["渔港开市", "石桥修好了"]


def test_the_page_shows_every_block_with_its_place(page):
    client = editor()
    said = words(client.get(url(page)))
    for block in page.layout["blocks"]:
        assert block.strip() in said
    form = fields_of(client.get(url(page)).content, "split_form")
    shown = {name: form[name] for name in ("1-to", "1-role", "5-role", "7-to", "8-to", "8-of")}
    assert shown == {
        **{"1-to": "1", "1-role": "head", "5-role": "byline", "7-to": "2", "8-to": "repeat", "8-of": "3"}
    }


def test_sent_as_it_stands_it_changes_nothing(page):
    before = list(Article.objects.values_list("version", "title", "body_html"))
    assert "稿件没有变化" in words(send(editor(), page))
    assert list(Article.objects.values_list("version", "title", "body_html")) == before
    assert split_in_force(page).as_json() == Split.of_json(PageSplit.objects.get().split).as_json()
    assert every_block_stands_once(page)


def test_a_preview_writes_nothing(page):
    said = words(send(editor(), page, "_preview", b7_to="1", b7_at="99"))
    assert "拆分后（还没有保存）" in said
    assert not PageSplit.objects.exists()
    assert "青石" in articles(page)[1].text


def test_a_moved_block_revises_both_articles(page):
    first, second = articles(page)
    send(editor(), page, b7_to="1", b7_at="15")
    first.refresh_from_db(), second.refresh_from_db()
    assert first.text.index("青石") < first.text.index("沧澜渔港")  # where 次序 puts it
    assert "青石" not in second.text
    for article in (first, second):
        assert (article.version, article.status, article.edited_at) == (2, "review", None)
        assert article.revisions.get(version=1).snapshot
        assert article.revisions.get(version=2).editor
    assert every_block_stands_once(page)


TORN = """渔港开市

□ 本报记者 林越

沧澜渔港昨日开市，首日成交三百吨，渔民一早就排起了队。

渔港负责人说，冷库已经扩建完毕，渔民从今年起可以

沧澜镇镇长周守田也来了，他说今年的渔获比去年多。

石桥修好了

□ 石城晚报记者 周舟

断了三年的石桥昨天修好，两岸村民放了一挂鞭炮，孩子们跑在最前面。

石匠师傅把每一块青石都编了号，一块也没有少，桥头刻着修桥人的名字。

何川家的渔获从此存进这座冷库，租金三个月只收五百元。
"""


@pytest.fixture
def torn_page() -> ImportItem:
    asked = Options(workers=IN_A_SERVER, origin="测试", format="newspaper")
    run = import_found([Found("断句.txt", "", data=TORN.encode())], asked).run
    return run.items.get(layout__isnull=False)


def test_what_an_editor_puts_behind_a_broken_sentence_becomes_one_paragraph_with_it(torn_page):
    first, second = articles(torn_page)
    assert "今年起可以</p>" in first.body_html and "何川家" in second.text
    response = send(editor(), torn_page, b10_to="1", b10_at="45")
    first.refresh_from_db(), second.refresh_from_db()
    assert "改写 2 篇" in words(response)
    assert "渔民从今年起可以何川家的渔获从此存进这座冷库，租金三个月只收五百元。</p>" in first.body_html
    assert "何川家" not in second.text and "<p>沧澜镇镇长周守田" in first.body_html
    assert every_block_stands_once(torn_page)
    assert "稿件没有变化" in words(send(editor(), torn_page))


def test_a_broken_sentence_that_nobody_touched_stays_as_it_was(torn_page):
    before = list(Article.objects.values_list("version", "body_html"))
    assert "稿件没有变化" in words(send(editor(), torn_page))
    assert list(Article.objects.values_list("version", "body_html")) == before


def test_headline_and_byline_are_the_blocks_that_are_named_so(page):
    send(editor(), page, b5_to="left", b6_role="head", b6_at="15")
    second = articles(page)[1]
    assert (second.byline, second.title.startswith("石桥修好了 断了三年")) == ("", True)
    assert split_in_force(page).left_over == [5]


def test_a_new_article_is_made_for_review(page):
    response = send(editor(), page, b8_to="3", b8_role="body")
    made = articles(page)[2]
    assert "新建待审 1 篇" in words(response)
    assert (made.status, "冷库已经扩建" in made.text) == ("review", True)
    assert made.revisions.get().import_item == page
    assert every_block_stands_once(page)


def test_an_emptied_article_becomes_a_draft_and_can_be_filled_again(page):
    client, second = editor(), articles(page)[1]
    send(client, page, b4_to="left", b5_to="left", b6_to="1", b7_to="1")
    second.refresh_from_db()
    assert second.status == "draft" and "石桥" in second.text
    assert "没有内容了" in second.revisions.get(version=2).reason
    send(client, page, b4_to="2", b5_to="2", b6_to="2", b7_to="2", b4_role="head", b5_role="byline")
    second.refresh_from_db()
    assert second.status == "review"
    assert PageSplit.objects.count() == 2


def test_what_an_editor_has_touched_is_not_overwritten(page):
    first = articles(page)[0]
    first.title = "编辑的题"
    first.revise(Revision.Kind.EDIT, make_user())
    send(editor(), page, b7_to="1", b7_at="99")
    first.refresh_from_db()
    assert (first.title, "青石" in first.text, first.version) == ("编辑的题", False, 2)
    assert "青石" in first.revisions.get(state=Revision.State.PENDING).snapshot["body_html"]
    send(editor(), page, b3_to="left")
    assert (
        first.revisions.filter(state=Revision.State.PENDING).count() == 1
    )  # the newer one in place of the older


def test_an_edited_article_that_is_emptied_stays_as_it_is(page):
    second = articles(page)[1]
    second.title = "编辑的题"
    second.revise(Revision.Kind.EDIT, make_user())
    response = send(editor(), page, **{f"b{block}_to": "left" for block in (4, 5, 6, 7)})
    second.refresh_from_db()
    assert (second.status, second.version) == ("review", 2)
    assert "未动 1 篇" in words(response)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"b8_of": ""}, "没有写明与哪一段重复"),
        ({"b8_of": "99"}, "没有写明与哪一段重复"),
        ({"b8_of": "8"}, "没有写明与哪一段重复"),
        ({"b7_to": "77"}, "第 7 段的选择无效"),
    ],
)
def test_what_would_lose_a_block_is_refused_in_words(page, changes, said):
    assert said in words(send(editor(), page, **changes))
    assert not PageSplit.objects.exists()


@pytest.mark.parametrize(
    "split",
    [
        Split(),
        Split([Piece(body=[1, 2, 3, 4, 5, 6, 7])]),
        Split([Piece(body=list(range(1, 9)))], {}, [8]),
        Split([Piece(body=list(range(1, 10)))]),
    ],
    ids=["nothing", "one lost", "one twice", "one too many"],
)
def test_no_split_that_loses_or_doubles_a_block_is_ever_kept(page, split):
    before = list(Article.objects.values())
    with pytest.raises(BadSplit):
        redo_split(page, split, 0, None)
    assert not PageSplit.objects.exists() and list(Article.objects.values()) == before


def test_the_page_as_it_came_is_never_changed(page):
    layout = page.layout
    send(editor(), page, b7_to="1", b8_to="left")
    page.refresh_from_db()
    assert page.layout == layout and "".join(layout["blocks"]) == PAGE == page.raw_bytes().decode()


def test_the_second_of_two_editors_is_told(page):
    one, other = editor(), editor()
    sent = fields_of(other.get(url(page)).content, "split_form")
    send(one, page, b7_to="1")
    said = words(other.post(url(page), sent | {"_apply": "1"}))
    assert "别人重新拆分过" in said
    assert PageSplit.objects.count() == 1 and "青石" in articles(page)[0].text


def test_undoing_the_import_takes_the_split_articles_too(page):
    send(editor(), page, b8_to="3", b8_role="body", b7_to="1")
    undo_import(page.run)
    assert not Article.objects.exists()


def test_a_page_item_and_its_parts_lead_to_the_split(page):
    client = editor()
    for item in page.run.items.all():
        assert url(page) in client.get(f"/admin/sources/importitem/{item.pk}/change/").content.decode()


def test_only_those_who_may_change_articles_split_pages(page):
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="view_importitem"))
    assert at_desk(user).get(url(page)).status_code == 403
    assert at_desk(user).post(url(page), {}).status_code == 403
    part = page.run.items.exclude(pk=page.pk).first()
    assert editor().get(url(part)).status_code == 404


def test_the_largest_page_that_is_shown_can_be_sent_and_a_larger_one_says_so(page):
    rest = {"articles": [], "repeats": {}, "variants": {}}
    blocks = [f"第{number}段。\n" for number in range(MOST_BLOCKS + 1)]
    ImportItem.objects.filter(pk=page.pk).update(
        layout=rest | {"blocks": blocks[:-1], "left_over": list(range(1, MOST_BLOCKS + 1))}
    )
    assert "已按新的拆分保存" in words(send(editor(), page, b1_to="1"))
    ImportItem.objects.filter(pk=page.pk).update(layout=rest | {"blocks": blocks, "left_over": []})
    assert f"一页表单最多 {MOST_BLOCKS} 段" in words(editor().get(url(page), follow=True))
