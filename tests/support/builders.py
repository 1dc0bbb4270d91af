"""Small makers of what tests need in the database; whatever is not given is made up."""

from datetime import UTC, datetime
from itertools import count

from articles.models import Article, Category, Mention, Security
from sources.models import Source

NUMBER = count(1)
BODY = "<p>沧澜银行今日发布公告。</p><p>董事会已审议通过相关议案。</p>"


def make_source(name: str = "", **fields) -> Source:
    return Source.objects.introduce(name or f"来源{next(NUMBER)}", Source.Standing.CHECKED, **fields)


def make_category(name: str = "", **fields) -> Category:
    return Category.objects.create(name=name or f"栏目{next(NUMBER)}", **fields)


def make_security(symbol: str = "601939.SH", **fields) -> Security:
    code, _, market = symbol.rpartition(".")
    return Security.objects.get_or_create(code=code, market=market, defaults=fields)[0]


def make_article(
    title: str = "", source=None, published_at=None, tags=(), securities=(), **fields
) -> Article:
    """A published article, unless a `status` says otherwise."""
    article = Article.objects.create(
        source=source or make_source(),
        title=title or f"第 {next(NUMBER)} 条消息",
        published_at=published_at or datetime(2021, 12, 29, 13, 37, 2, tzinfo=UTC),
        **{"status": Article.Status.PUBLISHED, "body_html": BODY} | fields,
    )
    article.tags.add(*tags)
    for security in securities:
        Mention.objects.create(article=article, security=security, public_at=article.public_at)
    return article
