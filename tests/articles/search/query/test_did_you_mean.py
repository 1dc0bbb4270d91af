"""What a search says and where it leads on: what was searched, what may have been meant, outlets, related articles."""

import pytest

from articles.models import Article
from articles.models.search_terms import SearchAlias, Unanswered
from articles.search.index import follow
from articles.search.query.results import (
    SearchRequest,
)
from articles.search.query.run import (
    search,
)
from articles.search.related import (
    related,
)
from articles.search.unanswered import write_down
from tests.support.builders import make_article

pytestmark = pytest.mark.django_db


def test_it_says_what_was_searched(three):
    SearchAlias.objects.all().delete()
    SearchAlias.objects.create(word="沧行", expansions="沧澜银行")
    found = search(SearchRequest("沧行 “降准” -股票 来源:国际商报"))
    assert found.said == [
        *("“沧行” 按词和原文", "“降准” 按原文", "不含 “股票”"),
        *("也找了：沧澜银行（“沧行”的别名）", "来源：国际商报"),
    ]
    assert [hit.title for hit in found.hits] == [[("甲：", False), ("沧澜银行降准", True)]]


def test_what_would_find_something_is_offered_where_nothing_was_found(three):
    offered = {(way.label, way.note) for way in search(SearchRequest("降准 火星")).meant}
    assert offered == {("降准", "只找这个词，2 篇")}
    narrowed = search(SearchRequest("降准", security="601939.SH"))
    assert [(way.label, way.note) for way in narrowed.meant] == [("降准", "不加条件，2 篇")]
    assert search(SearchRequest("降准")).meant == []


def test_a_name_that_is_only_said_alike_is_offered(three):
    ways = {way.label: way.href for way in search(SearchRequest("建设音航")).meant}
    assert ways["建设银行 601939.SH"] == "/securities/601939.SH/"


def test_an_outlet_that_goes_by_the_words_is_shown(three):
    assert [way.href for way in search(SearchRequest("国际商报")).outlets] == ["/sources/guojishangbao/"]
    assert [way.label for way in search(SearchRequest("gjsb")).outlets] == ["国际商报"]
    assert search(SearchRequest("降准")).outlets == []


def test_questions_without_an_answer_are_counted_only_when_plain(client, three):
    for asked in (
        SearchRequest("火星"),
        SearchRequest("火星"),
        SearchRequest("水星", page=2),
        SearchRequest("-贷款"),
        SearchRequest("金星", source="x"),
    ):
        assert client.get(f"/search/{asked.query(page=asked.page)}").status_code == 200
    assert client.get("/search/feed.xml?q=木星").status_code == 200  # machines ask again and again
    search(SearchRequest("土星"))  # asked by none of the readers' pages
    write_down()
    assert list(Unanswered.objects.values_list("words", "count")) == [("火星", 2)]


def test_related_articles_share_weighty_words_and_tell_another_story():
    body = "<p>沧澜银行与跨境结算平台合作，服务外贸企业。</p>"
    one = make_article("跨境结算平台上线", body_html=body)
    near = make_article("跨境结算平台扩容", body_html=body)
    for number in range(12):
        make_article(f"天气预报 {number}", body_html="<p>明天有雨。</p>")
    gone = make_article("跨境结算平台下线", body_html=body)
    follow.rebuild()
    Article.objects.filter(pk=gone.pk).update(status="withdrawn", public_at=None)
    assert [row["id"] for row in related(one)] == [near.pk]
    assert related(near)[0]["outlet"]
