"""A single packed text or table is opened like a file as it is, within limits."""

import gzip
import zipfile

import pytest

from sources.files.inputs import LARGEST
from sources.files.walk import walk
from sources.reading.read import read_input

ROW = '{"title": "渡口的钟修好了", "date": "2024-03-10", "source": "澜州日报", "body": "钟走了。"}\n'


def found_in(path):
    return list(walk([str(path)]))


def test_a_packed_table_is_read_row_by_row(tmp_path):
    path = tmp_path / "2024.jsonl.gz"
    path.write_bytes(gzip.compress((ROW + ROW.replace("钟", "船")).encode()))
    reads = [read for found in found_in(path) for read in read_input(found)]
    assert [read.name for read in reads] == ["2024.jsonl.gz!2024.jsonl:1", "2024.jsonl.gz!2024.jsonl:2"]
    assert [read.found[0].title for read in reads] == ["渡口的钟修好了", "渡口的船修好了"]


def test_what_is_packed_and_no_text_of_ours_is_refused_unopened_with_what_to_do(tmp_path):
    (tmp_path / "backup.sql.gz").write_bytes(gzip.compress(b"x" * LARGEST))
    (read,) = [read for found in found_in(tmp_path) for read in read_input(found)]
    assert not read.sha256
    assert "重新打包成 .zip" in read.rejected.text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bomb.csv.gz", gzip.compress(b"0" * 30_000_000), "压缩比"),
        ("torn.csv.gz", gzip.compress(ROW.encode() * 100)[:-20], "坏了或不完整"),
        ("not.csv.gz", ROW.encode(), "坏了或不完整"),
    ],
)
def test_a_bomb_or_a_damaged_file_is_refused_in_words(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    (found,) = found_in(tmp_path)
    assert reason in found.refused
    assert found.data is None


def test_a_packed_text_longer_than_one_may_be_is_refused(tmp_path):
    lines = b"".join(b"%d" % number for number in range(4_000_000))
    (tmp_path / "long.txt.gz").write_bytes(gzip.compress(lines, 1))
    (found,) = found_in(tmp_path)
    assert "20 MB" in found.refused


class Unflagged(zipfile.ZipInfo):
    """A member as old programs write it: its name in bytes of their own, without the flag for UTF-8."""

    def _encodeFilenameFlags(self):
        return self.filename.encode(self.encoding), self.flag_bits & ~0x800


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("name", ["财经/渔港开市.txt", "牛.txt", "plain.txt"])
def test_a_members_name_is_read_in_the_encoding_it_was_written_in(tmp_path, encoding, name):
    Unflagged.encoding = encoding
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(Unflagged(name), "渔港开市。")
    (found,) = found_in(tmp_path / "a.zip")
    assert found.name == f"a.zip!{name}"
