"""Feeds that a tool makes of other sites' articles (RSSHub, WeRSS): their titles name a route, not who wrote. Pure."""

import re

from sources.formats.fields import Values, host
from sources.formats.raw_article import UNKNOWN_OUTLET, RawArticle
from sources.problem import no_outlet

_TOOL = re.compile(
    r"RSSHub|We-?RSS|WeWe[ -]?RSS|RSS-?Bridge|Feed43|FetchRSS|rss\.app|Polite ?Pol|Kill the Newsletter|Inoreader|Huginn"
    r"|FreshRSS|Miniflux|Tiny Tiny RSS|今日热榜|Google (?:News|Alerts?|新闻|快讯)|百度新闻",
    re.I,
)
_LOOKED_AT = 300  # characters


def made_by(feed: dict) -> str:
    """Return the tool that made a feed, as its title, generator or description says; "" if none does."""
    for key in ("title", "generator", "subtitle"):
        if match := _TOOL.search((feed.get(key) or "")[:_LOOKED_AT]):
            return match[0]
    return ""


def leave_outlet_open(found: RawArticle, values: Values, tool: str) -> None:
    """Leave an outlet that only the title of such a feed, or an address, names to an editor."""
    if found.outlet not in (values.site, host(found.original_url)):
        return
    wrote = f"，作者一栏写着“{found.byline}”" if found.byline else ""
    found.outlet = UNKNOWN_OUTLET
    found.problems.append(no_outlet(f"频道“{values.site[:60]}”由聚合工具 {tool} 生成，不是来源{wrote}"))
