from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "稿件"

    def ready(self):
        # Here, because models must be there first.
        from articles import lookups  # noqa: F401 (registers itself)
        from articles.changes import write_down_changes
        from articles.search import following

        post_migrate.connect(write_down_changes, sender=self)
        for happened in (post_save, post_delete):
            happened.connect(following.wake, sender="articles.Article")
