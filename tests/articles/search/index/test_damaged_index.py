"""An index whose files are not what they should be: said, in nobody's way, and made anew by itself."""

import os
import random
import resource
import shutil
from io import StringIO
from pathlib import Path

import pytest
import tantivy
from django.core.cache import cache
from django.core.management import call_command

from articles.models import Article
from articles.search.index import follow, index
from tests.support.builders import make_article, make_source
from tests.support.deliveries import deliver, post
from tests.support.editors import chief, correct
from tests.support.search_requests import titles

pytestmark = pytest.mark.django_db(transaction=True)


def cut_short(folder: Path, ending: str, size: int) -> None:
    for file in folder.glob(f"*.{ending}"):
        os.truncate(file, size)


def flip(folder: Path, ending: str) -> None:
    """A tenth of its bytes, but for the footer."""
    chance = random.Random(1)
    for file in folder.glob(f"*.{ending}"):
        data = bytearray(file.read_bytes())
        for _ in range(max(len(data) // 10, 1)):
            data[chance.randrange(max(len(data) - 200, 1))] ^= 0xFF
        file.write_bytes(data)


def become_a_folder(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.mkdir()


def of_another_schema(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("id", indexed=True, fast=True)
    made.add_text_field("position", stored=True, tokenizer_name="raw", index_option="basic")
    tantivy.Index(made.build(), str(folder)).writer(15_000_000, 1).commit()


def every(folder: Path, ending: str, act) -> None:
    for file in folder.glob(f"*.{ending}"):
        act(file)


PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
HARMS = {
    **{f"no {part}": (lambda folder, part=part: every(folder, part, Path.unlink)) for part in PARTS},
    **{f"empty {part}": (lambda folder, part=part: cut_short(folder, part, 0)) for part in PARTS},
    **{f"flipped {part}": (lambda folder, part=part: flip(folder, part)) for part in PARTS},
    "half a list": lambda folder: cut_short(folder, "idx", 20),
    "a folder for a file": lambda folder: every(folder, "term", become_a_folder),
    "meta.json empty": lambda folder: os.truncate(folder / "meta.json", 0),
    "meta.json garbled": lambda folder: (folder / "meta.json").write_text('{"segments": 7}'),
    "meta.json of bytes": lambda folder: (folder / "meta.json").write_bytes(random.Random(1).randbytes(500)),
    "meta.json a folder": lambda folder: become_a_folder(folder / "meta.json"),
    "no meta.json": lambda folder: (folder / "meta.json").unlink(),
    "a folder for tantivy's lock": lambda folder: become_a_folder(folder / ".tantivy-writer.lock"),
    "no generation": shutil.rmtree,
    "an older schema": of_another_schema,
    "current a folder": lambda folder: become_a_folder(folder.parent / "current"),
    "current of bytes": lambda folder: (folder.parent / "current").write_bytes(b"\xff\xfe\x00"),
    "current elsewhere": lambda folder: (folder.parent / "current").write_text("v2-../../../etc"),
    "our locks folders": lambda folder: [
        become_a_folder(folder.parent / name) for name in ("lock", "rebuilding")
    ],
    "everything gone": lambda folder: shutil.rmtree(folder.parent),
}
# Damage is done to files; what is read from the database to mend them is the same after each kind of it.
OF_BOTH = ("empty idx", "flipped store", "an older schema", "everything gone")


@pytest.fixture
def newsroom(index_home, monkeypatch) -> list[Article]:
    monkeypatch.setattr(index, "LOOK_EVERY", 0)
    outlet = make_source("国际商报")
    made = [
        make_article(f"第 {n} 篇：沧澜银行降准", outlet, body_html="<p>下调存款准备金率。</p>")
        for n in range(6)
    ]
    follow.rebuild()
    return made


@pytest.mark.parametrize("opened", [True, False], ids=["open", "closed"])
@pytest.mark.parametrize(
    "harm", [one if one in OF_BOTH else pytest.param(one, marks=pytest.mark.once) for one in HARMS]
)
def test_damage_is_in_nobodys_way_and_mended(newsroom, client, index_home, harm, opened):
    assert client.get("/search/?q=准备金率").status_code == 200
    if not opened:
        index.close()
    HARMS[harm](index_home / index.current_generation())
    cache.clear()
    if not opened:
        follow.examine()
    for path in ("/search/", "/search/feed.xml"):
        answer = client.get(f"{path}?q=准备金率")
        # Harm that a query does not come upon is in nobody's way.
        assert answer.status_code == (503 if "Retry-After" in answer else 200)
        if "Retry-After" in answer:
            assert "搜索索引还没有就绪" in answer.content.decode()
        elif harm != "an older schema":  # one in use finds nothing until it is noticed, a moment later
            assert "沧澜银行" in answer.content.decode()
    assert "沧澜银行降准" in client.get(f"/articles/{newsroom[0].pk}/").content.decode()
    assert client.get("/search/suggest?q=国际").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == (200 if ready.json()["ready"] else 503)
    if follow.must_follow():
        assert follow.catch_up()
    assert not follow.must_follow()
    assert client.get("/readyz").json()["index"] == "ok"
    assert sorted(titles("准备金率")) == sorted(article.title for article in newsroom)


@pytest.mark.parametrize(
    "harm", ["no pos", "empty idx", "flipped term", "meta.json empty", "an older schema"]
)
def test_readyz_names_a_damaged_index(newsroom, client, index_home, harm):
    HARMS[harm](index_home / index.current_generation())
    index.close()
    follow.examine()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["index"] == "damaged"
    assert answer.json()["database"] == "ok"


def test_search_says_in_words_that_it_is_not_ready(newsroom, client, index_home):
    HARMS["empty idx"](index_home / index.current_generation())
    answer = client.get("/search/?q=准备金率")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) <= 120
    assert "搜索正在准备" in answer.content.decode()


@pytest.mark.parametrize(
    "harm", ["no pos", "empty idx", "flipped store", "meta.json garbled", "our locks folders"]
)
def test_saving_and_importing_go_on(newsroom, index_home, tmp_path, harm):
    HARMS[harm](index_home / index.current_generation())
    answer = correct(chief(), newsroom[0], title="改过的标题", reason="改")
    assert answer.status_code == 302
    newsroom[0].refresh_from_db()
    assert newsroom[0].title == "改过的标题"
    posts = deliver(tmp_path / "posts", n1=post(1))
    call_command("import_articles", posts, stdout=StringIO(), stderr=StringIO())
    assert Article.objects.count() == 7
    follow.catch_up()
    assert "改过的标题" in titles("准备金率")
    assert len(titles("正文")) == 1


def test_a_question_that_fails_for_no_fault_of_the_index_makes_nothing_anew(newsroom, index_home):
    before = index.current_generation()
    index.suspect("a reader's question")
    assert follow.must_follow()
    assert follow.catch_up()
    assert index.current_generation() == before
    assert not follow.must_follow()


def test_without_room_the_old_index_stays_and_nothing_is_left_behind(newsroom, index_home):
    """A file may have 4 KiB at most from now on, as on a disk that is nearly full."""
    for number in range(60):
        make_article(f"又一篇 {number}", body_html=f"<p>{'存款准备金率下调，' * 50}{number}</p>")
    before, soft = index.current_generation(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, soft[1]))
    try:
        with pytest.raises((OSError, ValueError)):
            follow.rebuild()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, soft)
    assert index.current_generation() == before
    assert [folder.name for folder in index_home.glob("v*")] == [before]
    assert len(titles("准备金率")) == 6
    assert follow.catch_up()
    assert len(titles("准备金率 又一篇")) > 6
