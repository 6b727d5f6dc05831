"""Pickles, forks, threads."""

import concurrent.futures
import multiprocessing
import os
import pickle
import threading

import pytest
import ragc
from children import DEADLINE, answer_of_child
from conftest import SAMPLES, reverse_complement

def letters_of(sequence):
    return str(sequence)


def region_of(archive, sample, at):
    return str(archive[sample]["chrII"][at : at + 500])


def test_a_pickle_is_found_again_by_its_path(path, archive, genomes, monkeypatch, tmp_path):
    monkeypatch.chdir(path.parent)
    with ragc.open("yeast.agc", upper=True, cache=1 << 20) as opened:
        pickled = pickle.dumps([opened, opened["SK1"], opened["SK1"]["chrI"][10:90][::-1]])
    monkeypatch.chdir(tmp_path)
    again, sample, stretch = pickle.loads(pickled)
    assert again.keys() == SAMPLES and again["SK1"]["chrI"][5000:5003] == genomes["SK1"]["chrI"][5000:5003].upper()
    assert sample.name == "SK1" and str(stretch) == reverse_complement(genomes["SK1"]["chrI"][10:90])
    assert (stretch.start, stretch.end, stretch.strand) == (10, 90, "-")
    record = next(archive.records())
    assert str(pickle.loads(pickle.dumps(record[3:9]))) == str(record[3:9])


def test_exceptions_are_pickled(archive):
    with pytest.raises(KeyError) as told:
        archive["SK2"]
    again = pickle.loads(pickle.dumps(told.value))
    assert type(again) is ragc.NotFoundError and str(again) == str(told.value) and again.near == told.value.near
    with pytest.raises(OSError) as told:
        ragc.open("absent.agc")
    again = pickle.loads(pickle.dumps(told.value))
    assert type(again) is ragc.FileAbsentError and again.errno == 2 and again.path == told.value.path


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_workers_of_multiprocessing(archive, genomes, method):
    context = multiprocessing.get_context(method)
    regions = [(sample, at) for sample in SAMPLES for at in range(0, 20_000, 1999)]
    # The parent has used its handle, and its threads are there or gone.
    archive.fetch_many([(sample, "chrII", at, at + 500) for sample, at in regions])
    expected = [genomes[sample]["chrII"][at : at + 500] for sample, at in regions]
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        by_archive = [pool.submit(region_of, archive, sample, at) for sample, at in regions]
        assert [future.result(DEADLINE) for future in by_archive] == expected
        by_sequence = [pool.submit(letters_of, archive[sample]["chrII"][at : at + 500]) for sample, at in regions]
        assert [future.result(DEADLINE) for future in by_sequence] == expected


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_the_child_of_a_fork_uses_what_its_parent_has_opened(archive, genomes):
    contig = archive["SK1"]["chrI"]
    str(contig[:100])
    expected = genomes["SK1"]["chrI"]
    assert answer_of_child(lambda: str(contig)) == expected
    assert answer_of_child(lambda: archive.fetch_many([("SK1", "chrI")])[0].decode()) == expected
    assert answer_of_child(lambda: str(next(archive.records(["SK1"], threads=2)))) == expected
    grandchild = lambda: answer_of_child(lambda: str(archive["SK1"]["chrI"]))
    assert answer_of_child(grandchild) == expected
    assert str(contig) == expected


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_while_threads_decode(archive, genomes):
    """A lock that a thread of the parent holds would be held for ever in the child."""
    done = threading.Event()

    def decode():
        with ragc.open(archive.path, cache=0) as other:
            while not done.is_set():
                archive.fetch_many([(sample, "chrIII") for sample in SAMPLES])
                other.fetch_many([(sample, "chrIII") for sample in SAMPLES])

    threads = [threading.Thread(target=decode) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            answer = answer_of_child(lambda: str(archive["Y12"]["chrIII"]))
            assert answer == genomes["Y12"]["chrIII"]
    finally:
        done.set()
        for thread in threads:
            thread.join(DEADLINE)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_records_of_a_parent_are_refused_and_dropped_in_its_child(archive):
    records = archive.records(threads=2)
    next(records)

    def ask():
        try:
            next(records)
        except RuntimeError as error:
            globals()["records_of_parent"] = None
            return str(error)
        return "no error"

    assert "parent process" in answer_of_child(ask)
    assert len(list(records)) == 11


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_an_archive_that_was_replaced_is_no_mixture(tmp_path):
    path = tmp_path / "x.agc"
    ragc.create(path, {"a": b">c\nACGTACGTAC\n"})
    with ragc.open(path) as archive:
        assert archive["a"]["c"] == "ACGTACGTAC"
        ragc.create(path, {"a": b">c\nGGGGGCCCCC\n"}, force=True)
        # This process keeps the file that it has opened; its child would have to open the other one.
        assert archive["a"]["c"] == "ACGTACGTAC"

        def ask():
            try:
                return str(archive["a"]["c"])
            except ragc.Error as error:
                return f"{error.code} {error}"

        assert "changed after it was opened" in answer_of_child(ask)


def test_threads_share_a_handle(archive, genomes):
    regions = [(sample, at) for sample in SAMPLES for at in range(0, 20_000, 501)]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda region: region_of(archive, *region), regions, timeout=DEADLINE))
    assert answers == [genomes[sample]["chrII"][at : at + 500] for sample, at in regions]


def test_the_lock_of_the_interpreter_is_free_while_an_object_is_read(tmp_path):
    """An input that is an object is read by threads of the library, which need the lock that the caller had."""
    class Slow:
        def __init__(self):
            self.text = b">c\n" + b"ACGT" * 1000 + b"\n"

        def read(self, n):
            piece, self.text = self.text[: min(n, 7)], self.text[min(n, 7) :]
            return piece

    summary = ragc.create(tmp_path / "x.agc", {"a": Slow(), "b": Slow()})
    assert summary.n_bases == 8000
