"""待处理: an article of a printed page and an entry of a feed are tried again as what they were in their file."""

import pytest

from articles.importing.run import Options, import_found
from articles.models import Article, Revision
from articles.review.page_splits import redo_split, split_in_force
from sources.files.inputs import Found
from sources.models import ImportItem, Settlement
from sources.reading.pool import IN_A_SERVER
from tests.support.editors import chief, fields_of, make_user, words

pytestmark = pytest.mark.django_db
PAGE = """石城晚报 2031年5月6日 星期二 第3版

存款利率一连四个月
没有变动

本报记者 林小川

记者从石城几家银行打听到，本地整存整取
一年期利率一连四个月停在百分之一点九上，
两年期为二点一，和上个月一样。柜台里的
人说，贷款这头也没有松动，总的来看还算
平稳。

一位客户经理说，眼下额度宽裕。

旧船票可以换新卡了

本报讯（记者 何思远）从昨天起，旧船票可以在码头换成新卡，
坐船和坐车都能用，享受九折。

换卡不收钱，当场就能拿到，老人孩子也能代办，窗口从早开到晚。

码头边还设了三个临时的点，方便过江的人顺路办理，不必再跑一趟。
"""
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel>
<title>渝州财讯 &amp; 晚报</title><link>https://yz.example/</link>
<item><title>没有日期的短讯</title><link>https://www.yz.example/a/1</link><slash:comments>3</slash:comments>
<description>&lt;p&gt;江上起了雾，&lt;img src="/pic/1.jpg"&gt;船停了半天。&lt;/p&gt;</description></item>
</channel></rss>
"""
JSON_FEED = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "渝州快报", "home_page_url": "https://kb.example/",'
    '"items": [{"id": "1", "title": "没有日期", "content_text": "江上起了雾。"}]}'
)


def bring(name, text):
    import_found([Found(name, "", data=text.encode())], Options(workers=IN_A_SERVER, origin="测试"))


def kept() -> list[dict]:
    moments = {"updated_at": None, "digest": None}
    return [article.kept() | moments for article in Article.objects.order_by("pk")]


def url(item, action) -> str:
    return f"/admin/sources/shelveditem/{item.pk}/{action}/"


def again(name) -> str:
    item = ImportItem.objects.get(name=name)
    return words(chief().post(url(item, "again"), follow=True))


def mend(item, change):
    """Send the form as an editor finds it, with his change to the text."""
    client = chief()
    sent = fields_of(client.get(url(item, "mend")).content, "mend_form")
    return client.post(url(item, "mend"), sent | {"text": change(sent["text"]), "_import": "1"}, follow=True)


@pytest.fixture
def page():
    bring("三版.txt", PAGE)
    return ImportItem.objects.get(name="三版.txt")


@pytest.mark.parametrize("part", [1, 2])
def test_an_article_of_a_page_tried_again_as_it_was_stays_as_it_is(page, part):
    before = kept()
    assert before[0]["title"] == "存款利率一连四个月 没有变动"
    assert "一样" in again(f"三版.txt:{part}")
    assert kept() == before
    assert not Settlement.objects.exists() and Article.objects.filter(version=1).count() == len(before)


def test_the_form_offers_a_page_s_article_as_one_of_a_page(page):
    item = ImportItem.objects.get(name="三版.txt:1")
    assert fields_of(chief().get(url(item, "mend")).content, "mend_form")["format"] == "newspaper"


def test_a_changed_word_changes_that_word_alone(page):
    (one, other) = kept()
    mend(ImportItem.objects.get(name="三版.txt:1"), lambda text: text.replace("柜台", "窗口"))
    assert kept() == [one | {"body_html": one["body_html"].replace("柜台", "窗口")}, other]
    assert "窗口" in one["body_html"].replace("柜台", "窗口")
    mended = ImportItem.objects.get(name="三版.txt:1", mends__isnull=False)
    mend(mended, lambda text: text.replace("没有变动", "一动没动"))  # what was mended can be mended again
    assert kept()[0]["title"] == "存款利率一连四个月 一动没动"
    assert kept()[0]["byline"] == "林小川" and "窗口" in kept()[0]["body_html"]


def test_a_page_s_article_stays_one_article_whatever_stands_in_it(page):
    item = ImportItem.objects.get(name="三版.txt:2")
    mend(item, lambda text: f"{text}\n\n又一个标题\n\n本报讯（记者 何思远）又一段话，说的是别的事情。\n")
    assert Article.objects.count() == 2
    assert "又一段话" in Article.objects.get(title="旧船票可以换新卡了").text


def test_a_page_that_was_split_anew_keeps_its_articles(page):
    split = split_in_force(page)
    moved = split.pieces[0].body.pop()
    split.pieces[1].body.append(moved)
    redo_split(page, split, 0, make_user())
    before = kept()
    again("三版.txt:1")
    assert kept() == before
    assert (
        Revision.objects.filter(state=Revision.State.PENDING, article__title=before[0]["title"]).count() == 1
    )


def test_a_page_s_article_that_was_deleted_is_not_read_as_something_else(page):
    Article.objects.get(title="旧船票可以换新卡了").delete()
    assert "拆分版面" in again("三版.txt:2")
    assert Article.objects.count() == 1


def test_another_format_is_taken_at_its_word(page):
    item = ImportItem.objects.get(name="三版.txt:1")
    client = chief()
    sent = fields_of(client.get(url(item, "mend")).content, "mend_form") | {
        "format": "jekyll",
        "_preview": "1",
    }
    assert "<p>本报记者 林小川</p>" in client.post(url(item, "mend"), sent).content.decode()


@pytest.mark.parametrize(
    "name, text, outlet", [("a.xml", FEED, "渝州财讯 & 晚报"), ("a.json", JSON_FEED, "渝州快报")]
)
def test_an_entry_of_a_feed_tried_again_stays_its_feed_s(name, text, outlet):
    bring(name, text)
    before = kept()
    assert Article.objects.get().source.name == outlet
    assert "一样" in again(f"{name}:1")
    assert kept() == before and Article.objects.get().source.name == outlet


def test_an_entry_whose_text_was_changed_stays_its_feed_s():
    bring("a.xml", FEED)
    mend(ImportItem.objects.get(name="a.xml:1"), lambda text: text.replace("半天", "一天"))
    article = Article.objects.get()
    assert article.source.name == "渝州财讯 & 晚报" and "船停了一天。" in article.text


def test_a_doubt_that_only_the_whole_file_shows_is_not_lost():
    entry = "<item><title>短讯{0}</title><guid>7</guid><pubDate>Tue, 01 Mar 2022 09:12:03 +0800</pubDate>"
    entry += "<description>江上起了雾，第{0}天。</description></item>"
    bring("a.xml", FEED.replace("<item>", f"{entry.format(1)}{entry.format(2)}<item>"))
    assert "一样" in again("a.xml:1")
    assert Article.objects.get(title="短讯1").status == "review"


@pytest.mark.parametrize("asked", ["document", "auto", "mail"])
def test_an_email_of_a_run_that_was_asked_for_documents_is_tried_again_as_an_email(asked):
    """Word files, books, e-mails and archived pages were one format; runs and uploads that say so are stored."""
    text = "From: 渝州财讯 <a@yz.example>\nTo: b@yz.example\nSubject: 江上起雾\nMIME-Version: 1.0\n\n船停了半天。\n"
    given = Found("快讯.eml", "", data=text.encode())
    import_found([given], Options(workers=IN_A_SERVER, origin="测试", format=asked))
    item = ImportItem.objects.get()
    assert fields_of(chief().get(url(item, "mend")).content, "mend_form")["format"] == "mail"
    mend(item, lambda text: text.replace("半天", "一天"))
    assert [one["title"] for one in kept()] == ["江上起雾"] and "船停了一天" in kept()[0]["body_html"]
    assert item.run.options["format"] == asked
