"""The end of a session in Chromium: said in time, put off by a click, and no text lost."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, Page, expect

from articles.models import Article
from tests.support.builders import make_article
from tests.support.editors import make_user
from tests.support.signing_in import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
ENDED = "登录已过期"
SOON = "分钟登录就要过期"


@pytest.fixture
def chief() -> User:
    user = make_user("主编")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def article() -> Article:
    return make_article("沧澜银行净利闰增长")


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def opened(page: Page, user: User, article: Article) -> str:
    """Sign in and open the article's form; returns its address."""
    address = f"/admin/articles/article/{article.pk}/change/"
    page.clock.install()
    page.goto(f"/admin/login/?next={address}")
    sign_in(page, user)
    expect(page.locator("#id_title")).to_be_visible()
    return address


def later(context: BrowserContext, **passed) -> None:
    """As if so much time had passed on the server since the last action."""
    (key,) = [cookie["value"] for cookie in context.cookies() if cookie["name"] == "sessionid"]
    session, past = SessionStore(key), timedelta(**passed)
    session["signed_in_at"] -= past.total_seconds()
    session.set_expiry(session.get_expiry_date() - past)
    session.save()


def test_five_minutes_before_the_end_a_click_gives_two_more_hours(page, context, chief, article, complaints):
    opened(page, chief, article)
    page.locator("#id_title").fill("写了一半的新题")
    page.clock.fast_forward("01:54:00")
    expect(page.get_by_role("alert")).to_have_count(0)
    later(context, hours=1, minutes=56)
    page.clock.fast_forward("02:00")
    expect(page.get_by_role("alert")).to_contain_text(SOON)
    page.get_by_role("button", name="继续", exact=True).click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#id_title")).to_have_value("写了一半的新题")
    later(context, hours=1, minutes=50)
    assert page.request.get("/admin/session/").json()["left"] > 500
    assert complaints == []


def test_what_is_done_in_one_tab_is_known_in_the_others(page, context, chief, article, complaints):
    opened(page, chief, article)
    later(context, hours=1, minutes=56)
    page.clock.fast_forward("01:56:00")
    expect(page.get_by_role("alert")).to_contain_text(SOON)
    other = context.new_page()
    other.goto("/admin/")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert complaints == []


def test_looking_at_the_clock_keeps_nobody_signed_in(page, context, chief, article):
    opened(page, chief, article)
    later(context, hours=1, minutes=56)
    for _ in range(3):
        page.clock.fast_forward("40:00")
    expect(page.get_by_role("alert")).to_contain_text(SOON)
    assert page.request.get("/admin/session/").json()["left"] < 250


def test_after_the_end_the_page_stays_and_can_be_saved_after_signing_in_again(
    page, context, chief, article, complaints
):
    opened(page, chief, article)
    page.locator("#id_title").fill("沧澜银行净利润增长")
    page.locator("#id_reason").fill("改正错字")
    later(context, hours=2, minutes=1)
    page.clock.fast_forward("02:01:00")
    expect(page.get_by_role("dialog")).to_contain_text(ENDED)
    with context.expect_page() as came:
        page.get_by_role("link", name="在新标签页重新登录").click()
    again = came.value
    sign_in(again, chief)
    expect(again.get_by_role("heading", name="已重新登录")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#id_title")).to_have_value("沧澜银行净利润增长")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.title == "沧澜银行净利润增长"
    assert complaints == []


def test_saving_after_the_end_asks_to_sign_in_first(page, context, chief, article):
    """A laptop that wakes up: the click on 保存 comes before any look at the clock."""
    address = opened(page, chief, article)
    page.locator("#id_title").fill("沧澜银行净利润增长")
    later(context, hours=3)
    page.evaluate("Date.now = ((now) => () => now() + 3 * 60 * 60 * 1000)(Date.now)")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(ENDED)
    assert page.url.endswith(address)
    expect(page.locator("#id_title")).to_have_value("沧澜银行净利润增长")


def test_another_account_is_not_taken_for_the_editor(page, context, chief, article):
    opened(page, chief, article)
    other = User.objects.create_superuser("qita", password=PASSWORD)
    later(context, hours=2, minutes=1)
    page.clock.fast_forward("02:01:00")
    expect(page.get_by_role("dialog")).to_contain_text(ENDED)
    again = context.new_page()
    again.goto("/admin/login/")
    sign_in(again, other)
    expect(again.get_by_role("heading", name="工作台")).to_be_visible()
    expect(page.get_by_role("dialog")).to_contain_text("另一个账号")


def test_signed_out_in_another_tab_the_text_comes_back_after_signing_in(
    page, context, chief, article, complaints
):
    """The page does not know yet: its form is sent, and the sign-in page carries it."""
    address = opened(page, chief, article)
    page.locator("#id_title").fill("沧澜银行净利润增长")
    page.locator("#id_reason").fill("改正错字")
    page.locator("#id_body_html").fill("<p>第一段</p>\n<p>“第二段”</p>")
    SessionStore([one["value"] for one in context.cookies() if one["name"] == "sessionid"][0]).flush()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("你刚才填写的内容还在")).to_be_visible()
    sign_in(page, chief)
    expect(page.get_by_text("还没有保存")).to_be_visible()
    assert page.url.endswith(address)
    expect(page.locator("#id_title")).to_have_value("沧澜银行净利润增长")
    expect(page.locator("#id_body_html")).to_have_value("<p>第一段</p>\n<p>“第二段”</p>")
    assert not Article.objects.filter(title="沧澜银行净利润增长").exists()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Article.objects.filter(title="沧澜银行净利润增长").exists()
    # The answer to the lost form is a 403, which Chromium reports; nothing else may be.
    assert [one for one in complaints if "403" not in one] == []


def test_the_same_without_javascript(chromium, live_server, chief, article):
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    address = f"/admin/articles/article/{article.pk}/change/"
    page.goto(f"/admin/login/?next={address}")
    sign_in(page, chief)
    page.locator("#id_title").fill("沧澜银行净利润增长")
    later(context, hours=3)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("你刚才填写的内容还在")).to_be_visible()
    sign_in(page, chief)
    expect(page.get_by_text("还没有保存")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("沧澜银行净利润增长")
    context.close()
