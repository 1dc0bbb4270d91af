"""A document under a wrong name, or without an extension, is rejected by name with what to do, never only counted."""

import io
import zipfile

import pytest

from sources.files.inputs import Found
from sources.files.walk import walk
from sources.reading.read import read_input


def packed(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "稿件")
    return out.getvalue()


KINDS = {
    "PDF": (b"%PDF-1.4\n1 0 obj", ".txt"),
    "zip": (packed("a.txt"), ".zip"),
    "docx": (packed("[Content_Types].xml", "word/document.xml"), ".docx"),
    "xlsx": (packed("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0", "解开"),
    "rar": (b"Rar!\x1a\x07\x01\0", "解开"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4", "解开"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), ".docx"),
    "rtf": (rb"{\rtf1\ansi\ansicpg936 \'c1\'d9}", ".docx"),
}
NAMES = ["稿件/无扩展名", "稿件.2022", "a.zip!通稿.txt", "通稿.md", "通稿.html", "通稿.dat", "通稿.log"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("data", "what_to_do"), KINDS.values(), ids=KINDS)
def test_a_document_is_known_by_its_content_whatever_its_name(name, data, what_to_do):
    (one,) = read_input(Found(name, "", data=data))
    assert one.rejected and what_to_do in one.rejected.text
    assert not one.skipped and not one.unlisted and not one.found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.exe", b"MZ\x90\0"),
        ("lib.jar", packed("META-INF/MANIFEST.MF")),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("无扩展名", b"#!/bin/sh\n"),
        (".cache", b"%PDF-1.4"),
    ],
)
def test_pictures_programs_and_hidden_files_stay_skipped(name, data):
    (one,) = read_input(Found(name, "", data=data))
    assert one.skipped and not one.rejected


@pytest.mark.parametrize("name", ["通稿", "通稿.dat", "通稿.xyz", "稿件.2022"])
def test_a_file_that_somebody_named_is_rejected_by_name_and_one_met_in_a_folder_is_counted(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x01\x02\x03")
    (named,) = read_input(next(walk([str(tmp_path / name)])))
    assert "另存为" in named.rejected.text and not named.skipped and not named.unlisted
    (met,) = read_input(next(walk([str(tmp_path)])))
    assert met.skipped and not met.rejected


@pytest.mark.parametrize("name", ["a.png", "a.exe", "style.css"])
def test_a_picture_or_program_that_somebody_named_stays_skipped(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x01\x02\x03")
    (one,) = read_input(next(walk([str(tmp_path / name)])))
    assert one.skipped and not one.rejected
