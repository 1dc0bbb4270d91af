"""Metadata of an article's page: schema.org JSON-LD, Open Graph, and when it was really changed."""

import json
import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles.addresses import home
from articles.models import Article
from articles.models.summaries import is_day_only

WORTH_SAYING = timedelta(minutes=1)  # publishing a draft saves it again right away
BETWEEN_NAMES = re.compile(r"[、，,；;/／|]+|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
BEFORE_NAMES = re.compile(r"^(?:本报|本网|见习|实习)?(?:记者|作者|文)[\s:：/／]*|(?:(?<!\s)\s++)?[文摄]$")
ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def changed_at(article: Article) -> datetime | None:
    """When the article was last changed after publication; None if it was not changed."""
    if article.version - article.sweeps == 1 or article.updated_at - article.published_at < WORTH_SAYING:
        return None
    return article.updated_at


def web_address(url: str) -> str:
    """The URL if it is http(s), else "": scraped text may contain javascript: URLs."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def authors(byline: str) -> list[str]:
    """The names in a byline, without the words around them such as 记者."""
    names = (BEFORE_NAMES.sub("", name.strip()).strip() for name in BETWEEN_NAMES.split(byline))
    return [name for name in names if name]


def news_article(article: Article) -> SafeString:
    """The schema.org data as JSON, safe inside a script element of type application/ld+json."""
    graph = {"@context": "https://schema.org", "@graph": [_article(article), _breadcrumbs(article)]}
    # With these characters escaped, no text can close the script element or open another.
    return mark_safe(json.dumps(graph, ensure_ascii=False).translate(ESCAPES))


def open_graph(article: Article) -> dict[str, str]:
    """Open Graph properties, by which other sites preview a link."""
    return {
        "og:type": "article",
        "og:site_name": settings.SITE_NAME,
        "og:locale": "zh_CN",
        "og:title": article.title,
        "og:description": article.digest,
        "og:url": absolute(article.get_absolute_url()),
        "article:published_time": _moment(article.published_at),
    } | ({"article:modified_time": _moment(changed)} if (changed := changed_at(article)) else {})


def _article(article: Article) -> dict:
    outlet = {"@type": "NewsMediaOrganization", "name": article.source.name}
    people = [{"@type": "Person", "name": name} for name in authors(article.byline)]
    changed = changed_at(article)
    facts = {
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.digest,
        "datePublished": _moment(article.published_at),
        "dateModified": _moment(changed) if changed else None,
        "author": people or [outlet],
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute(home())},
        "sourceOrganization": outlet,
        "articleSection": article.category and article.category.name,
        "printPage": article.page,
        "isBasedOn": web_address(article.original_url),
        "mainEntityOfPage": absolute(article.get_absolute_url()),
        "inLanguage": "zh-Hans",
    }
    return {name: value for name, value in facts.items() if value}


def _breadcrumbs(article: Article) -> dict:
    source = article.source
    steps = [
        ("首页", home()),
        (source.name, source.get_absolute_url()),
        (article.title, article.get_absolute_url()),
    ]
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
        for position, (name, path) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _moment(at: datetime) -> str:
    """In ISO 8601; only the day if no time is known."""
    local = timezone.localtime(at)
    return local.date().isoformat() if is_day_only(at) else local.isoformat(timespec="seconds")
