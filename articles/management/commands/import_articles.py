"""`manage.py import_articles PATH…`: run articles.importing.run."""

import json
import os
import sys
from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from articles.importing.batch import STORAGE_FAILED
from articles.importing.match import Decision
from articles.importing.run import NotResumable, Options, Result, import_paths, resume
from articles.importing.write import pk_of
from sources.files.walk import walk
from sources.formats import FORMATS
from sources.models import ImportRun, Outcome
from sources.run_control.import_lock import ImportUnderWay
from sources.run_control.interrupts import graceful_stop_anywhere
from sources.run_control.terminal import is_disk_full, visible

_RESUME = "用 --resume 加批次号接着导入（批次号见后台“导入批次”），或把同一条命令再运行一遍。"


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise ArgumentTypeError(f"要写一个大于零的整数，不是“{text}”")
    return int(text)


class Command(BaseCommand):
    help = "导入文件或文件夹里的稿件。再次导入同一批文件，不会有任何变化。"
    requires_system_checks = ()  # they check the code, as `check` and the server's start do; an import is about files

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="*", metavar="PATH", help="文件、文件夹、压缩包，可以几个")
        parser.add_argument("--format", choices=["auto", *FORMATS], help="默认（auto）按文件名和内容判断")
        parser.add_argument("--source", default="", metavar="NAME", help="全部算作这个来源的稿件")
        parser.add_argument("--dry-run", action="store_true", help="只说会怎样，什么也不写")
        parser.add_argument("--limit", type=_count, metavar="N", help="最多读 N 个文件")
        parser.add_argument(
            "--workers", type=_count, metavar="N", help="几个进程读文件（默认等于处理器核数）"
        )
        parser.add_argument("--resume", type=int, metavar="RUN", help="接着导入中断的这一批（不必再写路径）")
        parser.add_argument("--no-index", action="store_true", help="不随导入更新搜索索引，留给网站自己跟上")
        parser.add_argument("--report", metavar="FILE", help="每个文件的结果写成一行 JSON")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个 JSON 对象")

    def handle(self, *args, paths, report, **options):
        if ImportRun._meta.db_table not in connection.introspection.table_names():
            raise CommandError("数据库里还没有表：先运行 manage.py migrate，再导入。", returncode=2)
        self.told = 0
        try:
            asked = self._asked(paths, options)
            with (
                graceful_stop_anywhere(self.stderr.write, f"已停止，写入的都在。{_RESUME}"),
                self._report(report) as write_line,
                self._progress(asked, options["json"]) as bar,
            ):
                result = self._import(asked, options["resume"], self._teller(write_line, bar))
        except FileNotFoundError as error:
            raise CommandError(f"没有这个文件或文件夹：{error.filename}", returncode=2) from error
        except ReportFailed as error:
            raise CommandError(self._without_report(error, asked, options["resume"]), returncode=2) from error
        except (ImportUnderWay, NotResumable) as error:
            raise CommandError(f"不能进行：{error}", returncode=2) from error
        except OSError as error:
            said = f"不能进行：{error}"
            said = self._how_to_go_on(error, said) if self.told or is_disk_full(error) else said
            raise CommandError(said, returncode=2) from error
        except STORAGE_FAILED as error:
            said = f"数据库写不进去了（{' '.join(str(error).split())}）"
            raise CommandError(self._how_to_go_on(error, said), returncode=2) from error
        self._sum_up(result, options["json"], asked.dry_run)
        if result.notice:
            self.stderr.write(result.notice)
        if result.counts[Outcome.REJECTED]:
            sys.exit(1)

    def _asked(self, paths, options) -> Options:
        if not paths and options["resume"] is None:
            raise CommandError("要导入什么？请写文件或文件夹，或用 --resume 接着导入。", returncode=2)
        if options["resume"] is not None:
            asked = self._asked_before(paths, options)
        else:
            asked = Options(
                paths, options["format"] or "auto", options["source"], options["dry_run"], options["limit"]
            )
        asked.workers = options["workers"] or asked.workers
        asked.index = not options["no_index"]
        return asked

    def _asked_before(self, paths, options) -> Options:
        """The options the run was started with. A different option is an error, so that it is not silently ignored."""
        number = options["resume"]
        try:
            asked = Options.of(ImportRun.objects.get(pk=number))
        except ImportRun.DoesNotExist as error:
            raise CommandError(f"没有第 {number} 批。", returncode=2) from error
        except KeyError as error:
            said = f"第 {number} 批不是导入文件；要重新清洗，再运行一次 reclean。"
            raise CommandError(said, returncode=2) from error
        if options["dry_run"]:
            raise CommandError("--resume 会写入，不能与 --dry-run 同用。", returncode=2)
        others = [
            name
            for name in ("format", "source", "limit")
            if options[name] not in (None, "", getattr(asked, name))
        ]
        if others or (paths and [*map(os.path.abspath, paths)] != asked.paths):
            what = " " + "、".join(f"--{name}" for name in others) + " " if others else "路径"
            said = f"第 {number} 批导入时的{what}不是这样；接着导入时不必再写，要另外导入就不要写 --resume。"
            raise CommandError(said, returncode=2)
        return asked

    def _import(self, asked: Options, run: int | None, tell) -> Result:
        if run is None:
            return import_paths(asked, tell)
        return resume(ImportRun.objects.get(pk=run), tell, asked.workers, index=asked.index)

    def _how_to_go_on(self, error: BaseException | None, said: str) -> str:
        what = "磁盘满了，腾出空间之后" if is_disk_full(error) else "排除故障（例如腾出磁盘空间）之后"
        return f"{said}。这次已写入 {self.told} 条，都在；{what}，{_RESUME}"

    def _without_report(self, error: "ReportFailed", asked: Options, resumed: int | None) -> str:
        if asked.dry_run:
            return f"{error}。什么也没有导入；换个地方写报告，再运行一次。"
        # The run's counts include what was written together with the last decision reported.
        run = ImportRun.objects.get(pk=resumed) if resumed else ImportRun.objects.first()
        done, space = sum(run.counts.values()), "腾出空间" if is_disk_full(error.__cause__) else "排除故障"
        said = f"{'磁盘满了，' if is_disk_full(error.__cause__) else ''}{error}"
        return f"{said}。第 {run.pk} 批已写入 {done} 条，都在；{space}或换个地方写报告，用 --resume {run.pk} 接着导入。"

    def _report(self, path):
        return _Lines(open(path, "w", encoding="utf-8") if path else None)

    def _progress(self, asked: Options, quiet: bool):
        shown = sys.stderr.isatty() and not quiet
        total = asked.limit or (sum(1 for _ in walk(asked.paths)) if shown else None)
        return tqdm(total=total, unit="篇", disable=not shown)

    def _teller(self, write_line, bar):
        def tell(decision: Decision) -> None:
            bar.update()
            self.told += 1
            if decision.outcome == Outcome.REJECTED:
                with tqdm.external_write_mode(file=sys.stderr):
                    self.stderr.write(f"退回 {visible(decision.read.name)}：{visible(decision.reason)}")
            write_line(decision)

        return tell

    def _sum_up(self, result: Result, as_json: bool, dry_run: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
            return
        parts = [f"{Outcome(word).label} {count}" for word, count in sorted(result.counts.items())]
        what = "试运行（什么也没写）" if dry_run else f"第 {result.run.pk} 批"
        rate = result.counts.total() / result.seconds if result.seconds else 0
        found = "、".join(parts) or "没有找到文件"
        self.stdout.write(f"{what}：{found}；{result.seconds:.1f} 秒，每秒 {rate:.0f} 个文件。")


class ReportFailed(Exception):
    """The report could not be written, so the import stopped there; the message says so in words."""

    def __init__(self, file, error: OSError):
        super().__init__(f"报告 {visible(file.name)} 写不进去了（{error.strerror}）")


class _Lines:
    """Writes one JSON object per line for each input; nothing if no file was given."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self.write

    def __exit__(self, kind, error, traceback):
        try:
            if self.file:
                self.file.close()
        except OSError as why:
            # An exception under way says more, and an interrupt must stay one.
            if error is None:
                raise ReportFailed(self.file, why) from why

    def write(self, decision: Decision) -> None:
        if not self.file or decision.read.unlisted:
            return
        raw = decision.raw
        line = {"file": decision.read.name, "outcome": str(decision.outcome), "why": decision.reason}
        line |= {"article": pk_of(decision), "title": raw.title if raw else None}
        line["date"] = raw.published_at.isoformat() if raw and raw.published_at else None
        line["body"] = raw.plain.text if raw else None
        try:
            self.file.write(json.dumps(line) + "\n")
        except OSError as error:
            raise ReportFailed(self.file, error) from error
