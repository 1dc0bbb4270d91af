"""The desk finds articles by the index, whatever their status; without one it looks among the recent and says so."""

import pytest

from articles.search.index import follow
from tests.support.builders import make_article
from tests.support.editors import editor

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/articles/article/"


def titles(response) -> list[str]:
    return [article.title for article in response.context["cl"].result_list]


def test_it_finds_words_of_the_body_in_articles_of_any_status():
    body = "<p>董事会审议了绿色债券的发行方案。</p>"
    for status in ("published", "draft", "review", "withdrawn"):
        make_article(status, status=status, body_html=body)
    make_article("别的")
    follow.catch_up(wait=10)
    assert titles(editor().get(LIST, {"q": "绿色债券"})) == ["withdrawn", "review", "draft", "published"]


def test_it_finds_by_number_and_old_address_before_it_looks_for_words():
    numbered = make_article("甲", external_id="NW202112292230377248", legacy_path="/a/2021/12/29/NW1.html")
    make_article(f"乙说到 NW202112292230377248 和 {numbered.pk}")
    follow.catch_up(wait=10)
    client = editor()
    for term in ("NW202112292230377248", "/a/2021/12/29/NW1.html", str(numbered.pk)):
        assert titles(client.get(LIST, {"q": term})) == ["甲"]


def test_it_finds_by_byline():
    make_article("甲", byline="记者 欧阳思远")
    make_article("乙")
    follow.catch_up(wait=10)
    assert titles(editor().get(LIST, {"q": "欧阳思远"})) == ["甲"]


def test_filters_narrow_what_was_found():
    make_article("绿色债券一", status="draft")
    make_article("绿色债券二")
    follow.catch_up(wait=10)
    assert titles(editor().get(LIST, {"q": "绿色债券", "status__exact": "draft"})) == ["绿色债券一"]


def test_without_an_index_it_looks_in_headlines_and_says_so():
    make_article("绿色债券")
    make_article("乙", body_html="<p>绿色债券</p>")
    page = editor().get(LIST, {"q": "绿色债券"})
    assert titles(page) == ["绿色债券"]
    assert "搜索索引还没有就绪" in page.content.decode()


@pytest.mark.parametrize("words", ["\x01", '"', "-", "来源：", "a" * 9000, "日期：9999-99-99", "\ud800"])
def test_nonsense_breaks_nothing(words):
    make_article()
    follow.catch_up(wait=10)
    query = words.encode("utf-8", "surrogatepass")
    assert editor().get(LIST, {"q": query}).status_code == 200
