from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "稿件"

    def ready(self):
        # Imported here, because the models must be loaded first.
        from articles.db import among  # noqa: F401 (registers itself)
        from articles.db.change_triggers import check_triggers
        from articles.search.index import follow
        from articles.taxonomy.tag_slugs import give_address, keep_spelling
        from articles.taxonomy.user_records import keep_on_record

        checks.register(check_triggers, checks.Tags.database)
        # These models belong to other apps, so their signals are connected here.
        pre_save.connect(give_address, sender="taggit.Tag")
        post_save.connect(keep_spelling, sender="taggit.Tag")
        pre_delete.connect(keep_on_record, sender=settings.AUTH_USER_MODEL)
        for happened in (post_save, post_delete):
            happened.connect(follow.wake, sender="articles.Article")
