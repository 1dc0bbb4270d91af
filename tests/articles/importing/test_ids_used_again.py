"""An id of an outlet over another title and another text: never an update, whatever the format."""

import json

import pytest

from articles.importing.run import Options, import_found
from articles.models import Article, Revision
from articles.review.review_queue import items_in_review
from sources.files.inputs import Found
from sources.models import Outcome
from sources.reading.pool import IN_A_SERVER
from tests.support.editors import chief

pytestmark = pytest.mark.django_db

FROST = "石城今起降温，最低气温零下三度，供暖延长一周，市政公司说锅炉房昼夜有人值守，市民可拨热线报修。"
BRIDGE = "北渡大桥今晚十点封闭检修，绕行路线已经公布，施工方承诺天亮之前恢复通车，公交改走下游的老桥。"
FIRST, SECOND = ("石城今起降温", FROST, "2022-03-07"), ("北渡大桥封闭检修", BRIDGE, "2022-03-08")


def rss(title, text, day, guid="daily"):
    return (
        f'<rss version="2.0"><channel><title>石城早报</title><link>https://sc.example.cn/</link><item>'
        f'<title>{title}</title><link>https://sc.example.cn/a/{day}</link><guid isPermaLink="false">{guid}</guid>'
        f"<pubDate>{day}T07:00:00+08:00</pubDate><description>{text}</description></item></channel></rss>"
    )


def rss_of_one_link(title, text, day):
    return rss(title, text, day).replace(f"/a/{day}", "/daily")


def rss_by_address(title, text, day):
    return rss(title, text, day, "https://sc.example.cn/daily")


def atom(title, text, day):
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>石城早报</title><entry><id>urn:uuid:daily</id>'
        f'<title>{title}</title><link href="https://sc.example.cn/a/{day}"/><published>{day}T07:00:00+08:00'
        f'</published><content type="text">{text}</content></entry></feed>'
    )


def json_feed(title, text, day):
    item = {
        "id": "daily-news",
        "title": title,
        "content_text": text,
        "date_published": f"{day}T07:00:00+08:00",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "石城早报", "items": [item]}
    return json.dumps(feed | {"home_page_url": "https://sc.example.cn/"}, ensure_ascii=False)


def row(title, text, day):
    return f"编号,title,date,source,body\n20220307,{title},{day} 07:00,石城早报,{text}\n"


def wxr(title, text, day):
    return (
        '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>石城早报</title>'
        f"<link>https://sc.example.cn</link><item><title>{title}</title>"
        f'<guid isPermaLink="false">https://sc.example.cn/?p=7</guid><content:encoded>{text}</content:encoded>'
        f"<wp:post_id>7</wp:post_id><wp:post_date>{day} 07:00:00</wp:post_date>"
        f"<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item></channel></rss>"
    )


def ghost(title, text, day):
    said = {"id": "5f1e2d3c4b5a69788796a5b4", "title": title, "html": f"<p>{text}</p>", "status": "published"}
    said |= {"type": "post", "slug": "daily", "published_at": f"{day}T07:00:00.000Z", "visibility": "public"}
    settings = [{"key": "title", "value": "石城早报"}]
    data = {"posts": [said], "settings": settings}
    return json.dumps({"db": [{"meta": {"version": "5.0"}, "data": data}]}, ensure_ascii=False)


def post(title, text, day):
    return f"---\ntitle: {title}\nid: 20220307\nsource: 石城早报\ndate: {day} 07:00:00\n---\n{text}\n"


FORMS = {
    "RSS": ("a.xml", rss),
    "RSS, one link": ("a.xml", rss_of_one_link),
    "RSS, an address": ("a.xml", rss_by_address),
    "Atom": ("a.xml", atom),
    "JSON Feed": ("a.json", json_feed),
    "table": ("a.csv", row),
    "WordPress": ("a.xml", wxr),
    "Ghost": ("a.json", ghost),
    "post with an id": ("tea.md", post),
}
in_every_form = pytest.mark.parametrize(("name", "form"), FORMS.values(), ids=FORMS)


def bring(name, *texts, **options):
    found = [Found(name, "", data=text.encode()) for text in texts]
    return import_found(found, Options(workers=IN_A_SERVER, origin="测试", **options)).run


def outcomes(run) -> list[str]:
    return [one for one in run.items.order_by("pk").values_list("outcome", flat=True) if one != "skipped"]


@in_every_form
def test_another_title_and_text_under_an_id_wait_and_replace_nothing(name, form):
    bring(name, form(*FIRST))
    before = Article.objects.values().get()
    run = bring(name, form(*SECOND))
    assert outcomes(run) == [Outcome.CONFLICT]
    assert Article.objects.values().get() == before
    assert not Revision.objects.filter(version__gt=1).exists()
    item = run.items.exclude(outcome="skipped").get()
    assert f"《{FIRST[0]}》" in item.reason and "编号" in item.reason
    assert item.pk in items_in_review().values_list("pk", flat=True)
    assert outcomes(bring(name, form(*SECOND) + "\n")) == [Outcome.UNCHANGED]  # told once


@in_every_form
def test_one_import_with_both_replaces_nothing(name, form):
    assert outcomes(bring(name, form(*FIRST), form(*SECOND))) == ["created", "conflict"]
    assert Article.objects.get().text == FROST


@in_every_form
def test_a_corrected_text_is_still_an_update(name, form):
    title, text, day = FIRST
    bring(name, form(*FIRST))
    assert outcomes(bring(name, form(title, text.replace("三度", "四度"), day))) == ["updated"]
    assert outcomes(bring(name, form("石城降温", text.replace("三度", "四度"), day))) == ["updated"]
    assert outcomes(bring(name, form("石城降温", BRIDGE, day))) == ["updated"]
    assert outcomes(bring(name, form(*FIRST) + "\n")) == ["unchanged"]  # an older version
    assert Article.objects.count() == 1


def test_an_editor_s_word_that_it_is_another_makes_it_one_and_each_is_known_again():
    bring("a.xml", rss(*FIRST))
    item = bring("a.xml", rss(*SECOND)).items.get()
    chief().post(f"/admin/sources/shelveditem/{item.pk}/clash/", {"verdict": "another"})
    assert set(Article.objects.values_list("text", flat=True)) == {FROST, BRIDGE}
    title, text, day = SECOND
    assert outcomes(bring("a.xml", rss(title, text + "补记。", day))) == ["updated"]
    assert set(Article.objects.values_list("text", flat=True)) == {FROST, BRIDGE + "补记。"}


def test_a_text_that_comes_to_an_article_without_one_is_an_update():
    title, text, day = FIRST
    bring("a.xml", rss(title, "", day))
    assert outcomes(bring("a.xml", rss("石城降温", text, day))) == ["updated"]


def test_many_changed_entries_cost_no_query_each(django_assert_max_num_queries):
    def entries(more):
        one = [rss(f"第{n}则", FROST + str(n) * 9 + more, "2022-03-07", f"n-{n}") for n in range(40)]
        head, tail = one[0].partition("<item>")[0], "</channel></rss>"
        items = "".join(f"<item>{text.partition('<item>')[2].removesuffix(tail)}" for text in one)
        return f"{head}{items}{tail}".replace("/a/2022-03-07", "/")

    bring("a.xml", entries(""))
    with django_assert_max_num_queries(150):
        assert set(outcomes(bring("a.xml", entries("补记。")))) == {"updated"}


# ------------------------------------------------------------------ posts without an id: path, title, date, outlet
HEXO = "---\ntitle: {title}\ndate: {date}\nsource: {outlet}\n---\n{text}\n"
TEA = {"title": "春茶开采", "date": "2022-03-17 08:00:00", "outlet": "松溪日报", "text": FROST}
PATHS = ["source/_posts/tea.md", "content/news/tea.md", "content/tea/index.md", "tea.markdown", "src/tea.md"]


@pytest.mark.parametrize("path", PATHS)
def test_a_post_without_an_id_takes_its_corrected_text(path):
    bring(path, HEXO.format(**TEA))
    corrected = TEA | {"text": FROST.replace("三度", "四度")}
    assert outcomes(bring(path, HEXO.format(**corrected))) == ["updated"]
    assert Article.objects.get().text == corrected["text"]


OTHERS = {
    "the next week's column": TEA | {"date": "2022-03-24 08:00:00", "text": BRIDGE},
    "next week's, in the same form": TEA | {"date": "2022-03-24 08:00:00", "text": FROST.replace("三", "四")},
    "another outlet": TEA | {"outlet": "龙泉日报", "text": FROST.replace("三", "四")},
    "another title and text": TEA | {"title": "大桥检修", "text": BRIDGE},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_post_of_the_same_path_but_another_date_outlet_or_text_is_another(other):
    bring("a/source/_posts/tea.md", HEXO.format(**TEA))
    assert outcomes(bring("b/source/_posts/tea.md", HEXO.format(**other))) == ["created"]
    assert Article.objects.count() == 2


def test_the_same_title_and_day_over_another_text_waits():
    bring("a/tea.md", HEXO.format(**TEA))
    assert outcomes(bring("b/tea.md", HEXO.format(**TEA | {"text": BRIDGE}))) == ["conflict"]
    assert Article.objects.get().text == FROST
