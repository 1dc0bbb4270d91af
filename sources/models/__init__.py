"""The tables of where text comes from: outlets, imports, uploads, feeds."""

from sources.models.column_mapping import ColumnMapping
from sources.models.feed_subscription import FeedSubscription
from sources.models.imports import MENDABLE, ImportItem, ImportRun, Outcome, Settlement, ShelvedItem
from sources.models.outlet import OldSlug, Source, SourceAlias, free_slug
from sources.models.outlet_history import Renaming, SourceMerge, Unlike
from sources.models.upload import Upload

__all__ = [
    "ColumnMapping",
    "FeedSubscription",
    "ImportItem",
    "ImportRun",
    "MENDABLE",
    "OldSlug",
    "Outcome",
    "Renaming",
    "Settlement",
    "ShelvedItem",
    "Source",
    "SourceAlias",
    "SourceMerge",
    "Unlike",
    "Upload",
    "free_slug",
]
