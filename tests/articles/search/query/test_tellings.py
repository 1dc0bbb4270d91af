"""Tellings of one story are one hit: the original stands, the others are folded under it, and nothing is lost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.models.story import Parting, Story
from articles.search.index import follow
from articles.search.query.results import MOST_PAGES, SearchRequest, SearchResults
from articles.search.query.run import ids, search
from tests.support.builders import make_article, make_source
from tests.support.page_text import text

pytestmark = pytest.mark.django_db
DAY = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
OUTLETS = ("国际商报", "证券时报", "北京晚报", "都市快报", "沧澜日报")
TITLE, BODY = "沧澜市上调公积金贷款额度", "<p>沧澜市宣布，公积金贷款额度自下月起上调。</p>"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def told(*outlets, titles=(TITLE,), bodies=(BODY,), hours=3, story=True, since=DAY) -> list[Article]:
    """Tellings by these outlets, some hours apart, of one story or of none; the last title and body hold on."""
    made = [
        make_article(
            titles[min(at, len(titles) - 1)],
            make_source(name),
            since + timedelta(hours=hours * at),
            body_html=bodies[min(at, len(bodies) - 1)],
        )
        for at, name in enumerate(outlets)
    ]
    if story:
        Article.objects.file_under(dict.fromkeys((one.pk for one in made), Story.objects.create().pk))
    for one in made:
        one.refresh_from_db()
    return made


def hits(page: str) -> list[tuple[int, str]]:
    """Of each hit: the article, and the line of what is folded under it, in plain words."""
    found = re.findall(r'<article class="hit">(.*?)</article>', page, re.DOTALL)
    return [(int(re.search(r"/articles/(\d+)/", one)[1]), folded(one)) for one in found]


def folded(hit: str) -> str:
    line = re.search(r'<p class="facts tellings">(.*?)</p>', hit, re.DOTALL)
    seen = re.sub(r'<span class="unseen">.*?</span>', "", line[1] if line else "")
    return " ".join(re.sub(r"<[^>]+>", " ", seen).split())


def asked(client, query: str) -> list[tuple[int, str]]:
    return hits(text(client, f"/search/?q={query}"))


# ------------------------------------------------------------------ what is one hit
SHAPES = {
    "a story of five outlets": (
        lambda: told(*OUTLETS),
        "另有 4 家 证券时报 北京晚报 都市快报 沧澜日报",
    ),
    "a story of more outlets than are named": (
        lambda: told(*OUTLETS, "江城晚报"),
        "另有 5 家 证券时报 北京晚报 都市快报 沧澜日报 等",
    ),
    "reprints with titles and texts of their own": (
        lambda: told(*OUTLETS[:3], titles=(TITLE, f"{TITLE}！", f"快讯：{TITLE}"), bodies=(BODY, BODY * 2)),
        "另有 2 家 证券时报 北京晚报",
    ),
    "a report and its correction by one outlet": (
        lambda: told("国际商报", "国际商报", titles=(TITLE, f"{TITLE}（更正）")),
        "另有 1 篇",
    ),
    "a story that one outlet tells twice": (
        lambda: told("国际商报", "证券时报", "国际商报", titles=(TITLE, TITLE, f"{TITLE}（更正）")),
        "另有 1 家，同题共 3 篇 证券时报",
    ),
    "the same words by three outlets, in no story": (
        lambda: told(*OUTLETS[:3], story=False),
        "另有 2 家 证券时报 北京晚报",
    ),
    "the same words set otherwise, in no story": (
        lambda: told(
            *OUTLETS[:2], bodies=(BODY, BODY.replace("，", " , ").replace("宣布", "宣 布")), story=False
        ),
        "另有 1 家 证券时报",
    ),
    "a story, and a copy that nobody has grouped yet": (
        lambda: [*told(*OUTLETS[:2]), *told("北京晚报", since=DAY + timedelta(days=1), story=False)],
        "另有 2 家 证券时报 北京晚报",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_tellings_are_one_hit_and_the_first_publication_stands(client, shape):
    make, line = SHAPES[shape]
    made = make()
    other = make_article("公积金提取指南", published_at=DAY, body_html="<p>提取公积金须带证件。</p>")
    follow.rebuild()
    page = text(client, "/search/?q=公积金")
    assert sorted(hits(page)) == sorted([(made[0].pk, line), (other.pk, "")])
    assert f"找到 {len(made) + 1} 篇" in page and "同题的合为一条，共 2 条" in page


def test_the_line_leads_to_the_storys_page_which_has_them_all(client):
    made = told(*OUTLETS)
    follow.rebuild()
    page = text(client, "/search/?q=公积金")
    [href] = re.findall(r'<a href="([^"]*)">另有 4 家<span class="unseen">的同题报道</span></a>', page)
    assert href == f"/stories/{made[0].story_id}/"
    assert all(one.get_absolute_url() in text(client, href) for one in made)
    assert f'href="{made[1].get_absolute_url()}"' in page.partition("另有 4 家")[2]


def test_a_copy_that_the_storys_page_does_not_have_is_linked_however_many_there_are(client):
    told(*OUTLETS, "江城晚报")
    (copy,) = told("北屿商报", since=DAY + timedelta(days=1), story=False)
    follow.rebuild()
    page = text(client, "/search/?q=公积金")
    [(_, line)] = hits(page)
    assert line == "另有 6 家 证券时报 北京晚报 都市快报 沧澜日报 北屿商报 等"
    assert f'href="{copy.get_absolute_url()}"' in page


def test_without_a_storys_page_every_telling_is_linked(client):
    made = told(*OUTLETS, "江城晚报", story=False)
    follow.rebuild()
    page = text(client, "/search/?q=公积金")
    assert "另有 5 家" in page and "/stories/" not in page
    assert all(f'href="{one.get_absolute_url()}"' in page for one in made)


# ------------------------------------------------------------------ what is not
APART = {
    "other news by the same outlets": lambda: [
        told(name, titles=(f"{name}：{TITLE}",), story=False)[0] for name in OUTLETS[:3]
    ],
    "the same words years later": lambda: told(*OUTLETS[:3], hours=24 * 400, story=False),
    "what one outlet prints again": lambda: told("国际商报", "国际商报", "国际商报", hours=20, story=False),
    "the same title above another text": lambda: told(
        *OUTLETS[:3], bodies=(BODY, "<p>公积金。</p>", "<p>贷款公积金。</p>"), story=False
    ),
    "the same words in two stories": lambda: [one for name in OUTLETS[:3] for one in told(name)],
}


@pytest.mark.parametrize("shape", APART)
def test_what_is_not_one_story_stays_apart(client, shape):
    made = APART[shape]()
    follow.rebuild()
    page = text(client, "/search/?q=公积金")
    assert sorted(hits(page)) == sorted((one.pk, "") for one in made)
    assert "合为一条" not in page


def test_what_an_editor_keeps_apart_stays_apart(client, django_user_model):
    editor = django_user_model.objects.create_user("editor")
    one, other, third = told(*OUTLETS[:3], story=False)
    Parting.objects.keep_apart([one.pk], [other.pk], editor)
    follow.rebuild()
    assert sorted(asked(client, "公积金")) == sorted([(one.pk, "另有 1 家 北京晚报"), (other.pk, "")])


# ------------------------------------------------------------------ which stands first
LONG = "<p>沧澜市住房公积金管理委员会今日宣布，贷款额度上调至八十万元。</p><p>业内人士认为，此举支持合理需求。</p>"


@pytest.mark.parametrize(
    ("original", "reprint"),
    [
        (TITLE, TITLE),
        (TITLE, f"（转载）{TITLE}"),
        ("沧澜市上调公积金贷款额度至八十万元 下月起执行", "公积金新政"),
        ("公积金新政", "沧澜市上调公积金贷款额度至八十万元 下月起执行"),
        ("《沧澜日报》头版：公积金贷款额度上调", "公积金贷款额度上调"),
    ],
)
@pytest.mark.parametrize("words", ["公积金", "沧澜 公积金 额度"])
def test_of_tellings_that_match_about_equally_the_original_stands(client, words, original, reprint):
    late, first = [
        told(*outlets, titles=(title,), bodies=(LONG,), since=since, story=False)[0]
        for outlets, title, since in (
            (("国际商报",), reprint, DAY),
            (("证券时报",), original, DAY - timedelta(hours=5)),
        )
    ]
    Article.objects.file_under(dict.fromkeys((late.pk, first.pk), Story.objects.create().pk))
    for number in range(40):  # what the scores are measured against
        make_article(
            f"银行贷款市场公告{number}", body_html="<p>银行、贷款、市场、沧澜、额度，" + "别的话。" * number
        )
    follow.rebuild()
    assert asked(client, words)[0] == (first.pk, "另有 1 家 国际商报")


@pytest.mark.parametrize(
    ("original", "body", "better"),
    [
        ("市政府今日要闻", "<p>会上还提到公积金，以及许多别的事情。</p>" * 3, "公积金贷款额度上调"),
        ("沧澜楼市再出新招", LONG, "公积金额度上调"),
        ("住房贷款有变", LONG, "公积金贷款有变"),
        ("一周回顾", "<p>此外，公积金也有消息。</p>", "公积金：公积金额度上调"),
    ],
)
def test_a_telling_that_matches_far_better_stands_before_the_original(client, original, body, better):
    told_first, told_better = told(*OUTLETS[:2], titles=(original, better), bodies=(body, LONG))
    for number in range(40):
        make_article(
            f"银行贷款市场公告{number}", body_html="<p>银行、贷款、市场、沧澜、额度，" + "别的话。" * number
        )
    follow.rebuild()
    assert asked(client, "公积金") == [(told_better.pk, "另有 1 家 国际商报")]
    assert told_first.public_at < told_better.public_at


@pytest.mark.parametrize("status", [Article.Status.WITHDRAWN, Article.Status.REVIEW])
def test_an_original_that_is_no_longer_public_leaves_the_story_to_the_others(client, status):
    first, second, _ = told(*OUTLETS[:3])
    follow.rebuild()
    Article.objects.filter(pk=first.pk).update(status=status, public_at=None)  # the index has not heard of it
    page = text(client, "/search/?q=公积金")
    assert hits(page) == [(second.pk, "另有 1 家 北京晚报")]
    assert "找到 2 篇" in page and "共 1 条" in page


def test_a_telling_that_is_no_longer_public_is_not_counted(client):
    first, second = told(*OUTLETS[:2])
    follow.rebuild()
    Article.objects.filter(pk=second.pk).update(status=Article.Status.WITHDRAWN, public_at=None)
    page = text(client, "/search/?q=公积金")
    assert hits(page) == [(first.pk, "")] and "找到 1 篇" in page


# ------------------------------------------------------------------ what is chosen, and what never folds
def test_with_an_outlet_chosen_only_its_own_tellings_are_counted(client):
    told("国际商报", "证券时报", "国际商报", titles=(TITLE, TITLE, f"{TITLE}（更正）"))
    follow.rebuild()
    [(_, line)] = asked(client, "公积金&source=guojishangbao")
    assert line == "另有 1 篇"
    [(_, alone)] = asked(client, "公积金&source=zhengquanshibao")
    assert alone == ""


def test_lists_by_day_feeds_and_the_desk_hold_every_article(client):
    made = {one.pk for one in told(*OUTLETS)} | {
        one.pk for one in told(*OUTLETS[:3], story=False, since=DAY - timedelta(9))
    }
    follow.rebuild()
    assert {pk for pk, line in asked(client, "公积金&sort=newest") if not line} == made
    assert "合为一条" not in text(client, "/search/?q=公积金&sort=newest")
    feed = text(client, "/search/feed.json?q=公积金")
    assert {int(pk) for pk in re.findall(r"/articles/(\d+)/", feed)} == made
    assert set(ids("公积金", hidden=True, limit=50)) == made


# ------------------------------------------------------------------ pages
@pytest.mark.parametrize("words", ["公积金", "工行", "公积金 贷款 额度"])
def test_no_story_is_on_two_pages(client, words):
    """The tellings of a story are strewn over the hits: title and text of each have another length."""
    for number in range(25):
        bodies = [
            f"<p>工行{number}号：公积金贷款额度有变。{'另有详情。' * ((number * 7 + at * 13) % 30)}</p>"
            for at in range(4)
        ]
        told(
            *OUTLETS[:4],
            titles=[f"公积金新闻{number}"],
            bodies=bodies,
            since=DAY + timedelta(days=9 * number),
        )
    single = make_article("公积金提取", body_html="<p>罢工行动，额度，贷款</p>" + BODY)
    follow.rebuild()
    pages = [text(client, f"/search/?q={words}&page={number}") for number in (1, 2)]
    shown = [pk for page in pages for pk, _ in hits(page)]
    stories = dict(Article.objects.values_list("pk", "story"))
    assert [len(hits(page)) for page in pages] == [20, 6]
    assert len({stories[pk] for pk in shown}) == 26 and single.pk in shown
    assert all(line.startswith("另有 3 家") for page in pages for pk, line in hits(page) if pk != single.pk)
    assert 'rel="next"' in pages[0] and 'rel="next"' not in pages[1]
    assert all("找到 101 篇" in page and "共 26 条" in page for page in pages)
    assert [hits(text(client, f"/search/?q={words}&page={number}")) for number in (1, 2)] == [
        hits(one) for one in pages
    ]


def test_behind_the_first_two_hundred_every_article_is_listed_once():
    for number in range(30):
        told(*OUTLETS[:3], titles=[f"公积金新闻{number}"], since=DAY + timedelta(days=9 * number))
    paper = make_source("江城晚报")
    for number in range(153):
        make_article(f"{number}号公告", paper, DAY, body_html="<p>公积金。</p>")
    follow.rebuild()
    found = [search(SearchRequest("公积金", page=page)) for page in range(1, 11)]
    listed = [hit for one in found for hit in one.hits]
    assert len({hit.id for hit in listed}) == len(listed) == found[0].listed
    assert sum(1 + (hit.retold.articles if hit.retold else 0) for hit in listed) == found[0].total == 243
    assert [bool(one.older) for one in found] == [
        len(one.hits) == 20 and one is not found[-1] for one in found
    ]


@pytest.mark.parametrize(
    ("total", "folded", "is_at_the_end", "reachable"),
    [(1300, 120, True, 1120), (1100, 120, False, 1100), (1001, 0, True, 1000), (1000, 0, False, 1000)],
)
def test_the_last_page_counts_the_folded_among_what_can_be_turned_to(total, folded, is_at_the_end, reachable):
    found = SearchResults(SearchRequest("公积金", page=MOST_PAGES), total, folded)
    assert (found.is_at_the_end, found.reachable) == (is_at_the_end, reachable)


# ------------------------------------------------------------------ what it costs
def test_folding_asks_one_question_and_one_more_where_there_is_something_to_fold(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/search/?q=公积金").status_code == 200
        return len(captured)

    for number in range(60):
        make_article(f"公积金{number}", make_source(f"报纸{number % 3}号"), DAY + timedelta(hours=number))
    follow.rebuild()
    queries()  # from here on the navigation is in the cache
    plain = queries()
    told(*OUTLETS)
    follow.rebuild()
    one_story = queries()
    for number in range(12):
        told(*OUTLETS, titles=(f"公积金新政{number}",), since=DAY + timedelta(days=9 * number))
    follow.rebuild()
    assert (one_story, queries()) == (plain + 1, plain + 1)
    told(*OUTLETS, story=False)
    follow.rebuild()
    assert queries() == plain + 2  # what editors keep apart is asked for where words alone speak for a story
