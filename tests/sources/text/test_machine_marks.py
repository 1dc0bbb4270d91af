"""Marks that a pattern takes out must leave exactly what the parser leaves."""

import pytest

from sources.formats.jekyll.posts import cut_tail
from sources.text.clean.boilerplate import clean_body

# Nobody sees it, and no pattern knows it: a body that opens with it is parsed.
PARSED = '<p hidden="">.</p>'
CHART = (
    '<!-- EM_StockImg_Start --><p style="text-align:center;"><a href="http://quote.eastmoney.com/unify/r/1.601939"'
    ' data-code="601939|1|1" class="EmImageRemark" target="_blank"><img src="https://webquoteklinepic.eastmoney.com/'
    'GetPic.aspx?nid=1.601939&imageType=k" border="0" /></a></p><!-- EM_StockImg_End -->'
)
KEY = (
    '<span id="stock_1.601939"><a class="keytip" data-code="1,601939" href="http://quote.eastmoney.com/">建行</a>'
    '</span><span id="quote_1.601939"></span>'
)
SPAN = '<span web="1" href="http://x.example/" class="em_stock_key_common" data-code="116,00939">港股</span>'
WORD = '<span id="Info.3321"><a class="infokey" href="http://data.eastmoney.com/">国债</a></span>'
CREDIT = '<p class="em_media">（文章来源：上海<span id="bk"><a data-code="90,BK0473">证券</a></span>报）</p>'
PICTURE = (
    '<center><img src="https://p.example.com/a.jpg?x=1&amp;y=2" alt="港口" style="border:1px;" /></center>'
)
BODIES = {
    "a picture": f"<p>甲。</p>{PICTURE}<p>乙。</p>",
    "a picture and its caption": f'{PICTURE}<p style="text-align:center;">图片来源：江城日报</p><p>乙。</p>',
    "two pictures on end": f"<p>甲。</p>{PICTURE}{PICTURE}",
    "a picture with a long caption": f"<p>甲。</p>{PICTURE}<p>图为{'码头' * 150}</p>",
    "a picture and a bold caption": f"<p>甲。</p>{PICTURE}<p>图为<strong>码头</strong>一角</p>",
    "a picture amid words": '<p>甲<img src="https://p.example.com/a.jpg" />乙</p>',
    "a picture that comes late": '<center><img src="/g.gif" data-src="//p.example.com/b.png" /></center><p>甲。</p>',
    "a counter": '<center><img src="https://p.example.com/1x1.gif" width="1" height="1" /></center><p>甲。</p>',
    "a picture of no known form": "<center><img src=https://p.example.com/a.jpg></center><p>甲。</p>",
    "the sign that stands for a picture": "<p>甲\U0010fffd乙。</p>",
    "a chart": f"{CHART}<p>正文一段。</p>",
    "hidden filler": '<p style="display:none;height:1px;">看不见<br />的字</p><p>看得见的字。</p>',
    "linked words": f"<p>　　{KEY}与{SPAN}都持有{WORD}。</p> \n <p><strong>小标题</strong></p><p>又一段。</p>",
    "a credit cut up": f"<p>第一段。</p>{CREDIT}",
    "an aligned line": '<p style="text-align: center;">居中</p><p><strong>重点</strong>之后。</p>',
    "a code of no known market": KEY.replace("1,601939", "999,601939"),
    "an address that names it alone": f'<p><a class="infokey" href="/unify/r/1.600000">{"浦发"}</a></p>',
    "a hidden paragraph with markup in it": '<p style="display:none;"><b>看不见</b></p><p>看得见。</p>',
    "marks inside a hidden paragraph": f'<p style="display:none;">{KEY}</p><p>看得见。</p>',
    "a link with markup in it": "<p>" + KEY.replace("建行", "<b>建行</b>") + "</p>",
    "an entity in a name": "<p>" + KEY.replace("建行", "建&amp;行") + "</p>",
    "a mark that never ends": '<p><span id="stock_1.601939"><a data-code="1,601939">建行</p><p>后一段</p>',
    "two links nested": '<p><a data-code="1,601939">外<a data-code="1,600000">内</a></a></p>',
    "a script in an attribute's clothes": '<p><a data-code="1,601939" title="><script>1</script>">建行</a></p>',
    "an empty bold line": "<p><strong> </strong></p><p>字。</p>",
    "signs that need escaping": f"<p>利润 < 3 & 营收 > 5，{KEY}</p>",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_pattern_leaves_what_the_parser_leaves(body):
    assert clean_body(body) == clean_body(PARSED + body)


def test_the_words_stay_and_the_marks_go():
    cleaned = clean_body(CHART + f"<p>{KEY}与{SPAN}都持有{WORD}。</p>" + CREDIT)
    assert cleaned.html == "<p>建行与港股都持有国债。</p>"
    assert cleaned.credit == "上海证券报"
    assert [f"{one.code}.{one.market}" for one in cleaned.securities] == ["601939.SH", "00939.HK"]


def test_every_real_post_comes_out_the_same_either_way(corpus):
    posts = [path.read_text(errors="replace") for path in corpus.glob("finews*/**/*.md")]
    assert posts
    for post in posts:
        body, _ = cut_tail(post.split("---", 2)[-1])
        marked_up = body[body.find("<") :] if "<p" in body else ""
        assert clean_body(marked_up) == clean_body(PARSED + marked_up)
