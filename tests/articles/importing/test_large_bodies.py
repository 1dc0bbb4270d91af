"""Many large articles at once: what is made of them is held a few at a time, however many a batch has."""

import gc
import tracemalloc
import weakref

import pytest

from articles.importing.batch import MOST_OF_ONE, in_batches
from articles.importing.run import Options, import_paths
from articles.search.index.documents import MOST_AT_ONCE, Entry, documents
from sources.files.inputs import Found
from sources.reading.limits import MIB
from sources.reading.pool import Part
from sources.reading.read import read_input

SENTENCE = "据国际商报报道，服务贸易稳步增长，数字贸易成为新亮点。"


def post(letters, number):
    body = "".join(f"<p>{SENTENCE}{line}</p>" for line in range(letters // 40))
    return f"---\ntitle: 沧澜{number}\n---\n{body}<p>{number}</p>".encode()


def peak(work):
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_long_articles_are_written_a_few_at_a_time_and_short_ones_by_the_thousand():
    def sizes(letters, count):
        (read,) = read_input(Found("2022-03-01-x.md", "", data=post(letters, 1)))
        return read.weight, [len(some) for some in in_batches([Part([read] * count)])]

    assert sizes(1000, 2500)[1] == [1000, 1000, 500]
    weight, some = sizes(400_000, 100)
    assert sum(some) == 100 and (max(some) - 1) * weight < 1000 * MOST_OF_ONE


def test_a_rejected_file_s_bytes_count_as_well():
    (read,) = read_input(Found("a.csv", "", data=b"a,b\n" + bytes(range(1, 256)) * 4000))
    assert read.rejected
    read.raw = b"x" * MIB
    assert max(len(some) for some in in_batches([Part([read] * 40)])) <= 8


@pytest.mark.parametrize("letters", [MOST_AT_ONCE // 10, 2 * MOST_AT_ONCE])
def test_the_index_cuts_long_texts_a_few_at_a_time(letters):
    def work(count):
        text = SENTENCE * (letters // len(SENTENCE))
        made = sum(1 for _ in documents(Entry(pk, "题", text=text) for pk in range(count)))
        assert made == count

    work(1)  # dictionary and tables
    few = MOST_AT_ONCE // letters + 1
    assert peak(lambda: work(8 * few)) < 1.5 * peak(lambda: work(2 * few))


@pytest.mark.django_db
def test_a_batch_is_let_go_as_soon_as_it_is_written(tmp_path):
    """No reference cycle keeps its texts in memory until Python looks for garbage."""
    for number in range(4):
        (tmp_path / f"2022-03-0{number + 1}-a{number}.md").write_bytes(post(100, number))
    written = []
    gc.collect()
    gc.disable()
    try:
        import_paths(
            Options([str(tmp_path)], workers=1), lambda one: written.append(weakref.ref(one.article))
        )
        assert (len(written), [one() for one in written if one()]) == (4, [])
    finally:
        gc.enable()
