"""What the form of an article refuses at the field: years that are none, and words that nobody sees."""

import pytest
from django.urls import reverse

from articles.models import Article
from articles.revisions.publishing import Refused, publish
from tests.support.builders import make_article, make_source
from tests.support.editors import at_desk, chief, correct, fields_of, make_user, words

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/article/add/"
YEARS = ["0001", "0226", "1700", "1799", "2200", "9999"]
UNSEEN = {
    "zero width space": "\u200b",
    "byte order mark": "\ufeff\ufeff",
    "bidi controls": "\u202e\u2066\u2069\u200f",
    "ideographic space": "\u3000\u3000",
    "soft hyphen": "\u00ad",
    "filler of Hangul": "\u3164\uffa0",
    "empty braille": "\u2800",
    "joiners": "\u200d\u034f\ufe0f",
    "line separator": "\u2028",
    "all": "\u200b \u3000\u2060\u2800\u180e",
}


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


def stored(article: Article) -> dict:
    return Article.objects.values().get(pk=article.pk)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_year_that_no_page_has_is_an_error_of_its_field(year, status):
    article, client = make_article(status=status), chief()
    before = stored(article)
    answer = correct(client, article, published_at_0=f"{year}-01-01", published_at_1="00:00:00", reason="改")
    assert errors(answer)["published_at"] == ["年份要在 1800 和 2199 之间。"]
    answer = correct(client, article, edition_date=f"{year}-12-31", reason="改")
    assert errors(answer)["edition_date"] == ["年份要在 1800 和 2199 之间。"]
    assert stored(article) == before


@pytest.mark.parametrize("year", ["1800", "1912", "2199"])
def test_a_year_that_pages_have_is_taken(year):
    article, client = make_article(), chief()
    when = {"published_at_0": f"{year}-01-01", "published_at_1": "00:00:00", "edition_date": f"{year}-12-31"}
    assert correct(client, article, **when, reason="改").status_code == 302
    article.refresh_from_db()
    assert (str(article.published_at.year), article.edition_date.year) in (
        (year, int(year)),
        (str(int(year) - 1), int(year)),
    )


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31"])
def test_nor_has_any_other_form_such_years(moment):
    user, client = make_user("编辑"), at_desk(make_user(is_superuser=True))
    url = reverse("admin:auth_user_change", args=[user.pk])
    fields = fields_of(client.get(url).content, "user_form")
    fields |= {
        "date_joined_0": moment,
        "date_joined_1": "23:59:59",
        "last_login_0": moment,
        "last_login_1": "00:00",
    }
    assert "年份要在 1800 和 2199 之间" in words(client.post(url, fields))


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("button", ["_save", "_publish"])
def test_words_that_nobody_sees_are_an_error_and_never_published(unseen, button):
    article, client = make_article(status="review"), chief()
    before = stored(article)
    for field, value in (
        ("title", unseen),
        ("body_html", f"<p>{unseen}</p>"),
        ("body_html", f"<p><strong>{unseen}</strong></p>\n<p>&#8203;</p><ul><li>&#xFEFF;</li></ul>"),
    ):
        answer = correct(client, article, **{field: value, button: "1"})
        assert "没有看得见的字" in str(errors(answer)[field]), value
        assert stored(article) == before


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_a_new_article_of_nothing_is_not_kept(unseen):
    client, source = chief(), make_source()
    filled = fields_of(client.get(ADD).content, "article_form") | {"source": source.pk, "_publish": "1"}
    client.post(ADD, filled | {"title": unseen, "body_html": f"<p>{unseen}</p>"})
    client.post(ADD, filled | {"title": "有题", "body_html": unseen})
    assert not Article.objects.exists()


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_what_an_import_left_unseen_is_not_published_from_the_list(unseen):
    editor = make_user("主编")
    for fields in ({"title": unseen}, {"title": "题", "body_html": f"<p>{unseen}</p>"}):
        article = make_article(status="review", **{"title": "题"} | fields)
        Article.objects.filter(pk=article.pk).update(title=fields["title"])
        with pytest.raises(Refused, match="还缺"):
            publish(article.pk, editor)
        assert Article.objects.get(pk=article.pk).status == "review"


@pytest.mark.parametrize("turn", ["\u202e", "\u202d", "\u2066", "\u2067x\u2069", "\u202b"])
def test_a_title_that_turns_letters_round_is_refused_by_name(turn):
    article = make_article("旧题", status="draft")
    answer = correct(chief(), article, title=f"业绩{turn}翻倍")
    assert "看不见的换向符" in str(errors(answer)["title"])
    assert f"\\u{ord(turn[0]):04x}" in str(errors(answer)["title"])
    assert Article.objects.get(pk=article.pk).title == "旧题"


@pytest.mark.parametrize("seen", ["·", "？", "👨\u200d👩\u200d👧", "a\u200bb", "—", "☕\ufe0f", "〇"])
def test_words_with_something_to_see_are_taken(seen):
    article = make_article("旧题", status="draft")
    assert correct(chief(), article, title=seen, body_html=f"<p>{seen}</p>").status_code == 302
    article.refresh_from_db()
    assert article.title == seen and seen in article.body_html


def test_a_body_of_pictures_alone_can_be_kept():
    article = make_article("图片新闻", status="draft", body_html="<figure></figure><p>字</p>")
    assert correct(chief(), article, body_html="<figure></figure>").status_code == 302


def test_other_fields_of_invisible_characters_are_empty_and_are_no_reason():
    article, client = make_article("题"), chief()
    answer = correct(client, article, title="新题", reason="\u200b\u2060")
    assert "请写明改了什么" in words(answer)
    assert correct(client, article, byline="\u200b", digest="\u200b", reason="改").status_code == 302
    article.refresh_from_db()
    assert (article.byline, article.digest) == ("", "沧澜银行今日发布公告。 董事会已审议通过相关议案。")
