"""Every character of a raw body is in the clean text, or in a removal with a name, or markup."""

from html import unescape

import pytest

from sources.formats.jekyll.front_matter import read_front_matter
from sources.formats.jekyll.posts import cut_tail
from sources.text.clean.boilerplate import RULES, clean_body
from sources.text.clean.removals import MARKUP, REASONS, explain, explain_body

BODY = (
    '<p>\u3000\u3000沧澜银行<span id="stock_1.600160"><a class="keytip" data-code="1,600160">巨潮股份</a></span>'
    "今日发布季报。</p>\n"
    '<p style="display:none;">隐藏的<b>填充</b></p>\n<!-- EM_StockImg_Start -->'
    '<p><a class="EmImageRemark" data-code="601939|1|1" '
    'href="https://quote.eastmoney.com/unify/r/1.601939"><img src="https://example.com/GetPic.aspx?nid=1.601939">'
    "</a></p><!-- x -->"
    '<center><img src="https://example.com/a.jpg" alt="图"></center><script>var a = "<p>不是字</p>";</script>'
    "<p>利率&lt;3%&nbsp;。（作者：林越）</p>\n"
    '<p>责任编辑：王小明</p><p class="em_media">（文章来源：国际商报）</p>'
)

# A credit may be cut up by links: its words then lie in several spans.
SIGNS = ("作者", "编辑", "责编", "来源", "文/", "）", "：", "报", "网", "社", "券")


def bare(text: str) -> str:
    return "".join(text.split())


def test_every_rule_of_the_cleaner_has_a_name_and_a_reason():
    assert RULES.keys() <= REASONS.keys()
    assert all(name and reason for name, reason in REASONS.values())


def test_each_removal_names_its_rule_and_where_it_stood():
    found = {}
    for removal in explain(BODY):
        found.setdefault(removal.rule, []).append(removal.text)
        assert BODY[removal.where :].startswith(removal.text)
    assert "".join(found["hidden"]) == "隐藏的填充"
    assert "".join(found["credit"]) == "（文章来源：国际商报）"
    assert "".join(found["signature"]) == "（作者：林越）责任编辑：王小明"
    assert "GetPic" in "".join(found["chart"]) and "a.jpg" in found["picture"][0]
    assert "不是字" in found["code"][0] and "1,600160" in found["machine-link"][0]
    assert "other" not in found


def test_what_stays_is_the_clean_text_and_nothing_is_missing():
    spans = explain_body(BODY)
    assert "".join(span.source for span in spans) == BODY
    kept = "".join(span.source for span in spans if not span.rule)
    assert bare(kept.replace("&lt;", "<").replace("&nbsp;", "")) == bare(clean_body(BODY).text)


def test_a_plain_text_is_explained_as_well():
    body = "第一段<1%，&lt;不是标记。\n\x01第二段。\n责任编辑：王小明"
    spans = explain_body(body)
    assert "".join(span.source for span in spans) == body
    assert {span.rule for span in spans if span.rule} == {"unstorable", "signature"}


@pytest.mark.parametrize(
    "body",
    [
        *(
            "",
            "<p>",
            "<",
            "<!--",
            "<script>",
            '<p title="a>b">甲</p>',
            "<p>甲<p>乙",
            "&amp;&;&#x4e00;",
            "<p>\ud800甲</p>",
        ),
        "<table>表外<tr><td hidden>藏</td><td>格</td></tr></table>",
        "<template><p>模</p></template><p>正</p>",
        "<noscript><p>无脚本</p></noscript><p>正</p>",
    ],
)
def test_no_markup_is_so_odd_that_a_character_is_lost(body):
    assert "".join(span.source for span in explain_body(body)) == body


def test_every_character_of_real_posts_is_accounted_for(corpus):
    posts = sorted(corpus.glob("finews*/**/*.md"))
    assert len(posts) >= 50
    for path in posts:
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        body, _ = cut_tail(read_front_matter(text).body)
        spans, clean = explain_body(body), clean_body(body).text
        assert "".join(span.source for span in spans) == body, path.name
        assert "other" not in {span.rule for span in spans}, path.name
        kept = "".join(span.source for span in spans if not span.rule)
        assert bare(unescape(kept) if "<" in body else kept) == bare(clean), path.name
        assert all(span.source.startswith("<") for span in spans if span.rule == MARKUP), path.name
        for removal in explain(body):
            signs = SIGNS if removal.rule in ("signature", "credit") else ""
            assert not signs or any(sign in removal.text for sign in signs), (path.name, removal)
