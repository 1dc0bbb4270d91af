"""An exact twin under its true outlet and in the roll is one published article, whichever comes first."""

import pytest

from articles.importing.run import Options, import_paths
from articles.models import Article
from articles.undo.undo import undo_import
from sources.models import ImportItem, Outcome
from sources.reading.pool import IN_A_SERVER

pytestmark = pytest.mark.django_db
NUMBER = "202203010912345678"
TEXT = "<p>沧澜银行一日公布季报，净息差收窄五个基点。</p><p>行长说，全年目标不变。</p>"
CREDIT = '<p class="em_media">（文章来源：{}）</p>'
ROLL, OUTLET = ("emnews", "东财滚动新闻", "东财滚动新闻"), ("guojishangbao", "国际商报新闻", "国际商报")


@pytest.fixture
def bring(tmp_path):
    """`bring("1", roll(), own())` imports posts of one delivery, in this order; gives the run."""

    def write(delivery, *posts):
        for place, (number, text) in enumerate(posts):
            path = tmp_path / delivery / str(place) / f"2022-03-01-{number}.md"
            path.parent.mkdir(parents=True)
            path.write_text(text)
        return import_paths(Options([str(tmp_path / delivery)], workers=IN_A_SERVER))

    return write


def post(where, number, credit="", date="2022-03-01 09:12:03 +0800"):
    categories, tag, _ = where
    text = TEXT + (CREDIT.format(credit) if credit else "")
    head = f'---\nlayout: post\ntitle: "沧澜银行发布季报"\ndate: {date}\n'
    return number, f"{head}categories: {categories}\ntags: {tag}\n---\n{text}"


def roll(credit="", number=NUMBER, **more):
    return post(ROLL, number, credit, **more)


def own(credit="", number=f"NW{NUMBER}", **more):
    return post(OUTLET, number, credit, **more)


ORDERS = {
    "roll first": lambda bring, one, other: [bring("1", one, other)],
    "outlet first": lambda bring, one, other: [bring("1", other, one)],
    "roll first, outlet in a later import": lambda bring, one, other: [bring("1", one), bring("2", other)],
    "outlet first, roll in a later import": lambda bring, one, other: [bring("1", other), bring("2", one)],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize(
    "credit", ["国际商报", "", "国际商报网"], ids=["credited", "uncredited", "another spelling"]
)
def test_one_is_published_under_its_true_outlet_and_the_other_points_to_it(bring, order, credit):
    results = order(bring, roll(credit), own())
    assert sum((result.counts for result in results), start=type(results[0].counts)()) == {
        Outcome.CREATED: 1,
        Outcome.DUPLICATE: 1,
    }
    article = Article.objects.published().get()
    assert article.source.name in {"国际商报", credit}
    item = ImportItem.objects.get(outcome=Outcome.DUPLICATE)
    assert item.revisions.filter(state="twin").get().article == article
    assert not Article.objects.exclude(pk=article.pk).exists()


def test_the_roll_is_nobodys_outlet_once_the_twin_has_named_one(bring):
    bring("1", roll())
    assert Article.objects.get().source.name == "东财滚动新闻"
    run = bring("2", own()).run
    article = Article.objects.get()
    assert (article.source.name, article.version) == ("国际商报", 2)
    assert article.source.front.count == 1
    undo_import(run)
    article.refresh_from_db()
    assert (article.source.name, article.version) == ("东财滚动新闻", 1)
    assert article.revisions.count() == 1


def test_an_editors_choice_of_outlet_is_left_alone(bring, django_user_model):
    bring("1", roll())
    article = Article.objects.get()
    article.byline = "记者 李悦"
    article.revise("edit", editor=django_user_model.objects.create(username="林越"), reason="补记者")
    assert bring("2", own()).counts == {Outcome.DUPLICATE: 1}
    article.refresh_from_db()
    assert (article.source.name, article.version) == ("东财滚动新闻", 2)


def test_the_same_words_of_another_outlet_or_another_day_are_another_article(bring):
    other = post(("beijingwanbao", "北京晚报新闻", ""), "NW202203010912345600")
    later = own(number="NW202203020912345678", date="2022-03-02 09:12:03 +0800")
    assert bring("1", own(), other, later).counts == {Outcome.CREATED: 3}


def flash(number, minute, title="离岸人民币兑美元现报6.3565"):
    head = f'---\nlayout: post\ntitle: "{title}"\ndate: 2022-03-01 09:{minute}:03 +0800\n'
    return number, f"{head}categories: emnews\ntags: 东财滚动新闻\n---\n<p>{title.rstrip('。')}。</p>"


def test_a_flash_that_comes_again_under_another_number_minutes_later_is_another_article(bring):
    first, again = (
        flash("202203010912345601", 10),
        flash("202203010912345602", 13, "离岸人民币兑美元现报6.3565。"),
    )
    other = flash("202203010912345603", 15, "离岸人民币兑美元现报63.565")
    assert bring("1", first, again, other).counts == {Outcome.CREATED: 3}


REWRITTEN = TEXT.replace("五个基点", "三个基点")


@pytest.mark.parametrize("deliveries", [["ab"], ["a", "b"], ["b", "a"], ["ba"]])
def test_a_piece_that_is_rewritten_under_both_its_numbers_stays_one_article(bring, deliveries):
    bring("1", roll(), own())
    rewritten = {
        "a": (own()[0], own()[1].replace(TEXT, REWRITTEN)),
        "b": (roll()[0], roll()[1].replace(TEXT, REWRITTEN)),
    }
    results = [bring(f"2{delivery}", *(rewritten[one] for one in delivery)) for delivery in deliveries]
    counts = sum((result.counts for result in results), start=type(results[0].counts)())
    assert counts == {Outcome.UPDATED: 1, Outcome.UNCHANGED: 1}
    article = Article.objects.get()
    assert "三个基点" in article.text
    assert (article.source.name, article.version) == ("国际商报", 2)


def test_a_piece_that_came_with_its_twin_and_both_rewritten_in_one_delivery_is_one_article(bring):
    rewritten = own()[0], own()[1].replace(TEXT, REWRITTEN)
    assert bring("1", roll(), own(), rewritten).counts == {
        Outcome.CREATED: 1,
        Outcome.DUPLICATE: 1,
        Outcome.UPDATED: 1,
    }
    assert "三个基点" in Article.objects.get().text


def test_the_words_that_a_rewritten_piece_had_are_no_twin_of_it(bring):
    """Whether they come in the same batch or in a later import."""
    first = post(ROLL, "202203010912345601")
    other = "202203010912345602", first[1] + "\n"
    rewritten = first[0], first[1].replace(TEXT, REWRITTEN)
    assert bring("1", first).counts == {Outcome.CREATED: 1}
    assert bring("2", rewritten, other).counts == {Outcome.UPDATED: 1, Outcome.CREATED: 1}


def test_brought_again_in_any_order_nothing_changes(bring):
    bring("1", roll(), own())
    before = list(Article.objects.values())
    assert bring("2", own(), roll()).counts == {Outcome.UNCHANGED: 2}
    assert list(Article.objects.values()) == before
