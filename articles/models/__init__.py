"""The tables of the portal: articles, their versions, and what is derived from them."""

from articles.models.article import HEADLINE_FIELDS, Article, ArticleQuerySet, StaleArticle
from articles.models.category import Category
from articles.models.change_log import Change, Position, PrunedChanges
from articles.models.namesake import Namesake
from articles.models.page_split import PageSplit
from articles.models.picture import Picture
from articles.models.revision import Revision
from articles.models.search_terms import Counted, SearchAlias, Unanswered
from articles.models.story import Parting, Sketch, Story
from articles.models.summaries import DayFront, OutletFront
from articles.models.tags_and_securities import Mention, Security, TaggedArticle

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Category",
    "Change",
    "Counted",
    "DayFront",
    "HEADLINE_FIELDS",
    "Mention",
    "Namesake",
    "OutletFront",
    "PageSplit",
    "Parting",
    "Picture",
    "Position",
    "PrunedChanges",
    "Revision",
    "SearchAlias",
    "Security",
    "Sketch",
    "StaleArticle",
    "Story",
    "TaggedArticle",
    "Unanswered",
]
