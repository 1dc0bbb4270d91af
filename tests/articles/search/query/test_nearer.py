"""What a reader meant who typed something near it: another spelling, or pinyin."""

import pytest

from articles.models.search_terms import SearchAlias
from articles.search.index import follow
from articles.search.index.index import open_searcher
from articles.search.query.language.lexicon import figures_with
from articles.search.query.results import SearchRequest
from articles.search.query.run import search
from tests.support.builders import make_article

pytestmark = pytest.mark.django_db
MANY = 20  # articles that hold the usual words


@pytest.fixture(autouse=True)
def no_aliases():
    SearchAlias.objects.all().delete()


def write(usual: str, *rare: str) -> None:
    """Many articles that hold the `usual` text, and one of each rare one, all open to search."""
    for number in range(MANY):
        make_article(f"甲{number}", body_html=f"<p>{usual}</p>")
    for number, text in enumerate(rare):
        make_article(f"{text}（{number}）", body_html=f"<p>{text}</p>")
    follow.rebuild()


def offered(asked: str, **choices) -> list[tuple[str, str]]:
    return [(one.label, one.note) for one in search(SearchRequest(asked, **choices)).meant]


# ------------------------------------------------------------------ spellings, where something is found
@pytest.mark.parametrize(
    ("asked", "by_chance", "better"),
    [
        ("证卷公司", "这家证卷公司", "证券公司"),
        ("帐户资经", "账户资经的事", "账户资金"),
        ("中囯人民银航", "中国人民银航的牌子", "中国人民银行"),
        ("人民弊", "伤害人民弊病丛生", "人民币"),
        ("股分制", "实行股分制改造", "股份制"),
        ("建设银航", "在建设银航图", "建设银行"),
        ("中央经挤工作会议", "中央的经济工作会议", "中央经济工作会议"),
        ("货款利率", "收到货款，利率不变", "贷款利率"),
        ("证卷公司 贷款利率", "证卷公司的贷款利率", "证券公司 贷款利率"),
        ("证卷", "旧的证卷一张", "证券"),
        ("数字经挤", "数字，经挤压后", "数字经济"),
    ],
)
def test_a_far_more_frequent_spelling_is_offered_beside_what_was_found(asked, by_chance, better):
    usual = "证券公司开户，账户资金不变。中国人民银行说，人民币、股份制、建设银行与贷款利率。"
    usual += "数字经济，中央经济工作会议。"
    write(usual, by_chance)
    found = search(SearchRequest(asked))
    assert found.total and found.hits
    assert [one.label for one in found.meant] == [better]
    assert found.meant[0].note.startswith("相近的写法，") and found.meant[0].note.endswith(" 篇")
    assert search(SearchRequest(better)).total >= MANY


@pytest.mark.parametrize(
    ("asked", "usual"),
    [
        ("张程", "公司章程修订"),  # names of people
        ("记者张程", "记者章程修订"),
        ("李成全", "李承权与成全"),
        ("王依", "万亿规模，王毅说"),
        ("润桦", "润滑油"),  # rare names of firms
        ("海尔智家", "海尔之家，之家"),
        ("天合光能", "天和光能，功能"),
        ("恒源股份", "恒远股份公告"),
        ("华新证券", "华鑫证券公告"),
        ("马克隆", "马克龙访华"),  # foreign names
        ("卡塔琳娜", "卡塔林那"),
        ("临汐县", "林西县，临西县"),  # places
        ("权利清单", "权力清单，权力清单"),  # real words that somebody wrote
        ("法制", "法治"),
        ("会意", "会议"),
        ("利害", "厉害"),
        ("预定", "预订"),
        ("中新", "中心"),
        ("12.5%", "12.6%"),  # figures and codes
        ("601939", "601938"),
        ("5G", "6G"),
        ("“证卷公司”", "证券公司"),  # what was put in quotes is meant
        ("-证卷", "证券"),
        ("标题:证卷公司", "证券公司"),
    ],
)
def test_names_words_figures_and_what_was_quoted_are_left_as_they_stand(asked, usual):
    plain = asked.strip("“”-").removeprefix("标题:")
    write(f"{usual}。", f"有一篇谈{plain}。", plain)
    found = search(SearchRequest(asked))
    assert found.total
    assert found.meant == []


def test_what_several_articles_write_is_no_misspelling():
    write("证券公司", *["证卷公司"] * 6)
    assert offered("证卷公司") == []


def test_what_is_not_far_more_frequent_is_not_offered():
    make_article("甲", body_html="<p>证券公司</p>")
    write("别的", "证卷公司")
    assert search(SearchRequest("证卷公司")).total == 1
    assert offered("证卷公司") == []


def test_it_is_offered_on_the_first_page_and_in_every_order(client):
    write("证券公司", "证卷公司")
    assert offered("证卷公司", sort="newest") == [("证券公司", "相近的写法，20 篇")]
    assert offered("证卷公司", page=2) == []
    page = client.get("/search/?q=证卷公司").content.decode()
    assert "您要找的是不是：" in page and "证券公司</a><small>相近的写法，20 篇</small>" in page


@pytest.mark.parametrize(
    ("asked", "better"),
    [
        ("证卷公司违规行为查处", "证券公司违规行为查处"),
        ("近日中央经挤工作会议召开", "近日中央经济工作会议召开"),
    ],
)
def test_a_long_question_that_finds_nothing_is_searched_for_spelt_right(asked, better):
    write(better)
    found = search(SearchRequest(asked, sort="newest"))
    assert found.hits and found.heard.words == better


# ------------------------------------------------------------------ words of an unspaced question
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("火星降准贷款", ["降准", "贷款"]),
        ("恐龙养老金税收", ["养老金", "税收"]),
        ("外星银行利率", ["银行", "利率"]),
        ("魔法汽车出口", ["汽车", "出口"]),
        ("彗星期货黄金", ["期货", "黄金"]),
        ("火星2024年降准", ["降准"]),
    ],
)
def test_an_unspaced_question_that_finds_nothing_offers_the_words_that_find_something(asked, words):
    write("降准，贷款。养老金，税收。银行，利率。汽车，出口。期货，黄金。")
    found = search(SearchRequest(asked))
    assert not found.hits
    assert [one.label for one in found.meant if "只找这个词" in one.note] == words
    assert all(search(SearchRequest(word)).total == MANY for word in words)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("降准 OR 降息", 3),
        ("降准|降息", 3),
        ("降准 | | 降息", 3),
        ("（降准 ｜ 降息）", 3),
        ("((降准|降息) 银行)|汽车", 3),
        ("((降准 | (降息 | 加息)) 银行) OR 汽车", 3),
        ("(降准|降息", 3),
        ("降准|降息)", 3),
        ("（降准 OR （降息", 3),
        ("| 降准 |", 2),
        ("((((((降准|降息))))))", 3),
        ("| | |", 0),
        ("()", 0),
        ("(|)", 0),
        (")(", 0),
        ("OR", 0),
    ],
)
def test_bars_and_brackets_never_fail_however_they_stand(client, asked, count):
    for body in ("降准", "银行降息", "银行降准", "汽车"):
        make_article(f"{body}一则", body_html="<p>无</p>")
    follow.rebuild()
    found = search(SearchRequest(asked))
    assert found.total == count
    assert client.get("/search/", {"q": asked}).status_code == 200


# ------------------------------------------------------------------ figures of the index
def test_the_figures_that_hold_another_are_known_as_the_index_stands_now():
    write("增长112.5%，12.5%与12.56%，2000家，12000户，3,500点", "20.5%")
    opened = open_searcher()
    assert sorted(figures_with(opened, "12.5%")) == ["112.5%", "12.5%"]
    assert sorted(figures_with(opened, "2000")) == ["12000户", "2000家"]
    assert figures_with(opened, "3500") == ["3500点"] and figures_with(opened, "9999") == []
    make_article("新的", body_html="<p>9999元</p>")
    follow.rebuild()
    assert figures_with(open_searcher(), "9999") == ["9999元"]
