"""`manage.py rebuild_search`: run articles.search.index.follow.rebuild."""

import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from articles.models import Article
from articles.models.change_log import Change
from articles.search.index import follow
from sources.run_control.interrupts import graceful_stop_anywhere


class Command(BaseCommand):
    help = "重建搜索索引：在一旁建好再换上，重建期间搜索照常。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--wait", type=float, default=0, metavar="S", help="已有重建在进行时，等它几秒")

    def handle(self, *args, wait, **options):
        if Change._meta.db_table not in connection.introspection.table_names():
            raise CommandError("数据库里还没有表：先运行 manage.py migrate。", returncode=2)
        began = time.monotonic()
        try:
            with (
                graceful_stop_anywhere(self.stderr.write, "已停止，原来的索引没有动。要重建，再运行一次。"),
                tqdm(total=Article.objects.count(), unit="篇", disable=not sys.stderr.isatty()) as bar,
            ):
                done = follow.rebuild(lambda count: bar.update(count - bar.n), wait)
        except OSError as error:
            raise CommandError(
                f"索引写不进去：{error}。原来的索引没有动；腾出空间后再运行。", returncode=2
            ) from error
        if done is None:
            raise CommandError("另一个进程正在重建索引，等它完成即可。", returncode=2)
        seconds = time.monotonic() - began
        rate = done / seconds if seconds else 0
        self.stdout.write(f"索引已重建并换上：{done} 篇，{seconds:.1f} 秒，每秒 {rate:.0f} 篇。")
