"""`manage.py undo_import RUN`: the command line's door to articles.undoing."""

import json

from django.core.management.base import BaseCommand, CommandError

from articles.management.commands.import_articles import visible
from articles.undoing import Undone, undo_import
from sources.models import ImportRun
from sources.stopping import stoppable
from sources.turns import ImportUnderWay


class Command(BaseCommand):
    help = "撤销一批导入：移除它新建的，恢复它替换的；此后有人改过的，保留并逐篇列出。"
    requires_system_checks = ()  # as for import_articles

    def add_arguments(self, parser):
        parser.add_argument("run", type=int, metavar="RUN", help="批次号")
        parser.add_argument("--dry-run", action="store_true", help="只说会怎样，什么也不改")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个 JSON 对象")

    def handle(self, *args, run, dry_run, **options):
        try:
            with stoppable(self.stderr.write, "已停止，什么也没有撤销。要撤销，再运行一次。"):
                done = undo_import(ImportRun.objects.get(pk=run), dry_run)
        except ImportRun.DoesNotExist as error:
            raise CommandError(f"没有第 {run} 批。", returncode=2) from error
        except ImportUnderWay as error:
            raise CommandError(f"不能进行：{error}", returncode=2) from error
        for kept in done.kept:
            self.stderr.write(f"保留 {kept.pk} 《{visible(kept.title)}》：{kept.why}")
        self.stdout.write(self._as_json(run, done) if options["json"] else self._in_words(run, done, dry_run))

    def _as_json(self, run: int, done: Undone) -> str:
        kept = [{"article": one.pk, "title": one.title, "why": one.why} for one in done.kept]
        counts = {"removed": done.removed, "restored": done.restored, "kept": len(kept)}
        return json.dumps({"run": run, **counts, "kept_articles": kept}, ensure_ascii=False)

    def _in_words(self, run: int, done: Undone, dry_run: bool) -> str:
        what = "会" if dry_run else "已"
        return f"第 {run} 批{what}撤销：移除 {done.removed} 篇，恢复 {done.restored} 篇，保留 {len(done.kept)} 篇。"
