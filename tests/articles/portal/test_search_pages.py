"""The page of a search: what it shows, what it keeps to itself, and that nothing a reader types breaks it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.search.index import follow
from articles.search.query.results import SearchRequest
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.page_text import text

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = datetime(2021, 12, 28, 23, 50, tzinfo=UTC)  # the 29th in Shanghai


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def titles(page: str) -> list[str]:
    """The headlines of what was found, without the marks in them."""
    heads = re.findall(r'<article class="hit">\s*<h3><a href="/articles/\d+/">(.*?)</a>', page)
    return [re.sub(r"</?mark>", "", head) for head in heads]


@pytest.fixture
def found():
    """A few articles, in the index."""
    bank, paper = make_category("住房金融"), make_source("国际商报")
    make_article("沧澜银行下调首套房贷利率", source=paper, published_at=NIGHT, category=bank)
    make_article(
        "北屿汽车发布年报",
        source=make_source("证券时报"),
        published_at=NIGHT - timedelta(days=400),
        body_html="<p>公司称，房贷利率与销量无关。</p>",
        securities=[make_security("601939.SH", name="建设银行")],
    )
    make_article("山城夜归人", source=paper, published_at=NIGHT - timedelta(days=1))
    make_article("房贷利率草稿", source=paper, status="draft")
    follow.catch_up(wait=10)


# ------------------------------------------------------------------ what it shows


def test_before_anything_is_asked_it_says_how_to_ask(client):
    page = text(client, "/search/")
    for words in ("-股票", "来源：", "标题：", "代码：", "日期：", "&quot;服务贸易&quot;"):
        assert words in page or words.replace("&quot;", '"') in page
    assert text(client, "/search/?q=%20&sort=newest&page=3").count("<kbd>") == page.count("<kbd>") > 0


def test_it_marks_what_was_found_and_says_where_and_when(client, found):
    page = text(client, "/search/?q=房贷利率")
    assert set(titles(page)) == {"沧澜银行下调首套房贷利率", "北屿汽车发布年报"}
    assert "<mark>" in page.partition('class="hit"')[2]
    assert 'href="/sources/guojishangbao/">国际商报</a>' in page
    assert "2021-12-29 07:50</time>" in page
    assert "找到 2 篇" in page
    assert re.search(r"用时 [\d.]+ 毫秒", page)


def test_the_words_stay_in_the_box_and_the_filters_in_the_form(client, found):
    page = text(client, "/search/?q=房贷&sort=newest&from=2021-01-01&to=2021-12-31&source=guojishangbao")
    assert 'name="q" type="search" value="房贷"' in page
    assert 'type="date" name="from" value="2021-01-01"' in page
    assert 'type="date" name="to" value="2021-12-31"' in page
    assert '<input type="hidden" name="source" value="guojishangbao">' in page
    assert '<input type="hidden" name="sort" value="newest">' in page
    assert titles(page) == ["沧澜银行下调首套房贷利率"]


def test_it_sorts_by_newest_and_offers_the_other_order(client, found):
    page = text(client, "/search/?q=利率&sort=newest")
    assert titles(page) == ["沧澜银行下调首套房贷利率", "北屿汽车发布年报"]
    assert re.search(r'aria-current="true">最新</a>', page)
    assert re.search(r'<a href="\?q=[^"&]*">相关</a>', page)


def test_a_facet_narrows_and_is_taken_back(client, found):
    page = text(client, "/search/?q=房贷利率")
    [(query, count)] = re.findall(r'href="(\?[^"]*)">国际商报</a><span>(\d+)</span>', page)
    assert count == "1"
    narrowed = text(client, f"/search/{query.replace('&amp;', '&')}")
    assert titles(narrowed) == ["沧澜银行下调首套房贷利率"]
    [back] = re.findall(r'<a href="(\?[^"]*)">来源：国际商报<span', narrowed)
    assert len(titles(text(client, f"/search/{back.replace('&amp;', '&')}"))) == 2


def test_a_filter_under_which_there_is_nothing_is_taken_back_too(client, found):
    page = text(client, "/search/?q=子虚乌有&source=guojishangbao&category=zhufangjinrong")
    assert titles(page) == []
    taken_back = re.findall(r'<a href="(\?[^"]*)">(?:来源|栏目)：', page)
    assert len(taken_back) == 2
    assert all("source=" not in query or "category=" not in query for query in taken_back)
    assert re.search(r'<a href="\?q=[^"&]*">取消全部筛选</a>', page)


def test_dates_are_taken_back_too(client, found):
    page = text(client, "/search/?q=利率&from=2021-01-01")
    assert titles(page) == ["沧澜银行下调首套房贷利率"]
    [back] = re.findall(r'<a href="(\?[^"]*)">日期：2021-01-01 至 今天<span', page)
    assert len(titles(text(client, f"/search/{back}"))) == 2


def test_what_is_not_published_is_not_found(client, found):
    assert "草稿" not in text(client, "/search/?q=房贷利率")


def test_a_withdrawn_article_is_gone_at_once(client, found):
    article = Article.objects.get(title="沧澜银行下调首套房贷利率")
    article.status = Article.Status.WITHDRAWN
    article.save()  # the index has not heard of it yet
    for path in ("/search/?q=房贷利率", "/search/feed.xml?q=房贷利率", "/search/feed.json?q=房贷利率"):
        assert "沧澜银行" not in text(client, path)


def test_nothing_found_says_what_to_try(client, found):
    page = text(client, "/search/?q=子虚乌有")
    assert titles(page) == []
    for words in ("没有找到", "少写一个词", 'href="/sources/"', 'href="/archive/"'):
        assert words in page


def test_pages_follow_one_another(client):
    source = make_source("国际商报")
    for n in range(45):
        make_article(f"贷款利率第{n}条", source=source, published_at=NIGHT - timedelta(minutes=n))
    follow.catch_up(wait=10)
    path, seen = "/search/?q=贷款利率&sort=newest", []
    while path:
        page = text(client, path)
        seen += titles(page)
        older = re.findall(r'rel="next" href="([^"]*)"', page)
        path = older and f"/search/{older[0].replace('&amp;', '&')}"
    assert seen == [f"贷款利率第{n}条" for n in range(45)]
    assert 'rel="prev"' in page
    assert "再往后没有了" in text(client, "/search/?q=贷款利率&page=9")


def test_an_outlet_is_found_by_its_name_without_a_script(client, found):
    page = text(client, "/search/?q=国际商报")
    assert re.search(r'class="fitting".*?<a href="/sources/guojishangbao/">国际商报</a>', page, re.DOTALL)


# ------------------------------------------------------------------ what it costs, and who may keep it


def test_it_asks_as_much_of_many_articles_as_of_few(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/search/?q=贷款").status_code == 200
        return len(captured)

    for n in range(3):  # of a single one no facet is offered
        make_article(f"贷款{n}则", source=make_source(f"报纸{n % 2}号"))
    follow.catch_up(wait=10)
    queries()  # from here on the navigation is in the cache
    few = queries()
    for n in range(60):
        make_article(
            f"贷款{n}", source=make_source(f"报纸{n % 9}号"), published_at=NIGHT - timedelta(hours=n)
        )
    follow.catch_up(wait=10)
    assert queries() == few < 8


def test_it_may_be_kept_for_a_minute_and_is_no_page_for_other_engines(client, found):
    response = client.get("/search/?q=房贷")
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert '<meta name="robots" content="noindex,follow">' in response.content.decode()
    assert "Disallow: /search/" in text(client, "/robots.txt")


# ------------------------------------------------------------------ no index


def test_without_an_index_it_says_so_and_when_to_come_again(client):
    make_article("房贷")
    for path in ("/search/?q=房贷", "/search/feed.xml?q=房贷", "/search/feed.json?q=房贷"):
        response = client.get(path)
        assert response.status_code == 503
        assert int(response["Retry-After"]) > 0
        assert response["Cache-Control"] == "no-store"
    page = text(client, "/search/?q=房贷", 503)
    assert "搜索正在准备" in page
    assert 'value="房贷"' in page
    assert "rebuild_search" in page


def test_without_an_index_all_the_rest_is_there(client):
    article = make_article("房贷")
    for path in ("/", "/search/", article.get_absolute_url(), "/search/suggest?q=房", "/opensearch.xml"):
        assert client.get(path).status_code == 200


# ------------------------------------------------------------------ nonsense

ODD = [
    *(
        "q=%00",
        "q=%ff",
        "q=%ed%a0%80",
        "q=" + "a" * 8000,
        "q=" + "%E9%95%BF" * 2700,
        "q=%22",
        'q=%22"%22',
        "q=-",
    ),
    *(
        "q=---",
        "q=:",
        "q=：",
        "q=来源：",
        "q=日期：2024-99-99",
        "q=AND OR NOT",
        "q=*",
        "q=[1 TO",
        "q=a^9~2",
        "q=\\",
    ),
    *("q=%F0%9F%98%80", "q=%E2%80%8B", "q=%0d%0aSet-Cookie:x", "q=%20", "q", "q=a&q=b", "q=" + "-x " * 500),
    *("q=a&page=" + "9" * 31, "q=a&page=0", "q=a&page=-1", "q=a&page=x", "q=a&page=１", "q=a&page=%00"),
    *("q=a&from=2024-99-99", "q=a&to=0001-01-01", "q=a&from=9999-12-31", "q=a&from=%00", "q=a&from=2024-2-3"),
    *("from=2022-01-01&to=2021-01-01", "q=a&sort=%00", "q=a&sort=x", "q=a&source=%00", "q=a&source=nope"),
    *(
        "source=%ff",
        "category=%00",
        "category=nope&q=a",
        "security=%00",
        "security=x",
        "security=.",
        "%00=%00",
    ),
    *(
        "q=" + "来源：" * 300,
        "q=" + '"' * 999,
        "source=" + "x" * 8000,
        "security=601939.SH&source=a&category=b",
    ),
]


@pytest.mark.parametrize("query", ODD, ids=lambda query: query[:40])
def test_nonsense_breaks_nothing(client, found, query):
    for path in (
        "/search/",
        "/search/feed.xml",
        "/search/feed.json",
        "/search/suggest",
        "/search/suggest.js",
    ):
        is_feed_of_everything = "feed" in path and SearchRequest.read(QueryDict(query)).is_empty
        assert client.get(f"{path}?{query}").status_code == (404 if is_feed_of_everything else 200), path


def test_words_cannot_become_markup(client, found):
    make_article("<script>alert(1)</script>利率", body_html="<p>&lt;img src=x onerror=alert(1)&gt;利率</p>")
    follow.catch_up(wait=10)
    for words in ("利率", "<script>alert(1)</script>", '"><script>'):
        page = client.get("/search/", {"q": words}).content.decode()
        assert "<script>alert" not in page
        assert "<img" not in page
        assert '"><script' not in page
