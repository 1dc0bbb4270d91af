"""`__among`: one of very many values, handed over as one parameter."""

import pytest

from articles.models import Article
from tests.support.builders import make_article

pytestmark = pytest.mark.django_db


def test_it_finds_the_same_rows_as_in():
    for number in range(3):
        make_article(external_id=f"A'{number}\\")
    asked = {"A'0\\", "A'2\\", "没有", ""}
    found = set(Article.objects.filter(external_id__among=asked).values_list("external_id", flat=True))
    assert found == {"A'0\\", "A'2\\"}
    assert found == set(Article.objects.filter(external_id__in=asked).values_list("external_id", flat=True))


def test_of_no_values_nothing_is_one():
    make_article(external_id="x")
    assert not Article.objects.filter(external_id__among=[]).exists()


def test_ten_thousand_values_are_one_parameter(django_assert_num_queries):
    make_article(external_id="7")
    with django_assert_num_queries(1) as asked:
        assert Article.objects.filter(external_id__among=map(str, range(10_000))).count() == 1
    assert "json_each" in asked[0]["sql"] or "ANY" in asked[0]["sql"]
