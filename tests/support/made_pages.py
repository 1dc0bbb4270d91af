"""Made-up news pages in the shapes of twenty families of sites, three of each, with what a reader sees on them.

A shape is a file of tests/corpus/page_shapes: HTML with the places that `_places` fills. Adding a family is adding a
file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

SHAPES = Path(__file__).parent.parent / "corpus/page_shapes"
CHARSETS = {"paper": "gbk", "old_tables": "gb18030"}
OF_THE_SITE = {"blog"}  # pages that name no other outlet

TITLES = [
    "沧澜银行三家支行同日开门 渝州商户可当天开户",
    "1-2月石城外贸增长一成 港口夜班不停",
    "“老渡口”改建过半，市民盼秋天通航",
    "青禾股份：拟投资12.5亿元建设二期工厂",
    '雾江大桥通车首日"零拥堵" 交警连夜调整灯时',
    "三问粮价波动：农户、粮站与面粉厂怎么说",
    "云岭县公布义务教育招生办法",
    "国产风机下海｜最远的一台离岸八十公里",
    "北湖区启用新政务大厅，周六也办事",
    "期货早评-橡胶库存连降四周",
    "白石港扩建二期工程今日开工",
    "锦川基金换帅：十年老将卸任，85后接棒",
]
SUBJECTS = [
    "支行",
    "港口",
    "渡口",
    "工厂",
    "大桥",
    "粮站",
    "学校",
    "风场",
    "大厅",
    "橡胶仓库",
    "码头",
    "基金公司",
]
OUTLETS = ["渝州商报", "石城晚报", "江岸日报", "青禾证券报", "雾江发布", "北湖新闻网"]
SITES = ["渝州财经网", "石城在线", "江岸新闻网", "青禾资讯", "雾江网", "北湖传媒网"]
AUTHORS = ["何思远", "林越", "秦望舒", "杜若川", "孟听雨", "陆青野"]
OPENINGS = [
    "记者{day}日从{what}现场了解到，工程进度比原计划提前了十二天，所需材料已经全部到位。",
    "{day}日清晨，{what}门前排起了长队，最早到的人说自己五点半就出了家门，为的是赶上第一批。",
    "{what}的负责人在{day}日的说明会上表示，今年的投入不会减少，明年的计划也已经报了上去。",
]
MIDDLES = [
    "按照公布的办法，{what}周边的三条路从下月起改为单行，公交车站向南移动约二百米，沿街商户可以申请临时停车证。",
    "一位在{what}做了十八年的老师傅说，以前靠手记，现在每一笔都进了系统，出了差错当天就能查到。",
    "统计显示，{what}去年接待的人数比前年多了一成，其中六成来自外地，停留时间平均为一天半。",
    "也有人提出疑问：{what}的费用由谁承担？有关部门答复说，财政出七成，其余由使用单位分摊，不向个人收取。",
    "专家认为，{what}的变化只是一个开头，真正要紧的是后面的管理，制度跟不上，设备再新也会闲下来。",
]
CLOSINGS = [
    "截至记者发稿时，{what}的灯还亮着，值班的人说，他们要等最后一批客人走了才关门。",
    "下一步，{what}还将增加两个窗口，方便老人办事，具体时间会提前一周公布。",
]
MENU = '<a href="/">首页</a> <a href="/caijing/">财经</a> <a href="/shishi/">时事</a> <a href="/difang/">地方</a>'
FOOT = '<div class="bottom">关于我们 | 广告服务 | 联系方式<br>版权所有 © 2009-2019 {0} 许可证号 {0}备案20181203号</div>'
NOTICE = (
    "版权声明：凡本网注明来源的作品，均为本网合法拥有版权或有权使用的作品，未经授权不得转载、摘编或利用其它方式使用，"
    "违者本网将依法追究其责任；本网转载自其它媒体的内容，目的在于传递更多信息，并不代表本网赞同其观点和对其真实性负责。"
)
TEASER = (
    "编辑推荐语：这一篇写得细，读者留言很多，大家说看完以后心里亮堂，值得再读一遍，也值得转给家里的老人看。"
)
COMMENT = "这件事我们街坊早就盼着了，办得好不好，还要看以后，希望能坚持下去，不要一阵风。"


@dataclass(slots=True)
class Story:
    """What a made-up article says, whatever page it stands on. `others` are headlines of other articles."""

    number: int
    title: str
    at: datetime
    outlet: str
    author: str
    site: str
    paragraphs: list[str]
    original: str = ""
    others: list[str] = field(default_factory=list)


@dataclass(slots=True)
class MadePage:
    """A page: its bytes, and what is right. A value that the page does not say, or that is not asked for, is ""."""

    name: str
    data: bytes
    title: str
    day: str
    outlet: str
    body: str
    original_title: str = ""


def made_pages() -> Iterator[MadePage]:
    """Yield all pages, in the order of their shapes' names."""
    for at, shape in enumerate(sorted(SHAPES.glob("*.html"))):
        for number in range(3 * at, 3 * at + 3):
            yield made_page(shape.stem, told(number))


def made_page(shape: str, story: Story) -> MadePage:
    """Return a story in a shape."""
    html = (SHAPES / f"{shape}.html").read_text().format(**_places(story))
    data = html.encode(CHARSETS.get(shape, "utf-8"), "xmlcharrefreplace")
    outlet = story.site if shape in OF_THE_SITE else story.outlet
    original = story.original if "原标题" in html else ""
    day, text = story.at.strftime("%Y-%m-%d"), "\n".join(story.paragraphs)
    return MadePage(f"{shape}/{story.number}", data, story.title, day, outlet, text, original)


def told(number: int) -> Story:
    """Return the story of this number; neighbours differ in everything."""
    what, at = (
        SUBJECTS[number % 12],
        datetime(2021, 3, 2, 8, 5) + timedelta(days=7 * number, minutes=37 * number),
    )
    middles = [MIDDLES[(number + step) % 5] for step in range(2 + number % 3)]
    text = [OPENINGS[number % 3], *middles, CLOSINGS[number % 2]]
    titles = [TITLES[(5 * number + 4 + step) % 12] for step in range(9)]
    return Story(
        number,
        titles[0],
        at,
        OUTLETS[number % 6],
        AUTHORS[(number // 2) % 6],
        SITES[(number // 3) % 6],
        [one.format(what=what, day=at.day) for one in text],
        f"{TITLES[(number + 5) % 12][:12]}纪实" if number % 4 == 0 else "",
        titles[2:],
    )


def _places(story: Story) -> dict[str, object]:
    """Return what stands in the places of a shape."""
    words = [escape(one, quote=False) for one in story.paragraphs]
    return {
        "title": escape(story.title),
        "raw_title": story.title,
        "title_json": story.title.replace('"', '\\"'),
        "at": story.at,
        "stamp": int(story.at.replace(tzinfo=UTC).timestamp()) - 8 * 3600,
        "next_year": story.at.year + 1,
        "outlet": story.outlet,
        "author": story.author,
        "site": story.site,
        "number": story.number,
        "other": escape(story.others[0]),
        "body": "".join(f"<p>　　{one}</p>\n" for one in words),
        "body_of_breaks": "".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{one}<br><br>" for one in words),
        "original_line": f"<p>　　原标题：{story.original}</p>" if story.original else "",
        "original_in_brackets": f'<p class="otitle">（原标题：{story.original}）</p>'
        if story.original
        else "",
        "menu": MENU,
        "foot": FOOT.format(story.site),
        "notice": NOTICE,
        "hot": _hot_list(story, ""),
        "hot_with_summaries": _hot_list(story, f"<p>{TEASER}</p>"),
        "comments": _comments(story),
    }


def _hot_list(story: Story, summary: str) -> str:
    entries = "".join(
        f'<li><a href="/n/{at}.html">{escape(one)}</a> <span>2019-0{at + 1}-1{at}</span>{summary}</li>'
        for at, one in enumerate(story.others)
    )
    return f'<div class="box9"><h3>大家都在看</h3><ul>{entries}</ul></div>'


def _comments(story: Story) -> str:
    entries = "".join(
        f'<div class="pl-item"><a href="/u/{number}">网友{number}</a>'
        f"<span>{story.at.year + 1}-07-02 1{number}:20:31</span><p>{COMMENT * 2}</p></div>"
        for number in range(6)
    )
    return f'<div class="pl-list">{entries}</div>'
