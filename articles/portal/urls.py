"""URLs of the public pages."""

from datetime import date

from django.urls import path, register_converter

from articles.portal import feeds, picture_file, views
from articles.portal import search_feeds as search_feeds
from articles.portal import search_pages as search_pages


class Words:
    """Any path segment, in any script, except NUL, for which PostgreSQL raises an error, and the names of feeds, which
    are no slugs."""

    regex = r"(?!feed\.(?:xml|json)/)[^/\0]+"
    to_python = to_url = staticmethod(str)


class Day:
    """2021/12/29; an impossible date does not match."""

    regex = "(?:1[89]|2[01])[0-9]{2}/[0-9]{2}/[0-9]{2}"
    to_url = staticmethod("{:%Y/%m/%d}".format)

    @staticmethod
    def to_python(value: str) -> date:
        return date(*map(int, value.split("/")))


class FeedName:
    """feed.xml or feed.json."""

    regex = r"feed\.(?:xml|json)"
    to_python = to_url = staticmethod(str)


class Sha256:
    regex = "[0-9a-f]{64}"
    to_python = to_url = staticmethod(str)


class Year:
    regex = "(?:1[89]|2[01])[0-9]{2}"
    to_python = staticmethod(int)
    to_url = staticmethod(str)


register_converter(Words, "words")
register_converter(Day, "day")
register_converter(Year, "year")
register_converter(Sha256, "sha256")
register_converter(FeedName, "feed")

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<int:pk>/", views.article, name="article"),
    path("stories/<int:pk>/", views.story, name="story"),
    path("sources/", views.directory, name="directory"),
    path("sources/<words:slug>/", views.outlet, name="outlet"),
    path("categories/<words:slug>/", views.category, name="category"),
    path("tags/<words:slug>/", views.tag, name="tag"),
    path("securities/<words:symbol>/", views.security, name="security"),
    path("archive/", views.archive, name="archive"),
    path("archive/<year:year>/", views.archive, name="year"),
    path("archive/<day:day>/", views.day, name="day"),
    path("search/", search_pages.results, name="search"),
    path("search/suggest", search_pages.suggestions, name="suggestions"),
    path("search/suggest.js", search_pages.suggestions_module, name="suggestions_module"),
    path("search/<feed:name>", search_feeds.of_query, name="search_feed"),
    path("opensearch.xml", search_pages.description, name="opensearch"),
    path("<feed:name>", feeds.everything, name="feed"),
    path("sources/<words:slug>/<feed:name>", feeds.of_outlet, name="outlet_feed"),
    path("categories/<words:slug>/<feed:name>", feeds.of_category, name="category_feed"),
    path("tags/<words:slug>/<feed:name>", feeds.of_tag, name="tag_feed"),
    path("securities/<words:symbol>/<feed:name>", feeds.of_security, name="security_feed"),
    path("media/<sha256:sha256>.webp", picture_file.picture, name="picture"),
    path("robots.txt", views.robots, name="robots"),
]
