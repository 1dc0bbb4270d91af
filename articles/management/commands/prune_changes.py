"""`manage.py prune_changes`: delete rows of the change log that every follower has passed."""

from contextlib import suppress
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from articles.models import Change, Position
from articles.search.index import follow, index


class Command(BaseCommand):
    help = "删去变更日志里所有跟随者都已读过的行。还没读到的一行也不删。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--keep-days",
            type=int,
            default=0,
            metavar="N",
            help="最近 N 天的行都留着（别的机器上也有索引时用）",
        )

    def handle(self, *args, keep_days, **options):
        if keep_days < 0:
            raise CommandError("--keep-days 不能是负数。", returncode=2)
        if Change._meta.db_table not in connection.introspection.table_names():
            raise CommandError("数据库里还没有表：先运行 manage.py migrate。", returncode=2)
        young = timezone.now() - timedelta(days=keep_days) if keep_days else None
        # An index that is being rebuilt needs the rows after the position at which the rebuild began.
        with index.index_lock(follow.REBUILDING) as ours:
            if not ours:
                raise CommandError("搜索索引正在重建，要用到这些行；等它完成再运行。", returncode=2)
            done = Change.objects.prune(_passed_by_all(), young)
        self.stdout.write(f"删去了 {done} 行变更，还留着 {Change.objects.count()} 行。")


def _passed_by_all() -> Position:
    """The position of the slowest follower. A missing index needs no rows: a rebuild reads all articles first."""
    passed = [Change.objects.head()]
    with suppress(index.Unavailable):
        passed.append(index.position())
    return min(passed)
