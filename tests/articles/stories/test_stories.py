"""Stories: grouped by import and command, kept as editors want them, shown to readers."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.importing.run import Options, import_paths, resume
from articles.models import Article
from articles.models.story import Parting, Sketch, Story
from articles.stories.group import Grouped, regroup_since
from sources.models import ImportRun
from sources.reading import pool
from sources.reading.pool import IN_A_SERVER
from tests.articles.stories.test_similarity import ADDED, NOTICE, RETOLD, TEXT, TITLE
from tests.support.builders import make_article, make_source
from tests.support.page_text import text

pytestmark = pytest.mark.django_db


def told(title=TITLE, words=TEXT, outlet="", after=timedelta(), **fields):
    """A published telling; `after` the first one."""
    article = make_article(title, body_html="".join(f"<p>{line}</p>" for line in words.split("\n")), **fields)
    article.published_at += after
    if outlet:
        article.source = make_source(outlet)
    article.save()
    return article


def groups() -> set[frozenset[int]]:
    return {frozenset(story.members.values_list("pk", flat=True)) for story in Story.objects.all()}


@pytest.fixture
def three():
    """A piece, its retelling by another outlet, and a piece of its own."""
    return told(outlet="国际商报"), told(*RETOLD["cut lead"], "北京晚报"), told("助农取款点进超市", ADDED * 3)


# ------------------------------------------------------------------ the command
def test_the_command_groups_what_is_the_same_and_nothing_else(three, capsys):
    one, other, alone = three
    before = list(Article.objects.order_by("pk").values("pk", "version", "updated_at", "edited_at"))
    call_command("group_stories", "--json")
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (
        said.items() >= {"articles": 3, "stories": 1, "grouped": 2, "made": 1, "joined": 2, "left": 0}.items()
    )
    assert groups() == {frozenset([one.pk, other.pk])}
    assert Article.objects.get(pk=alone.pk).story is None
    assert list(Article.objects.order_by("pk").values("pk", "version", "updated_at", "edited_at")) == before


def test_run_again_it_changes_nothing(three):
    regroup_since(None)
    before = list(Story.objects.values()), list(Sketch.objects.values())
    assert regroup_since(None) == Grouped(articles=3)
    assert (list(Story.objects.values()), list(Sketch.objects.values())) == before


def test_it_follows_what_has_changed(three):
    one, other, _ = three
    regroup_since(None)
    other.refresh_from_db()
    other.title, other.body_html = "江城地铁三号线开通", f"<p>{ADDED[::-1]}</p>"
    other.save()
    done = regroup_since(None)
    assert (done.left, done.dissolved) == (2, 1)
    assert not Story.objects.exists()
    assert not Article.objects.exclude(story=None).exists()


def test_since_a_day_only_what_came_after_it_is_grouped_anew(three, capsys):
    one, other, _ = three
    late = told(*RETOLD["added paragraph"], "都市快报", after=timedelta(days=2))
    call_command("group_stories", "--since", "2021-12-31")
    assert groups() == {frozenset([one.pk, other.pk, late.pk])}
    assert "看过 1 篇" in capsys.readouterr().out
    with pytest.raises(CommandError, match="日期应写成"):
        call_command("group_stories", "--since", "昨天")


def test_articles_without_a_time_or_far_apart_are_not_grouped():
    told(), told(after=timedelta(days=30)), told(status="review", published_at=None)
    Article.objects.filter(status="review").update(published_at=None)
    regroup_since(None)
    assert not Story.objects.exists()


def test_a_daily_column_is_no_story_however_many_days_it_runs():
    names = ["恒远股份", "瑞丰科技", "博衡控股", "凯盛港口", "东立能源", "云州水泥", "沧澜证券", "江城商行"]
    for day in range(6):
        some = "、".join(names[(day * 3 + n) % 8] for n in range(4))
        words = f"以下为今日机构净买入名单，数据来自交易所公开信息，只供参考，不是买卖的依据。\n机构净买入：{some}。"
        told("今日机构净买入名单", words, after=timedelta(days=day))
        told("沧澜指数翻红", "沧澜指数翻红，此前一度跌超1%。", after=timedelta(days=day))
    regroup_since(None)
    assert not Story.objects.exists()


def test_saving_a_stale_copy_does_not_take_an_article_out_of_its_story(three):
    stale = Article.objects.get(pk=three[0].pk)
    regroup_since(None)
    stale.byline = "记者 李悦"
    stale.revise("edit")
    assert Article.objects.get(pk=stale.pk).story_id == Story.objects.get().pk


# ------------------------------------------------------------------ decisions hold
def test_what_an_editor_took_out_stays_out_whatever_comes(three):
    one, other, _ = three
    regroup_since(None)
    Parting.objects.keep_apart([other.pk], [one.pk], None)
    Article.objects.file_under({other.pk: None})
    third = told(*RETOLD["added paragraph"], "都市快报")
    for _ in range(2):
        regroup_since(None)
        assert not any({one.pk, other.pk} <= group for group in groups())
        assert any(third.pk in group for group in groups())


def test_a_confirmed_story_keeps_what_the_program_would_never_have_put_there(three):
    one, other, alone = three
    story = Story.objects.create(confirmed_at=one.created_at)
    Article.objects.file_under({one.pk: story.pk, alone.pk: story.pk})
    regroup_since(None)
    assert groups() == {frozenset([one.pk, other.pk, alone.pk])}
    assert Story.objects.get() == story


def test_two_confirmed_stories_are_never_made_one(three):
    tellings = [*three[:2], told(outlet="都市快报"), told(outlet="财经日报")]
    for some in (tellings[:2], tellings[2:]):
        story = Story.objects.create(confirmed_at=some[0].created_at)
        Article.objects.file_under({one.pk: story.pk for one in some})
    before = groups()
    regroup_since(None)
    assert groups() == before


# ------------------------------------------------------------------ importing
@pytest.fixture
def delivery(tmp_path):
    """A folder of posts: two tellings of each of five pieces, and serial notices between them."""

    def put(number, outlet, title, words):
        path = tmp_path / "posts" / f"{number:03}" / f"2022-03-01-NW{202203010000000000 + number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = f'---\nlayout: post\ntitle: "{title}"\ndate: 2022-03-01 09:00:{number % 60:02} +0800\n'
        body = "".join(f"<p>{line}</p>" for line in words.split("\n"))
        path.write_text(f"{head}categories: a\ntags: {outlet}新闻\n---\n{body}")

    for piece in range(5):
        words = (
            TEXT.replace("沧澜", f"第{piece}家")
            if piece == 0
            else "\n".join(
                "".join(chr(0x4E00 + (ord(c) * (piece + 7) + n) % 5000) for n, c in enumerate(line))
                for line in TEXT.split("\n")
            )
        )
        put(piece, "国际商报", f"{words[:12]}", words)
        put(piece + 50, "北京晚报", f"{words[:12]}", f"{words}\n{ADDED}")
    for number in range(20, 30):
        put(number, "证券快讯", f"公司{number}：生产经营正常", NOTICE.format(co=f"公司{number}"))
    return str(tmp_path / "posts")


def test_an_import_groups_what_it_brings(delivery):
    import_paths(Options([delivery], workers=IN_A_SERVER))
    assert sorted(len(group) for group in groups()) == [2] * 5
    assert not Article.objects.filter(title__contains="生产经营").exclude(story=None).exists()


def test_an_import_finds_the_story_of_what_was_there_before(delivery, tmp_path):
    first = told(outlet="国际商报", words=TEXT)
    Article.objects.filter(pk=first.pk).update(
        published_at="2022-03-01T01:00:00Z", public_at="2022-03-01T01:00:00Z"
    )
    regroup_since(None)
    path = tmp_path / "2022-03-01-NW202203010000000099.md"
    body = "".join(f"<p>{line}</p>" for line in RETOLD["cut lead"][1].split("\n"))
    head = f'---\nlayout: post\ntitle: "{TITLE}"\ndate: 2022-03-01 10:00:00 +0800\n'
    path.write_text(f"{head}categories: a\ntags: 晚报新闻\n---\n{body}")
    import_paths(Options([str(path)], workers=IN_A_SERVER))
    assert Story.objects.get().members.filter(pk=first.pk).exists()
    before = list(Story.objects.values())
    import_paths(Options([str(path)], workers=IN_A_SERVER))
    assert list(Story.objects.values()) == before


def test_a_dry_run_groups_nothing(delivery):
    import_paths(Options([delivery], workers=IN_A_SERVER, dry_run=True))
    assert not Story.objects.exists() and not Sketch.objects.exists()


def test_a_stopped_and_resumed_import_ends_with_the_same_stories(delivery, monkeypatch):
    monkeypatch.setattr(pool, "BATCH", 4)

    def stop(decision, heard=[]):  # noqa: B006 (counts over the whole run)
        heard.append(decision)
        if len(heard) == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_paths(Options([delivery], workers=IN_A_SERVER), stop)
    assert not Story.objects.exists()
    resume(ImportRun.objects.get())
    resumed = {
        frozenset(Article.objects.filter(pk__in=group).values_list("external_id", flat=True))
        for group in groups()
    }
    Article.objects.update(story=None)
    Story.objects.all().delete()
    regroup_since(None)
    assert resumed == {
        frozenset(Article.objects.filter(pk__in=group).values_list("external_id", flat=True))
        for group in groups()
    }
    assert len(resumed) == 5


def test_what_a_stopped_run_brought_is_grouped_by_the_next_one(delivery, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "BATCH", 30)
    with pytest.raises(KeyboardInterrupt):
        import_paths(
            Options([delivery], workers=IN_A_SERVER),
            lambda decision: (_ for _ in ()).throw(KeyboardInterrupt),
        )
    assert Article.objects.exists() and not Story.objects.exists()
    (tmp_path / "none").mkdir()
    import_paths(Options([str(tmp_path / "none")], workers=IN_A_SERVER))
    assert Sketch.objects.count() == Article.objects.count()
    assert Story.objects.exists()


# ------------------------------------------------------------------ the readers
def test_a_story_page_lists_who_told_it_in_the_order_of_time(client, three):
    one, other, alone = three
    Article.objects.filter(pk=one.pk).update(
        public_at=one.public_at + timedelta(hours=1), published_at=one.public_at + timedelta(hours=1)
    )
    hidden = told(*RETOLD["added paragraph"], "都市快报", status="withdrawn")
    regroup_since(None)
    story = Story.objects.get()
    assert story.members.count() == 3
    page = text(client, story.get_absolute_url())
    assert page.index(f'href="/articles/{other.pk}/"') < page.index(f'href="/articles/{one.pk}/"')
    assert "国际商报" in page and "北京晚报" in page and page.count("<article") == 2
    for gone in (hidden, alone):
        assert f"/articles/{gone.pk}/" not in page
    assert "2 家来源，2 篇" in page and "noindex,follow" in page


def test_a_story_that_only_one_still_tells_leads_to_it_and_one_that_nobody_tells_is_not_there(client, three):
    regroup_since(None)
    story = Story.objects.get()
    Article.objects.filter(pk=three[0].pk).update(status="withdrawn", public_at=None)
    response = client.get(story.get_absolute_url())
    assert (response.status_code, response.url) == (302, three[1].get_absolute_url())
    Article.objects.filter(pk=three[1].pk).update(status="withdrawn", public_at=None)
    for path in (story.get_absolute_url(), "/stories/999999/", f"/stories/{10**30}/"):
        assert client.get(path).status_code == 404


def test_an_article_names_the_other_tellings_and_costs_one_query_more(client, three):
    one, other, alone = three
    regroup_since(None)
    client.get("/")
    page = text(client, one.get_absolute_url())
    assert "同题报道" in page and f'href="/articles/{other.pk}/"' in page
    assert f'href="/stories/{Story.objects.get().pk}/"' in page
    assert "同题报道" not in text(client, alone.get_absolute_url())
    costs = []
    for article in (one, alone):
        with CaptureQueriesContext(connection) as captured:
            client.get(article.get_absolute_url())
        costs.append(len(captured))
    assert costs[0] == costs[1] + 1 <= 6


def test_a_story_page_may_be_kept_and_asks_one_thing_of_the_database(client, three):
    regroup_since(None)
    path = Story.objects.get().get_absolute_url()
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert len(captured) == 1
    assert response["Cache-Control"].startswith("public, max-age=60")
    assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304
