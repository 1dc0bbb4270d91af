"""Limits of processor time and memory for reading one input, and the errors for exceeding them. Pure."""

from dataclasses import dataclass

from sources.files.inputs import file_name
from sources.formats.filenames import WORKBOOKS

MIB = 1024 * 1024
# The longest real post takes a hundredth of a second. Without being a table, 20 seconds mean an endless loop.
SECONDS = 20
# The largest post takes 300 MiB. A server has three readers for each worker (reading_process.READERS): with two
# workers 3 GiB, should all of them be given the worst at once.
MEMORY = 512 * MIB
# A large file has more of both. A hundred thousand rows in 20 MiB were read in 14 s and 550 MiB: five times as many
# seconds are allowed (100), and nearly three times the memory (1536 MiB).
TWICE_THE_SECONDS, TWICE_THE_MEMORY = 5 * MIB, 10 * MIB  # the size at which a limit has doubled
# A workbook is packed: it counts as what it holds, which sources.formats.table.workbook keeps below this.
UNPACKS_TO, LARGEST_WORKBOOK = 20, 100 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of the processor, and bytes beyond what the process held before, for one input."""

    seconds: float = SECONDS
    memory: int = MEMORY

    def of(self, name: str, size: int) -> "Limits":
        """The limits of an input of this name and so many bytes."""
        size = counted_size(name, size)
        seconds = self.seconds * (1 + size / TWICE_THE_SECONDS)
        return Limits(seconds, int(self.memory * (1 + size / TWICE_THE_MEMORY)))


def counted_size(name: str, size: int) -> int:
    """Bytes that an input of this name and so many bytes counts as."""
    return min(size * UNPACKS_TO, LARGEST_WORKBOOK) if file_name(name).suffix in WORKBOOKS else size


class OverLimit(Exception):
    """An input could not be read within its limits; the message says why, and what an editor can do."""


class TooSlow(OverLimit):
    """It took too many seconds."""

    @classmethod
    def at(cls, limits: Limits) -> "TooSlow":
        said = f"读它超过 {limits.seconds:.0f} 秒，没有读完"
        return cls(f"{said}；请打开看看内容是否正常，删去异常的部分或拆成几个文件，再导入")


class OutOfMemory(OverLimit):
    """It took too much memory."""

    @classmethod
    def at(cls, limits: Limits) -> "OutOfMemory":
        said = f"读它要用的内存超过 {limits.memory // MIB} MB，没有读完"
        return cls(f"{said}；请打开看看内容是否正常，删去异常的部分或拆成几个文件，再导入")


class Died(OverLimit):
    """The process that read it came to an end."""

    def __init__(
        self, said: str = "读它的进程崩溃了，没有读完；请打开看看文件是否完好，另存一份再试，或交给管理员"
    ):
        super().__init__(said)


class Busy(OverLimit):
    """Others are being read, and its turn did not come."""

    def __init__(self, said: str = "正在读别的文件，没有轮到它；请过一会儿再试"):
        super().__init__(said)
