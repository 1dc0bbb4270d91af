from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "稿件"

    def ready(self):
        # Here, because models must be there first.
        from articles import lookups  # noqa: F401 (registers itself)
        from articles.changes import write_down_changes

        post_migrate.connect(write_down_changes, sender=self)
