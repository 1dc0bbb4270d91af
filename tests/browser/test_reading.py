"""The portal in a reader's browser: from the front page to an article, on any screen, by day and by night."""

from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from articles.search.index import follow
from tests.support.builders import make_article, make_category, make_security, make_source

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "<table><tr>" + "<th>2021年12月31日余额（亿元）</th>" * 8 + "</tr></table>"
BODY = f"""<p>沧澜银行今日<a href="https://example.com/">发布公告</a>。</p>{TABLE}<figure></figure>
<h2>小标题</h2><blockquote><p>引文</p></blockquote><ul><li>一</li></ul><pre>{"x" * 300}</pre><p>{"长" * 300}</p>"""

# Words too faint for WCAG 2.2 AA on what they stand on, as "words: ratio".
FAINT = """() => {
  const parse = (css) => {
    const [r, g, b, a = 1] = css.match(/[\\d.]+/g).map(Number);
    return {rgb: [r, g, b], a};
  };
  const light = ({rgb}) => {
    const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.a) return colour;
    }
  };
  const faint = [];
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
    if (!own.length || !e.checkVisibility()) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const [a, b] = [light(parse(style.color)), light(ground(e))].sort((x, y) => y - x);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${own[0].data.trim()}: ${ratio.toFixed(2)}`);
  }
  return faint;
}"""
# Links and controls lower than 24 px that do not stand among words.
SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary")]
  .filter((e) => e.checkVisibility() && !e.matches(".skip, .body a, .notice a, .original, h1 a, h2 a, h3 a, h4 a"))
  .filter((e) => e.getBoundingClientRect().height < 24)
  .map((e) => `${e.textContent.trim()}: ${e.getBoundingClientRect().height}`)"""


@pytest.fixture
def portal():
    """A small portal; the paths of its pages by name."""
    cache.clear()
    bank, source = make_category("汽车"), make_source("21世纪经济报道 21财经APP")
    article = make_article(
        "沧澜银行发布“服贸通”跨境撮合平台，单户最高授信2000万元，涉及生物医药、集成电路等多个领域",
        source=source,
        category=bank,
        body_html=BODY,
        tags=["服务贸易"],
        securities=[make_security(name="建设银行")],
        original_url="https://example.com/" + "a" * 200,
        subtitle="副题",
        editor="王小明",
    )
    for _ in range(30):
        make_article(source=source, category=bank)
    gone = make_article(status="withdrawn")
    follow.catch_up(wait=10)
    yield {
        "home": "/",
        "directory": "/sources/",
        "archive": "/archive/",
        "day": "/archive/2021/12/29/",
        "outlet": source.get_absolute_url(),
        "narrowed": f"{bank.get_absolute_url()}?from=2021-01-01&to=x&source=没有",
        "tag": "/tags/服务贸易/",
        "security": "/securities/601939.SH/",
        "article": article.get_absolute_url(),
        "gone": gone.get_absolute_url(),
        "nowhere": "/nowhere/",
        "how to search": "/search/",
        "search": f"/search/?q=沧澜银行&source={source.slug}&from=2021-01-01&sort=newest",
        "search in vain": "/search/?q=子虚乌有",
    }
    cache.clear()


def test_a_reader_finds_the_way_from_the_front_page_and_back(page, portal, complaints):
    page.goto("/")
    page.get_by_role("navigation", name="栏目").get_by_role("link", name="汽车").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("汽车")
    page.get_by_role("link", name="较早的稿件").click()
    page.get_by_role("link", name="较新的稿件").click()
    page.locator("article.entry h3 a").first.click()
    expect(page.locator("[data-article-body]")).to_contain_text("沧澜银行")
    page.locator("[rel=author]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("21世纪经济报道 21财经APP")
    page.get_by_role("navigation", name="全站").get_by_role("link", name="来源目录").click()
    page.get_by_role("link", name="新闻门户").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新闻门户")
    assert complaints == []


def test_a_list_is_narrowed_by_its_form(page, portal, complaints):
    page.goto(portal["outlet"])
    page.get_by_text("筛选").first.click()
    page.get_by_label("到").fill("2021-12-28")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("heading", name="没有符合条件的稿件")).to_be_visible()
    page.get_by_role("link", name="取消筛选").first.click()
    expect(page.locator("article.entry")).to_have_count(30)
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_page_fits_and_can_be_read(page, portal, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    for name, path in portal.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(FAINT) == [], name
        assert page.evaluate(SMALL) == [], name
        assert page.locator("h1").count() == 1, name


def test_a_wide_table_scrolls_in_its_own_box(page, portal):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(portal["article"])
    assert page.locator(".body table").evaluate("table => table.scrollWidth > table.clientWidth")


def test_a_picture_not_yet_fetched_says_where_it_is(page, portal):
    page.goto(portal["article"])
    words = page.locator("figure").evaluate("figure => getComputedStyle(figure, '::before').content")
    assert words == '"图片见原文"'


def test_the_keyboard_skips_to_the_text_and_focus_is_seen(page, portal):
    page.goto(portal["article"])
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    assert skip.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_nothing_is_asked_of_other_sites(page, portal):
    asked = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    for path in portal.values():
        page.goto(path)
    assert asked == {urlsplit(page.url).netloc}
    assert page.context.cookies() == []


def test_lines_keep_to_a_readable_measure(page, portal):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(portal["article"])
    body = page.locator("[data-article-body]")
    width, size = body.evaluate("b => [b.clientWidth, parseFloat(getComputedStyle(b).fontSize)]")
    assert 17 <= size <= 18
    assert 28 <= width / size <= 40
