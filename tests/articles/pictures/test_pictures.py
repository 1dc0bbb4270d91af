"""Pictures: recorded with the import, and a quiet line until they are fetched, then our own file where they stood."""

import pytest

from articles.models import Article, Picture
from articles.pictures.layout import PLACE
from articles.pictures.record import record_pictures
from articles.undo.undo import undo_import
from sources.models import Outcome
from tests.support.builders import make_article
from tests.support.editors import correct, editor
from tests.support.picture_fixtures import State, body_of, bring, drawn, fetch, page

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ recorded
def test_an_import_records_pictures_and_fetches_none(server):
    url = server.serve("/bridge.png", drawn())
    bring(f'<p>大桥昨日通车。</p><img src="{url}" alt="大桥夜景"><p>市民到场。</p>')
    picture = Picture.objects.get()
    assert (picture.url, picture.alt, picture.state, picture.position) == (url, "大桥夜景", State.REMOTE, 1)
    assert "<img" not in picture.article.body_html
    assert server.hits == []


def test_an_import_without_pictures_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        record_pictures([])


def test_the_same_input_again_records_nothing_more():
    body = '<p>一段。</p><img src="https://example.com/a.jpg">'
    bring(body)
    bring(body, name="again.md", tail="\n")
    assert Picture.objects.count() == 1


def test_machinery_is_no_picture():
    bring(
        '<p>一段。</p><img src="data:image/gif;base64,R0lGOD"><img src="https://a.cn/t.gif" width="1" height="1">'
        '<img src="https://a.cn/images/share.png"><img src="https://hm.baidu.com/hm.gif?si=1">'
        '<p style="display:none"><img src="https://a.cn/hidden.jpg"></p><img src="https://a.cn/i.jpg" width="20" '
        'height="20"><p>二段。</p><img src="https://a.cn/market_share.jpg">'
    )
    assert [one.url for one in Picture.objects.all()] == ["https://a.cn/market_share.jpg"]
    assert Article.objects.get().body_html.count("<figure>") == 1


def test_what_is_no_web_address_is_recorded_as_refused():
    bring('<p>一段。</p><img src="file:///etc/passwd">')
    assert (Picture.objects.get().state, Picture.objects.get().host) == (State.REFUSED, "")
    assert fetch()["tried"] == 0


def test_a_hundred_pictures_are_enough():
    bring("<p>一段。</p>" + "".join(f'<img src="https://example.com/{n}x.jpg">' for n in range(300)))
    assert Picture.objects.count() == 100


def test_undo_takes_the_pictures_with_the_article():
    undo_import(bring('<p>一段。</p><img src="https://example.com/a.jpg">'))
    assert not Picture.objects.exists()


def test_undoing_an_update_brings_back_the_pictures_before_it(client):
    bring('<p>甲段文字。</p><img src="https://example.com/old.jpg" alt="旧图">')
    second = bring('<p>乙段文字。</p><img src="https://example.com/new.jpg" alt="新图">')
    assert second.counts == {Outcome.UPDATED: 1}
    assert "新图" in body_of(page(client)) and "旧图" not in body_of(page(client))
    undo_import(second)
    assert "旧图" in body_of(page(client)) and "新图" not in body_of(page(client))
    assert Picture.objects.count() == 1


# ------------------------------------------------------------------ shown
def test_until_it_is_fetched_a_quiet_line_says_what_stood_there(client):
    bring('<p>甲段。</p><img src="https://img.example.com/a.jpg" alt="大桥&quot;夜景&lt;b&gt;"><p>乙段。</p>')
    body = body_of(page(client))
    assert "图片：大桥&quot;夜景&lt;b&gt;" in body and "来源 img.example.com" in body
    assert "<img" not in body and "https://img.example.com" not in body
    assert body.index("甲段") < body.index("大桥") < body.index("乙段")


def test_once_fetched_our_file_stands_in_its_place(client, server):
    url = server.serve("/bridge.png", drawn((64, 48)))
    bring(f'<p>甲段。</p><img src="{url}" alt="大桥夜景"><p>乙段。</p>')
    assert fetch()["fetched"] == 1
    picture, body = Picture.objects.get(), body_of(page(client))
    img = (
        f'<img src="{picture.address}" alt="大桥夜景" width="64" height="48" loading="lazy" decoding="async">'
    )
    assert f"<p>甲段。</p>\n<figure>{img}" in body
    assert "127.0.0.1" not in body and "图片：" not in body


def test_pictures_stay_with_their_captions_whatever_an_editor_does(client):
    bring(
        '<p>甲段文字在此。</p><center><img src="https://e.cn/1a.jpg" alt="图甲"></center>'
        '<p style="text-align:center">图为甲</p><p>乙段文字在此。</p><img src="https://e.cn/2b.jpg" alt="图乙">'
        '<p>丙段文字在此。</p><img src="https://e.cn/3c.jpg" alt="图丙">'
    )
    article = Article.objects.get()
    whole = article.body_html
    assert PLACE.findall(whole) == ["<figure>"] * 3

    def shown(html):
        correct(editor(), article, body_html=html, reason="挪图")
        return [alt for alt in ("图甲", "图乙", "图丙") if f"图片：{alt}" in body_of(page(client, article))]

    first, second, third = (f"<p>{n}段文字在此。</p>" for n in "甲乙丙")
    figure, captioned = "<figure></figure>", "<figure><figcaption>图为甲</figcaption></figure>"
    assert shown(f"{second}{figure}{first}{captioned}") == ["图甲", "图乙"]
    body = body_of(page(client, article))
    assert body.index("图乙") < body.index("图片：图甲") < body.index("图为甲")
    assert shown(f"{first}{second}{third}{figure}") == ["图丙"]
    assert shown(f"{first}{captioned}<p>乙段改写了。</p>{figure}{third}{figure}") == ["图甲", "图乙", "图丙"]
    assert shown(f"{first}{second}{third}") == []


def test_a_figure_nobody_knows_the_picture_of_stays_empty(client):
    article = make_article(body_html="<p>一段。</p><figure><figcaption>说明</figcaption></figure>")
    assert "<figure><figcaption>说明</figcaption></figure>" in body_of(page(client, article))


def test_a_page_without_figures_asks_no_more_than_before(client, django_assert_num_queries):
    bring("<p>一段。</p>")
    article = Article.objects.get()
    page(client, article)
    with django_assert_num_queries(5):
        page(client, article)


def test_an_updated_article_keeps_the_file_of_a_picture_it_had(server, client):
    url = server.serve("/a.png", drawn())
    bring(f'<p>甲段文字。</p><img src="{url}">')
    fetch()
    bring(f'<p>甲段文字，改了。</p><img src="{url}">')
    assert Picture.objects.filter(state=State.FETCHED).count() == 2
    assert "/media/" in body_of(page(client)) and len(server.hits) == 1
