"""The search box in a reader's browser: with the keyboard, with the mouse, and without its script."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from articles.models import Article
from articles.models.story import Story
from articles.search.index import follow
from tests.support.builders import make_article, make_source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def portal():
    """Two outlets whose names begin alike, and an article of each."""
    cache.clear()
    for name in ("国际商报", "国际金融报"):
        make_article(f"{name}：房贷利率下调", source=make_source(name))
    follow.catch_up(wait=10)
    yield
    cache.clear()


@pytest.fixture
def box(page):
    """The box of the front page."""
    page.goto("/")
    return page.get_by_label("搜索", exact=True)


def test_words_are_typed_and_found(page, box, complaints):
    box.fill("房贷利率")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))
    expect(page.locator("article.hit")).to_have_count(2)
    expect(page.locator("article.hit mark").first).to_be_visible()
    expect(page.get_by_label("搜索", exact=True)).to_have_value("房贷利率")
    page.get_by_role("link", name="最新").click()
    page.locator(".filters").get_by_role("link", name="国际商报").click()
    expect(page.locator("article.hit")).to_have_count(1)
    page.get_by_role("link", name="来源：国际商报").click()
    expect(page.locator("article.hit")).to_have_count(2)
    page.locator("article.hit h3 a").first.click()
    expect(page.locator("[data-article-body]")).to_be_visible()
    assert complaints == []


def test_the_arrow_keys_choose_a_suggestion_and_enter_goes_there(page, box, complaints):
    box.press_sequentially("国际商")
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("国际商报")
    assert complaints == []


def test_the_arrow_keys_go_round_and_escape_leaves_the_words(page, box):
    box.press_sequentially("国际")
    expect(page.get_by_role("option")).to_have_count(2)
    box.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("国际")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_enter_without_a_choice_searches(page, box):
    box.press_sequentially("国际")
    expect(page.get_by_role("option")).to_have_count(2)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))


def test_a_suggestion_is_clicked(page, box):
    box.press_sequentially("国际")
    page.get_by_role("option", name="国际金融报").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("国际金融报")


def test_the_suggestions_go_with_the_focus(page, box):
    box.press_sequentially("国际")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_suggestions_stay_within_the_page(page, box, width):
    page.set_viewport_size({"width": width, "height": 800})
    box.press_sequentially("国际")
    listed = page.get_by_role("listbox").bounding_box()
    assert listed["x"] >= 0
    assert listed["x"] + listed["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script_the_page_names_the_outlets(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("搜索", exact=True).fill("guojishangbao")
    page.get_by_role("button", name="搜索").click()
    page.locator(".said").get_by_role("link", name="国际商报").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("国际商报")
    context.close()


def test_the_tellings_of_a_story_are_reached_with_the_keyboard(page, complaints):
    told = [make_article("央行公布新政", source=make_source(name)) for name in ("都市快报", "北京晚报")]
    Article.objects.file_under(dict.fromkeys((one.pk for one in told), Story.objects.create().pk))
    follow.catch_up(wait=10)
    page.goto("/search/?q=新政")
    expect(page.locator("article.hit")).to_have_count(1)
    page.locator("article.hit .facts a").first.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="另有 1 家")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("article.entry")).to_have_count(2)
    assert complaints == []
