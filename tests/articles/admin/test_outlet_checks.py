"""来源检查 finds outlets that may be the same, remembers who is not, and names can be taken back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.taxonomy.similar_outlets import SimilarOutlets, one_apart, stem
from sources.models import Source
from sources.models.outlet_history import Renaming, Unlike
from sources.text.outlet_names import name_key
from tests.support.builders import make_article, make_source
from tests.support.editors import at_desk, chief, editor, fields_of, make_user, words

pytestmark = pytest.mark.django_db
CHECK = "/admin/sources/source/check/"


def introduce(name, standing=Source.Standing.NEW):
    return Source.objects.introduce(name, standing)


def likenesses() -> dict[str, dict[str, str]]:
    """By the doubtful outlet's name: what it is like, and why."""
    known = SimilarOutlets()
    doubts = known.doubts()
    known.compare_closely(doubts)
    return {d.outlet.source.name: {o.outlet.source.name: o.why for o in d.like} for d in doubts}


# ------------------------------------------------------------------ names that resolve by themselves
@pytest.mark.parametrize(
    "spelling",
    [
        "TechWeb 科技",
        "Techweb科技",
        "ＴｅｃｈＷｅｂ　科技",
        "《TechWeb科技》",
        "Tech·Web科技",
        "Tech\u200bWeb・科技",
        "“TechWeb”科技",
    ],
)
def test_spellings_without_a_difference_are_one_outlet(spelling):
    source = make_source("TechWeb科技")
    assert Source.objects.named(spelling) == source


def test_a_bracket_or_an_end_makes_another_name():
    assert name_key("安信国际证券(香港)") == name_key("安信国际证券（香港）") != name_key("安信国际证券")
    assert name_key("国际商报网") != name_key("国际商报")
    assert name_key("《》") == "《》"


# ------------------------------------------------------------------ likenesses
def test_ends_and_punctuation_do_not_count():
    assert stem("国际商报新闻网") == stem("国际商报-客户端") == "国际商报"
    assert stem("网") == "网"
    assert one_apart("经济参考", "经济参考报") and one_apart("经济参考报", "经济参观报")
    assert not one_apart("经济参考报", "经济参考报") and not one_apart("经济", "经济参考")


@pytest.mark.parametrize(
    ("name", "other", "why"),
    [
        ("国际商报网", "国际商报", "写法只差标点或“网”“客户端”之类"),
        ("國際商報", "国际商报", "拼音相同"),
        ("中国证券报·中证网", "中国证券报", "一个名称含着另一个"),
        ("21世纪经济报道 南财理财通", "21世纪经济报道", "一个名称含着另一个"),
        ("经济参考", "经济日参考", "只差一个字"),
    ],
)
def test_a_new_outlet_is_shown_beside_one_it_is_like(name, other, why):
    make_source(other)
    make_source("新华社")
    introduce(name)
    assert likenesses() == {name: {other: why}}


def test_papers_of_two_cities_or_hours_are_not_like():
    make_source("北京日报")
    make_source("南京日报")
    introduce("北京晚报")
    assert likenesses() == {"北京晚报": {}}


def test_aliases_and_old_addresses_speak_too():
    source = make_source("证券时报")
    source.add_alias("人民币时报网")
    source.keep_old_slug("Rengongzhinengbao")
    introduce("人民币时报")
    introduce("人工智能报")
    assert set(likenesses()) == {"人民币时报", "人工智能报"}
    assert all(like == {"证券时报": why} for like in likenesses().values() for why in like.values())


def test_clear_likenesses_come_first_then_the_busiest():
    for name in ("甲乙丙", "子丑寅"):
        introduce(name)
    make_article(source=Source.objects.named("子丑寅"))
    make_source("国际商报")
    introduce("国际商报网")
    assert list(likenesses()) == ["国际商报网", "子丑寅", "甲乙丙"]


# ------------------------------------------------------------------ the page
def test_a_pair_that_is_not_the_same_is_not_shown_again():
    other, new, desk = make_source("国际商报"), introduce("国际商报网"), chief()
    page = desk.get(CHECK)
    assert f"?pk={new.pk}&amp;into={other.pk}" in page.content.decode()
    page = desk.post(CHECK, {"unlike": f"{new.pk}-{other.pk}"}, follow=True)
    assert "不是同一家" in words(page)
    assert likenesses() == {"国际商报网": {}}
    desk.post(CHECK, {"unlike": f"{other.pk}-{new.pk}"})
    assert Unlike.objects.count() == 1
    assert "已不存在" in words(desk.post(CHECK, {"unlike": f"{other.pk}-999999"}, follow=True))


def test_a_checked_outlet_leaves_the_page():
    new, desk = introduce("国际商报网"), chief()
    assert "“国际商报网”已核" in words(desk.post(CHECK, {"checked": new.pk}, follow=True))
    new.refresh_from_db()
    assert new.standing == Source.Standing.CHECKED
    assert "没有待核的来源" in words(desk.get(CHECK))
    assert "刚被别人处理过" in words(desk.post(CHECK, {"checked": new.pk}, follow=True))


def test_an_outlet_known_by_its_address_alone_is_named_not_checked():
    new = introduce("beijingwanbao", Source.Standing.UNNAMED)
    desk = chief()
    assert "定名……" in words(desk.get(CHECK))
    desk.post(CHECK, {"checked": new.pk})
    new.refresh_from_db()
    assert new.standing == Source.Standing.UNNAMED


def test_an_editor_looks_and_decides_nothing():
    new, desk = introduce("国际商报网"), editor()
    assert "国际商报网" in words(desk.get(CHECK))
    assert desk.post(CHECK, {"checked": new.pk}).status_code == 403
    assert at_desk(make_user()).get(CHECK).status_code == 403
    new.refresh_from_db()
    assert new.standing == Source.Standing.NEW


def test_the_page_takes_the_same_queries_for_two_outlets_and_for_two_hundred():
    def queries() -> int:
        desk.get(CHECK)
        with CaptureQueriesContext(connection) as made:
            desk.get(CHECK)
        return len(made)

    desk = chief()
    introduce("甲报")
    few = queries()
    for number in range(200):
        introduce(f"第{number}报")
    assert queries() == few
    assert desk.get(CHECK, {"page": "9"}).context["page"].number == 9
    assert desk.get(CHECK, {"page": "x"}).status_code == 200


# ------------------------------------------------------------------ names there and back
def rename(client, source, **changes):
    url = f"/admin/sources/source/{source.pk}/change/"
    return client.post(url, fields_of(client.get(url).content, "source_form") | changes)


def back(client, source, renaming, now=None):
    url = f"/admin/sources/source/{source.pk}/names/{renaming.pk}/back/"
    source.refresh_from_db()
    return client.post(url, {"now": now or f"{source.slug} {source.name}"}, follow=True)


def test_a_renaming_is_taken_back_with_one_click():
    source, desk = make_source("证券时报网"), chief()
    rename(desk, source, name="证券时报", slug="stcn")
    renaming = Renaming.objects.get()
    page = desk.get(f"/admin/sources/source/{source.pk}/change/")
    assert "改回“证券时报网”" in words(page)
    assert "已改回“证券时报网”" in words(back(desk, source, renaming))
    source.refresh_from_db()
    assert (source.name, source.slug) == ("证券时报网", "zhengquanshibaowang")
    assert Source.objects.named("证券时报") == Source.objects.at_old_slug("stcn") == source
    assert Renaming.objects.count() == 2
    back(desk, source, Renaming.objects.first())
    source.refresh_from_db()
    assert source.name == "证券时报"


def test_a_renamed_outlets_old_pages_lead_on(client):
    source = make_source("证券时报网")
    make_article(source=source)
    rename(chief(), source, slug="stcn")
    for page in ("", "feed.xml", "feed.json"):
        response = client.get(f"/sources/zhengquanshibaowang/{page}")
        assert (response.status_code, response.headers["Location"]) == (301, f"/sources/stcn/{page}")


def test_nobody_goes_back_to_a_name_that_is_anothers_by_now():
    source, desk = make_source("证券时报网"), chief()
    rename(desk, source, name="证券时报", slug="stcn")
    renaming = Renaming.objects.get()
    source.aliases.filter(name="证券时报网").delete()
    make_source("证券时报网")
    assert "现在是来源“证券时报网”的名称" in words(back(desk, source, renaming))
    assert "别人改过" in words(back(desk, source, renaming, now="old old"))
    source.refresh_from_db()
    assert source.name == "证券时报"
    assert editor().post(f"/admin/sources/source/{source.pk}/names/{renaming.pk}/back/").status_code == 403


def test_a_save_without_a_new_name_is_no_renaming():
    source = make_source("证券时报网")
    rename(chief(), source, note="核过")
    assert not Renaming.objects.exists()


def test_an_address_that_leads_to_another_outlet_is_not_given_away():
    source, other = make_source("甲报"), make_source("乙报")
    source.keep_old_slug("old-a")
    assert "“old-a”是来源“甲报”的旧地址" in words(rename(chief(), other, slug="old-a"))
    source.keep_old_slug("bingbao")
    assert make_source("丙报").slug == "bingbao-2"
