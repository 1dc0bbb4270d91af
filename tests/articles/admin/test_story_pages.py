"""同题报道 at the desk: what an editor decides happens, is remembered, and is never overturned."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from articles.models import Article
from articles.models.story import Parting, Story
from articles.stories import decisions
from articles.stories.group import regroup_since
from tests.articles.admin.test_article_admin import queries_of
from tests.articles.stories.test_similarity import ADDED, RETOLD
from tests.articles.stories.test_stories import groups, told
from tests.support.editors import at_desk, change_url, editor, make_user, messages_of, words

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/story/"


@pytest.fixture
def four():
    """A story of three tellings as the program found it, and a piece of its own."""
    articles = [
        told(outlet="国际商报"),
        told(*RETOLD["cut lead"], "北京晚报"),
        told(*RETOLD["added paragraph"], "都市快报"),
        told("助农取款点进超市", ADDED * 3, "江城日报"),
    ]
    regroup_since(None)
    assert groups() == {frozenset(article.pk for article in articles[:3])}
    return articles


def seen() -> str:
    """What the page of the only story says of who stands in it."""
    return decisions.signature(list(Story.objects.get().members.values_list("pk", flat=True)))


def on_article(client, article, verb, **sent):
    return client.post(f"/admin/articles/article/{article.pk}/story/{verb}/", sent, follow=True)


def on_story(client, story, verb, sure=True, **sent):
    return client.post(f"{LIST}{story.pk}/{verb}/", sent | ({"sure": "1"} if sure else {}), follow=True)


# ------------------------------------------------------------------ an article's own page
def test_the_article_page_lists_who_else_tells_it(four):
    one, other, _, alone = four
    client = editor()
    page = client.get(change_url(one))
    assert "同题报道（3 篇）" in words(page)
    assert f'href="{change_url(other)}"' in page.content.decode()
    page = words(client.get(change_url(alone)))
    assert "没有归入同题报道" in page and "把本篇移出" not in page


def test_the_panel_takes_two_queries_however_many_tell_it(four):
    client = editor()
    costs = queries_of(client, change_url(four[3])), queries_of(client, change_url(four[0]))
    assert costs[1] - costs[0] <= 1
    for _ in range(30):
        Article.objects.file_under({told(source=four[0].source).pk: Story.objects.get().pk})
    assert queries_of(client, change_url(four[0])) == costs[1] <= 20


def test_out_of_a_story_and_never_in_again(four):
    one, other, third, _ = four
    version = other.version
    response = on_article(editor(), other, "leave", seen=seen())
    assert "已移出" in messages_of(response)
    assert groups() == {frozenset([one.pk, third.pk])}
    regroup_since(None)
    assert groups() == {frozenset([one.pk, third.pk])}
    other.refresh_from_db()
    assert (other.version, other.story) == (version, None)
    assert LogEntry.objects.get().object_id == str(other.pk)


@pytest.fixture
def hub():
    """Three tellings: the second and the third are like the first, and by themselves not like one another."""
    lines = RETOLD["other headline"][1].split("\n")
    articles = [
        told(words="\n".join(lines), outlet="国际商报"),
        told(words="\n".join(lines[:2]), outlet="北京晚报"),
        told(words="\n".join(lines[2:]), outlet="都市快报"),
    ]
    regroup_since(None)
    assert groups() == {frozenset(article.pk for article in articles)}
    return articles


def test_what_an_editor_left_together_stays_together_though_only_the_other_joined_it(client, hub):
    first, *rest = hub
    story = Story.objects.get()
    on_story(editor(), story, "remove", article=[first.pk], seen=seen())
    regroup_since(None)
    assert groups() == {frozenset(article.pk for article in rest)}
    assert client.get(story.get_absolute_url()).status_code == 200


def test_what_an_article_leaves_for_another_story_stays_together(hub):
    first, *rest = hub
    alone = told("助农取款点进超市", ADDED * 3, "江城日报")
    on_article(editor(), first, "join", other=str(alone.pk))
    regroup_since(None)
    assert groups() == {frozenset([first.pk, alone.pk]), frozenset(article.pk for article in rest)}


def test_what_is_split_off_leaves_a_story_that_stays(hub):
    first, *rest = hub
    fourth = told(words=first.text, outlet="财经日报")
    regroup_since(None)
    on_story(editor(), Story.objects.get(), "split", article=[first.pk, fourth.pk], seen=seen())
    regroup_since(None)
    assert groups() == {frozenset([first.pk, fourth.pk]), frozenset(article.pk for article in rest)}


def test_out_of_a_story_of_two_leaves_none(four):
    client = editor()
    on_article(client, four[0], "leave", seen=seen())
    on_article(client, four[1], "leave", seen=seen())
    assert not Story.objects.exists()
    assert not Article.objects.exclude(story=None).exists()


def test_with_another_by_number_or_address_and_never_out_again(four):
    one, *_, alone = four
    for typed in (str(one.pk), f"http://testserver/articles/{one.pk}/", change_url(one)):
        Article.objects.file_under({alone.pk: None})
        response = on_article(editor(), alone, "join", other=typed)
        assert "已并入" in messages_of(response)
        assert groups() == {frozenset(article.pk for article in four)}
    regroup_since(None)
    assert groups() == {frozenset(article.pk for article in four)}
    story = Story.objects.get()
    assert story.confirmed_by is not None and story.confirmed_at


def test_two_that_stood_alone_make_a_story():
    one, other = told(), told("助农取款点进超市", ADDED * 3, external_id="NW202203010912345678")
    on_article(editor(), one, "join", other="NW202203010912345678")
    assert groups() == {frozenset([one.pk, other.pk])}


def test_putting_together_takes_back_what_was_told_apart(four):
    one, other, *_ = four
    client = editor()
    on_article(client, other, "leave", seen=seen())
    assert Parting.objects.count() == 2
    on_article(client, other, "join", other=str(one.pk))
    assert not Parting.objects.exists()
    assert groups() == {frozenset(article.pk for article in four[:3])}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "请写"),
        ("没有的", "没有“没有的”"),
        ("999999999", "没有这篇稿件"),
        ("9" * 30, "没有“9"),
        ("\0", "请写"),
    ],
)
def test_what_names_no_article_is_refused_in_words(four, typed, why):
    before = groups()
    assert why in messages_of(on_article(editor(), four[3], "join", other=typed))
    assert groups() == before


def test_an_article_is_not_put_with_itself_or_twice(four):
    client = editor()
    assert "就是本篇" in messages_of(on_article(client, four[0], "join", other=str(four[0].pk)))
    assert "已经在同一组" in messages_of(on_article(client, four[0], "join", other=str(four[1].pk)))


def test_a_decision_on_what_has_changed_since_is_refused(four):
    before = seen()
    Article.objects.file_under({four[3].pk: Story.objects.get().pk})
    response = on_article(editor(), four[0], "leave", seen=before)
    assert "刚有别人或导入改过" in messages_of(response)
    assert groups() == {frozenset(article.pk for article in four)}


# ------------------------------------------------------------------ a story's page
def test_the_list_and_the_page_show_what_there_is(four):
    client, story = editor(), Story.objects.get()
    page = words(client.get(LIST))
    assert four[0].title in page and "自动归并" in page
    page = words(client.get(f"{LIST}{story.pk}/change/"))
    for article in four[:3]:
        assert article.title in page and article.source.name in page
    assert "自动归并，还没有编辑核定" in page
    assert client.get(f"{LIST}{story.pk + 1}/change/").status_code == 404


def test_the_list_takes_as_many_queries_for_many_stories_as_for_one(four):
    client = editor()
    few = queries_of(client, LIST)
    for _ in range(30):
        story = Story.objects.create()
        Article.objects.file_under({told(source=four[0].source).pk: story.pk})
    assert queries_of(client, LIST) == few <= 14


def test_confirming_makes_it_the_editors(four):
    story = Story.objects.get()
    response = on_story(editor(), story, "confirm", seen=seen())
    assert "已核定" in messages_of(response)
    Article.objects.filter(pk=four[0].pk).update(text="别的", title="别的", fingerprint="x")
    regroup_since(None)
    assert groups() == {frozenset(article.pk for article in four[:3])}


def test_removing_asks_first_with_the_count_and_changes_nothing_yet(four):
    story = Story.objects.get()
    before = groups()
    chosen = [four[0].pk, four[1].pk]
    page = on_story(editor(), story, "remove", sure=False, article=chosen, seen=seen())
    assert "移出 2 篇" in words(page)
    assert groups() == before
    on_story(editor(), story, "remove", article=chosen, seen=seen())
    assert not any({four[2].pk, pk} <= group for pk in chosen for group in groups())
    regroup_since(None)
    assert groups() == {frozenset(chosen)}


def test_splitting_makes_two_that_stay_two(four):
    fourth = told(*RETOLD["other credit"], "财经日报")
    regroup_since(None)
    story, chosen = Story.objects.get(), [four[2].pk, fourth.pk]
    on_story(editor(), story, "split", article=chosen, seen=seen())
    expected = {frozenset(chosen), frozenset([four[0].pk, four[1].pk])}
    assert groups() == expected
    regroup_since(None)
    assert groups() == expected


def test_merging_moves_all_and_says_how_many(four):
    other = [told("江城地铁开通", ADDED[::-1] * 2), told("江城地铁开通了", ADDED[::-1] * 2)]
    regroup_since(None)
    story, into = (
        article.story for article in Article.objects.filter(pk__in=[four[0].pk, other[0].pk]).order_by("pk")
    )
    mine = decisions.signature([article.pk for article in four[:3]])
    client = editor()
    page = on_story(client, story, "merge", sure=False, into=str(into.pk), seen=mine)
    assert f"把 3 篇并到第 {into.pk} 组（那里有 2 篇）" in words(page)
    on_story(client, story, "merge", into=str(into.pk), seen=mine)
    expected = {frozenset(article.pk for article in [*four[:3], *other])}
    assert groups() == expected
    regroup_since(None)
    assert groups() == expected
    assert Story.objects.get() == into


@pytest.mark.parametrize(
    ("verb", "sent", "why"),
    [
        ("remove", {}, "请先勾选"),
        ("split", {"article": "all"}, "留下至少一篇"),
        ("split", {"article": "one"}, "至少要两篇"),
        ("remove", {"article": "stranger"}, "请选好稿件"),
        ("merge", {"into": "x"}, "没有这一组"),
        ("merge", {"into": "99999"}, "没有这一组"),
        ("merge", {"into": "self"}, "就是同一组"),
        ("confirm", {"seen": "1-2"}, "刚有别人或导入改过"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(four, verb, sent, why):
    story = Story.objects.get()
    named = {
        **{"all": [one.pk for one in four[:3]], "one": [four[0].pk], "stranger": [four[3].pk]},
        "self": str(story.pk),
    }
    sent = {"seen": seen()} | {key: named.get(value, value) for key, value in sent.items()}
    before = groups()
    assert why in messages_of(on_story(editor(), story, verb, **sent))
    assert groups() == before
    assert not Parting.objects.exists()


def test_who_may_only_look_finds_no_button_and_posts_nothing(four):
    user, story = make_user(), Story.objects.get()
    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    client, before = at_desk(user), groups()
    for url in (f"{LIST}{story.pk}/change/", change_url(four[0])):
        page = client.get(url).content.decode()
        assert four[0].title in page
        for word in ("移出所选", "把本篇移出", "合并……", "join_other"):
            assert word not in page
    for verb in ("remove", "split", "merge", "confirm"):
        sent = {"article": [four[0].pk], "seen": seen(), "into": str(story.pk), "sure": "1"}
        assert client.post(f"{LIST}{story.pk}/{verb}/", sent).status_code == 403
    assert (
        client.post(f"/admin/articles/article/{four[0].pk}/story/leave/", {"seen": seen()}).status_code == 403
    )
    assert groups() == before


@pytest.mark.parametrize("verb", ["remove", "split", "merge", "confirm"])
def test_looking_changes_nothing(four, verb):
    before = groups()
    assert editor().get(f"{LIST}{Story.objects.get().pk}/{verb}/").status_code == 404
    assert groups() == before
