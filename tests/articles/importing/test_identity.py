"""An id means something within its outlet: what another outlet brings under it waits for an editor, in every form."""

import json

import pytest

from articles.importing import batch
from articles.importing.run import Options, import_found
from articles.models import Article, Revision
from articles.review.review_queue import items_in_review
from articles.undo.undo import undo_import
from sources.files.inputs import Found
from sources.models import ImportItem, ImportRun, Outcome, Source
from sources.reading.pool import IN_A_SERVER
from tests.support.builders import make_source
from tests.support.editors import make_user

pytestmark = pytest.mark.django_db
TEXT = "沧澜银行一日公布季报，净息差收窄五个基点，行长说全年目标不变。"
OTHER = "沧澜银行已经倒闭，请立即取款，详情请点这里。"
NUMBER = "NW202203010912345678"
GUID = "https://a.example.com/1"


# ------------------------------------------------------------------ inputs
def rss(outlet="甲报", text=TEXT, guid=GUID, link=GUID, more="", site="https://a.example.com/", title="季报"):
    channel = f"<title>{outlet}</title><link>{site}</link>" if outlet else ""
    return (
        f'<rss version="2.0"><channel>{channel}<item><title>{title}</title><link>{link}</link>'
        f'<guid isPermaLink="false">{guid}</guid><pubDate>Tue, 01 Mar 2022 09:00:00 +0800</pubDate>'
        f"{more}<description>{text}</description></item></channel></rss>"
    )


def atom(outlet, text, guid=GUID, more="", attributes=""):
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}><title>{outlet}</title>'
        f'<link href="https://a.example.com/"/><entry><id>{guid}</id><title>季报</title>'
        f'<link href="{GUID}"/><published>2022-03-01T09:00:00+08:00</published>{more}'
        f'<content type="text">{text}</content></entry></feed>'
    )


def json_feed(outlet, text, guid=GUID):
    entry = {"id": guid, "url": GUID, "title": "季报", "content_text": text}
    entry["date_published"] = "2022-03-01T09:00:00+08:00"
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": outlet, "items": [entry]}
    return json.dumps(feed | {"home_page_url": "https://a.example.com/"}, ensure_ascii=False)


def table(outlet, text, number="1"):
    return f"id,title,date,source,body\n{number},季报,2022-03-01 09:00,{outlet},{text}\n"


def post(outlet, text, number=NUMBER, tags="", credit="", minute=0):
    credit = f'<p class="em_media">（文章来源：{credit}）</p>' if credit else ""
    where = f"categories: {outlet}\ntags: {tags or outlet + '新闻'}"
    head = f'---\nlayout: post\ntitle: "季报"\ndate: 2022-03-01 09:{minute:02}:00 +0800\n'
    return f"{head}{where}\n---\n<p>{text}</p>{credit}"


def bring(text, name="a.xml", **options):
    return import_found(
        [Found(name, "", data=text.encode())], Options(workers=IN_A_SERVER, origin="测试", **options)
    ).run


def outcome(run) -> str:
    return run.items.get().outcome


def everything(article):
    return (
        Article.objects.filter(pk=article.pk).values().get(),
        list(Revision.objects.filter(article=article).order_by("pk").values()),
    )


@pytest.fixture
def theirs():
    """A published piece of 甲报, as its own feed brought it."""
    bring(rss(), source="甲报")
    return Article.objects.get()


def assert_untouched(article, before, run):
    """Nothing of the piece has changed, and the input waits for an editor with its bytes and both names."""
    assert everything(article) == before
    item = run.items.get()
    assert item.outcome == Outcome.CONFLICT
    assert "“甲报”" in item.reason and "“乙报”" in item.reason
    assert item.raw_bytes() and item.pk in items_in_review().values_list("pk", flat=True)
    assert Article.objects.count() == 1 and not Source.objects.filter(name="乙报").exists()


# ------------------------------------------------------------------ what an outlet's feed may claim
ATTACKS = {
    "the guid": rss("乙报", OTHER),
    "guid and channel": rss("甲报", OTHER),
    "guid, and a source element": rss(
        "乙报", OTHER, more='<source url="https://a.example.com/">甲报</source>'
    ),
    "guid, and an author": rss("乙报", OTHER, more="<author>a@a.example.com (甲报)</author>"),
    "guid, and a credit in the text": rss("乙报", f"{OTHER}（文章来源：甲报）"),
    "guid, and another date": rss("乙报", OTHER).replace("01 Mar 2022", "01 Mar 2031"),
    "guid in Atom": atom("乙报", OTHER),
    "Atom's source": atom("乙报", OTHER, more=f"<source><id>{GUID}</id><title>甲报</title></source>"),
    "Atom's base": atom("甲报", OTHER, attributes=' xml:base="https://a.example.com/"'),
    "id of a JSON Feed": json_feed("甲报", OTHER),
    "no guid, the link": rss("乙报", OTHER).replace(f'<guid isPermaLink="false">{GUID}</guid>', ""),
    "guid with blanks": rss("乙报", OTHER, guid=f"\n  {GUID}\t"),
    "no channel at all": rss("", OTHER),
    "guid and the very text": rss("乙报", TEXT, title="别的题"),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_another_outlet_s_subscription_never_touches_a_published_piece(theirs, attack):
    before = everything(theirs)
    assert_untouched(theirs, before, bring(attack, "b.xml", source="乙报"))


def test_a_guid_that_is_no_address_is_matched_by_the_channel_s_and_is_a_conflict_as_well():
    bring(rss(guid="n-1"), source="甲报")
    article = Article.objects.get()
    before = everything(article)
    assert_untouched(article, before, bring(rss("乙报", OTHER, guid="n-1"), source="乙报"))


@pytest.mark.parametrize(
    "attack",
    [
        rss("乙报", OTHER),
        rss("乙报", OTHER, more='<source url="https://a.example.com/">甲报</source>'),
        rss("乙报", f"{OTHER}（文章来源：甲报）"),
        atom("乙报", OTHER, more=f"<source><id>{GUID}</id><title>甲报</title></source>"),
        json_feed("乙报", OTHER),
    ],
    ids=["feed", "source element", "credit", "atom source", "JSON"],
)
def test_a_feed_file_speaks_for_itself_whomever_it_credits(theirs, attack):
    before = everything(theirs)
    assert_untouched(theirs, before, bring(attack, "b.xml"))


OUR_OWN_IDS = [
    "https://finews.withounder.com/jiabao/2022/03/01/NW202203010912345678.html",
    NUMBER,
    NUMBER[2:],
    f"a.example.com/{NUMBER}",
    "甲报/1",
]


@pytest.mark.parametrize("guid", OUR_OWN_IDS)
def test_a_feed_never_speaks_as_the_mirror_nor_as_a_table(guid):
    bring(post("甲报", TEXT), f"2022-03-01-{NUMBER}.md")
    bring(table("甲报", TEXT + "二"), "a.csv")
    articles = list(Article.objects.all())
    before = [everything(one) for one in articles]
    bring(rss("乙报", OTHER, guid=guid, link="https://b.example.com/1"), source="乙报")
    assert [everything(one) for one in articles] == before and len(before) == 2


# ------------------------------------------------------------------ other forms
PAIRS = {
    "table": ("t.csv", table("甲报", TEXT), table("乙报", OTHER), "乙报"),
    "post of the mirror": (f"2022-03-01-{NUMBER}.md", post("甲报", TEXT), post("乙报", OTHER), ""),
    "post filed under an outlet": (
        f"2022-03-01-{NUMBER}.md",
        post("甲报", TEXT),
        post("甲报", OTHER),
        "乙报",
    ),
    "the roll filed under an outlet": (
        f"2022-03-01-{NUMBER[2:]}.md",
        post("emnews", TEXT, tags="东财滚动新闻", credit="甲报"),
        post("emnews", OTHER, tags="东财滚动新闻", credit="甲报"),
        "乙报",
    ),
}


@pytest.mark.parametrize(("name", "one", "other", "source"), PAIRS.values(), ids=PAIRS)
def test_in_every_form_the_same_id_of_another_outlet_is_a_conflict(name, one, other, source):
    # A table's ids are its outlet's: only who claims the outlet's own name gets at them, and is filed elsewhere.
    other = other.replace("乙报", "甲报") if name == "t.csv" else other
    bring(one, name)
    article = Article.objects.get()
    before = everything(article)
    assert_untouched(article, before, bring(other, name, source=source))


def test_two_outlets_rows_of_one_number_are_two_articles():
    bring(table("甲报", TEXT), "t.csv")
    assert outcome(bring(table("乙报", OTHER), "t.csv")) == Outcome.CREATED


def test_a_copied_text_is_the_copier_s_own_article_and_takes_nothing_from_the_first(theirs):
    before = everything(theirs)
    run = bring(
        rss("乙报", TEXT, guid="https://b.example.com/1", link="https://b.example.com/1"), source="乙报"
    )
    assert outcome(run) == Outcome.CREATED
    assert everything(theirs)[0] | {"story_id": None} == before[0] | {"story_id": None}
    assert Article.objects.get(source__name="乙报").external_id == "https://b.example.com/1"


def test_bytes_that_a_copier_brought_first_keep_nobody_from_bringing_his_own():
    entry = {"guid": "tag:1", "link": ""}
    assert outcome(bring(rss("乙报", site="https://b.example.com/", **entry), source="乙报")) == "created"
    assert outcome(bring(rss("甲报", site="https://a.example.com/", **entry), source="甲报")) == "created"
    assert sorted(Article.objects.values_list("source__name", flat=True)) == sorted(["甲报", "乙报"])


def test_a_whole_file_filed_under_another_outlet_is_read_again():
    page = (
        "<html><head><title>季报</title></head><body><h1>季报</h1><p>2022-03-01 09:00</p>"
        + f"<p>{TEXT}</p>" * 3
    )
    assert outcome(bring(page, "a.html", source="甲报")) in ("created", "review")
    assert outcome(bring(page, "a.html", source="乙报")) in ("created", "review")
    assert outcome(bring(page, "a.html", source="乙报")) == Outcome.UNCHANGED
    assert Article.objects.count() == 2


def test_a_roll_s_piece_is_credited_by_its_own_number_only():
    bring(post("emnews", TEXT, tags="东财滚动新闻"), f"2022-03-01-{NUMBER[2:]}.md")
    article = Article.objects.get()
    before = everything(article)[0]
    bring(rss("乙报", f"<p>{TEXT}</p>"), source="乙报")
    assert everything(article)[0] | {"story_id": None} == before | {"story_id": None}
    bring(post("甲报", TEXT), f"2022-03-01-{NUMBER}.md")
    article.refresh_from_db()
    assert article.source.name == "甲报"


def test_who_may_not_publish_credits_nobody_with_a_published_piece():
    bring(post("emnews", TEXT, tags="东财滚动新闻"), f"2022-03-01-{NUMBER[2:]}.md")
    bring(post("甲报", TEXT), f"2022-03-01-{NUMBER}.md", hold="等主编看")
    assert Article.objects.get().source.name == "东财滚动新闻"


def test_the_roll_s_word_for_whose_a_piece_is_may_change(theirs):
    name = f"2022-03-01-{NUMBER[2:]}.md"
    bring(post("emnews", TEXT, tags="东财滚动新闻", credit="丙报"), name)
    later = post("emnews", TEXT + "更正。", tags="东财滚动新闻", credit="丙报网")
    assert outcome(bring(later, name)) == Outcome.UPDATED


def test_a_third_outlet_has_no_part_in_the_number_that_the_roll_and_another_share():
    bring(post("emnews", TEXT, tags="东财滚动新闻", credit="甲报"), f"2022-03-01-{NUMBER[2:]}.md")
    bring(post("甲报", TEXT), f"2022-03-01-{NUMBER}.md")
    article = Article.objects.get()
    before = everything(article)
    assert_untouched(article, before, bring(post("乙报", OTHER), f"2022-03-01-{NUMBER}.md"))
    assert outcome(bring(post("甲报", TEXT + "更正。"), f"2022-03-01-{NUMBER}.md")) == Outcome.UPDATED


# ------------------------------------------------------------------ the same outlet all the same
def test_an_outlet_by_another_name_of_its_is_the_same(theirs):
    theirs.source.add_alias("甲报网")
    assert outcome(bring(rss("甲报网", OTHER), source="甲报网")) == Outcome.UPDATED


def test_a_renamed_outlet_and_one_that_another_went_into_update_their_pieces(theirs):
    from articles.taxonomy.merge_outlets import merge

    heir = make_source("新甲报")
    merge(theirs.source_id, heir.pk)
    assert outcome(bring(rss("甲报", OTHER), source="甲报")) == Outcome.UPDATED
    assert Article.objects.get().source == heir


def test_a_feed_file_updates_what_it_brought_under_another_s_name():
    credited = '<source url="https://c.example.com/">丙报</source>'
    bring(rss("甲报", TEXT, more=credited))
    assert Article.objects.get().source.name == "丙报"
    assert outcome(bring(rss("甲报", OTHER, more=credited))) == Outcome.UPDATED


def test_what_an_editor_has_put_under_another_outlet_waits_as_a_version_when_its_feed_changes_it(theirs):
    theirs.source = make_source("丙报")
    theirs.revise("edit", make_user())
    run = bring(rss("甲报", OTHER), source="甲报")
    assert outcome(run) == Outcome.CONFLICT
    assert Revision.objects.get(state="pending").article == theirs
    assert outcome(bring(rss("甲报"), source="甲报")) == Outcome.UNCHANGED


# ------------------------------------------------------------------ coming again
def test_a_conflict_is_told_once_and_a_new_text_is_a_new_one(theirs):
    bring(rss("乙报", OTHER), source="乙报")
    assert outcome(bring(rss("乙报", OTHER), source="乙报")) == Outcome.UNCHANGED
    assert outcome(bring(rss("乙报", OTHER, more="<category>银行</category>"), source="乙报")) == "unchanged"
    assert outcome(bring(rss("乙报", OTHER + "又改。"), source="乙报")) == Outcome.CONFLICT
    assert items_in_review().count() == 2


def test_what_another_outlet_said_first_keeps_no_version_of_its_own_outlet_back(theirs):
    bring(rss("乙报", OTHER), source="乙报")
    assert outcome(bring(rss("甲报", OTHER), source="甲报")) == Outcome.UPDATED
    theirs.refresh_from_db()
    assert theirs.version == 2 and "倒闭" in theirs.text


def test_bytes_that_came_before_outlets_were_recorded_still_change_nothing(theirs):
    ImportItem.objects.update(outlet=None)
    assert outcome(bring(rss(), source="甲报")) == Outcome.UNCHANGED


def both(first="甲报", second="乙报"):
    name = f"2022-03-01-{NUMBER}.md"
    return [
        Found(f"{n}/{name}", "", data=one.encode())
        for n, one in enumerate([post(first, TEXT), post(second, OTHER), post(first, TEXT + "更正。")])
    ]


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
def test_two_outlets_with_one_id_come_out_alike_however_many_are_written_together(monkeypatch, at_once):
    monkeypatch.setattr(batch, "AT_ONCE", at_once)
    monkeypatch.setattr(batch, "AT_THE_END", at_once)
    run = import_found(both(), Options(workers=IN_A_SERVER)).run
    assert list(run.items.order_by("pk").values_list("outcome", flat=True)) == [
        "created",
        "conflict",
        "updated",
    ]
    article = Article.objects.get()
    assert (article.source.name, article.version) == ("甲报", 2)
    assert "“甲报”" in run.items.get(outcome="conflict").reason


def test_a_rehearsal_foresees_the_conflict(theirs):
    counts = import_found(
        [Found("b.xml", "", data=rss("乙报", OTHER).encode())],
        Options(source="乙报", workers=IN_A_SERVER, dry_run=True),
    ).counts
    assert counts == {Outcome.CONFLICT: 1}


# ------------------------------------------------------------------ undoing
def test_undoing_the_run_of_a_conflict_lets_it_come_again(theirs):
    before = everything(theirs)
    run = bring(rss("乙报", OTHER), source="乙报")
    undone = undo_import(run)
    assert (undone.removed, undone.restored, everything(theirs)) == (0, 0, before)
    assert not items_in_review().exists()
    assert outcome(bring(rss("乙报", OTHER), source="乙报")) == Outcome.CONFLICT


def test_once_the_piece_is_gone_nothing_is_in_the_other_s_way(theirs):
    bring(rss("乙报", OTHER), source="乙报")
    undo_import(ImportRun.objects.earliest("pk"))
    assert not items_in_review().exists()
    assert outcome(bring(rss("乙报", OTHER), source="乙报")) == Outcome.CREATED


def test_an_uploaded_update_by_who_may_not_publish_is_never_public(theirs):
    before = everything(theirs)[0]
    assert outcome(bring(rss("甲报", OTHER), source="甲报", hold="等主编看")) == Outcome.CONFLICT
    assert everything(theirs)[0] == before and theirs.revisions.get(state="pending")
