"""A small file never becomes gigabytes: what its parts are kept with counts, and so does what an archive unpacks to."""

import gzip
import io
import zipfile

import pytest
from openpyxl import Workbook

from sources.files.inputs import Found
from sources.models import Upload
from sources.reading.limits import MIB, counted_size
from sources.reading.read import read_input
from sources.run_control.stored_uploads import LARGEST, MOST_UNPACKED, folder_of, inputs_of

HEADER = "".join(f"，栏{number}" for number in range(4000))


def kept(reads):
    return sum(len(one.raw or b"") for read in reads for one in read.found)


def table(rows):
    lines = "".join(f"标题{number},文,\n" for number in range(rows))
    return f"title,body,{HEADER}\n{lines}".encode()


def workbook(rows):
    book = Workbook()
    book.active.append(["title", "body", *(f"{number}{HEADER[:30_000]}" for number in range(30))])
    for number in range(rows):
        book.active.append([f"标题{number}", "文", *[None] * 29, "末"])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize(("name", "make"), [("a.csv", table), ("a.xlsx", workbook)])
def test_short_rows_under_a_long_header_do_not_multiply_the_file(name, make):
    few, many = make(10), make(1000)
    assert not any(read.rejected for read in read_input(Found(name, "", data=few)))
    reads = read_input(Found(name, "", data=many))
    assert kept(reads) <= 4 * MIB + 8 * counted_size(name, len(many))
    assert "远大于文件本身" in reads[-1].rejected.text and reads[-1].raw
    assert 10 < len(reads) < 1000 and not any(read.rejected for read in reads[:-1])


def test_a_usual_table_of_short_rows_is_read_whole():
    rows = "".join(f"沧澜第{number}号公告,正文,2022-03-01,沧澜日报\n" for number in range(30_000))
    reads = read_input(Found("a.csv", "", data=f"title,body,date,source\n{rows}".encode()))
    assert len(reads) == 30_000 and not any(read.rejected for read in reads)


# ------------------------------------------------------------------ what an upload unpacks to
@pytest.fixture
def upload(tmp_path, settings):
    """Makes an upload, not saved, of one file."""
    settings.HOME = tmp_path

    def make(name, data):
        made = Upload(pk=1, files=[[name, len(data)]])
        folder_of(made).mkdir(parents=True)
        (folder_of(made) / "0").write_bytes(data)
        return made

    return make


def zipped(**members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return made.getvalue()


def test_members_that_unpack_to_too_much_are_left_out_in_words(upload):
    packed = zipped(**{f"{number}_md": b"a" * (MIB - 1) for number in range(MOST_UNPACKED // MIB + 20)})
    assert len(packed) < MIB
    found = list(inputs_of(upload("a.zip", packed)))
    assert sum(len(one.data or b"") for one in found) <= MOST_UNPACKED
    assert [bool(one.refused) for one in found] == [False] * (len(found) - 1) + [True]
    assert "合计超过 200 MB" in found[-1].refused


def test_a_workbook_in_an_archive_counts_as_what_it_unpacks_to(upload):
    """Packed once more, a workbook of half a million cells is thirty kilobytes, and ten seconds' work."""
    packed = zipped(**{f"{number}_xlsx": b"PK" * (MIB // 2) for number in range(40)})
    found = list(inputs_of(upload("a.zip", packed)))
    assert len(found) == MOST_UNPACKED // (20 * MIB) + 1 and found[-1].refused


def test_no_packed_table_is_larger_than_an_upload_may_be(upload):
    """By its size it would be given ten gigabytes."""
    rows = b"".join(b"t%d,b\n" % number for number in range(2_600_000))
    (found,) = inputs_of(upload("a.csv.gz", gzip.compress(b"title,body\n" + rows)))
    assert f"超过 {LARGEST >> 20} MB" in found.refused and found.data is None
