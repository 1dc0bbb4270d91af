"""An input beside its clean text at the desk: what went, by which rule, why."""

import hashlib

import pytest

from sources.files.raw_bytes import pack
from sources.models import ImportItem, ImportRun
from tests.support.editors import at_desk, editor, make_user, words

pytestmark = pytest.mark.django_db

POST = (
    '---\nlayout: post\ntitle: "季报"\ndate: 2022-03-01 09:00:00 +0800\n'
    "categories: guojishangbao\ntags: 国际商报新闻\n---\n"
    '<p style="display:none">隐藏的填充</p><p>沧澜银行<b>今日</b>发布季报&lt;script&gt;。</p>\n'
    '<p class="em_media">（文章来源：国际商报）</p>\n\n'
    "[返回首页](//finews.withounder.com/)"
)


def make_item(text: str, name: str, **options) -> ImportItem:
    raw = text.encode()
    return ImportItem.objects.create(
        run=ImportRun.objects.create(options=options),
        name=name,
        sha256=hashlib.sha256(raw).hexdigest(),
        raw=pack(raw),
        outcome="created",
    )


def url(item: ImportItem) -> str:
    return f"/admin/sources/importitem/{item.pk}/explained/"


def test_each_removed_passage_stands_with_its_rule_and_reason():
    item = make_item(POST, "2022-03-01-NW202203010000000001.md")
    client = editor()
    page = client.get(url(item))
    said = words(page)
    for expected in (
        *(
            "［文件头］",
            "［隐藏文字］",
            "隐藏的填充",
            "网页上本来就看不见的填充",
            "［来源署名］",
            "［导航和原文链接］",
        ),
        *("清洗以后（按现在的规则）", "沧澜银行今日发布季报<script>。"),
    ):
        assert expected in said
    assert "<script>。" not in page.content.decode(), "what was raw is shown, never run"
    assert url(item) in client.get(f"/admin/sources/importitem/{item.pk}/change/").content.decode()


def test_of_other_formats_it_is_said_which_words_are_not_in_the_text():
    table = "标题,日期,来源,正文,内部备注\n甲,2022-03-01,国际商报,正文第一句。,不要外传\n"
    page = words(editor().get(url(make_item(table, "t.csv:2"))))
    assert "［不在正文里］" in page and "只标出哪些文字不在正文里" in page


@pytest.mark.parametrize(("text", "name"), [("a,b\n1,2\n", "t.csv:2"), ("x", "x.bin"), ("", "x.md")])
def test_what_cannot_be_read_any_more_is_shown_with_the_reason(text, name):
    page = editor().get(url(make_item(text, name)))
    assert page.status_code == 200
    assert "今天的程序不能从它读出稿件" in words(page)


def test_an_item_without_its_bytes_has_no_such_page():
    item = make_item(POST, "甲.md")
    ImportItem.objects.filter(pk=item.pk).update(raw=b"x")
    assert editor().get(url(item)).status_code == 404
    ImportItem.objects.filter(pk=item.pk).update(raw=None)
    assert editor().get(url(item)).status_code == 404


def test_only_who_may_see_imports_sees_it():
    item = make_item(POST, "甲.md")
    assert at_desk(make_user()).get(url(item)).status_code == 403
    assert editor().get(url(item)).status_code == 200
