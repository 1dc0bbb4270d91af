"""The seam: inputs in, articles with their history out, twice the same, never over an editor's work."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.importing.run import Options, import_paths
from articles.models import Article, Mention, OutletFront, Revision
from articles.undo.undo import undo_import
from sources.models import ImportItem, ImportRun, Outcome, Source

pytestmark = pytest.mark.django_db

BODY = "<p>沧澜银行一日公布季报，净息差收窄五个基点。</p><p>行长说，全年目标不变。</p>"
OTHER = "<p>沧澜银行更正季报：净息差收窄三个基点。</p>"
ID = "202203010912345678"


def post(
    title="沧澜银行发布新季报",
    body=BODY,
    date="2022-03-01 09:12:03 +0800",
    tag="国际商报新闻",
    tail="",
    **more,
):
    category = more.pop("category", "guojishangbao")
    extra = "".join(f"{key}: {value}\n" for key, value in more.items())
    return (
        f'---\nlayout: post\ntitle: "{title}"\ndate: {date}\ncategories: {category}\n'
        f"tags: {tag}\n{extra}---\n{body}{tail}"
    )


@pytest.fixture
def tree(tmp_path):
    """A folder of posts; `tree(name, text)` puts one into it, `tree()` is the folder."""

    def put(name=None, text=None):
        if name is None:
            return str(tmp_path)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return put


def run(path, **options):
    return import_paths(Options([path], workers=1, **options))


def table_of(model):
    return list(model.objects.order_by("pk").values())


def test_a_complete_post_is_published_with_all_it_knows(tree):
    link = f"\n\n<http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW{ID}>"
    tree(f"_posts/2022-03-01-NW{ID}.md", post(tail=link, keywords="[数字金融]"))
    assert run(tree()).counts == {Outcome.CREATED: 1}
    article = Article.objects.published().get()
    assert (article.title, article.source.name) == ("沧澜银行发布新季报", "国际商报")
    assert article.external_id == f"NW{ID}"
    assert article.original_url.endswith(f"infoCode=NW{ID}")
    assert article.digest == article.text.replace("\n", " ")
    assert [tag.name for tag in article.tags.all()] == ["数字金融"]
    assert article.source.old_slugs.get().slug == "guojishangbao"


def test_the_first_import_keeps_no_second_copy_of_the_text(tree):
    tree(f"_posts/2022-03-01-NW{ID}.md", post())
    run(tree())
    revision = Revision.objects.get()
    assert (revision.kind, revision.version, revision.snapshot) == ("import", 1, None)
    assert revision.import_item.raw_bytes().decode() == post()


@pytest.mark.parametrize("fault", [{"title": ""}, {"date": " +0800"}, {"body": ""}])
def test_an_incomplete_post_goes_to_review_and_is_not_public(tree, fault):
    tree(f"_posts/2022-03-01-NW{ID}.md", post(**fault))
    assert run(tree()).counts == {Outcome.REVIEW: 1}
    assert Article.objects.get().status == "review"
    assert not Article.objects.published().exists()
    assert ImportItem.objects.get().reason


def test_a_second_run_changes_nothing(tree):
    tree(f"_posts/2022-03-01-NW{ID}.md", post())
    tree("_posts/2022-03-01-NW202203010912345679.md", post(title="另一篇", body=OTHER))
    run(tree())
    before = [table_of(model) for model in (Article, Revision, Source, Mention, OutletFront)]
    assert run(tree()).counts == {Outcome.UNCHANGED: 2}
    assert [table_of(model) for model in (Article, Revision, Source, Mention, OutletFront)] == before


def test_copies_that_differ_in_zone_tail_and_blank_lines_are_one_article(tree):
    tree(f"_posts/2022-03-01-NW{ID}.md", post())
    tail = "\n\n[返回国际商报新闻](//finews.zning.me/category/guojishangbao.html)\n[返回首页](//finews.zning.me/)\n"
    copy = "\n" + post(date="2022-03-01 09:12:03", tail=tail)
    tree(f"old_post/2022-03-01-NW{ID}.md", copy.replace("\n", "\r\n"))
    assert run(tree()).counts == {Outcome.CREATED: 1, Outcome.UNCHANGED: 1}
    assert Article.objects.count() == 1


def test_a_new_body_under_the_same_id_replaces_the_old_and_keeps_it(tree):
    path = tree(f"_posts/2022-03-01-NW{ID}.md", post())
    run(path)
    tree(f"_posts/2022-03-01-NW{ID}.md", post(body=OTHER))
    assert run(path).counts == {Outcome.UPDATED: 1}
    article = Article.objects.get()
    assert "三个基点" in article.text
    assert article.version == 2
    old, new = article.revisions.order_by("version")
    assert "五个基点" in old.snapshot["body_html"]
    assert new.snapshot is None


def test_an_older_version_seen_again_does_not_come_back(tree):
    tree(f"a/2022-03-01-NW{ID}.md", post())
    tree(f"b/2022-03-01-NW{ID}.md", post(body=OTHER))
    assert run(tree()).counts == {Outcome.CREATED: 1, Outcome.UPDATED: 1}
    assert run(tree()).counts == {Outcome.UNCHANGED: 2}
    assert "三个基点" in Article.objects.get().text


def test_a_copy_without_the_fault_publishes_what_waited_for_it(tree):
    held = tree(f"first/2022-03-01-NW{ID}.md", post().encode("gb18030"))
    assert run(held).counts == {Outcome.REVIEW: 1}
    good = run(tree(f"second/2022-03-01-NW{ID}.md", post()))
    assert good.counts == {Outcome.UPDATED: 1}
    assert Article.objects.published().get().version == 2
    assert run(tree(f"third/2022-03-01-NW{ID}.md", post(tail="\n"))).counts == {Outcome.UNCHANGED: 1}
    undo_import(good.run)
    assert Article.objects.get().status == "review"


def test_a_copy_without_the_fault_does_not_publish_what_an_editor_keeps_back(tree, django_user_model):
    run(tree(f"first/2022-03-01-NW{ID}.md", post().encode("gb18030")))
    article = Article.objects.get()
    article.byline = "记者 李悦"
    article.revise("edit", editor=django_user_model.objects.create(username="林越"), reason="补记者")
    assert run(tree(f"second/2022-03-01-NW{ID}.md", post())).counts == {Outcome.UNCHANGED: 1}
    assert not Article.objects.published().exists()


def test_a_figure_that_is_corrected_is_a_new_version(tree):
    path = tree(f"2022-03-01-NW{ID}.md", post(body="<p>营业收入增长1.25%，达2.5亿元。</p>"))
    run(path)
    tree(f"2022-03-01-NW{ID}.md", post(body="<p>营业收入增长12.5%，达25亿元。</p>"))
    assert run(path).counts == {Outcome.UPDATED: 1}
    article = Article.objects.get()
    assert (article.text, article.version) == ("营业收入增长12.5%，达25亿元。", 2)


def test_a_text_that_came_before_as_a_twin_replaces_nothing_that_comes_with_it_under_its_number(tree):
    number = "NW202203010912345679"
    tree(f"first/2022-03-01-NW{ID}.md", post())
    tree(f"first/2022-03-01-{number}.md", post(tail="\n"))
    assert run(f"{tree()}/first").counts == {Outcome.CREATED: 1, Outcome.DUPLICATE: 1}
    tree(f"second/a/2022-03-01-{number}.md", post(title="另一篇", body=OTHER))
    tree(f"second/b/2022-03-01-{number}.md", post(tail="\n\n"))
    brings = {Outcome.CREATED: 1, Outcome.UNCHANGED: 1}
    assert run(f"{tree()}/second", dry_run=True).counts == brings
    assert run(f"{tree()}/second").counts == brings
    assert Article.objects.get(external_id=number).title == "另一篇"


def test_two_versions_in_one_batch_end_with_the_later(tree):
    for number in range(4):
        tree(f"{number}/2022-03-01-NW{ID}.md", post(body=f"<p>第 {number} 稿。</p>"))
    assert run(tree()).counts == {Outcome.CREATED: 1, Outcome.UPDATED: 3}
    article = Article.objects.get()
    assert (article.text, article.version) == ("第 3 稿。", 4)
    assert article.revisions.filter(snapshot__isnull=True).count() == 1


def test_an_editors_text_is_never_overwritten(tree, django_user_model):
    path = tree(f"_posts/2022-03-01-NW{ID}.md", post())
    run(path)
    article = Article.objects.get()
    article.title = "编辑改过的标题"
    article.revise("edit", editor=django_user_model.objects.create(username="林越"), reason="标题有误")
    tree(f"_posts/2022-03-01-NW{ID}.md", post(body=OTHER))
    assert run(path).counts == {Outcome.CONFLICT: 1}
    article.refresh_from_db()
    assert article.title == "编辑改过的标题"
    assert "五个基点" in article.text
    pending = article.revisions.get(state="pending")
    assert "三个基点" in pending.snapshot["body_html"]
    assert run(path).counts == {Outcome.UNCHANGED: 1}
    assert article.revisions.filter(state="pending").count() == 1


def test_a_broken_new_version_does_not_replace_a_sound_published_one(tree):
    path = tree(f"_posts/2022-03-01-NW{ID}.md", post())
    run(path)
    broken = post(body=OTHER).encode().replace("三个".encode(), b"\xe4\xb8 ")
    tree(f"_posts/2022-03-01-NW{ID}.md", broken)
    assert run(path).counts == {Outcome.CONFLICT: 1}
    assert "五个基点" in Article.objects.get().text


def test_a_date_that_comes_later_publishes_what_waited_for_it(tree):
    path = tree(f"_posts/2022-03-01-NW{ID}.md", post(date=" +0800"))
    run(path)
    tree(f"_posts/2022-03-01-NW{ID}.md", post())
    assert run(path).counts == {Outcome.UPDATED: 1}
    assert Article.objects.published().count() == 1


def test_a_twin_in_the_roll_is_a_duplicate_of_the_outlets_article(tree):
    credit = '<p class="em_media">（文章来源：国际商报）</p>'
    roll = {"tag": "东财滚动新闻", "category": "emnews"}
    tree(f"_posts/2022-03-01-{ID}.md", post(body=f"> 摘要\n\n{BODY}{credit}", **roll))
    tree(f"_posts/2022-03-01-NW{ID}.md", post(body=BODY + credit))
    assert run(tree()).counts == {Outcome.CREATED: 1, Outcome.DUPLICATE: 1}
    article = Article.objects.get()
    assert article.source.name == "国际商报"
    twin = article.revisions.get(state="twin")
    assert twin.import_item.external_id == f"NW{ID}"
    assert {s.name for s in Source.objects.all()} == {"国际商报", "东财滚动新闻"}


def test_the_same_words_on_another_day_or_from_another_outlet_are_another_article(tree):
    tree("_posts/2022-03-01-NW202203010000000001.md", post())
    tree("_posts/2022-03-02-NW202203020000000002.md", post(date="2022-03-02 09:00:00"))
    tree("_posts/2022-03-01-NW202203010000000003.md", post(tag="北京晚报新闻", category="beijingwanbao"))
    assert run(tree()).counts == {Outcome.CREATED: 3}


def test_what_is_no_article_is_skipped_and_recorded(tree):
    tree("README.md", "---\ntitle: 说明\n---\n")
    tree("_config.yml", "title: x")
    tree(
        "category/guojishangbao.html",
        "---\nlayout: category\ntitle: 国际商报新闻\ncategory: guojishangbao\n---",
    )
    result = run(tree())
    assert result.counts == {Outcome.SKIPPED: 3}
    assert result.read == 0
    assert ImportItem.objects.filter(outcome="skipped").exclude(reason="").count() == 3
    assert Source.objects.at_old_slug("guojishangbao").name == "国际商报"


def test_a_wrong_name_on_a_category_page_is_not_believed(tree):
    page = "---\nlayout: category\ntitle: 财联社新闻\ncategory: beijingwanbao\n---"
    tree("category/beijingwanbao.html", page)
    run(tree())
    assert Source.objects.at_old_slug("beijingwanbao").standing == "unnamed"
    assert not Source.objects.named("财联社")
    tree("old_post/2022-03-01-NW202203010000000003.md", post(tag="北京晚报新闻", category="beijingwanbao"))
    run(tree())
    assert Source.objects.at_old_slug("beijingwanbao").name == "北京晚报"
    assert Source.objects.count() == 1


def test_links_are_refused_by_name_and_nothing_behind_them_is_read(tree, tmp_path):
    secret = tmp_path.parent / "secret.md"
    secret.write_text(post(title="不该读到"))
    (tmp_path / "link.md").symlink_to(secret)
    assert run(tree()).counts == {Outcome.REJECTED: 1}
    assert "符号链接" in ImportItem.objects.get().reason
    assert not Article.objects.exists()


def test_one_input_that_the_database_refuses_costs_only_itself(tree):
    tree("_posts/2022-03-01-NW202203010000000001.md", post())
    long = "x" * 2100
    tree(
        "_posts/2022-03-01-NW202203010000000002.md",
        post(title="好稿", body=OTHER, tail=f"\n\n<http://a.cn/{long}>"),
    )
    tree("_posts/2022-03-01-NW202203010000000003.md", post(title="第三篇", body="<p>照常导入。</p>"))
    result = run(tree())
    assert result.counts[Outcome.REJECTED] == 0
    assert Article.objects.count() == 3


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tree):
    tree(f"_posts/2022-03-01-NW{ID}.md", post())
    tree(f"old_post/2022-03-01-NW{ID}.md", post(date="2022-03-01 09:12:03"))
    assert run(tree(), dry_run=True).counts == {Outcome.CREATED: 1, Outcome.UNCHANGED: 1}
    for model in (Article, Source, ImportRun, ImportItem):
        assert not model.objects.exists()


def test_worker_processes_read_the_same_as_one_process(tree):
    for number in range(450):
        body = f"<p>第 {number} 篇的正文。</p>"
        tree(
            f"_posts/2022-03-01-NW{202203010000000000 + number}.md", post(title=f"第 {number} 篇", body=body)
        )
    result = import_paths(Options([tree()], workers=2))
    assert result.counts == {Outcome.CREATED: 450}
    assert list(Article.objects.order_by("pk").values_list("title", flat=True))[:3] == [
        "第 0 篇",
        "第 1 篇",
        "第 2 篇",
    ]
    front = OutletFront.objects.get()
    assert (front.count, len(front.newest)) == (450, 5)


def test_mentions_of_securities_are_kept_with_their_names(tree):
    link = '<p><span id="stock_1.600160"><a class="keytip" data-code="1,600160">巨潮股份</a></span>涨停。</p>'
    tree(f"_posts/2022-03-01-NW{ID}.md", post(body=link + link))
    run(tree())
    mention = Mention.objects.select_related("security").get()
    assert (mention.security.symbol, mention.security.name) == ("600160.SH", "巨潮股份")
    assert mention.public_at == Article.objects.get().public_at


def test_the_command_reports_a_line_for_every_input_and_sums_up_in_json(tree, capsys):
    tree(f"_posts/2022-03-01-NW{ID}.md", post())
    tree("README.md", "x")
    report = Path(tree()).parent / "report.jsonl"
    call_command("import_articles", tree(), "--json", "--report", str(report), "--workers", "1")
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {**summary, "seconds": 0, "run": 0} == {
        **{"run": 0, "read": 1, "created": 1, "updated": 0, "unchanged": 0, "duplicate": 0, "review": 0},
        **{"conflict": 0, "rejected": 0, "skipped": 1, "seconds": 0},
    }
    lines = {line["file"]: line for line in map(json.loads, report.read_text().splitlines())}
    assert lines["README.md"]["outcome"] == "skipped"
    line = lines[f"_posts/2022-03-01-NW{ID}.md"]
    assert line["article"] == Article.objects.get().pk
    assert (line["title"], line["date"]) == ("沧澜银行发布新季报", "2022-03-01T09:12:03+08:00")
    assert line["body"] == Article.objects.get().text


def test_the_command_exits_1_when_something_was_rejected_and_2_when_it_cannot_run(tree, tmp_path, capsys):
    (tmp_path / "bad.md").symlink_to("/etc/passwd")
    with pytest.raises(SystemExit) as finished:
        call_command("import_articles", tree())
    assert finished.value.code == 1
    assert "bad.md" in capsys.readouterr().err
    with pytest.raises(Exception, match="没有这个文件") as refused:
        call_command("import_articles", str(tmp_path / "nowhere"))
    assert refused.value.returncode == 2
