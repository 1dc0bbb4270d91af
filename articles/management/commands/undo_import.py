"""`manage.py undo_import RUN`: run articles.undo.undo."""

import json

from django.core.management.base import BaseCommand, CommandError

from articles.importing.batch import STORAGE_FAILED
from articles.undo.leftovers import ARTICLE
from articles.undo.undo import NothingToUndo, Undone, undo_import
from sources.models import ImportRun
from sources.run_control.import_lock import ImportUnderWay
from sources.run_control.interrupts import graceful_stop_anywhere
from sources.run_control.terminal import is_disk_full, visible


class Command(BaseCommand):
    help = "撤销一批导入：移除它新建的，恢复它替换的；此后有人改过的，保留并逐篇列出。"
    requires_system_checks = ()  # as for import_articles

    def add_arguments(self, parser):
        parser.add_argument("run", type=int, metavar="RUN", help="批次号")
        parser.add_argument("--dry-run", action="store_true", help="只说会怎样，什么也不改")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个 JSON 对象")

    def handle(self, *args, run, dry_run, **options):
        try:
            with graceful_stop_anywhere(self.stderr.write, "已停止，什么也没有撤销。要撤销，再运行一次。"):
                done = undo_import(ImportRun.objects.get(pk=run), dry_run)
        except ImportRun.DoesNotExist as error:
            raise CommandError(f"没有第 {run} 批。", returncode=2) from error
        except ImportUnderWay as error:
            raise CommandError(f"不能进行：{error}", returncode=2) from error
        except NothingToUndo as error:
            raise CommandError(str(error), returncode=2) from error
        except STORAGE_FAILED as error:
            raise CommandError(self._how_to_go_on(error), returncode=2) from error
        for kept in done.kept:
            what = "" if kept.what == ARTICLE else kept.what
            self.stderr.write(f"保留{what} {kept.pk} 《{visible(kept.title)}》：{kept.why}")
        for words in done.lost:
            self.stderr.write(words)
        self.stdout.write(self._as_json(run, done) if options["json"] else self._in_words(run, done, dry_run))

    def _how_to_go_on(self, error: Exception) -> str:
        words = " ".join(str(error).split())
        what = "磁盘满了，腾出空间" if is_disk_full(error) else "排除故障"
        return f"数据库写不进去了（{words}）。什么也没有撤销；{what}之后，再运行一次。"

    def _as_json(self, run: int, done: Undone) -> str:
        kept = {True: [], False: []}
        for one in done.kept:
            is_article = one.what == ARTICLE
            named = {"article": one.pk} if is_article else {"what": one.what, "id": one.pk}
            kept[is_article].append(named | {"title": one.title, "why": one.why})
        counts = {"removed": done.removed, "restored": done.restored, "kept": len(done.kept)}
        listed = {"kept_articles": kept[True], "kept_others": kept[False], "lost": done.lost}
        return json.dumps({"run": run, **counts, **listed}, ensure_ascii=False)

    def _in_words(self, run: int, done: Undone, dry_run: bool) -> str:
        return f"第 {run} 批{'会' if dry_run else '已'}撤销：{done.words()}。"
