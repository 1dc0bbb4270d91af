"""What a column or a feed gives as a name is one, or none: never an address or the number of an account."""

import pytest

from sources.formats.feed import feed_file
from sources.formats.jekyll import posts
from sources.formats.table import table_file
from sources.problem import Code

BODY = "沧澜银行一日公布季报，净息差比上季收窄五个基点。"


def row(source="澜州日报", author="", title="沧澜银行发布新季报"):
    table = f"标题,日期,来源,作者,正文\n{title},2022-03-01 09:12,{source},{author},{BODY}\n"
    (found,) = table_file.read(table.encode(), "a.csv")
    found.fit()
    return found


@pytest.mark.parametrize(
    "source", ["www.caijing.example.cn", "news@shangbao.example", "用户3391820", "m.shangbao.com", "8839201"]
)
def test_what_is_no_name_is_no_outlet_and_the_article_waits(source):
    found = row(source)
    assert found.outlet == "来源不明"
    (problem,) = [one for one in found.problems if one.code == Code.NO_OUTLET]
    assert source in problem.text


FILLERS = [
    "网络",
    "互联网",
    "本站",
    "本站原创",
    "原创",
    "转载",
    "网络转载",
    "佚名",
    "未知",
    "综合",
    "整理",
    "来源网络",
    "admin",
]
FILLERS += [
    "来源：网络",
    "（网络）",
    "综合网络",
    "网 络",
    "本网讯",
    "N/A",
    "网友投稿",
    "來自網絡",
    "Internet",
    "——",
]
FILLERS += [
    "https://www.cs.example.com.cn/xw/1.html",
    "http://news.example.cn",
    "news.example.cn:8080",
    "192.168.1.20",
]


@pytest.mark.parametrize("source", FILLERS)
def test_what_only_fills_the_column_is_no_outlet_and_the_reason_keeps_it(source):
    found = row(source)
    assert found.outlet == "来源不明"
    (problem,) = [one for one in found.problems if one.code == Code.NO_OUTLET]
    assert source in problem.text


@pytest.mark.parametrize("source", FILLERS)
def test_nor_in_front_matter(source):
    text = f'---\ntitle: 季报\ndate: 2022-03-01 09:00:00\nsource: "{source}"\n---\n{BODY}\n'
    (found,) = posts.read(text.encode(), "a.md")
    assert found.outlet == "来源不明"
    (problem,) = [one for one in found.problems if one.code == Code.NO_OUTLET]
    assert source in problem.text


@pytest.mark.parametrize("source", ["网络", "https://www.cs.example.com.cn/xw/1.html", "本站原创"])
def test_nor_in_a_feed_where_the_channel_names_one(source):
    text = (
        "<rss version='2.0'><channel><title>甲报</title><item><title>季报</title><guid>1</guid>"
        f"<pubDate>Tue, 01 Mar 2022 09:12:03 +0800</pubDate><source url='https://a.example.cn/'>{source}</source>"
        f"<description>{BODY}</description></item></channel></rss>"
    )
    (found,) = feed_file.read(text.encode(), "a.xml")
    assert found.outlet != source and source in str(found.problems)


@pytest.mark.parametrize(
    "name", ["网络报", "综合时报", "原创力", "互联网周刊", "中国网络电视台", "未知学院报", "本站新闻网"]
)
def test_a_name_that_holds_such_a_word_is_one(name):
    assert (row(name).outlet, row(name).problems) == (name, [])


def test_an_address_column_still_names_the_host():
    table = f"标题,日期,链接,正文\n季报,2022-03-01 09:12,https://www.cs.example.com.cn/1.html,{BODY}\n"
    (found,) = table_file.read(table.encode(), "a.csv")
    assert (found.outlet, found.problems) == ("cs.example.com.cn", [])


@pytest.mark.parametrize(
    ("source", "outlet"),
    [
        ("澜州日报（www.lanzhou.com）", "澜州日报"),
        ("36氪", "36氪"),
        ("21世纪经济报道", "21世纪经济报道"),
        ("第一财经", "第一财经"),
    ],
)
def test_a_name_keeps_its_figures_and_loses_its_address(source, outlet):
    found = row(source)
    assert (found.outlet, found.problems) == (outlet, [])


@pytest.mark.parametrize(
    "author", ["user_8839201", "用户6620013847", "www.caibo.com", "li@caibo.com", "8839201"]
)
def test_what_is_no_name_is_no_byline(author):
    assert row(author=author).byline == ""


@pytest.mark.parametrize(
    "author", ["user_8839201", "用户6620013847", "www.caibo.com", "noreply@blog.com (王明)"]
)
def test_nor_in_a_feed(author):
    text = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>甲报</title><item>'
        f"<title>季报</title><guid>1</guid><pubDate>Tue, 01 Mar 2022 09:12:03 +0800</pubDate>"
        f"<dc:creator>{author}</dc:creator><description>{BODY}</description></item></channel></rss>"
    )
    (found,) = feed_file.read(text.encode(), "a.xml")
    assert found.byline in ("", "王明")


@pytest.mark.parametrize(
    "title",
    ["棉\u200b花\u200b期货走高", "\ufeff棉花期货走高", "棉花\u2060期货走高\u200b", "棉花\xad期货走高"],
)
def test_a_headline_loses_its_characters_of_no_width(title):
    assert row(title=title).title == "棉花期货走高"


def test_a_headline_keeps_the_joiners_that_carry_meaning():
    assert row(title="家庭👨‍👩‍👧日").title == "家庭👨‍👩‍👧日"


def test_a_column_that_data_sets_name_source_may_hold_the_original_s_address():
    table = f"title,date,source,body\n季报,2022-03-01 09:12,https://www.cs.example.com.cn/1.html,{BODY}\n"
    (found,) = table_file.read(table.encode(), "a.csv")
    assert (found.outlet, found.original_url) == ("cs.example.com.cn", "https://www.cs.example.com.cn/1.html")
    (found,) = table_file.read(
        table.replace("https://www.cs.example.com.cn/1.html", "网络").encode(), "a.csv"
    )
    assert found.outlet == "来源不明" and found.problems


# ------------------------------------------------------------------ feeds that tools make
def rss(title: str, more: str = "", item: str = "") -> bytes:
    return (
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
        f"<title>{title}</title>{more}<item><title>季报</title><guid>1</guid><link>https://a.example.cn/1</link>"
        f"<pubDate>Tue, 01 Mar 2022 09:12:03 +0800</pubDate>{item}<description>{BODY}</description></item>"
        "</channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("微信公众号 - WeRSS", ""),
        ("渝州财经网 - 滚动 - Powered by RSSHub", ""),
        ("渝州财经网 - 滚动", "<generator>RSSHub</generator>"),
        (
            "渝州晚报",
            "<description>渝州晚报 - Made with love by RSSHub(https://docs.rsshub.app)</description>",
        ),
        ("Google Alert - 渝州", ""),
        ("渝州新闻 | RSS-Bridge", ""),
    ],
)
def test_the_title_of_a_feed_that_a_tool_makes_is_no_outlet(title, more):
    (found,) = feed_file.read(rss(title, more, "<dc:creator>渝州发布</dc:creator>"), "a.xml")
    assert found.outlet == "来源不明"
    (problem,) = [one for one in found.problems if one.code == Code.NO_OUTLET]
    assert title[:10] in problem.text and "聚合工具" in problem.text and "渝州发布" in problem.text


def test_of_such_a_feed_an_entry_that_names_its_outlet_is_certain():
    source = "<source url='https://a.example.cn/'>渝州晚报</source>"
    (found,) = feed_file.read(rss("头条 - RSSHub", item=source), "a.xml")
    assert (found.outlet, found.problems) == ("渝州晚报", [])


@pytest.mark.parametrize("title", ["渝州晚报", "渝州百度日报", "RSS 周刊"])
def test_other_feeds_are_their_outlets(title):
    (found,) = feed_file.read(rss(title), "a.xml")
    assert (found.outlet, found.problems) == (title, [])


# ------------------------------------------------------------------ a topic of the mirror's lists
@pytest.mark.parametrize(
    ("tag", "end", "is_doubted"),
    [
        ("财经新闻", "（财联社）", True),
        ("科技新闻", "(新华社)", True),
        ("国际新闻", "（渝州日报）", True),
        ("财经新闻", "（完）", False),
        ("渝州日报新闻", "（财联社）", False),
        ("财经新闻", "", False),
    ],
)
def test_a_topic_in_place_of_an_outlet_is_doubted_where_the_text_names_another(tag, end, is_doubted):
    text = (
        f"---\nlayout: post\ntitle: 季报\ndate: 2022-03-01 09:00:00 +0800\ncategories: caijing\ntags: {tag}\n---\n"
        f"<p>{BODY}{end}</p>"
    )
    (found,) = posts.read(text.encode(), "2022-03-01-202203011234567890.md")
    doubts = [one.text for one in found.problems if one.code == Code.DOUBTFUL_OUTLET]
    assert bool(doubts) == is_doubted
    assert not is_doubted or end.strip("（）()") in doubts[0]
