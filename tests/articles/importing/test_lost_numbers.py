"""A post of the mirror whose file name lost its number is the article of that number, under its old address."""

import pytest

from articles.importing.run import Options, import_found
from articles.models import Article
from sources.files.inputs import Found
from sources.reading.pool import IN_A_SERVER

pytestmark = pytest.mark.django_db

NUMBER = "NW202112292230342473"
NAMED = f"_posts/2021-12-29-{NUMBER}.md"
OLD_ADDRESS = f"/guojishangbao/2021/12/29/{NUMBER}.html"
TEXT = "沧澜银行一日公布季报，净息差比上季收窄五个基点。"


def post(text=TEXT, link=f"http://finews.zning.xyz/html_News/NewsShare.html?infoCode={NUMBER}", credit=True):
    credited = '<p class="em_media">（文章来源：国际商报）</p>' if credit else ""
    return (
        '---\nlayout: post\ntitle: "季报"\ndate: 2021-12-29 21:37:02 +0800\n'
        f"categories: guojishangbao\ntags: 国际商报新闻\n---\n<p>{text}</p>{credited}\n\n<{link}>\n\n"
        "[返回国际商报新闻](//finews.withounder.com/category/guojishangbao.html)｜[返回首页](//finews.withounder.com/)\n"
    )


def bring(*posts):
    found = [Found(name, "", data=text.encode()) for name, text in posts]
    run = import_found(found, Options(workers=IN_A_SERVER, origin="测试")).run
    return list(run.items.order_by("pk").values_list("outcome", flat=True))


LOST = [
    "季报.md",
    "2021-12-29-季报.md",
    "新建文本文档.txt",
    "下载/1.markdown",
    "a/NW2021.md",
    "NW20211229223034247.txt",
]


@pytest.mark.parametrize("name", LOST)
def test_it_has_the_number_and_the_old_address_of_the_mirror(client, name):
    assert bring((name, post())) == ["created"]
    article = Article.objects.get()
    assert (article.external_id, article.source.name) == (NUMBER, "国际商报")
    assert client.get(OLD_ADDRESS)["Location"] == article.get_absolute_url()


@pytest.mark.parametrize("name", LOST)
@pytest.mark.parametrize("first", ["named", "lost"])
def test_it_is_no_second_copy_beside_the_named_file(name, first):
    both = [(NAMED, post()), (name, post() + "\n")]
    assert bring(*(both if first == "named" else both[::-1])) == ["created", "unchanged"]
    assert Article.objects.count() == 1


def test_a_body_rewritten_under_the_number_is_an_update_from_either_file():
    bring((NAMED, post()))
    assert bring(("季报.txt", post("渡口的钟停了三年，今天修好了。"))) == ["updated"]
    assert Article.objects.get().text == "渡口的钟停了三年，今天修好了。"


OTHER_LINKS = [
    "http://finews.zning.xyz/html_News/NewsShare.html",
    "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=",
    "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW2021122922303424",
    "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW20211229223034247399",
    "https://news.example.com/news/1354,202112292230342473.html",
]


@pytest.mark.parametrize("link", OTHER_LINKS)
def test_no_number_is_made_of_another_link(link):
    bring(("2021-12-29-季报.md", post(link=link)))
    assert Article.objects.get().external_id == "guojishangbao/2021-12-29-季报"
