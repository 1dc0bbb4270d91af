"""A fresh clone opens with a sample newsroom and one administrator; opened again, it changes nothing."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from articles.models import Article
from sources.models import ImportRun, Source

pytestmark = pytest.mark.django_db


def test_it_opens_with_articles_outlets_and_an_admin_whose_password_is_said_once(capsys):
    call_command("open_newsroom")
    said = capsys.readouterr().out
    assert Article.objects.published().count() >= 40
    assert Source.objects.filter(front__count__gt=0).count() >= 8
    password = said.partition("密码：")[2].split()[0]
    admin = get_user_model().objects.get()
    assert admin.check_password(password)
    call_command("open_newsroom")
    again = capsys.readouterr().out
    assert "密码" not in again
    assert ImportRun.objects.count() == 1
    admin.refresh_from_db()
    assert admin.check_password(password)


def test_a_newsroom_of_ones_own_is_not_mixed_with_invented_news():
    source = Source.objects.introduce("自己的报纸", Source.Standing.CHECKED)
    Article.objects.create(source=source, title="自己的稿件", body_html="<p>正文。</p>")
    call_command("open_newsroom", verbosity=0)
    assert Article.objects.get().title == "自己的稿件"


def test_the_sample_shows_every_kind_of_page(client):
    call_command("open_newsroom", verbosity=0)
    for article in Article.objects.published():
        assert client.get(article.get_absolute_url()).status_code == 200
    assert Article.objects.exclude(category=None).count() > 30
    assert Article.tags.most_common()[0].num_times >= 5
