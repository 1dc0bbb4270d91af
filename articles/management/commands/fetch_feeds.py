"""`manage.py fetch_feeds`: run articles.importing.feeds from the command line, cron or a systemd timer."""

import json
import sys
import time
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from articles.importing.batch import STORAGE_FAILED
from articles.importing.feeds import Fetched, fetch_feeds
from sources.models import FeedSubscription, Outcome, Source
from sources.net.fetch import Policy
from sources.run_control.interrupts import graceful_stop_anywhere
from sources.run_control.terminal import visible


class Command(BaseCommand):
    help = "抓取到了时间的订阅并导入。没有变化的什么也不写；一个出错不影响别的。"
    requires_system_checks = ()  # as for import_articles

    def add_arguments(self, parser):
        parser.add_argument("--source", default="", metavar="NAME", help="只抓取这个来源的订阅")
        parser.add_argument("--force", action="store_true", help="不等时间，没有变化的也重新导入")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个 JSON 对象")

    def handle(self, *args, source, force, **options):
        began, done = time.monotonic(), []
        try:
            chosen = self._chosen(source, force)
            with graceful_stop_anywhere(self.stderr.write, "已停止，写入的都在；没抓取的下次再抓。"):
                for fetched in fetch_feeds(chosen, Policy.usual(), anew=force):
                    done.append(fetched)
                    if not fetched.is_well:
                        self.stderr.write(visible(str(fetched)))
                    elif not options["json"]:
                        self.stdout.write(visible(str(fetched)))
        except STORAGE_FAILED as error:
            raise CommandError(f"数据库写不进去了（{error}）。已写入的都在。", returncode=2) from error
        self._sum_up(done, time.monotonic() - began, options["json"])
        if not all(fetched.is_well for fetched in done):
            sys.exit(1)

    def _chosen(self, name: str, force: bool) -> QuerySet[FeedSubscription]:
        every = FeedSubscription.objects.select_related("source")
        if name:
            source = Source.objects.named(name) or Source.objects.filter(slug=name).first()
            if source is None:
                raise CommandError(f"没有叫“{name}”的来源。", returncode=2)
            every = every.filter(source=source)
            if not every.exists():
                raise CommandError(f"来源“{source}”没有订阅；请在后台“订阅”里添加。", returncode=2)
        return every.filter(active=True) if force else every.due()

    def _sum_up(self, done: list[Fetched], seconds: float, as_json: bool) -> None:
        by_outcome = Counter(fetched.outcome for fetched in done)
        counts = sum((fetched.counts for fetched in done), Counter())
        if as_json:
            feeds = {word: by_outcome[word] for word in FeedSubscription.Outcome.values if word}
            articles = {word.value: counts[word] for word in Outcome if word != Outcome.UNDONE}
            line = {"checked": len(done), "feeds": feeds, **articles, "seconds": round(seconds, 3)}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        elif not done:
            self.stdout.write("没有到时间的订阅。")
        else:
            said = [f"{FeedSubscription.Outcome(word).label} {count}" for word, count in by_outcome.items()]
            self.stdout.write(f"抓取了 {len(done)} 个订阅：{'、'.join(said)}；{seconds:.1f} 秒。")
