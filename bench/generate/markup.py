"""The quote site's machine-made HTML and the mirror's closing lines, as they stand in real posts."""

import re
from dataclasses import dataclass
from random import Random

from bench.generate import words

TOKEN = "28dfeb41d35cc81d84b4664d7c23c49f"  # the same in every real post: it opens nothing
HIDDEN = "display:none;height:1px;overflow:hidden;"
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Share:
    """A security as the quote site numbers it."""

    name: str
    market: str
    code: str


def named_share(rand: Random) -> Share:
    """A made-up security of Shanghai, Shenzhen or Hong Kong; one code has one name."""
    index = rand.randrange(len(words.COMPANIES) * len(words.COMPANY_KINDS))
    kind, stem = divmod(index, len(words.COMPANIES))
    name = words.COMPANIES[stem] + words.COMPANY_KINDS[kind]
    market, first = (("1", 600_000), ("0", 2_000), ("116", 300))[index % 3]
    code = first + index * 3
    return Share(name, market, f"{code:05}" if market == "116" else f"{code:06}")


def some_shares(rand: Random) -> list[Share]:
    """None in half of the stories, else one to three different ones."""
    count = rand.choice((0, 0, 0, 1, 1, 2, 3))
    return list(dict.fromkeys(named_share(rand) for _ in range(count)))


def words_of(block: str) -> str:
    return _TAGS.sub("", block)


def charts(rand: Random, shares: list[Share]) -> str:
    """The hot-linked price charts that open an article, each after a line of hidden filler."""
    return "".join(filler(rand) + _chart(share) for share in shares)


def _chart(share: Share) -> str:
    code, market = share.code, share.market
    return (
        '<!-- EM_StockImg_Start --><p style="text-align:center;">'
        f'<a href="http://quote.eastmoney.com/unify/r/{market}.{code}" data-code="{code}|{market}|1" '
        f'data-code2="{code}|{market}|2|" class="EmImageRemark" target="_blank">'
        f'<img src="https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid={market}.{code}&imageType=k'
        f'&token={TOKEN}&at=1" border="0" alt="K图 {code}_0" data-code="K {code}|{market}|1" '
        f'data-code2="K {code}|{market}|2|" style="border:#d1d1d1 1px solid;" width="578" height="276" />'
        "</a></p><!-- EM_StockImg_End -->"
    )


def filler(rand: Random) -> str:
    """A paragraph nobody is meant to see: empty, or with words that must go with it."""
    inside = rand.choice((" ", "<br />", f"{rand.choice(words.AIMS)}{rand.choice(words.OBJECTS)}"))
    return f'<p style="{HIDDEN}">{inside}</p>'


def linked(html: str, shares: list[Share]) -> str:
    """The first mention of each share and of some words, wrapped as the quote site wraps them."""
    for share in shares:
        html = html.replace(share.name, _key(share), 1)
    for word, number in words.LINKED_WORDS.items():
        link = f'<a href="http://data.eastmoney.com/notices/" class="infokey">{word}</a>'
        html = html.replace(word, f'<span id="Info.{number}">{link}</span>', 1)
    return html


def _key(share: Share) -> str:
    """One of the two forms; which one depends on the code, so that a story is always linked alike."""
    code, market = share.code, share.market
    address = f"http://quote.eastmoney.com/unify/r/{market}.{code}"
    if code.endswith(("0", "3")):
        key = f'class="em_stock_key_common" data-code="{market},{code}"'
        return f'<span web="1" href="{address}" {key}>{share.name}</span>'
    return (
        f'<span id="stock_{market}.{code}"><a href="{address}" class="keytip" data-code="{market},{code}">'
        f'{share.name}</a></span><span id="quote_{market}.{code}"></span>'
    )


def credit(name: str) -> str:
    """The credit line; 证券 in an outlet's name is a link to a board, which cuts the name up."""
    board = (
        '<span id="bk_90.BK0473"><a href="http://quote.eastmoney.com/unify/r/90.BK0473" class="keytip" '
        'data-code="90,BK0473">证券</a></span><span id="bkquote_90.BK0473"></span>'
    )
    return f'<p class="em_media">（文章来源：{name.replace("证券", board)}）</p>'


def tail(rand: Random, slug: str, outlet) -> str:
    """One of the closings of the mirror: perhaps the original's address, perhaps links back, perhaps nothing."""
    kind = rand.random()
    if kind < 0.05:
        return ""
    page = "emnews/" if outlet.pinyin == "emnews" else f"category/{outlet.pinyin}.html"
    back, home = f"[返回{outlet.tag}]", "[返回首页]"
    if kind < 0.15:
        links = f"{back}(../emnews/)\n{home}(../)\n"
    elif kind < 0.25:
        links = f"{back}(//finews.zning.me/{page})\n{home}(//finews.zning.me/)\n"
    else:
        site = "//finews.withounder.com/"
        links = f"{back}({site}{page}){'｜' if kind < 0.9 else chr(10)}{home}({site})\n"
    return f"<{_original(rand, slug)}>\n\n{links}"


def _original(rand: Random, slug: str) -> str:
    if not slug.startswith("NW"):
        part, number = rand.choice((("finance", 1354), ("stock", 1768), ("futures", 1516), ("hk", 1533)))
        return f"http://{part}.eastmoney.com/news/{number},{slug}.html"
    kind = rand.random()
    if kind < 0.1:
        return ""
    if kind < 0.6:
        return f"http://finews.zning.xyz/html_News/NewsShare.html?infoCode={slug}"
    return f"http://choicewzp1.eastmoney.com/html_News/NewsShare.html?infoCode={slug}"
