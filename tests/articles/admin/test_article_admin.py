"""The desk page of articles: finding them, and changing one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.admin.article.list_page import OUTLETS
from articles.admin.model_admin import CappedPaginator
from articles.models import Article, Category, Mention, Revision
from sources.models import ImportItem, ImportRun
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.editors import chief, correct, editor, fields_of, make_user, open_form, words

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"
ADD = "/admin/articles/article/add/"
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOSTILE = "<img src=x onerror=alert(1)>"


def titles(response) -> list[str]:
    return [article.title for article in response.context["cl"].result_list]


def queries_of(client, url: str) -> int:
    client.get(url)  # the session and the content types are warm, as they are at work
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# ------------------------------------------------------------------ the list
def test_the_list_takes_as_many_queries_for_200_articles_as_for_10():
    client, source = chief(), make_source()
    for _ in range(10):
        make_article(source=source, category=make_category())
    few = queries_of(client, LIST)
    for _ in range(190):
        make_article(source=source, category=make_category())
    many = queries_of(client, LIST)
    assert many == few <= 14


def test_the_change_form_takes_few_queries_however_much_there_is():
    client, article = chief(), make_article(tags=["数字金融"], securities=[make_security()])
    few = queries_of(client, f"{LIST}{article.pk}/change/")
    for _ in range(200):
        make_article(source=article.source)
        Revision.objects.create(article=article, kind="import", state="twin")
    assert queries_of(client, f"{LIST}{article.pk}/change/") == few <= 20


def test_the_list_stops_counting_and_says_so(monkeypatch):
    monkeypatch.setattr(CappedPaginator, "CAP", 60)
    source = make_source()
    for _ in range(70):
        make_article(source=source)
    client = chief()
    with CaptureQueriesContext(connection) as queries:
        page = client.get(LIST)
    assert "60+ 条" in words(page)
    counts = [
        query["sql"] for query in queries if "COUNT(" in query["sql"] and "articles_article" in query["sql"]
    ]
    assert counts and all("LIMIT 61" in sql for sql in counts)
    assert not any("body_html" in query["sql"] for query in queries)


def test_it_filters_by_an_outlet_typed_in_by_any_of_its_names():
    times, other = make_source("证券时报"), make_source("新华社")
    times.add_alias("证券时报网")
    times.keep_old_slug("Old-Times")
    make_article("甲", source=times)
    make_article("乙", source=other)
    client = editor()
    for name in ("证券时报", "证券 时报网", times.slug, "Old-Times", "时报"):
        page = client.get(LIST, {"outlet": name})
        assert titles(page) == ["甲"], name
        assert "正在看：证券时报" in words(page)
    assert titles(client.get(LIST, {"outlet": "没有这家"})) == []


def test_no_filter_lists_all_outlets():
    names = [make_source(f"来源之{n}").name for n in range(OUTLETS + 5)]
    page = words(editor().get(LIST))
    assert not any(name in page for name in names)


def test_filters_keep_each_other():
    article = make_article("甲", source=make_source("证券时报"), status="review")
    make_article("乙", source=article.source)
    client = editor()
    page = client.get(LIST, {"outlet": "证券时报", "status__exact": "review"})
    assert titles(page) == ["甲"]
    assert b'<input type="hidden" name="status__exact" value="review">' in page.content


def test_it_filters_by_publishing_day_both_ends_included():
    make_article("元旦", published_at=datetime(2022, 1, 1, tzinfo=SHANGHAI))
    make_article("除夕", published_at=datetime(2021, 12, 31, 23, 59, 59, tzinfo=SHANGHAI))
    make_article(
        "待审的元旦稿", published_at=datetime(2022, 1, 1, 23, 59, 59, tzinfo=SHANGHAI), status="review"
    )
    client = editor()
    assert set(titles(client.get(LIST, {"since": "2022-01-01", "until": "2022-01-01"}))) == {
        "元旦",
        "待审的元旦稿",
    }
    assert titles(client.get(LIST, {"until": "2021-12-31"})) == ["除夕"]
    assert len(titles(client.get(LIST, {"since": "gestern"}))) == 3


def test_it_finds_by_number_and_by_words_of_the_headline():
    make_article("沧澜银行发布年报", external_id="NW202112292230377248", byline="张三")
    make_article("沧澜保险发布季报")
    client = editor()
    assert titles(client.get(LIST, {"q": "NW202112292230377248"})) == ["沧澜银行发布年报"]
    assert titles(client.get(LIST, {"q": "沧澜 年报"})) == ["沧澜银行发布年报"]
    assert titles(client.get(LIST, {"q": "张三"})) == ["沧澜银行发布年报"]
    assert titles(client.get(LIST, {"q": "沧澜"})) == ["沧澜保险发布季报", "沧澜银行发布年报"]


@pytest.mark.parametrize(
    "query",
    [
        "body_html__regex=(a%2B)%2B",
        "title__icontains=x",
        "source__aliases__name=x",
        "_connector=OR",
        "id__in=1",
    ],
)
def test_it_answers_no_questions_the_filters_do_not_ask(query):
    make_article()
    assert editor().get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        *(
            "p=" + "9" * 30,
            "p=x",
            "q=%00",
            "q=%ff",
            "outlet=%00",
            "outlet=%ff%fe",
            "status__exact=%00",
            "o=1.2.3",
        ),
        *(
            "since=9999-12-31&until=0001-01-01",
            "category__id__exact=x",
            "q=" + "9" * 400,
            "pending=x",
            "all=",
        ),
    ],
)
def test_a_senseless_question_breaks_nothing(query):
    make_article()
    # NUL is refused; a filter that Django cannot read leads back to the list without it.
    expected = 400 if "%00" in query else 302 if query == "category__id__exact=x" else 200
    assert editor().get(f"{LIST}?{query}").status_code == expected


def test_the_order_cannot_be_changed_by_the_address():
    for title in ("乙", "甲", "丙"):
        make_article(title)
    assert titles(editor().get(LIST, {"o": "1"})) == ["丙", "甲", "乙"]


# ------------------------------------------------------------------ the form
def test_a_change_leaves_a_revision_with_editor_reason_and_the_old_text():
    article, client = make_article("旧题", status="review"), editor()
    response = correct(client, article, title="新题", reason="原题不准确")
    assert response.status_code == 302
    article.refresh_from_db()
    newest, oldest = article.revisions.order_by("-id")
    assert (article.title, article.version) == ("新题", 2)
    assert (newest.reason, newest.kind, newest.version) == ("原题不准确", "edit", 2)
    assert newest.editor_id == int(client.session["_auth_user_id"])
    assert oldest.snapshot["title"] == "旧题"
    assert article.edited_at is not None


def test_an_edited_headline_never_overwrites_what_the_source_had_called_it():
    article, client = make_article("来源的题"), editor()
    correct(client, article, title="编辑的题", reason="改")
    correct(client, article, title="再改的题", reason="再改")
    article.refresh_from_db()
    assert (article.title, article.original_title) == ("再改的题", "来源的题")


def test_a_published_text_changes_only_with_a_reason():
    article, client = make_article("题"), editor()
    response = correct(client, article, body_html="<p>新的正文。</p>")
    article.refresh_from_db()
    assert "请写明改了什么" in words(response)
    assert article.version == 1 and "新的正文" not in article.text
    assert correct(client, article, byline="记者 李四").status_code == 302
    article.refresh_from_db()
    assert article.byline == "记者 李四"
    assert article.revisions.first().reason == "改了作者／记者"


def test_a_save_without_a_change_makes_no_version_and_moves_no_second():
    article = make_article(
        "题",
        published_at=datetime(2021, 12, 29, 13, 37, 2, tzinfo=SHANGHAI),
        body_html="<p>一</p><p>二\n三</p><ul><li>四</li></ul>",
    )
    before = Article.objects.values().get(pk=article.pk)
    response = correct(chief(), article)
    assert response.status_code == 302
    assert Article.objects.values().get(pk=article.pk) == before
    assert not article.revisions.exists()


def test_what_is_typed_goes_through_the_sanitiser():
    article = make_article(status="review")
    correct(editor(), article, body_html=f"<p>好{HOSTILE}</p><script>alert(1)</script>\r\n<p>的</p>")
    article.refresh_from_db()
    assert article.body_html == "<p>好</p>\n<p>的</p>"
    assert article.text == "好\n的"


def test_a_new_article_is_kept_with_its_first_version():
    client, source = editor(), make_source()
    blank = fields_of(client.get(ADD).content, "article_form")
    response = client.post(ADD, blank | {"title": "新稿", "source": source.pk, "body_html": "<p>正文</p>"})
    assert response.status_code == 302
    article = Article.objects.get()
    revision = article.revisions.get()
    assert (article.status, revision.version, revision.reason) == ("draft", 1, "新建")
    assert revision.editor_id == int(client.session["_auth_user_id"])


def test_a_double_click_makes_one_article():
    client, source = editor(), make_source()
    filled = fields_of(client.get(ADD).content, "article_form")
    filled |= {"title": "新稿", "source": source.pk, "body_html": "<p>正文</p>"}
    assert client.post(ADD, filled).status_code == 302
    assert "没有再存一篇" in words(client.post(ADD, filled))
    assert Article.objects.count() == 1


def test_tags_are_parted_by_chinese_commas():
    article, client = make_article(tags=["旧 标签"]), editor()
    assert open_form(client, article)["tags"] == '"旧 标签"'
    correct(client, article, tags="数字金融、绿色 金融，普惠")
    assert set(article.tags.names()) == {"数字金融", "绿色 金融", "普惠"}
    assert correct(client, article, tags="长" * 101).status_code == 200
    assert article.tags.count() == 3


def test_a_mention_is_listed_from_the_articles_own_moment():
    article, security = make_article(), make_security("00939.HK")
    correct(editor(), article, **{"mentions-0-security": security.pk})
    mention = Mention.objects.get()
    assert (mention.security, mention.public_at) == (security, article.public_at)
    assert article.revisions.first().reason == "改了提到的证券"


def test_the_form_says_where_the_article_came_from():
    article = make_article(external_id="NW2021", legacy_path="/2021/12/29/NW2021.html")
    run = ImportRun.objects.create()
    item = ImportItem.objects.create(run=run, name="posts/甲.md", outcome="created")
    Revision.objects.create(article=article, version=1, kind="import", import_item=item)
    page = editor().get(f"{LIST}{article.pk}/change/")
    for fact in ("NW2021", "/2021/12/29/NW2021.html", "posts/甲.md", f"/articles/{article.pk}/", "第 1 版"):
        assert fact in words(page)
    assert b'name="external_id"' not in page.content


def test_hostile_names_are_shown_as_text():
    source = make_source(f"{HOSTILE}社")
    category = make_category(f"{HOSTILE}栏")
    article = make_article(
        f"{HOSTILE}题\u202e", source=source, category=category, byline=HOSTILE, tags=[HOSTILE],
        original_url="javascript:alert(1)",
    )  # fmt: skip
    client = chief()
    correct(client, article, title=f"{HOSTILE}二", reason=HOSTILE, original_url="")
    Article.objects.filter(pk=article.pk).update(original_url="javascript:alert(1)")
    revision = article.revisions.first()
    for url in (
        *(LIST, f"{LIST}?outlet={HOSTILE}", f"{LIST}{article.pk}/change/", f"{LIST}{article.pk}/history/"),
        *(f"{LIST}{article.pk}/versions/{revision.pk}/", f"{LIST}{article.pk}/withdraw/", "/admin/"),
        *("/admin/sources/source/", f"/admin/sources/source/{source.pk}/change/"),
        *(
            "/admin/articles/category/",
            f"/admin/articles/category/{category.pk}/change/",
            "/admin/taggit/tag/",
        ),
    ):
        page = client.get(url)
        assert page.status_code == 200, url
        assert b"<img src=x" not in page.content, url
        assert b'href="javascript:' not in page.content, url


def test_nobody_deletes_an_article():
    article, client = make_article(), editor()
    root = make_user(is_superuser=True)
    assert client.post(f"{LIST}{article.pk}/delete/", {"post": "yes"}).status_code == 403
    client.force_login(root)
    assert client.post(f"{LIST}{article.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": article.pk, "post": "yes"})
    assert Article.objects.filter(pk=article.pk).exists()


# ------------------------------------------------------------------ what a fresh newsroom has
def test_ten_sections_wait_for_a_fresh_newsroom():
    names = list(Category.objects.values_list("name", flat=True))
    assert names[:5] == ["银行", "证券市场", "宏观经济", "监管政策", "数字金融"]
    assert len(names) == 10
    assert all(len(category.keywords.split()) >= 10 for category in Category.objects.all())


def test_the_desk_says_first_what_waits():
    article = make_article(status="review")
    Revision.objects.create(article=make_article(), kind="import", state="pending", snapshot={})
    client = chief()
    page = client.get(reverse("admin:index"))
    figures = {figure.label: (figure.number, figure.address) for figure in page.context["figures"]}
    assert figures["待审稿件"][0] == figures["待处理的导入文本"][0] == "1"
    assert titles(client.get(figures["待审稿件"][1])) == [article.title]
    for _, address in figures.values():
        assert client.get(address).status_code == 200
    assert queries_of(client, reverse("admin:index")) <= 14
