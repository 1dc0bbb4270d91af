"""A form that is sent after the session has ended: its text comes back, and only its editor saves it."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core import signing
from django.db.models import F
from django.test import Client
from lxml import html

from articles.models import Article
from newsportal.signin.filling import fill
from tests.support.builders import make_article
from tests.support.editors import change_url, make_user, open_form, words
from tests.support.signing_in import PASSWORD, WRONG, staff

pytestmark = pytest.mark.django_db
HOSTILE = "</textarea><script>alert(1)</script>\"'&amp;\n\n第二段"


@pytest.fixture
def article():
    return make_article("沧澜银行净利闰增长")


@pytest.fixture
def chief():
    user = make_user("主编")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def browser(chief):
    """A browser that checks tokens, its session about to end."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    return client


def token_of(answer) -> str:
    return html.document_fromstring(answer.content.decode()).xpath(
        "//input[@name='csrfmiddlewaretoken']/@value"
    )[0]


def end(client: Client) -> None:
    client.session.flush()
    client.cookies.pop("sessionid", None)


def typed(client: Client, article: Article, **changes) -> dict[str, str]:
    """The form as it was opened, with what its editor has typed."""
    fields = open_form(client, article)
    return fields | {"csrfmiddlewaretoken": token_of(client.get(change_url(article)))} | changes


def sent_too_late(client: Client, article: Article, **changes):
    fields = typed(client, article, **changes)
    end(client)
    return client.post(change_url(article), fields, HTTP_REFERER=f"http://testserver{change_url(article)}")


def signed_in_again(client: Client, answer, user: User, password: str = PASSWORD):
    form = html.document_fromstring(answer.content.decode()).get_element_by_id("login-form")
    fields = {name: value for name, value in form.form_values() if value}
    kept = html.document_fromstring(answer.content.decode()).xpath("//input[@name='kept_form']/@value")
    fields |= {"kept_form": kept[0]} if kept else {}
    return client.post(form.get("action"), fields | {"username": user.username, "password": password})


def test_what_was_typed_stands_in_the_form_again_and_is_not_saved(browser, chief, article):
    changes = {"title": "沧澜银行净利润增长", "body_html": HOSTILE, "reason": "改正错字"}
    answer = sent_too_late(browser, article, **changes)
    assert answer.status_code == 403
    assert "你刚才填写的内容还在" in words(answer)
    assert "no-store" in answer["Cache-Control"]
    answer = signed_in_again(browser, answer, chief)
    assert (answer.status_code, answer["Location"]) == (302, change_url(article))
    page = browser.get(change_url(article))
    assert "还没有保存" in words(page)
    form = html.document_fromstring(page.content.decode()).get_element_by_id("article_form")
    assert form.fields["title"] == changes["title"]
    assert form.fields["reason"].strip() == changes["reason"]
    assert form.fields["body_html"].strip() == HOSTILE.strip()
    assert "<script>alert" not in page.content.decode()
    article.refresh_from_db()
    assert article.title == "沧澜银行净利闰增长"
    assert "还没有保存" not in words(browser.get(change_url(article)))


def test_it_can_be_saved_then(browser, chief, article):
    answer = sent_too_late(browser, article, title="沧澜银行净利润增长", reason="改正错字")
    signed_in_again(browser, answer, chief)
    page = browser.get(change_url(article))
    form = html.document_fromstring(page.content.decode()).get_element_by_id("article_form")
    fields = {name: value.removeprefix("\n") for name, value in form.form_values()}
    assert browser.post(change_url(article), fields).status_code == 302
    article.refresh_from_db()
    assert article.title == "沧澜银行净利润增长"


def test_a_change_that_came_in_between_is_still_noticed(browser, chief, article):
    answer = sent_too_late(browser, article, title="沧澜银行净利润增长", reason="改正错字")
    other = Client()
    other.force_login(make_user("主编"))
    other.post(change_url(article), open_form(other, article) | {"title": "另一位改的", "reason": "先到"})
    signed_in_again(browser, answer, chief)
    page = browser.get(change_url(article))
    form = html.document_fromstring(page.content.decode()).get_element_by_id("article_form")
    fields = {name: value.removeprefix("\n") for name, value in form.form_values()}
    assert browser.post(change_url(article), fields).status_code == 200
    article.refresh_from_db()
    assert article.title == "另一位改的"


def test_a_mistyped_password_loses_nothing(browser, chief, article):
    answer = sent_too_late(browser, article, title="新题")
    for _ in range(2):
        answer = signed_in_again(browser, answer, chief, WRONG)
        assert answer.status_code == 200
    signed_in_again(browser, answer, chief)
    assert "新题" in browser.get(change_url(article)).content.decode()


def test_nor_does_a_lock(browser, chief, article):
    answer = sent_too_late(browser, article, title="新题")
    for _ in range(9):
        signed_in_again(browser, answer, chief, WRONG)
    answer = signed_in_again(browser, answer, chief, WRONG)
    assert answer.status_code == 429
    form = html.document_fromstring(answer.content.decode()).forms[0]
    answer = browser.post("/admin/login/", dict(form.form_values()))
    assert "你刚才填写的内容还在" in words(answer)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=15, seconds=1))
    signed_in_again(browser, answer, chief)
    assert "新题" in browser.get(change_url(article)).content.decode()


def test_another_account_is_not_given_it(browser, chief, article):
    answer = sent_too_late(browser, article, title="新题")
    other = staff(is_superuser=True)
    signed_in_again(browser, answer, other)
    page = browser.get(change_url(article))
    assert "新题" not in page.content.decode()
    assert "属于另一个账号" in words(page)


def test_without_the_token_of_our_form_nothing_is_kept(browser, article):
    fields = typed(browser, article, title="新题")
    end(browser)
    answer = browser.post(change_url(article), fields | {"csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    assert "kept_form" not in answer.content.decode()


def test_what_another_browser_was_given_is_not_taken(browser, chief, article):
    """An attacker has text of his own signed and plants it in the sign-in form of somebody else."""
    planted = sent_too_late(browser, article, title="植入的标题")
    kept = html.document_fromstring(planted.content.decode()).xpath("//input[@name='kept_form']/@value")[0]
    victim = Client(enforce_csrf_checks=True)
    token = token_of(victim.get("/admin/login/"))
    fields = {
        "username": chief.username,
        "password": PASSWORD,
        "csrfmiddlewaretoken": token,
        "next": "/admin/",
    }
    assert victim.post("/admin/login/", fields | {"kept_form": kept})["Location"] == "/admin/"
    assert "植入的标题" not in victim.get(change_url(article)).content.decode()


@pytest.mark.parametrize("kept", ["x", "a:b:c", "\0", "汉字", "e30:1:x" * 1_000])
def test_what_we_did_not_sign_is_not_taken(browser, chief, kept):
    end(browser)
    fields = {"username": chief.username, "password": PASSWORD, "next": "/admin/", "kept_form": kept}
    fields["csrfmiddlewaretoken"] = token_of(browser.get("/admin/login/"))
    answer = browser.post("/admin/login/", fields)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_passwords_are_never_carried(browser):
    page = browser.get("/admin/password_change/")
    secret = {"old_password": PASSWORD, "new_password1": WRONG, "new_password2": WRONG}
    end(browser)
    fields = {"csrfmiddlewaretoken": token_of(page)} | secret
    answer = browser.post("/admin/password_change/", fields)
    assert answer.status_code == 302
    answer = browser.post("/admin/password_change/", fields | {"note": "x"})
    assert "kept_form" in answer.content.decode()
    assert not any(value in answer.content.decode() for value in secret.values())
    kept = html.document_fromstring(answer.content.decode()).xpath("//input[@name='kept_form']/@value")[0]
    assert signing.loads(kept, salt="newsportal.signin.kept_forms")["fields"] == {"note": ["x"]}


def test_a_button_that_posts_leads_back_to_the_page_it_stands_on(browser, chief, article):
    page = browser.get(change_url(article))
    end(browser)
    fields = {"csrfmiddlewaretoken": token_of(page), "reason": "写错了"}
    where = f"{change_url(article).removesuffix('change/')}withdraw/"
    answer = browser.post(where, fields, HTTP_REFERER=f"http://testserver{change_url(article)}")
    answer = signed_in_again(browser, answer, chief)
    assert answer["Location"] == change_url(article)
    assert "写错了" in browser.get(change_url(article)).content.decode()


@pytest.mark.parametrize(
    "referer", ["http://evil.example/admin/", "//evil.example/admin/", "javascript:x", "http://[", ""]
)
def test_a_foreign_referer_leads_nowhere(browser, chief, article, referer):
    fields = typed(browser, article, title="新题")
    end(browser)
    answer = signed_in_again(browser, browser.post(change_url(article), fields, HTTP_REFERER=referer), chief)
    assert answer["Location"] == change_url(article)


def test_of_a_page_that_is_gone_the_words_are_shown(browser, chief, article):
    answer = sent_too_late(browser, article, title="新题", body_html=HOSTILE)
    Article.objects.all().delete()
    location = signed_in_again(browser, answer, chief)["Location"]
    page = browser.get(location, follow=True)
    assert page.status_code == 200
    assert "新题" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_a_browser_nobody_has_signed_in_with_is_kept_nothing(article):
    visitor = Client(enforce_csrf_checks=True)
    fields = {"csrfmiddlewaretoken": token_of(visitor.get("/admin/login/")), "title": "新题"}
    answer = visitor.post(change_url(article), fields)
    assert answer.status_code == 403 and "kept_form" not in answer.content.decode()


@pytest.mark.parametrize("cookie", ["1", "1:x:y", "x" * 3000])
def test_who_was_signed_in_cannot_be_forged(browser, article, cookie):
    fields = typed(browser, article, title="新题")
    end(browser)
    browser.cookies["editor"] = cookie
    answer = browser.post(change_url(article), fields)
    assert answer.status_code == 403 and "kept_form" not in answer.content.decode()


def test_a_signed_out_visitor_without_a_form_is_led_to_the_sign_in_page_as_ever(client):
    for answer in (client.get("/admin/articles/article/"), client.post("/admin/articles/article/")):
        assert answer.status_code == 302
        assert answer["Location"] == "/admin/login/?next=/admin/articles/article/"


PAGE = """<!doctype html><html><body><div id="content">
<form action="/other/" method="post"><input name="a" value="0"></form>
<form method="post" id="f"><input type="hidden" name="csrfmiddlewaretoken" value="new"><input name="a" value="0">
<input name="many" value="1"><input name="many" value="2"><input type="password" name="p"><input type="file" name="u">
<input type="checkbox" name="c" value="1" checked><input type="checkbox" name="c" value="2">
<input type="checkbox" name="d" checked>
<input type="submit" name="_save" value="保存"><button name="_go" value="1">往下</button>
<input type="radio" name="r" value="x" checked><input type="radio" name="r" value="y">
<select name="s"><option value="1" selected>一</option><option value="2">二</option></select>
<select name="t"><option value="" selected></option></select><textarea name="w">
old</textarea></form><input name="outside" form="f"></div></body></html>"""


def filled(**fields):
    told = []

    def notice(unplaced):
        told.append(unplaced)
        return "<p id='notice'>!</p>"

    values = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    page = fill(PAGE, "/here/?x=1", "/here/", values, notice)
    return html.document_fromstring(page).get_element_by_id("f"), told[0], page


def test_every_kind_of_field_is_filled_in():
    form, unplaced, page = filled(
        a="1",
        c=["2"],
        _save="保存",
        _go="1",
        r="y",
        s="2",
        t="77",
        w="\n\n两行",
        outside="o",
        many=["x", "y"],
    )
    assert unplaced == {}
    assert form.fields["a"] == "1"
    assert [box.get("value") for box in form.xpath(".//input[@type='checkbox' and @checked]")] == ["2"]
    assert form.fields["r"] == "y"
    assert form.fields["s"] == "2"
    assert form.fields["t"] == "77"
    assert form.xpath("//input[@name='many']/@value") == ["x", "y"]
    assert form.xpath("//input[@name='outside']/@value") == ["o"]
    assert '<textarea name="w">\n\n\n两行</textarea>' in page
    assert '<form action="/other/" method="post"><input name="a" value="0">' in page


def test_secrets_files_and_tokens_are_left_alone():
    form, unplaced, page = filled(p="secret", u="file", csrfmiddlewaretoken="old")
    assert unplaced.keys() == {"p", "u", "csrfmiddlewaretoken"}
    assert form.fields["csrfmiddlewaretoken"] == "new"


def test_what_has_no_field_is_told():
    assert filled(gone="text", empty="")[1] == {"gone": ["text"]}
