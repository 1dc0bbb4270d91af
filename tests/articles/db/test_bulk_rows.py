"""Rows put in and taken out past Django's own way, as it would have done."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from articles.db.bulk_rows import delete_ranges, insert_as_it_was
from articles.models import Article, Category
from sources.models import Source
from sources.models.outlet_history import Renaming, pack_row, unpack_row
from tests.support.builders import make_article, make_category, make_source

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_a_row_comes_back_under_its_id_and_at_its_time():
    renaming = Renaming.objects.create(source=make_source(), name_was="甲", slug_was="a", name="乙", slug="b")
    Renaming.objects.update(at=LONG_AGO)
    packed = pack_row(Renaming.objects.get())
    Renaming.objects.all().delete()
    insert_as_it_was(unpack_row(packed))
    back = Renaming.objects.get()
    assert (back.pk, back.at, back.name_was) == (renaming.pk, LONG_AGO, "甲")


def test_a_row_whose_place_is_taken_stays_out_and_the_transaction_goes_on():
    source = make_source("石城晚报")
    row = Source(pk=source.pk, name="别的", slug="other")
    with pytest.raises(IntegrityError):
        insert_as_it_was(row)
    assert Source.objects.get().name == "石城晚报"


def test_a_row_that_came_back_can_be_saved_like_any_other():
    category = make_category("汽车")
    packed = pack_row(category)
    Category.objects.all().delete()
    back = unpack_row(packed)
    insert_as_it_was(back)
    back.name = "航运"
    back.save()
    assert [(one.pk, one.name) for one in Category.objects.all()] == [(category.pk, "航运")]


@pytest.mark.parametrize(
    ("ranges", "left"),
    [
        ([], [0, 1, 2, 3, 4]),
        ([(1, 1)], [0, 2, 3, 4]),
        ([(0, 1), (3, 4)], [2]),
        ([(0, 4)], []),
        ([(7, 9)], [0, 1, 2, 3, 4]),
    ],
)
def test_ranges_go_with_both_ends_in_one_statement_that_reads_no_text(ranges, left):
    source = make_source()
    pks = [make_article(source=source).pk for _ in range(5)]
    first = pks[0]
    with CaptureQueriesContext(connection) as asked:
        delete_ranges(Article, [(first + start, first + end) for start, end in ranges])
    assert [pk - first for pk in Article.objects.order_by("pk").values_list("pk", flat=True)] == left
    assert len(asked) == bool(ranges)
