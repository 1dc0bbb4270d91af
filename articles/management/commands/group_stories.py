"""`manage.py group_stories`: run articles.stories.group."""

import json
import sys
import time
from dataclasses import asdict
from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles.models import Article
from articles.models.story import Story
from articles.models.summaries import day_bounds
from articles.stories.group import Grouped, regroup_since
from sources.run_control.import_lock import ImportUnderWay, import_lock
from sources.run_control.interrupts import graceful_stop_anywhere


class Command(BaseCommand):
    help = "把同题的稿件归到一起。编辑核定过的同题报道、分开过的稿件，都不会改动；重复运行，不会再有变化。"
    requires_system_checks = ()  # as for import_articles

    def add_arguments(self, parser):
        parser.add_argument("--since", metavar="DATE", help="只重新归并这一天（如 2022-03-01）起的稿件")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个 JSON 对象")

    def handle(self, *args, since, **options):
        moment = self._moment(since)
        everything = self._is_watched(options) and moment is None
        total = Article.objects.exclude(published_at=None).count() if everything else None
        began = time.monotonic()
        try:
            with (
                graceful_stop_anywhere(self.stderr.write, "已停止，归并没有改动。要重新归并，再运行一次。"),
                import_lock(),
                tqdm(total=total, unit="篇", disable=not self._is_watched(options)) as bar,
            ):
                done = regroup_since(moment, bar.update)
        except ImportUnderWay as error:
            raise CommandError(f"不能进行：{error}", returncode=2) from error
        self._sum_up(done, time.monotonic() - began, options["json"])

    def _moment(self, since: str | None) -> datetime | None:
        try:
            return day_bounds(date.fromisoformat(since))[0] if since else None
        except ValueError as error:
            raise CommandError(f"日期应写成 2022-03-01 的样子，不是“{since}”。", returncode=2) from error

    def _is_watched(self, options) -> bool:
        return sys.stderr.isatty() and not options["json"]

    def _sum_up(self, done: Grouped, seconds: float, as_json: bool) -> None:
        counts = {"stories": Story.objects.count(), "grouped": Article.objects.exclude(story=None).count()}
        if as_json:
            self.stdout.write(json.dumps({**counts, **asdict(done), "seconds": round(seconds, 3)}))
            return
        self.stdout.write(
            f"看过 {done.articles} 篇：新归并 {done.made} 组，解散 {done.dissolved} 组，"
            f"{done.joined} 篇归入，{done.left} 篇移出。现有同题报道 {counts['stories']} 组，"
            f"共 {counts['grouped']} 篇；{seconds:.1f} 秒。"
        )
