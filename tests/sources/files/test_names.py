"""Names of files whose bytes are not UTF-8: read as GBK, or kept apart."""

import io
import os
import tarfile

import pytest

from sources.files.walk import walk
from sources.formats import FORMATS

POST = "---\ntitle: 渡口的钟修好了\ndate: 2022-03-01\n---\n渡口的钟停了三年，今天修好了。\n".encode()


def found_names(path) -> list[str]:
    return [found.name for found in walk([str(path)])]


def tar_of(path, *names: bytes):
    with tarfile.open(
        path, "w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape"
    ) as archive:
        for number, name in enumerate(names):
            info = tarfile.TarInfo(os.fsdecode(name))
            data = POST + b"%d" % number
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def folder_of(path, *names: bytes):
    for name in names:
        place = os.path.join(os.fsencode(path), name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(POST)
    return path


NAMES = {
    "a file": "2022-03-01-周报.md",
    "a folder and a file": "财经/2022-03-01-渔港开市.md",
    "a character whose second byte is a backslash": "2022-03-01-珅縗.md",
    "signs": "（头版）要闻《渡口》.txt",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_gbk_name_in_a_tar_is_read(tmp_path, name):
    assert found_names(tar_of(tmp_path / "a.tar", name.encode("gbk"))) == [f"a.tar!{name}"]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_gbk_name_in_a_folder_is_the_one_on_disk_and_its_file_is_opened(tmp_path, name):
    (found,) = walk([str(folder_of(tmp_path, name.encode("gbk")))])
    assert os.fsencode(found.name) == name.encode("gbk")
    with open(found.path, "rb") as file:
        assert file.read() == POST


def test_a_file_has_one_id_in_a_folder_and_in_a_tar_whatever_the_encoding_of_its_name(tmp_path):
    name = "2022-03-01-周报.md"
    (in_folder,) = found_names(folder_of(tmp_path / "folder", name.encode("gbk")))
    (in_tar,) = found_names(tar_of(tmp_path / "a.tar", name.encode("gbk")))
    ids = {raw.external_id for one in (in_folder, in_tar, name) for raw in FORMATS["jekyll"](POST, one)}
    assert ids == {"/2022-03-01-周报"}


def test_each_part_of_a_path_has_its_own_encoding(tmp_path):
    path = "财经".encode() + b"/" + "周报.md".encode("gbk")
    assert found_names(tar_of(tmp_path / "a.tar", path)) == ["a.tar!财经/周报.md"]


@pytest.mark.parametrize("name", ["财经/周报.md", "café.md", "plain.md"])
def test_a_utf8_name_stays_as_it_is(tmp_path, name):
    assert found_names(folder_of(tmp_path, name.encode())) == [name]


# Neither UTF-8 nor GBK.
ODD = [b"2022-03-01-\xff\x01.md", b"2022-03-01-\xfe\x02.md", b"2022-03-01-\x80.md", b"2022-03-01-\xa5 x.md"]


def test_names_in_no_known_encoding_stay_different_articles(tmp_path):
    names = found_names(tar_of(tmp_path / "a.tar", *ODD))
    ids = {raw.external_id for name in names for raw in FORMATS["jekyll"](POST, name)}
    assert len(set(names)) == len(ids) == len(ODD)
    for one in ids:
        one.encode()  # it can be stored


def test_an_id_is_not_stripped_of_what_tells_it_apart():
    (one,) = FORMATS["jekyll"](POST, "2022-03-01-\udcff.md")
    (other,) = FORMATS["jekyll"](POST, "2022-03-01-\udcfe.md")
    one.fit()
    other.fit()
    assert (one.external_id, other.external_id) == ("/2022-03-01-%FF", "/2022-03-01-%FE")
