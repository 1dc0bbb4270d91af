"""`manage.py fetch_images`: run articles.pictures.fetch. Nothing else fetches pictures."""

import json
import sys
import time
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from tqdm import tqdm

from articles.importing.batch import STORAGE_FAILED
from articles.models import Picture
from articles.pictures.fetch import fetch_pictures
from sources.models import Source
from sources.net.fetch import Policy
from sources.run_control.interrupts import graceful_stop_anywhere
from sources.run_control.terminal import visible
from sources.text.lines import without_login


class Command(BaseCommand):
    help = "抓取稿件里的图片，重新编码后存在本地。可以随时停，再运行就接着抓。"
    requires_system_checks = ()  # as for import_articles

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, metavar="N", help="最多抓 N 张")
        parser.add_argument("--source", default="", metavar="NAME", help="只抓这个来源的稿件里的")
        parser.add_argument("--retry", action="store_true", help="出错的、不抓取的也再试一次")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个 JSON 对象")

    def handle(self, *args, limit, source, retry, **options):
        began = time.monotonic()
        try:
            waiting = self._waiting(source, retry)[:limit]
            shown = sys.stderr.isatty() and not options["json"]
            with (
                graceful_stop_anywhere(self.stderr.write, "已停止，抓到的都在；再运行就接着抓。"),
                tqdm(total=waiting.count() if shown else None, unit="张", disable=not shown) as bar,
            ):
                counts = fetch_pictures(waiting, Policy.usual(), self._teller(bar))
        except STORAGE_FAILED as error:
            raise CommandError(f"数据库写不进去了（{error}）。已抓取的都在。", returncode=2) from error
        except OSError as error:
            raise CommandError(f"图片存不下来（{error}）。已抓取的都在。", returncode=2) from error
        self._sum_up(counts, time.monotonic() - began, options["json"])
        if counts[Picture.State.FAILED] or counts[Picture.State.REFUSED]:
            sys.exit(1)

    def _waiting(self, name: str, retry: bool) -> QuerySet[Picture]:
        every = Picture.objects.all()
        if name:
            source = Source.objects.named(name) or Source.objects.filter(slug=name).first()
            if source is None:
                raise CommandError(f"没有叫“{name}”的来源。", returncode=2)
            every = every.filter(article__source=source)
        if retry:
            every.ask_again()
        return every.waiting()

    def _teller(self, bar):
        def tell(picture: Picture) -> None:
            bar.update()
            if not picture.is_here:
                with tqdm.external_write_mode(file=sys.stderr):
                    said = f"{picture.get_state_display()} {without_login(picture.url)}：{picture.reason}"
                    self.stderr.write(visible(said))

        return tell

    def _sum_up(self, counts: Counter, seconds: float, as_json: bool) -> None:
        if as_json:
            states = {state.value: counts[state] for state in Picture.State if state != Picture.State.REMOTE}
            line = {"tried": counts.total(), **states, "seconds": round(seconds, 3)}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        elif not counts:
            self.stdout.write("没有要抓取的图片。")
        else:
            said = "、".join(f"{Picture.State(state).label} {count}" for state, count in counts.items())
            self.stdout.write(f"图片：{said}；{seconds:.1f} 秒。")
