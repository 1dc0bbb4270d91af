"""The readers' pages: what they show, what they hide, what they cost, and that nothing breaks them."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Article
from articles.portal.structured_data import authors, web_address
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.page_text import lists, text

pytestmark = pytest.mark.django_db
NIGHT = datetime(2021, 12, 28, 23, 50, tzinfo=UTC)  # the 29th in Shanghai


# ------------------------------------------------------------------ an article


def test_an_article_shows_all_there_is_to_know(client, bank):
    page = text(client, bank.get_absolute_url())
    assert re.findall(r"<h1>(.*)</h1>", page) == [bank.title]
    assert re.search(r"data-article-body>\s*<p>沧澜银行今日发布公告。</p>", page)
    assert f'rel="author" data-source href="{bank.source.get_absolute_url()}">国际商报</a>' in page
    assert '发布 <time datetime="2021-12-29 07:50:00+08:00">2021-12-29 07:50</time>' in page
    assert 'href="https://example.com/a?b=1&amp;c=2" rel="noopener nofollow"' in page
    for words in (
        "李悦",
        "王小明",
        "沧澜银行推出平台",
        "第01版：要闻",
        "2021年12月29日",
        "单户最高授信2000万元",
    ):
        assert words in page
    for link in (
        bank.category.get_absolute_url(),
        "/securities/601939.SH/",
        "/tags/%E6%9C%8D%E5%8A%A1%E8%B4%B8%E6%98%93/",
    ):
        assert f'href="{link}"' in page
    assert "更新" not in page


def test_absent_parts_leave_no_trace(client):
    page = text(client, make_article("一", original_title="一").get_absolute_url())
    for words in ("原标题", "见报", "责任编辑", "原文", "标签", "上一篇", "下一篇"):
        assert words not in page


def test_a_change_after_it_came_out_is_told(client, bank):
    bank.body_html += "<p>更多。</p>"
    bank.save()
    page = text(client, bank.get_absolute_url())
    assert "更新 <time" in page
    assert "article:modified_time" in page
    assert "dateModified" in page


def test_publishing_a_draft_is_no_change(client):
    article = make_article(status="draft", published_at=timezone.now())
    article.status = "published"
    article.save()
    assert "更新 <time" not in text(client, article.get_absolute_url())


def test_the_outlets_next_articles_are_linked(client, bank):
    before = make_article("前", source=bank.source, published_at=NIGHT - timedelta(hours=1))
    after = make_article("后", source=bank.source, published_at=NIGHT + timedelta(hours=1))
    make_article("别家", published_at=NIGHT + timedelta(minutes=1))
    make_article("草稿", source=bank.source, published_at=NIGHT + timedelta(minutes=1), status="draft")
    page = text(client, bank.get_absolute_url())
    assert f'rel="prev" href="/articles/{before.pk}/"><small>上一篇</small>前</a>' in page
    assert f'rel="next" href="/articles/{after.pk}/"><small>下一篇</small>后</a>' in page


def test_structured_data_says_the_same(client, bank):
    page = text(client, bank.get_absolute_url())
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    article, crumbs = data["@graph"]
    assert article["headline"] == bank.title
    assert article["datePublished"] == "2021-12-29T07:50:00+08:00"
    assert [person["name"] for person in article["author"]] == ["李悦", "张三"]
    assert article["isBasedOn"] == bank.original_url
    assert article["sourceOrganization"]["name"] == "国际商报"
    assert "dateModified" not in article
    assert "image" not in article
    assert len(crumbs["itemListElement"]) == 3
    assert '<meta property="og:title" content="沧澜银行发布“服贸通”">' in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/articles/{bank.pk}/">' in page


def test_words_of_an_article_cannot_become_markup(client):
    words = "</script><script>alert(1)</script>\"'&<!--"
    names = ("title", "subtitle", "original_title", "byline", "editor", "digest", "page")
    article = make_article(
        source=make_source(words), tags=[words], securities=[make_security("1.SH", name=words)]
    )
    Article.objects.filter(pk=article.pk).update(original_url=words, **dict.fromkeys(names, words[:50]))
    for path in (
        article.get_absolute_url(),
        article.source.get_absolute_url(),
        "/",
        "/sources/",
        "/securities/1.SH/",
    ):
        page = text(client, path)
        assert "<script>alert" not in page
        assert "<!--" not in page


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//example.com", "ftp://a.b/c", "http://[", "http:", "data:,x"]
)
def test_only_web_addresses_become_links(url):
    assert web_address(url) == ""


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("记者 李悦", ["李悦"]),
        ("本报记者 黄光红、张三", ["黄光红", "张三"]),
        ("文/李悦", ["李悦"]),
        ("李悦 张三", ["李悦", "张三"]),
        ("John Smith", ["John Smith"]),
        ("", []),
    ],
)
def test_authors_are_names_only(byline, names):
    assert authors(byline) == names


# ------------------------------------------------------------------ what readers may see


def test_a_withdrawn_article_is_gone_from_everywhere(client, bank):
    bank.status = "withdrawn"
    bank.save()
    page = text(client, bank.get_absolute_url(), 410)
    assert "已撤下" in page
    for path in ("/", "/sources/", "/archive/", "/feed.xml"):
        assert bank.title not in text(client, path)
    assert bank.title not in page + text(client, bank.source.get_absolute_url(), 404)


@pytest.mark.parametrize("status", ["draft", "review"])
def test_what_is_not_published_is_nowhere(client, bank, status):
    bank.status = status
    bank.save()
    client.force_login(User.objects.create_superuser("editor"))  # nor for those who are logged in
    assert bank.title not in text(client, bank.get_absolute_url(), 404)
    kept = ("/tags/服务贸易/", "/securities/601939.SH/")
    for path in (*kept, bank.source.get_absolute_url(), bank.category.get_absolute_url()):
        assert bank.title not in text(client, path, 404)
    for path in ("/", "/sources/", "/archive/"):
        assert bank.title not in text(client, path)


def test_tomorrows_article_waits(client):
    article = make_article(published_at=timezone.now() + timedelta(hours=1))
    text(client, article.get_absolute_url(), 404)
    assert article.title not in text(client, "/")


# ------------------------------------------------------------------ lists


def test_every_list_links_to_the_article(client, bank):
    for path in lists(bank):
        page = text(client, path)
        entry = re.search(r'<article class="entry">(.*?)</article>', page, re.S)[1]
        assert f'<a href="/articles/{bank.pk}/">{bank.title}</a>' in entry
        assert '<time datetime="2021-12-29 07:50:00+08:00">07:50</time>' in entry
        assert page.count("<h1") == 1


def test_a_list_turns_its_pages(client, bank):
    for n in range(40):
        make_article(source=bank.source, published_at=NIGHT - timedelta(minutes=n + 1))
    path, seen = bank.source.get_absolute_url(), []
    page = text(client, path)
    seen += re.findall(r'<h3><a href="/articles/(\d+)/', page)
    older = re.search(r'rel="next" href="(\?after=[^"]+)"', page)[1]
    page = text(client, path + older)
    seen += re.findall(r'<h3><a href="/articles/(\d+)/', page)
    assert len(seen) == len(set(seen)) == 41
    assert 'rel="next"' not in page
    assert 'rel="prev" href="?before=' in page


def test_a_list_can_be_narrowed(client, bank):
    other = make_article(
        "别家的", source=make_source("别家报"), category=bank.category, published_at=NIGHT + timedelta(days=9)
    )
    path = bank.category.get_absolute_url()

    def shown(query):
        page = text(client, f"{path}?{query}")
        return [article.title for article in (bank, other) if article.title in page]

    assert shown("") == [bank.title, other.title]
    assert shown("from=2021-12-29&to=2021-12-29") == [bank.title]
    assert shown("from=2021-12-30") == [other.title]
    assert shown("to=2021-12-28") == []
    assert (
        shown("source=guojishangbao")
        == shown("source=国际商报")
        == shown("source= 国际 商报")
        == [bank.title]
    )
    assert shown("source=没有这家") == []
    path = bank.source.get_absolute_url()
    assert shown(f"category={bank.category.slug}") == [bank.title]
    assert shown("category=nope") == []
    path = "/archive/2021/12/29/"
    assert shown("source=guojishangbao") == [bank.title]
    assert shown("to=2000-01-01") == [bank.title]  # a day has no other days


def test_page_turning_keeps_the_filters(client, bank):
    for _ in range(31):
        make_article(source=bank.source, published_at=NIGHT - timedelta(minutes=1))
    page = text(client, f"{bank.source.get_absolute_url()}?from=2021-01-01&utm_source=x")
    assert 'href="?from=2021-01-01&amp;after=' in page
    assert "utm_source" not in page


def test_a_filter_that_makes_no_sense_is_told_and_narrows_nothing(client, bank):
    page = text(client, f"{bank.source.get_absolute_url()}?from=<gestern>")
    assert "开始日期：请写成 2021-12-29 这样的日期。" in page
    assert "&lt;gestern&gt;" in page
    assert bank.title in page


def test_empty_lists_say_what_to_do(client, bank):
    assert "取消筛选" in text(client, f"{bank.source.get_absolute_url()}?to=2000-01-01")
    day = text(client, "/archive/1999/01/01/")
    assert "这里还没有稿件" in day
    assert "后一日 2021-12-29" in day


def test_an_empty_portal_greets(client):
    for path in ("/", "/sources/", "/archive/"):
        assert "还没有" in text(client, path)


def test_home_shows_every_outlet_with_its_newest(client):
    for n in range(26):
        source = make_source(f"报纸{n}号")
        for m in range(6 if n == 25 else 1):
            make_article(f"{n}号第{m}条", source=source, published_at=NIGHT + timedelta(minutes=m))
    first, second = text(client, "/"), text(client, "/?page=2")
    names = re.findall(r'<section class="outlet">\s*<h3><a href="[^"]+">(.*?)</a>', first + second)
    assert len(names) == len(set(names)) == 26
    assert names[0] == "报纸25号"
    busiest = first.split('<section class="outlet">')[1]
    assert re.findall(r"25号第(\d)条", busiest) == ["5", "4", "3", "2", "1"]
    assert 'href="/?page=2"' in first
    assert "最新" not in second


def test_the_directory_files_outlets_by_their_first_letter(client):
    for name in ("证券日报", "国际商报", "36氪", "TechWeb", "重庆日报"):
        make_article(source=make_source(name))
    make_source("空空报")
    page = text(client, "/sources/")
    letters = re.findall(r'<h2 id="\w+">(.)</h2>', page)
    assert letters[-1] == "#"
    assert letters[:-1] == sorted(letters[:-1])
    assert "空空报" not in page
    assert re.search(r">国际商报</a><span>1</span>", page)


def test_the_archive_is_a_calendar(client, bank):
    make_article(published_at=datetime(2020, 2, 29, 4, tzinfo=UTC))
    page = text(client, "/archive/")
    assert "<h1>2021 年</h1>" in page
    assert 'href="/archive/2021/12/29/"' in page
    assert 'href="/archive/2020/"' in page
    assert 'href="/archive/2020/02/29/"' in text(client, "/archive/2020/")
    text(client, "/archive/2019/", 404)
    assert "后一日 2021-12-29" in text(client, "/archive/2020/02/29/")


def test_the_navigation_follows_the_categories(client):
    category, empty = make_category("汽车"), make_category("航运")
    make_article(category=category)
    assert empty.get_absolute_url() not in text(client, "/")
    assert f'<a href="{category.get_absolute_url()}">汽车</a>' in text(client, "/")
    assert f'{category.get_absolute_url()}" aria-current="page">' in text(client, category.get_absolute_url())


def test_robots_are_told_where_not_to_go(client):
    assert "Disallow: /admin/" in text(client, "/robots.txt")
