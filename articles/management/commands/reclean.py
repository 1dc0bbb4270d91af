"""`manage.py reclean`: run articles.reclean.run."""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field

from django.core.management.base import BaseCommand, CommandError

from articles.importing.batch import STORAGE_FAILED
from articles.reclean.effects import Effect, describe_change, effect_of
from articles.reclean.find import Finding
from articles.reclean.run import Recleaned, plan, reclean
from articles.revisions.fields import REPLACED
from articles.revisions.history import label
from sources.models import Outcome, Source
from sources.run_control.import_lock import ImportUnderWay
from sources.run_control.interrupts import graceful_stop_anywhere
from sources.run_control.terminal import visible

EXAMPLES, SHOWN = 5, 3  # articles shown, and changes of each
CHANGES = (Outcome.UPDATED, Outcome.CONFLICT)
TOLD = [*CHANGES, Outcome.UNCHANGED, Outcome.REJECTED, Outcome.SKIPPED]


@dataclass(slots=True)
class Tally:
    """Counts of changes by rule, and the first few articles that change."""

    rules: Counter = field(default_factory=Counter)
    examples: list[tuple[Finding, Effect]] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        effect = effect_of(finding)
        self.rules.update(effect.counts)
        if len(self.examples) < EXAMPLES:
            self.examples.append((finding, effect))


class Command(BaseCommand):
    help = "用现在的清洗规则重新清洗保存的原始文本。编辑改过的稿件不动，只留下待处理的文本。"
    requires_system_checks = ()  # as for import_articles

    def add_arguments(self, parser):
        parser.add_argument(
            "--source", default="", metavar="S", help="只清洗这个来源的稿件（名称、别名或地址名）"
        )
        parser.add_argument("--dry-run", action="store_true", help="只说会怎样，什么也不改")
        parser.add_argument("--yes", action="store_true", help="不再询问")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个 JSON 对象")

    def handle(self, *args, dry_run, yes, **options):
        source = self._source(options["source"])
        try:
            with graceful_stop_anywhere(
                self.stderr.write, "已停止，写入的都在。再运行一次，接着清洗余下的。"
            ):
                asks = sys.stdin.isatty() and not (yes or dry_run or options["json"])
                changes = self._plan(source, options["json"]) if dry_run or asks else True
                if asks and changes:
                    self._ask()
                if changes and not dry_run:
                    self._carry_out(source, options["json"])
        except ImportUnderWay as error:
            raise CommandError(f"不能进行：{error}", returncode=2) from error
        except STORAGE_FAILED as error:
            raise CommandError(
                f"数据库写不进去了（{error}）。已写入的都在；排除故障后再运行一次。", returncode=2
            ) from error

    def _source(self, name: str) -> Source | None:
        source = Source.objects.named(name) or Source.objects.filter(slug=name).first() if name else None
        if name and source is None:
            raise CommandError(f"没有来源“{visible(name)}”。", returncode=2)
        return source

    def _plan(self, source: Source | None, as_json: bool) -> bool:
        """Print what would happen; return whether anything would change."""
        tally = Tally()
        planned = plan(source, self._teller(tally))
        self._sum_up(planned, tally, as_json)
        return any(planned.counts[outcome] for outcome in CHANGES)

    def _ask(self) -> None:
        if input("照这样重新清洗？[y/N] ").strip().lower() not in ("y", "yes", "是"):
            raise CommandError("没有清洗，什么也没有改。", returncode=2)

    def _carry_out(self, source: Source | None, as_json: bool) -> None:
        tally = Tally()
        self._sum_up(reclean(source, self._teller(tally)), tally, as_json)

    def _teller(self, tally: Tally):
        def tell(finding: Finding) -> None:
            if finding.outcome in CHANGES:
                tally.add(finding)
            elif finding.outcome == Outcome.REJECTED:
                self.stderr.write(
                    f"读不出 {visible(finding.item.name)}（稿件 {finding.article.pk}）：{visible(finding.reason)}"
                )

        return tell

    # -------------------------------------------------------------- output
    def _sum_up(self, done: Recleaned, tally: Tally, as_json: bool) -> None:
        if as_json:
            counts = {str(outcome): done.counts[outcome] for outcome in TOLD}
            said = {"run": done.run.pk if done.run else None, "read": done.counts.total(), **counts}
            said |= {"rules": dict(tally.rules.most_common()), "seconds": round(done.seconds, 3)}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for finding, effect in tally.examples:
            self._show(finding, effect)
        labels = {name: str(label(name)) for name in REPLACED}
        for what, number in tally.rules.most_common():
            self.stdout.write(f"{describe_change(what, labels)}：{number} 处")
        self.stdout.write(self._in_words(done))

    def _show(self, finding: Finding, effect: Effect) -> None:
        waits = "（编辑改过，留作待处理）" if finding.outcome == Outcome.CONFLICT else ""
        self.stdout.write(f"例：稿件 {finding.article.pk} 《{visible(finding.article.title)}》{waits}")
        for sign, passages in (("-", effect.out), ("+", effect.into)):
            for passage in passages[:SHOWN]:
                self.stdout.write(f"  {sign} {visible(passage[:120])}")

    def _in_words(self, done: Recleaned) -> str:
        what = (
            f"第 {done.run.pk} 批（可用 undo_import {done.run.pk} 撤销）"
            if done.run
            else "试运行（什么也没写）"
        )
        n = done.counts
        said = f"{what}：读了 {n.total()} 篇的原始文本，更新 {n[Outcome.UPDATED]}，留作待处理 {n[Outcome.CONFLICT]}，"
        said += f"没有变化 {n[Outcome.UNCHANGED]}，读不出 {n[Outcome.REJECTED]}"
        return (
            said
            + (f"，刚被别人改过 {n[Outcome.SKIPPED]}" if n[Outcome.SKIPPED] else "")
            + f"；{done.seconds:.1f} 秒。"
        )
