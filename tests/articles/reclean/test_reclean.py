"""Stored raw texts through today's cleaner: planned, applied, left to the editor where he changed something, undone."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.importing.run import Options, import_paths
from articles.models import Article, Mention, Revision
from articles.models.summaries import OutletFront
from articles.reclean.run import plan, reclean
from articles.undo.undo import undo_import
from sources.files.raw_bytes import pack
from sources.models import ImportItem, ImportRun, Outcome, Source
from sources.reading.pool import IN_A_SERVER
from sources.run_control.import_lock import ImportUnderWay
from tests.articles.importing.test_interrupted_imports import somebody_elses_turn
from tests.support.editors import at_desk, chief, correct, make_user, words

pytestmark = pytest.mark.django_db

HIDDEN = "<p>早先没有去掉的隐藏文字。</p>"
BODY = (
    "<p>沧澜银行今日发布季报。净利润增长百分之三。</p>\n"
    f"{HIDDEN.replace('<p>', '<p style=display:none>')}\n<p>董事会已审议通过相关议案。</p>"
)
CLEAN = "<p>沧澜银行今日发布季报。净利润增长百分之三。</p>\n<p>董事会已审议通过相关议案。</p>"
OLD = CLEAN.replace("\n", f"\n{HIDDEN}\n")


def post(number: int, body: str = BODY, outlet: str = "国际商报") -> str:
    return (
        f'---\nlayout: post\ntitle: "第 {number} 篇"\ndate: 2022-03-01 09:00:0{number} +0800\n'
        f"categories: guojishangbao\ntags: {outlet}新闻\n---\n<p>第 {number} 篇。</p>\n{body}"
    )


@pytest.fixture
def imported(tmp_path):
    """Three posts of two outlets, as the cleaner reads them today."""
    for number in (1, 2, 3):
        path = tmp_path / "posts" / f"2022-03-01-NW{202203010000000000 + number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(post(number, outlet="国际商报" if number < 3 else "北京晚报"))
    return import_paths(Options([str(tmp_path / "posts")], workers=IN_A_SERVER)).run


@pytest.fixture
def older(imported):
    """The same, two of them as a cleaner would have left them that did not know hidden paragraphs."""
    for article in Article.objects.filter(title__in=["第 1 篇", "第 3 篇"]):
        article.body_html = article.body_html.replace(CLEAN, OLD)
        article.derive()
        derived = {name: getattr(article, name) for name in ("body_html", "text", "digest", "fingerprint")}
        # As the importer wrote it: no version of its own, nobody edited it.
        Article.objects.filter(pk=article.pk).update(version=1, **derived)
    return imported


def state():
    return {
        model: list(model.objects.order_by("pk").values())
        for model in (Article, Revision, Mention, OutletFront)
    }


def article(number: int) -> Article:
    return Article.objects.get(title__startswith=f"第 {number} 篇")


def test_closing_furniture_and_a_label_in_the_digest_go_from_what_was_imported_before_there_were_rules(
    tmp_path,
):
    prose, label = "沧澜银行今日发布季报。净利润增长百分之三。", "央视网消息（新闻联播）："
    link = "[查看原文](https://tv.example.com/1.shtml)"
    path = tmp_path / "a.jsonl"
    row = {
        "id": "100001",
        "title": "季报",
        "date": "2022-03-01",
        "source": "沧澜联播",
        "text": f"{label}{prose}\n\n{link}",
    }
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n")
    import_paths(Options([str(path)], workers=IN_A_SERVER))
    text = f"{label}{prose}\n{link}"
    Article.objects.update(
        body_html="".join(f"<p>{line}</p>" for line in text.split("\n")),
        text=text,
        digest=f"{label}{prose} {link}",
        original_url="",
        fingerprint="0" * 32,
    )
    assert reclean().counts == {Outcome.UPDATED: 1}
    found = Article.objects.get()
    assert (found.text, found.digest) == (label + prose, prose)
    assert found.original_url == "https://tv.example.com/1.shtml"


# ------------------------------------------------------------------ the plan
def test_what_today_s_cleaner_reads_as_before_is_left_alone(imported):
    before = state()
    done = reclean()
    assert done.counts == {Outcome.UNCHANGED: 3}
    assert state() == before
    assert not ImportItem.objects.filter(run=done.run).exists()


def test_a_dry_run_names_rules_and_examples_and_changes_nothing(older, capsys):
    before, runs = state(), ImportRun.objects.count()
    call_command("reclean", "--dry-run")
    said = capsys.readouterr().out
    assert "规则“隐藏文字”现在去掉：2 处" in said
    assert "- 早先没有去掉的隐藏文字。" in said
    assert "更新 2，留作待处理 0，没有变化 1" in said
    call_command("reclean", "--dry-run", "--json")
    counts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (counts["run"], counts["read"], counts["updated"], counts["rules"]) == (None, 3, 2, {"hidden": 2})
    assert state() == before
    assert ImportRun.objects.count() == runs


class Terminal(StringIO):
    """A person at a keyboard."""

    def isatty(self):
        return True


@pytest.mark.parametrize(("typed", "cleaned"), [("n\n", False), ("\n", False), ("y\n", True)])
def test_on_a_terminal_it_asks_after_showing_the_plan(older, monkeypatch, capsys, typed, cleaned):
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    if cleaned:
        call_command("reclean")
    else:
        with pytest.raises(CommandError, match="什么也没有改"):
            call_command("reclean")
    assert "试运行（什么也没写）：读了 3 篇的原始文本，更新 2" in capsys.readouterr().out
    assert ("隐藏" in article(1).text) is not cleaned
    assert ImportRun.objects.count() == 1 + cleaned


def test_on_a_terminal_it_asks_nothing_where_nothing_would_change_or_yes_was_said(
    imported, monkeypatch, capsys
):
    monkeypatch.setattr("sys.stdin", Terminal())
    call_command("reclean")
    assert ImportRun.objects.count() == 1
    call_command("reclean", "--yes")
    assert "没有变化 3" in capsys.readouterr().out


# ------------------------------------------------------------------ carried out
def test_a_text_that_is_cleaned_anew_is_a_version_that_says_so(older):
    done = reclean()
    assert done.counts == {Outcome.UPDATED: 2, Outcome.UNCHANGED: 1}
    one = article(1)
    newest = one.revisions.first()
    assert (one.version, one.edited_at, "隐藏" in one.text) == (2, None, False)
    assert (newest.kind, newest.version, newest.snapshot) == ("reclean", 2, None)
    assert HIDDEN in one.revisions.get(version=1).snapshot["body_html"]
    assert newest.import_item.raw_bytes().decode() == post(1)
    assert article(2).version == 1
    done.run.refresh_from_db()
    assert (done.run.state, done.run.counts) == ("finished", {"updated": 2})


def test_a_second_reclean_and_a_second_import_find_nothing_to_do(older, tmp_path):
    reclean()
    before = state()
    assert reclean().counts == {Outcome.UNCHANGED: 3}
    assert import_paths(Options([str(tmp_path / "posts")], workers=IN_A_SERVER)).counts == {
        Outcome.UNCHANGED: 3
    }
    assert state() == before


def test_only_one_outlet_s_articles_where_one_is_named(older, capsys):
    call_command("reclean", "--source", "北京晚报", "--json")
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (said["read"], said["updated"]) == (1, 1)
    assert "隐藏" in article(1).text and "隐藏" not in article(3).text
    with pytest.raises(CommandError, match="没有来源“无名报”"):
        call_command("reclean", "--source", "无名报")


def test_a_reclean_can_be_undone(older):
    before = state()
    done = reclean()
    undone = undo_import(done.run)
    assert (undone.restored, undone.removed, undone.kept) == (2, 0, [])
    assert state() == before
    assert set(older.items.values_list("outcome", flat=True)) == {"created"}, "the import itself stays"
    assert reclean().counts[Outcome.UPDATED] == 2


@pytest.mark.django_db(transaction=True)
def test_while_an_import_runs_nothing_is_cleaned(older):
    runs = ImportRun.objects.count()
    with somebody_elses_turn(), pytest.raises(ImportUnderWay):
        reclean()
    with somebody_elses_turn(), pytest.raises(CommandError, match="不能进行"):
        call_command("reclean")
    assert ImportRun.objects.count() == runs
    assert "隐藏" in article(1).text


def test_a_stopped_reclean_keeps_what_it_has_written_and_the_next_one_goes_on(older):
    def stop(finding):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reclean(tell=stop)
    run = ImportRun.objects.first()
    assert run.state == "stopped" and run.items.count() == 2
    assert reclean().counts == {Outcome.UNCHANGED: 3}


def test_the_articles_of_a_printed_page_are_found_in_it_again(tmp_path):
    paragraphs = "".join(
        f"沧澜银行第{n}项业务今年以来平稳增长，渝州分行的负责人这样介绍。\n" for n in range(1, 6)
    )
    other = "".join(f"第{n}条地铁线路昨日试运行，市民有序乘车，秩序良好，反响热烈。\n" for n in range(1, 6))
    path = tmp_path / "page.txt"
    path.write_text(
        f"沧澜银行业务平稳增长\n□ 渝州日报记者 林越\n{paragraphs}\n地铁新线试运行\n□ 渝州日报记者 王小明\n{other}"
    )
    import_paths(Options([str(path)], workers=IN_A_SERVER))
    assert Article.objects.count() == 2
    assert reclean().counts == {Outcome.UNCHANGED: 2}
    Article.objects.filter(pk=Article.objects.first().pk).update(title="编过的题", version=1)
    assert plan().counts == {Outcome.UNCHANGED: 1, Outcome.REJECTED: 1}, "a page is not matched by guessing"


def test_a_reclean_is_no_import_to_resume(older):
    done = reclean()
    with pytest.raises(CommandError, match="再运行一次 reclean"):
        call_command("import_articles", "--resume", str(done.run.pk))


def test_a_value_that_an_earlier_version_had_said_is_not_taken_back(imported, tmp_path):
    path = tmp_path / "posts" / "2022-03-01-NW202203010000000001.md"
    path.write_text(post(1, BODY.replace("今日", "昨日") + "<p>责任编辑：王小明</p>"))
    import_paths(Options([str(path)], workers=IN_A_SERVER))
    path.write_text(post(1, BODY.replace("百分之三", "百分之五")))
    import_paths(Options([str(path)], workers=IN_A_SERVER))
    assert (article(1).version, article(1).editor) == (3, "王小明")
    assert reclean().counts == {Outcome.UNCHANGED: 3}


def test_a_value_that_today_s_reader_does_not_find_any_more_is_taken_back(imported):
    Article.objects.filter(pk=article(1).pk).update(version=1, byline="误认的名字")
    assert reclean().counts[Outcome.UPDATED] == 1
    assert article(1).byline == ""


# ------------------------------------------------------------------ editors come first
def test_an_editor_s_change_is_not_touched_and_the_merge_is_proposed(older):
    one = article(1)
    body = one.body_html.replace("已审议通过", "昨日审议通过")
    correct(chief(), one, body_html=body, reason="核实")
    done = reclean()
    assert (done.counts[Outcome.CONFLICT], done.counts[Outcome.UPDATED]) == (1, 1)
    one.refresh_from_db()
    assert (one.version, "隐藏" in one.text) == (2, True)
    waiting = one.revisions.get(state="pending")
    assert waiting.kind == "reclean"
    client = at_desk(make_user("编辑"))
    page = client.get(f"/admin/articles/article/{one.pk}/versions/{waiting.pk}/merge/")
    assert "没有冲突" in words(page) and "［删去：早先没有去掉的隐藏文字。］" in words(page)
    assert "昨日审议通过" in words(page)
    assert reclean().counts[Outcome.CONFLICT] == 0, "what waits is not brought again"
    assert one.revisions.filter(kind="reclean").count() == 1


def test_what_an_editor_has_taken_out_himself_is_not_brought_before_him(older):
    one = article(1)
    correct(chief(), one, body_html=one.body_html.replace(HIDDEN, ""), reason="去掉广告")
    assert reclean().counts[Outcome.CONFLICT] == 0
    assert not one.revisions.filter(state="pending").exists()


def test_a_source_s_new_text_that_waits_is_itself_cleaned_anew(older, tmp_path):
    one = article(1)
    correct(chief(), one, title="第 1 篇（改）", reason="改题")
    path = tmp_path / "2022-03-01-NW202203010000000001.md"
    path.write_text(post(1, BODY.replace("百分之三", "百分之五")))
    import_paths(Options([str(path)], workers=IN_A_SERVER))
    waiting = one.revisions.get(state="pending")
    waiting.snapshot["body_html"] = waiting.snapshot["body_html"].replace(CLEAN[-20:], HIDDEN + CLEAN[-20:])
    waiting.save()
    run = reclean().run
    newer = one.revisions.get(state="pending")
    assert newer.kind == "reclean" and "百分之五" in newer.snapshot["body_html"]
    assert "隐藏" not in newer.snapshot["body_html"]
    waiting.refresh_from_db()
    assert waiting.state == "superseded"
    undo_import(run)
    assert one.revisions.get(state="pending") == waiting


def test_a_reading_with_problems_does_not_replace_what_readers_have(older):
    item = ImportItem.objects.get(name__contains="000001.md")
    item.raw = pack(post(1).replace("2022-03-01 09:00:01 +0800", "不是日期").encode())
    item.save()
    assert reclean().counts[Outcome.CONFLICT] == 1
    one = article(1)
    assert (one.version, one.status) == (1, "published")
    assert "日期" in one.revisions.get(state="pending").reason
    assert reclean().counts[Outcome.CONFLICT] == 0


# ------------------------------------------------------------------ what cannot be read
def test_raw_texts_that_are_gone_or_damaged_are_named(older, capsys):
    first, second, third = ImportItem.objects.order_by("pk")
    ImportItem.objects.filter(pk=first.pk).update(raw=None)
    ImportItem.objects.filter(pk=second.pk).update(raw=b"x")
    ImportItem.objects.filter(pk=third.pk).update(name="x.bin")
    call_command("reclean", "--json")
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[-1])["rejected"] == 3
    assert first.name in said.err and "没有保存原文" in said.err and "已损坏" in said.err
    assert "认不出它的格式" in said.err
    assert "隐藏" in article(1).text
    run = ImportRun.objects.first()
    assert run.items.filter(outcome="rejected").count() == 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "t.csv",
            f'标题,日期,来源,正文\n甲,2022-03-01,国际商报,"{CLEAN}"\n乙,2022-03-02,国际商报,"<p>乙文。</p>"\n',
        ),
        (
            "t.jsonl",
            "\n".join(
                json.dumps({"title": t, "date": "2022-03-01", "source": "国际商报", "body": b})
                for t, b in (("甲", CLEAN), ("乙", "<p>乙文。</p>"))
            ),
        ),
        (
            "f.xml",
            '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            "<title>国际商报</title><link>https://example.com/</link>"
            "<item><title>甲</title><guid>https://example.com/1</guid>"
            "<pubDate>Tue, 01 Mar 2022 09:00:00 +0800</pubDate>"
            f"<content:encoded><![CDATA[{CLEAN}]]></content:encoded></item>"
            "<item><title>乙</title><guid>https://example.com/2</guid>"
            "<pubDate>Tue, 01 Mar 2022 10:00:00 +0800</pubDate>"
            "<description>乙文。</description></item></channel></rss>",
        ),
        (
            "f.json",
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "国际商报",
                    "items": [
                        {"id": f"https://example.com/{t}", "title": t, "content_html": b}
                        | {"date_published": "2022-03-01T09:00:00+08:00"}
                        for t, b in (("甲", CLEAN), ("乙", "<p>乙文。</p>"))
                    ],
                }
            ),
        ),
    ],
    ids=["csv", "json lines", "rss", "json feed"],
)
def test_parts_of_tables_and_feeds_are_read_again_from_their_own_bytes(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    assert import_paths(Options([str(path)], workers=IN_A_SERVER)).read == 2
    assert reclean().counts == {Outcome.UNCHANGED: 2}
    one = Article.objects.get(title="甲")
    Article.objects.filter(pk=one.pk).update(version=1, body_html=f"{HIDDEN}{one.body_html}")
    assert plan().counts == {Outcome.UNCHANGED: 1, Outcome.UPDATED: 1}
    reclean()
    one.refresh_from_db()
    assert one.body_html == CLEAN


def test_many_articles_are_read_with_a_constant_number_of_queries(older, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        plan()
    for number in range(60):
        original = article(2)
        item = ImportItem.objects.create(
            run=older,
            name=f"{number}.md",
            sha256=str(number),
            raw=ImportItem.objects.first().raw,
            outcome="created",
        )
        made = Article.objects.create(
            source=original.source, title=f"另 {number}", body_html="<p>x</p>", status="review"
        )
        Revision.objects.create(article=made, version=1, kind="import", import_item=item)
    with django_assert_max_num_queries(8):
        assert plan().counts.total() == 63


def test_real_posts_are_read_as_they_were(corpus):
    import_paths(Options([str(path) for path in sorted(corpus.glob("finews*"))]))
    counts = plan().counts
    assert counts.keys() == {Outcome.UNCHANGED}
    assert counts.total() == Article.objects.count() > 50
    assert Source.objects.exists()
