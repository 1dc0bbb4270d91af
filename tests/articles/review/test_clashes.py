"""An input that has the id of another outlet's article: an editor says whether it is the same piece or another one."""

import pytest

from articles.models import Article, Namesake, Revision
from articles.review.review_queue import items_in_review
from articles.undo.undo import undo_import
from sources.models import ImportRun, Outcome
from tests.articles.importing.test_identity import (
    GUID,
    NUMBER,
    OTHER,
    TEXT,
    bring,
    everything,
    outcome,
    post,
    rss,
)
from tests.support.editors import change_url, chief, editor, fields_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs():
    """A published piece of 甲报, as its own feed brought it."""
    bring(rss(), source="甲报")
    return Article.objects.get()


@pytest.fixture
def clash(theirs):
    return bring(rss("乙报", OTHER), "b.xml", source="乙报").items.get()


def at(item, action="clash") -> str:
    return f"/admin/sources/shelveditem/{item.pk}/{action}/"


def test_the_editor_sees_both_pieces_and_three_ways_out(theirs, clash):
    client = editor()
    assert "定夺" in words(client.get(f"/admin/sources/importitem/{clash.pk}/change/"))
    said = words(client.get(at(clash)))
    for word in ("甲报", "乙报", "倒闭", "净息差", "是同一篇（作为更新）", "是另一篇（新建）", "放弃"):
        assert word in said
    assert (
        editor().get(at(bring(rss("丙报", OTHER, guid="https://c.example.com/1")).items.get())).status_code
        == 404
    )


@pytest.mark.parametrize("action", ["clash", "again"])
def test_another_piece_is_an_article_of_its_own_and_is_updated_as_such(theirs, clash, action):
    before = everything(theirs)
    chief().post(at(clash, action), {"verdict": "another"})
    own = Article.objects.get(source__name="乙报")
    assert (own.status, own.external_id, own.namesake.external_id) == ("published", None, GUID)
    assert not items_in_review().exists()
    assert outcome(bring(rss("乙报", OTHER + "又改。"), source="乙报")) == Outcome.UPDATED
    assert outcome(bring(rss("甲报", TEXT + "更正。"), source="甲报")) == Outcome.UPDATED
    own.refresh_from_db()
    assert "又改" in own.text and own.version == 2
    theirs.refresh_from_db()
    assert "更正" in theirs.text and theirs.version == before[0]["version"] + 1
    assert Article.objects.count() == 2


def test_another_piece_waits_for_review_where_an_editor_may_not_publish(theirs, clash):
    editor().post(at(clash), {"verdict": "another"})
    assert Article.objects.get(source__name="乙报").status == "review"


def test_the_same_piece_waits_beside_the_article_which_stays_as_it_is(theirs, clash):
    before = everything(theirs)[0]
    response = chief().post(at(clash), {"verdict": "same", "rival": theirs.pk})
    assert everything(theirs)[0] == before
    waiting = theirs.revisions.get(state="pending")
    assert response.url == f"{change_url(theirs).removesuffix('change/')}versions/{waiting.pk}/merge/"
    assert waiting.snapshot["source_id"] == theirs.source_id and "倒闭" in waiting.snapshot["body_html"]
    assert list(items_in_review().values_list("pk", flat=True)) == [waiting.import_item_id]
    assert Article.objects.count() == 1


def test_it_is_settled_once_and_undoing_what_was_settled_puts_it_back(theirs, clash):
    client = chief()
    client.post(at(clash), {"verdict": "another"})
    client.post(at(clash), {"verdict": "same", "rival": theirs.pk})
    assert not theirs.revisions.filter(state="pending").exists()
    undo_import(ImportRun.objects.latest("pk"))
    assert not Namesake.objects.exists() and Article.objects.get() == theirs
    assert list(items_in_review().values_list("pk", flat=True)) == [clash.pk]


def test_no_article_but_a_rival_can_be_named(theirs, clash):
    other = bring(rss("丙报", TEXT, guid="https://c.example.com/1"), source="丙报")
    stranger = Article.objects.get(revisions__import_item__run=other)
    chief().post(at(clash), {"verdict": "same", "rival": stranger.pk})
    chief().post(at(clash), {"verdict": "same", "rival": "x"})
    assert not Revision.objects.filter(state="pending").exists()


def test_it_can_be_given_up(theirs, clash):
    chief().post(at(clash, "dismiss"), {"reason": "抄来的"})
    assert not items_in_review().exists()
    assert outcome(bring(rss("乙报", OTHER), source="乙报")) == Outcome.UNCHANGED


def test_filed_under_the_other_outlet_by_who_may_publish_it_is_its_update(theirs, clash):
    client = chief()
    form = fields_of(client.get(at(clash, "mend")).content, "mend_form")
    assert form["source"] == "乙报"
    client.post(at(clash, "mend"), form | {"source": "甲报", "_import": "1"})
    theirs.refresh_from_db()
    assert theirs.version == 2 and "倒闭" in theirs.text


def test_filed_under_the_other_outlet_by_who_may_not_it_waits(theirs, clash):
    before = everything(theirs)[0]
    client = editor()
    form = fields_of(client.get(at(clash, "mend")).content, "mend_form")
    client.post(at(clash, "mend"), form | {"source": "甲报", "_import": "1"})
    assert everything(theirs)[0] == before
    assert theirs.revisions.get(state="pending")


def test_old_addresses_lead_to_the_piece_that_stood_there(client):
    one, other = post("jiabao", TEXT, tags="甲报新闻"), post("yibao", OTHER, tags="乙报新闻")
    bring(one, f"2022-03-01-{NUMBER}.md")
    item = bring(other, f"2022-03-01-{NUMBER}.md").items.get()
    chief().post(at(item), {"verdict": "another"})
    first, second = Article.objects.order_by("pk")
    for where, article in (("jiabao", first), ("yibao", second), ("elsewhere", first)):
        response = client.get(f"/{where}/2022/03/01/{NUMBER}.html")
        assert (response.status_code, response.url) == (301, article.get_absolute_url())
