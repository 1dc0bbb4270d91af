"""The real posts, where they are there: everything imports, nothing of the mirror's furniture stays."""

import re

import pytest

from articles.importing.run import Options, import_paths
from articles.models import Article
from sources.models import ImportItem, Outcome, Source

pytestmark = pytest.mark.django_db

FURNITURE = re.compile(
    r"<img|<a [^>]*eastmoney|display\s*:\s*none|\[返回|infoCode=|文章来源|EM_StockImg|keytip|infokey|GetPic|&lt;http"
)


@pytest.fixture
def imported(corpus):
    paths = [str(path) for path in sorted(corpus.glob("finews*"))]
    files = sum(path.is_file() for top in paths for path in __import__("pathlib").Path(top).rglob("*"))
    return paths, files, import_paths(Options(paths))


def test_every_real_file_has_an_outcome_and_none_is_rejected(imported):
    _, files, result = imported
    assert result.counts.total() == files == ImportItem.objects.count()
    assert not result.counts[Outcome.REJECTED]


def test_no_furniture_of_the_mirror_is_left_in_any_body(imported):
    for article in Article.objects.all():
        assert not FURNITURE.search(article.body_html), article.external_id
        assert article.text


def test_every_outlet_is_named_as_its_tag_or_credit_names_it(imported, corpus):
    for path in corpus.glob("finews*/**/*.md"):
        text = path.read_text()
        tag = re.search(r"^tags: (.*?)\s*$", text, re.M)
        if not tag:
            continue
        credit = re.search(r"（文章来源：(.*?)）", re.sub(r"<[^>]*>", "", text))
        rolled = tag[1] == "东财滚动新闻"
        named = (
            credit[1]
            if rolled and credit
            else tag[1]
            if tag[1] in ("东财滚动新闻", "站长消息")
            else tag[1][:-2]
        )
        assert Source.objects.named(named), path.name
        number = path.stem.split("-")[-1]
        article = Article.objects.filter(external_id=number).first()
        if article:
            assert article.source.name == named


def test_a_second_run_over_the_real_files_changes_nothing(imported):
    paths, _, first = imported
    before = list(Article.objects.order_by("pk").values())
    second = import_paths(Options(paths))
    assert second.read == second.counts[Outcome.UNCHANGED] == first.read
    assert list(Article.objects.order_by("pk").values()) == before
