"""Saved pages: what proves a headline, a day, an outlet, an author; and what does not."""

import pytest

from sources.formats.page import saved_page
from sources.formats.raw_article import UNKNOWN_OUTLET
from sources.problem import Code
from sources.text.dates import SHANGHAI

TEXT = "".join(
    f"<p>{one}</p>"
    for one in (
        "江面上的雾到中午还没有散，渡船停了整整三个班次，码头上站满了人。",
        "老船工说，这样的天气一年里遇不到几回，急也没有用，只能等。",
        "到了下午两点，对岸的灯塔露出了尖，汽笛响了，第一班船离了岸。",
    )
)
TITLE = "雾锁渡口三班停航 两岸旅客改走大桥"
H1 = f"<h1>{TITLE}</h1>"
FOOT = "<div class=foot>版权所有 © 2009-2019 石城在线</div>"


def page(head="", above=H1, info="", below=FOOT, text=TEXT):
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>"
        "<ul><li><a href=/>首页</a></li><li><a href=/gn/>国内</a></li></ul>"
        f"<div class=m>{above}<div class=i>{info}</div><div class=c>{text}</div></div>{below}</body></html>"
    ).encode()


def read(data):
    (found,) = saved_page.read(data, "a.html")
    return found


def doubts(found, *codes):
    return [problem.text for problem in found.problems if problem.code in codes]


def title_doubts(found):
    return doubts(found, Code.DOUBTFUL_TITLE, Code.NO_TITLE)


def day_doubts(found):
    return doubts(found, Code.DOUBTFUL_DATE, Code.NO_DATE)


def day(found):
    return found.published_at.astimezone(SHANGHAI).strftime("%Y-%m-%d") if found.published_at else None


# ------------------------------------------------------------------ headlines
@pytest.mark.parametrize(
    ("head", "above"),
    [
        (f"<title>{TITLE}_国内_石城在线</title>", H1),
        (f"<title>{TITLE}-石城在线</title>", f"<h2 class=t>{TITLE}</h2>"),
        (f"<title>{TITLE} | 石城在线</title>", f"<h1>石城在线</h1><h2>{TITLE}</h2>"),
        (f"<title>{TITLE}--石城在线</title>", f'<div class="art-title"> {TITLE} </div>'),
        (f"<title>{TITLE}_石城在线</title>", f'<h1><a href="/"><img alt="logo">石城在线</a></h1>{H1}'),
        (f"<title>{TITLE}_石城在线</title>", f"<h1>{TITLE}<span class=tag>独家</span></h1>"),
        (f"<title>{TITLE}</title><meta property=og:title content='{TITLE} - 石城在线'>", H1),
        (f"<title>{TITLE[:10]}…_石城在线</title>", H1),
        (
            f'<title>“雾锁"{TITLE}_石城在线</title><meta property=og:title content="“雾锁"{TITLE}">',
            f'<h1>“雾锁"{TITLE}</h1>',
        ),
        (
            f'<meta name="ArticleTitle" content="{TITLE}"><title>石城市人民政府</title>'
            f'<meta property=og:title content="{TITLE}">',
            H1,
        ),
    ],
)
def test_a_headline_that_a_reader_sees_is_taken_whole_and_without_the_sites_name(head, above):
    assert read(page(head, above)).title.endswith(TITLE)


@pytest.mark.parametrize(
    ("head", "above"),
    [
        (f"<title>{TITLE}_国内_石城在线</title>", H1),
        (f"<title>{TITLE} | 石城在线</title>", f"<h1>石城在线</h1><h2>{TITLE}</h2>"),
        (
            f"<title>{TITLE}--石城在线</title>",
            f'<h1><a href="/">石城在线</a></h1><div class="art-title">{TITLE}</div>',
        ),
    ],
)
def test_what_page_and_window_both_say_is_certain(head, above):
    assert title_doubts(read(page(head, above))) == []


@pytest.mark.parametrize(
    ("head", "above", "title"),
    [
        ("<title>国内--石城在线</title>", f"<h3>国内</h3><h5>{TITLE}</h5>", TITLE),
        ("<title>石城在线-国内频道</title>", f"<p>石城在线</p><div class=t>{TITLE}</div>", None),
        (f"<title>{TITLE} 石城在线</title>", H1, TITLE),
        (f"<title>{TITLE}_石城在线</title>", "<h1>大桥今日限行，旅客请提前出门</h1>", None),
        (f"<title>{TITLE}_石城在线</title>", "", TITLE),
        (f"<title>{TITLE}</title><meta name=ArticleTitle content=大桥今日限行，旅客请提前出门>", H1, TITLE),
    ],
)
def test_a_headline_that_evidence_does_not_prove_waits_for_an_editor(head, above, title):
    found = read(page(head, above, "发布时间：2022-03-01 09:12"))
    assert title is None or found.title == title
    assert title_doubts(found)


def test_a_line_about_the_original_title_is_a_field_and_no_text():
    for line in (
        "（原标题：渡口停航）",
        "　　原标题：渡口停航",
        "本文原标题：《渡口停航》",
        "【原标题：渡口停航】",
    ):
        found = read(page(f"<title>{TITLE}_石城在线</title>", text=f"<p>{line}</p>{TEXT}"))
        assert found.original_title == "渡口停航"
        assert "原标题" not in found.plain.text and found.plain.text.startswith("江面上")


# ------------------------------------------------------------------ days
LD = '<script type="application/ld+json">'
HEAD = f"<title>{TITLE}_石城在线</title>"
DECLARED = '<meta property="article:published_time" content="2022-03-01T09:12:03+08:00">'


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="og:time " content="2022-03-01 09:12:03">',
        '<meta name="PubDate" content="2022-03-01 09:12"><meta name="Maketime" content="2024-01-01 00:00:00">',
        '<meta name="publishdate" content="2022-03-01">',
        '<meta name="firstpublishedtime" content="2022-03-01-09:12:00">',
        '<meta name="apub:time" content="2022-3-1 9:12:03">',
        f'{LD}{{"@type":"NewsArticle","datePublished":"2022-02-28T17:12:03Z"}}</script>',
        f'{LD}{{"title":"{TITLE}","pubDate":"2022-03-01T09:12:03","upDate":"2023-01-01T00:00:00"}}</script>',
        '<script>var nickname = "石城"; var ct = "1646097123";</script>',
    ],
)
def test_a_declared_day_is_certain(head):
    found = read(page(HEAD + head))
    assert day(found) == "2022-03-01" and day_doubts(found) == []


@pytest.mark.parametrize(
    "info",
    [
        "2022年03月01日 09:12",
        "2022-03-01 09:12:03　来源: <a href=/>石城晚报</a>",
        "<span>发布时间：2022/3/1 9:12</span><span>浏览：12 次</span>",
        "<span>2022.03.01</span> <span>09:12</span>",
        "２０２２年３月１日",
        "发布日期: 2022-03-01 | 浏览次数: 20220305",
        "<time>2022年3月1日 星期二 下午3:05</time>",
        "<p>3月1日电</p><p>发表于 2022-03-01 09:12 | 来源：石城晚报</p>",
        "成文日期：2022-02-20　发布日期：2022-03-01",
        "<span>最后更新：2023-05-05 10:00</span><span>2022-03-01 09:12</span>",
        "<div>活动时间：2022-04-05</div><div>发布时间：2022-03-01</div>",
        "更新時間：12:30 2022-05-02 HKT<br>發佈時間：09:12 2022-03-01 HKT",
        "posted @ 2022-03-01 09:12 阅读(12)",
    ],
)
def test_a_day_beside_the_headline_is_found_and_certain_only_with_other_evidence(info):
    found = read(page(HEAD, info=info))
    assert day(found) == "2022-03-01"
    found = read(page(HEAD + DECLARED, info=info))
    assert day(found) == "2022-03-01"


@pytest.mark.parametrize(
    ("info", "clock"),
    [
        ("2022-03-01 下午3:05", "15:05"),
        ("2022年3月1日 9时12分", "09:12"),
        ("2022/3/1 星期二 21:30:05", "21:30"),
    ],
)
def test_the_time_of_day_is_read_as_it_is_meant(info, clock):
    assert read(page(HEAD, info=info)).published_at.astimezone(SHANGHAI).strftime("%H:%M") == clock


@pytest.mark.parametrize("info", ["03-01 09:12", "3月1日", "发布时间：03-01", "22-03-01 09:12"])
def test_a_day_without_its_year_is_never_completed_by_a_guess(info):
    assert day(read(page(HEAD, info=info))) is None
    found = read(page(HEAD + '<meta itemprop="dateUpdate" content="2022-03-01 09:12:44">', info=info))
    assert day(found) == "2022-03-01" and day_doubts(found) == []


def test_another_articles_data_is_not_this_ones():
    one = '{{"@type":"NewsArticle","headline":"{}","datePublished":"{}T08:00:00+08:00"}}'
    one = '{{"@type":"NewsArticle","headline":"{}","datePublished":"{}T08:00:00+08:00"}}'
    others = ",".join(one.format(f"渡口旧事之{n}", f"2019-05-0{n}") for n in (1, 2))
    own = one.format(TITLE, "2022-03-01")
    data = LD + "[{}]</script>"
    assert day(read(page(HEAD + data.format(others)))) is None
    assert day(read(page(HEAD + data.format(f"{others},{own}")))) == "2022-03-01"


def test_the_day_beside_the_headline_beats_another_and_the_article_is_held():
    found = read(page(HEAD + DECLARED, info="2022-02-25 10:00"))
    assert day(found) == "2022-02-25" and day_doubts(found)


COMMENTS = "".join(
    f'<div class="q"><a href=/u>甲{n}</a> 2023-05-0{n + 1} 10:00:00'
    "<p>说得对，早该这样办了，希望能一直办下去。</p></div>"
    for n in range(5)
)
HOT = (
    "<ul>"
    + "".join(f"<li><a href=/{n}>渡口改建工程第{n}期今日开工</a> 2023-06-0{n + 1}</li>" for n in range(6))
    + "</ul>"
)


@pytest.mark.parametrize(
    ("above", "info", "below"),
    [
        (H1, "", f"<div>{COMMENTS}</div>{FOOT}"),
        (H1, "", f"{HOT}{FOOT}"),
        (H1, "", "<p>Copyright © 2008-2023 石城在线 2023-01-01</p>"),
        (f"<div>今天是2023年7月1日 星期六</div>{H1}", "", FOOT),
        (H1, "最后更新：2023-05-05 10:00", FOOT),
        (H1, "报名截止时间：2023-05-05", FOOT),
        (H1, "活动时间：2023-05-05", FOOT),
        (H1, "3小时前", "<p>上一篇：2023-05-05 渡口旧事</p>"),
    ],
)
def test_no_day_is_taken_from_comments_lists_or_other_dates(above, info, below):
    found = read(page(HEAD, above, info, below))
    assert day(found) is None and day_doubts(found)


# ------------------------------------------------------------------ outlets and authors
@pytest.mark.parametrize(
    ("info", "outlet", "author"),
    [
        ("2022-03-01 09:12<span>来源：石城晚报</span><span>作者：何思远</span>", "石城晚报", "何思远"),
        ("来源：石城晚报作者：何思远", "石城晚报", "何思远"),
        ("稿源：石城晚报 2022-03-01", "石城晚报", ""),
        ("<span>来源：</span><span><a href=/>石城晚报</a></span> 责任编辑：王五", "石城晚报", ""),
        ("来源<span>石城晚报</span>|作者<span>何思远</span>", "石城晚报", "何思远"),
        ("來源：石城晚报　記者：何思远", "石城晚报", "何思远"),
        ("来源：《石城晚报》", "石城晚报", ""),
        ("来源：石城晚报-财经频道", "石城晚报", ""),
        ("来源：雾江发布　发布时间：2022-03-01", "雾江发布", ""),
        ("来源：Stone City Daily | 2022-03-01", "Stone City Daily", ""),
        ("来源：石城晚报　作者：何思远 林越", "石城晚报", "何思远 林越"),
        ("图片来源：某图库　来源：石城晚报", "石城晚报", ""),
        ("<div>来源：石城晚报</div><div>作者：</div><div>阅读 12</div>", "石城晚报", ""),
        (
            "<table><tr><td>来源：</td><td>石城晚报</td><td>作者：</td><td>何思远</td></tr></table>",
            "石城晚报",
            "何思远",
        ),
    ],
)
def test_outlet_and_author_end_where_the_next_label_begins(info, outlet, author):
    found = read(page(HEAD, info=info))
    assert (found.outlet, found.byline) == (outlet, author)


@pytest.mark.parametrize(
    "value",
    ["www.shicheng.example", "news@shicheng.cn", "https://a.cn/1", "104363", "网络", "未知", "用户8837261"],
)
def test_an_address_a_number_or_nobody_is_no_outlet(value):
    bare = HEAD.replace("_石城在线", "")
    for data in (
        page(bare, info=f"来源：{value}", below=""),
        page(
            f'{bare}<meta name="source" content="{value}"><meta property="og:url" content="https://a.shicheng.cn/1">',
            below="",
        ),
    ):
        found = read(data)
        assert found.outlet == UNKNOWN_OUTLET
        assert doubts(found, Code.NO_OUTLET)


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="name, email@example.com">',
        '<meta name="author" content="104363">',
        '<meta name="author" content="admin">',
        '<meta name="author" content="石城在线">',
        '<meta property="article:author" content="参考旧闻">',
        '<meta property="article:author" content="https://a.cn/u/8">',
        '<meta name="author" content="石城晚报">',
    ],
)
def test_what_is_no_person_is_no_author(head):
    assert read(page(HEAD + head, info="来源：石城晚报")).byline == ""


def test_an_account_beside_the_headline_is_an_outlet_to_be_checked():
    found = read(
        page(
            HEAD.replace("_石城在线", ""),
            info="<span>石城观察</span> <span>2022-03-01 09:12</span>",
            below="",
        )
    )
    assert found.outlet == "石城观察" and doubts(found, Code.DOUBTFUL_OUTLET)


# ------------------------------------------------------------------ bodies
LONG = "本网声明，凡注明来源的作品，版权均属于原作者，未经许可不得转载，违者依法追究，详情请看说明。" * 12


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (f"<div class=t><p>网站公告：{LONG}</p></div>{H1}", FOOT),
        (H1, f"<p>版权声明：{LONG}</p>{FOOT}"),
        (H1, f"<div class=z>{COMMENTS}</div>{FOOT}"),
        (
            H1,
            "<ul>"
            + f"<li><a href=/1>渡口改建工程今日正式开工</a><p>{LONG[:90]}</p></li>" * 6
            + f"</ul>{FOOT}",
        ),
        (H1, f"<div class=hot-list>{'<p>' + LONG + '</p>'}</div>{FOOT}"),
    ],
)
def test_the_article_is_taken_and_not_what_is_longer(above, below):
    found = read(page(HEAD, above, "2022-03-01 09:12", below))
    assert found.plain.text.startswith("江面上的雾") and found.plain.text.endswith("第一班船离了岸。")


@pytest.mark.parametrize(
    "shape", ["<form action=/>{}</form>", "<div style='visibility: hidden;'>{}</div>", "<font>{}</font>"]
)
def test_a_body_in_a_form_or_shown_by_a_script_is_a_body(shape):
    found = read(page(HEAD, info="2022-03-01 09:12", text=shape.format(TEXT)))
    assert "第一班船离了岸" in found.plain.text


@pytest.mark.parametrize(
    "bomb",
    [
        "<h1>甲 " + "乙_" * 100_000,
        "<div class='" + "hot " * 50_000 + "'>甲，乙丙丁戊己庚辛壬癸。</div>",
        "<p>来源：" + "作者：" * 100_000,
        "<script>var publish_time = " * 5_000,
        "<p>" + "2022-03-01 " * 60_000,
        "<p>原标题：" + "（原标题：" * 60_000,
        "<title>" + "甲-" * 200_000,
        "<ul>" + "<li><a href=/1>渡口改建工程今日正式开工</a>2022-03-01 09:12</li>" * 4_000,
        "<a href='" + "/" * 400_000 + "'>甲乙丙丁戊己庚辛</a>",
        "<span>" * 8_000 + "甲，乙丙丁戊己庚辛壬癸。",
    ],
)
def test_what_is_repeated_ten_thousand_times_is_read_in_seconds(bomb):
    data = page(HEAD, info="2022-03-01 09:12", below=bomb)
    assert saved_page.looks_like("a.html", data[:100].decode())
    assert read(data).plain.text


# ------------------------------------------------------------------ the end of the article
OTHERS = [
    "2021-01-11 关于印发渡口管理办法的通知",
    "大桥限行首日：车流平稳有序",
    "石城渡口百年：从木船到汽渡，一张老照片里的江岸",
]
LISTS = {
    "related links": ("<h3>相关链接</h3>", "<p>{}</p>"),
    "related reading": ("<p><strong>相关阅读：</strong></p>", '<p><a href="/1.html">{}</a></p>'),
    "related news": ("<div>【相关新闻】</div>", '<div>· <a href="/1.html">{}</a></div>'),
    "further reading": ("<p>延伸阅读</p>", "<p>{}</p>"),
    "recommended": ("<b>推荐阅读 &gt;&gt;</b><br>", "{}<br>"),
    "documents": ("<h4>■ 相关文件</h4>", "<p>{}</p>"),
}


@pytest.mark.parametrize(("heading", "entry"), LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("inside", [True, False])
def test_a_list_of_other_pieces_under_its_heading_is_no_part_of_the_article(heading, entry, inside):
    listed = f"<div class=x>{heading}{''.join(entry.format(one) for one in OTHERS)}</div>"
    text, below = (TEXT + listed, FOOT) if inside else (TEXT, listed + FOOT)
    found = read(page(f"<title>{TITLE}_石城在线</title>", text=text, below=below))
    assert found.plain.text.endswith("第一班船离了岸。")
    assert found.plain.text.startswith("江面上的雾")


@pytest.mark.parametrize(
    "text",
    [
        TEXT + "<p>相关链接</p><p>渡口始建于一九〇八年，最初只有两条木船。</p>",
        "<p>相关阅读</p><p>渡口的三条航线</p>" + TEXT,
        TEXT + "<p>相关阅读是船工们每晚的功课，他们说这样才能看懂水文。</p>",
    ],
)
def test_prose_under_or_with_such_words_stays(text):
    words = "渡口始建于" if "始建" in text else "看懂水文" if "功课" in text else "第一班船离了岸"
    assert words in read(page(f"<title>{TITLE}_石城在线</title>", text=text)).plain.text


LINES = [
    "渡口的雾六日散去，第一班船离岸。",
    "老船工说，这样的天气一年里遇不到几回，急也没有用，只能等。",
    "对岸的灯塔露出了尖，汽笛响了，码头上站满了人，孩子们跑在最前面。",
]
LINES.append("海事部门提醒，江面能见度不足五百米时，所有渡船一律停航，旅客可改走大桥。")
BREAKS = {
    "indent": "<br>\n　　",
    "slash": "<br/>　　",
    "capitals": "<BR>　　",
    "two": "<br><br>",
    "entities": "<br>&nbsp;&nbsp;&nbsp;&nbsp;",
    "unclosed": "\n<p>　　",
    "unclosed with a break": "<br>\n<p>　　",
}


@pytest.mark.parametrize("between", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize(
    "holder", ["<table><tr><td>{}</td></tr></table>", "<div>{}</div>", "<font>{}</font>"]
)
def test_each_indented_line_of_an_old_page_is_a_paragraph(between, holder):
    text = holder.format("　　" + between.join(LINES))
    found = read(page(f"<title>{TITLE}_石城在线</title>", text=text))
    assert found.plain.text.split("\n") == LINES
