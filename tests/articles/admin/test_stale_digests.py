"""A body that a person edited, and a digest that still says what it said: the form says so and offers the new lead."""

import pytest
from django.utils import timezone

from articles.models import Article
from tests.support.builders import make_article
from tests.support.editors import chief, correct, open_form, words

pytestmark = pytest.mark.django_db
# A digest, the body it was written for, the body after a correction, and what the form must name.
STALE = [
    ("净利润增长12.5%", "<p>沧澜银行净利润同比增长12.5%。</p>", "<p>沧澜银行净利润同比增长13.5%。</p>", "12.5%"),
    ("募资１.２万亿元", "<p>计划募资1.2万亿元。</p>", "<p>计划募资1.2亿元。</p>", "1.2万亿"),
    ("指数收于3,500点", "<p>指数收于3,500点。</p>", "<p>指数收于3,050点。</p>", "3,500"),
    ("定于2024-03-05开会", "<p>大会定于2024-03-05召开。</p>", "<p>大会定于2024-03-06召开。</p>", "2024-03-05"),
    ("降幅超三成", "<p>今年降幅超过三成。</p>", "<p>今年降幅超过两成。</p>", "三成"),
    ("占百分之十二", "<p>占比为百分之十二。</p>", "<p>占比为百分之十三。</p>", "百分之十二"),
    ("共有15人获奖", "<p>会上共15人获奖。</p>", "<p>会上共16人获奖。</p>", "15"),
    ("行长李在山出席。", "<p>行长李在山出席。</p><p>又一段。</p>", "<p>行长李再山出席。</p>", "行长李在山出席。"),
]  # fmt: skip
SOUND = [
    ("净利润增长12.5%", "<p>沧澜银行净利润增长12.5%。</p>", "<p>沧澜银行净利润增长12.5%，股价上涨。</p>"),
    ("净利润增长12.5%", "<p>净利润增长。</p>", "<p>净利润增长13.5%。</p>"),  # never had it from this body
    ("编者自己写的话", "<p>净利润增长12.5%。</p>", "<p>净利润增长13.5%。</p>"),
    ("增长１２．５％", "<p>增长12.5%。</p>", "<p>同比增长12.5%。</p>"),
]


def edited(digest: str, before: str, status: str = "review") -> Article:
    return make_article("沧澜银行公告", body_html=before, digest=digest, status=status)


@pytest.mark.parametrize(("digest", "before", "after", "named"), STALE)
@pytest.mark.parametrize("status", ["draft", "published"])
def test_the_form_says_so_and_offers_the_new_lead(digest, before, after, named, status):
    article, client = edited(digest, before, status), chief()
    answer = correct(client, article, body_html=after, reason="更正")
    page = words(answer)
    lead = Article(title="x", body_html=after)
    lead.derive()
    assert answer.status_code == 200
    assert f"摘要里有“{named}”，现在的正文里没有" in page
    assert lead.digest in page
    assert f"“{named}”" in str(answer.context["adminform"].form.errors["digest"])
    stored = Article.objects.get(pk=article.pk)
    assert (stored.digest, stored.body_html, stored.version) == (digest, before, 1), (
        "nothing is saved by the way"
    )


@pytest.mark.parametrize(("choice", "expected"), [("new", "利润增长13.5%。"), ("keep", "增长12.5%")])
def test_the_editor_chooses(choice, expected):
    article, client = edited("增长12.5%", "<p>利润增长12.5%。</p>", "published"), chief()
    change = {"body_html": "<p>利润增长13.5%。</p>", "reason": "更正"}
    refused = correct(client, article, **change)
    assert b'name="digest_choice" value="new"' in refused.content
    assert b'name="digest_choice" value="keep"' in refused.content
    assert correct(client, article, **change, digest_choice=choice).status_code == 302
    article.refresh_from_db()
    assert (article.digest, article.text) == (expected, "利润增长13.5%。")


def test_the_editor_writes_it_anew():
    article, client = edited("增长12.5%", "<p>利润增长12.5%。</p>"), chief()
    body = "<p>利润增长13.5%。</p>"
    assert correct(client, article, body_html=body, digest="还是12.5%").status_code == 200
    assert correct(client, article, body_html=body, digest="升了13.5%").status_code == 302
    article.refresh_from_db()
    assert article.digest == "升了13.5%"


@pytest.mark.parametrize(("digest", "before", "after"), SOUND)
def test_a_digest_that_is_right_stops_nobody(digest, before, after):
    article, client = edited(digest, before), chief()
    assert correct(client, article, body_html=after).status_code == 302
    article.refresh_from_db()
    assert article.digest == digest


def test_a_digest_that_is_the_lead_follows_by_itself():
    article, client = edited("", "<p>利润增长12.5%。</p>"), chief()
    assert correct(client, article, body_html="<p>利润增长13.5%。</p>").status_code == 302
    article.refresh_from_db()
    assert article.digest == "利润增长13.5%。"


def test_an_article_edited_before_says_so_when_it_is_opened():
    article, client = edited("增长12.5%", "<p>利润增长13.5%。</p>"), chief()
    url = f"/admin/articles/article/{article.pk}/change/"
    assert "摘要还是旧的" not in words(client.get(url)), "nobody has edited it"
    Article.objects.update(edited_at=timezone.now())
    page = client.get(url)
    assert "摘要里有“12.5%”，现在的正文里没有" in words(page)
    assert client.post(url, open_form(client, article)).status_code == 302, "it stops nobody"
    assert client.post(url, open_form(client, article) | {"digest_choice": "new"}).status_code == 302
    article.refresh_from_db()
    assert article.digest == "利润增长13.5%。"
    assert "摘要还是旧的" not in words(client.get(url))


def test_what_a_body_says_is_shown_as_text():
    article, client = edited("增长12.5%", "<p>利润增长12.5%。</p>"), chief()
    answer = correct(client, article, body_html="<p>&lt;img src=x onerror=alert(1)&gt;增长13.5%</p>")
    assert b"<img src=x" not in answer.content
