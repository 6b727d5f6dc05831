"""Archives are made and changed."""

import gzip
import inspect
import io
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading

import pytest
import ragc
from conftest import SAMPLES, make_genomes, write_fasta

DEADLINE = 120


def letters_in(path):
    with ragc.open(path) as archive:
        return {sample.name: {contig.name: str(contig) for contig in sample} for sample in archive}


def test_all_kinds_of_inputs(tmp_path, fasta, genomes):
    path = tmp_path / "x.agc"
    text = fasta["Y12"].read_bytes()
    first, rest = text[: text.index(b">", 1)], text[text.index(b">", 1) :]
    (tmp_path / "packed.fa.gz").write_bytes(gzip.compress(fasta["SK1"].read_bytes()))
    summary = ragc.create(
        path,
        [fasta["S288C"], ("SK1", str(tmp_path / "packed.fa.gz")), ("Y12", [first, io.BytesIO(rest)])],
        threads=2,
    )
    assert (summary.n_samples, summary.n_contigs, summary.n_bases) == (3, 12, 240_000)
    assert (summary.n_folded, summary.n_odd, summary.renamed, summary.dropped_streams) == (0, 0, [], [])
    assert letters_in(path) == genomes
    by_name = tmp_path / "y.agc"
    ragc.create(by_name, {sample: fasta[sample] for sample in SAMPLES}, provenance=False, keep="none")
    assert letters_in(by_name)["SK1"]["chrI"] == genomes["SK1"]["chrI"].upper()


def test_options_reach_the_library(tmp_path, fasta, genomes):
    path = tmp_path / "x.agc"
    options = {"k": 21, "min_match": 17, "segment_size": 5000, "pack_cardinality": 3, "access": "fast"}
    summary = ragc.create(path, fasta.values(), **options, keep="layout", digests=True, checksums=False)
    assert summary.n_folded == sum(letter.islower() for contigs in genomes.values() for letters in contigs.values() for letter in letters)
    with ragc.open(path) as archive:
        assert archive.params == {"k": 21, "min_match": 17, "segment_size": 5000, "pack_cardinality": 3}
    assert not ragc.verify(path).has_checksums
    samples = ragc.create(tmp_path / "y.agc", {"all": b">a#1#c\nACGT\n>a#2#c\nACGG\n"}, samples_by="pansn")
    assert samples.n_samples == 2
    twice = [("a", b">c\nACGT\n"), ("a", b">c\nACGT\n")]
    renamed = ragc.create(tmp_path / "z.agc", twice, duplicates="rename")
    assert renamed.renamed == [("sample", "a", "a.2")]
    assert ragc.create(tmp_path / "z.agc", twice, duplicates="skip", force=True).n_left_out == 1


def test_wrong_options_are_told_before_anything_is_done(tmp_path, fasta):
    path = tmp_path / "x.agc"
    for wrong, message in [
        ({"access": "slow"}, 'access is one of "fast", "balanced", "small", not "slow"'),
        ({"samples_by": "file"}, "samples_by is one of"),
        ({"duplicates": "x"}, "duplicates is one of"),
        ({"keep": "x"}, "keep is one of"),
    ]:
        with pytest.raises(ValueError, match=message):
            ragc.create(path, fasta.values(), **wrong)
    with pytest.raises(ragc.OptionError) as told:
        ragc.create(path, fasta.values(), k=99)
    assert told.value.code == "bad-option"
    for option, value in [("threads", 0), ("threads", -1), ("k", -1), ("memory", 10**30), ("keep", "x"), ("access", "x"), ("duplicates", "x")]:
        with pytest.raises(ragc.OptionError, match=option):
            ragc.create(path, fasta.values(), **{option: value})
    with pytest.raises(TypeError, match="put a single one in a list"):
        ragc.merge(path, "a.agc")
    with pytest.raises(TypeError, match="threads is a whole number, not 'two'"):
        ragc.create(path, fasta.values(), threads="two")
    with pytest.raises(ragc.OptionError, match="seed_fraction 2 is not between"):
        ragc.create(path, fasta.values(), seed_fraction=2)
    with pytest.raises(TypeError, match="put a single file in a list"):
        ragc.create(path, str(fasta["SK1"]))
    with pytest.raises(TypeError, match="a sample is a path, or a pair"):
        ragc.create(path, [b">c\nACGT\n"])
    with pytest.raises(ValueError, match="sample a has no input"):
        ragc.create(path, {"a": []})
    assert os.listdir(tmp_path) == []


def all_options():
    """Each option of each function, with a value of another kind."""
    functions = [ragc.create, ragc.append, ragc.sync, ragc.merge, ragc.verify, ragc.open]
    for function in functions:
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is parameter.KEYWORD_ONLY:
                yield pytest.param(function, name, id=f"{function.__name__}-{name}")


class Odd:
    """Nothing that any option may be."""

    def __repr__(self):
        return "<odd>"


@pytest.mark.parametrize("function, option", list(all_options()))
def test_an_option_of_another_kind_is_told_by_its_name(tmp_path, path, function, option):
    archive = shutil.copy(path, tmp_path / "x.agc")
    new = tmp_path / "new.agc"
    samples = {"a": b">c\nACGT\n"}
    arguments = {"create": (new, samples), "merge": (new, [archive]), "verify": (archive,), "open": (archive,)}
    with pytest.raises(TypeError) as told:
        function(*arguments.get(function.__name__, (archive, samples)), **{option: Odd()})
    assert str(told.value).startswith(f"{option} is ") and str(told.value).endswith(", not <odd>")
    assert os.listdir(tmp_path) == ["x.agc"]


def test_what_is_no_input_is_told(tmp_path):
    for inputs, message in [({"a": 5}, "an input is a path, bytes, .* not 5"), ({5: b"x"}, "the name of a sample is a str, not 5")]:
        with pytest.raises(TypeError, match=message):
            ragc.create(tmp_path / "x.agc", inputs)


def test_bad_inputs_leave_nothing(tmp_path):
    path = tmp_path / "x.agc"
    with pytest.raises(ragc.InputError) as told:
        ragc.create(path, {"a": b">c\nACGT\n", "b": b"no fasta\n"})
    assert told.value.code == "bad-input" and isinstance(told.value, ValueError)
    with pytest.raises(FileNotFoundError):
        ragc.create(path, [tmp_path / "absent.fa"])

    class Text:
        def read(self, n):
            return "text"

    with pytest.raises(ragc.FileError, match='open it with "rb"'):
        ragc.create(path, {"a": Text()})

    class Failing:
        def read(self, n):
            raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError, match="the disk is gone"):
        ragc.create(path, {"a": Failing()})
    assert os.listdir(tmp_path) == []


def test_an_archive_is_not_replaced_by_chance(tmp_path, fasta):
    path = tmp_path / "x.agc"
    ragc.create(path, [fasta["SK1"]])
    before = path.read_bytes()
    with pytest.raises(ragc.Error, match="force=True"):
        ragc.create(path, [fasta["Y12"]])
    assert path.read_bytes() == before
    ragc.create(path, [fasta["Y12"]], force=True)
    assert list(letters_in(path)) == ["Y12"]
    text = tmp_path / "in.fa"
    text.write_bytes(fasta["SK1"].read_bytes())
    with pytest.raises(ragc.OptionError, match="this is an input"):
        ragc.create(text, [text])
    assert text.read_bytes() == fasta["SK1"].read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["in.fa", "x.agc"]


@pytest.mark.parametrize("rewrite", [False, True])
def test_append(tmp_path, fasta, genomes, rewrite):
    path = tmp_path / "x.agc"
    ragc.create(path, [fasta["S288C"], fasta["SK1"]])
    with ragc.open(path) as before:
        summary = ragc.append(path, [fasta["Y12"]], rewrite=rewrite)
        assert summary.n_samples == 1 and before.keys() == SAMPLES[:2] and str(before["SK1"]["chrI"])
    assert letters_in(path) == genomes
    with pytest.raises(ragc.InputError):
        ragc.append(path, [fasta["Y12"]], rewrite=rewrite)
    with pytest.raises(ragc.InputError):
        ragc.append(path, {"bad": b"no fasta"}, rewrite=rewrite)
    assert letters_in(path) == genomes and os.listdir(tmp_path) == ["x.agc"]


def test_append_to_another_file(tmp_path, fasta, genomes):
    old, new = tmp_path / "old.agc", tmp_path / "new.agc"
    ragc.create(old, [fasta["S288C"]])
    before = old.read_bytes()
    ragc.append(old, [fasta["SK1"]], output=new)
    assert old.read_bytes() == before and list(letters_in(new)) == ["S288C", "SK1"]
    with pytest.raises(ragc.Error, match="force=True"):
        ragc.append(old, [fasta["Y12"]], output=new)
    ragc.append(old, [fasta["Y12"]], output=new, force=True)
    assert list(letters_in(new)) == ["S288C", "Y12"]


def test_sync(tmp_path, fasta, genomes):
    path, other = tmp_path / "x.agc", make_genomes(seed=8)
    changed = write_fasta(tmp_path / "SK1.fa", other["SK1"])
    done = ragc.sync(path, [fasta["S288C"], fasta["SK1"]])
    assert done.is_changed and done.stored.n_samples == 2
    assert done.samples == [("S288C", "new", None), ("SK1", "new", None)] and done.gone == []
    done = ragc.sync(path, [fasta["S288C"], fasta["SK1"]])
    assert not done.is_changed and done.stored is None
    assert done.samples == [("S288C", "unchanged", "digest"), ("SK1", "unchanged", "digest")]
    done = ragc.sync(path, [fasta["S288C"], fasta["SK1"]], trust_stamps=True)
    assert done.samples[0] == ("S288C", "unchanged", "stamps")
    before = path.read_bytes()
    done = ragc.sync(path, [changed, fasta["Y12"]], delete=True, dry_run=True)
    assert done.samples == [("SK1", "changed", "digest"), ("Y12", "new", None)] and done.gone == ["S288C"]
    assert not done.is_changed and path.read_bytes() == before
    done = ragc.sync(path, [changed, fasta["Y12"]], delete=True)
    assert done.is_changed and letters_in(path) == {"SK1": other["SK1"], "Y12": genomes["Y12"]}


@pytest.mark.parametrize("rewrite", [False, True])
def test_sync_adds_behind_the_end(tmp_path, fasta, genomes, rewrite):
    path = tmp_path / "x.agc"
    ragc.sync(path, [fasta["S288C"], fasta["SK1"]])
    before = path.read_bytes()
    done = ragc.sync(path, [fasta[sample] for sample in SAMPLES], rewrite=rewrite)
    assert done.is_changed and done.stored.n_samples == len(SAMPLES) - 2
    assert letters_in(path) == genomes and ragc.verify(path)
    assert path.read_bytes().startswith(before) != rewrite
    assert os.listdir(path.parent) == ["x.agc"]


def test_sync_writes_files_of_several_names_anew(tmp_path, fasta, genomes):
    path, link = tmp_path / "x.agc", tmp_path / "link.agc"
    ragc.sync(path, [fasta["S288C"]])
    os.link(path, link)
    before = link.read_bytes()
    ragc.sync(path, [fasta["S288C"], fasta["SK1"]])
    assert link.read_bytes() == before and list(letters_in(path)) == ["S288C", "SK1"]


def test_sync_takes_folders(tmp_path, fasta, genomes):
    path, folder = tmp_path / "x.agc", tmp_path / "genomes"
    folder.mkdir()
    with pytest.raises(ragc.InputError, match="no FASTA file in this folder") as raised:
        ragc.sync(path, [folder])
    assert raised.value.path == str(folder) and not path.exists()
    for name in ["SK1", "S288C"]:
        (folder / f"{name}.fa").write_bytes(fasta[name].read_bytes())
    (folder / ".hidden.fa").write_text("no fasta")
    (folder / "notes.txt").write_text("no fasta")
    done = ragc.sync(path, [folder, fasta["Y12"]])
    assert done.samples == [(name, "new", None) for name in SAMPLES] and letters_in(path) == genomes
    (folder / "SK1.fa").unlink()
    done = ragc.sync(path, [folder, fasta["Y12"]], delete=True)
    assert done.gone == ["SK1"] and list(letters_in(path)) == ["S288C", "Y12"]
    # Others take files, as the program does.
    with pytest.raises(ragc.FileError):
        ragc.append(path, [folder])


def written_by(change, path, fasta, **options):
    """Changes an archive of two samples so, or makes it."""
    if change == "create":
        return ragc.create(path, [fasta["S288C"], fasta["SK1"]], **options)
    if change == "merge":
        shards = [path.with_name("a.agc"), path.with_name("b.agc")]
        for shard, sample in zip(shards, SAMPLES):
            ragc.create(shard, [fasta[sample]], segment_size=10_000, force=True)
        try:
            return ragc.merge(path, shards, **options)
        finally:
            for shard in shards:
                shard.unlink()
    run = {"append": ragc.append, "sync": ragc.sync}[change]
    return run(path, [fasta["Y12"]], **options)


@pytest.mark.parametrize("change", ["create", "append", "sync", "merge"])
def test_new_archives_are_read_back_if_that_is_wished(tmp_path, fasta, change):
    path = tmp_path / "x.agc"
    if change in ("append", "sync"):
        ragc.create(path, [fasta["S288C"], fasta["SK1"]])
    before = path.read_bytes() if path.exists() else None
    phases = []
    written_by(change, path, fasta, verify=True, progress=lambda phase, done, total: phases.append(phase))
    assert phases[-1] == "verify" and ragc.verify(path)
    if change == "append":
        # Nothing was written behind what was there.
        assert not path.read_bytes().startswith(before)


@pytest.mark.parametrize("change", [lambda path, files: ragc.append(path, files), lambda path, files: ragc.append(path, files, verify=True)])
@pytest.mark.parametrize("checksums", [True, False])
def test_nothing_is_appended_to_a_damaged_archive(tmp_path, fasta, checksums, change):
    path = tmp_path / "x.agc"
    ragc.create(path, [fasta["S288C"], fasta["SK1"]], checksums=checksums)
    intact = path.read_bytes()
    for place in range(20, len(intact) // 2, len(intact) // 10):
        damaged = intact[:place] + bytes(byte ^ 0xFF for byte in intact[place : place + 8]) + intact[place + 8 :]
        path.write_bytes(damaged)
        with pytest.raises(ragc.DamageError):
            change(path, [fasta["Y12"]])
        assert path.read_bytes() == damaged and os.listdir(tmp_path) == ["x.agc"]


def test_merge(tmp_path, fasta, genomes):
    shards = [tmp_path / "a.agc", tmp_path / "b.agc"]
    ragc.create(shards[0], [fasta["S288C"], fasta["SK1"]], segment_size=10_000)
    ragc.create(shards[1], [fasta["S288C"], fasta["Y12"]], segment_size=10_000)
    path = tmp_path / "x.agc"
    merged = ragc.merge(path, shards)
    assert (merged.n_samples, merged.n_same, merged.renamed, merged.skipped) == (3, 1, [], [])
    assert letters_in(path) == genomes
    with pytest.raises(ragc.Error, match="force=True"):
        ragc.merge(path, shards)
    with pytest.raises(ragc.OptionError, match="one of the archives"):
        ragc.merge(shards[0], shards, force=True)


def test_verify(path, tmp_path):
    told = []
    report = ragc.verify(path, progress=lambda *at: told.append(at))
    assert report and report.is_intact and report.has_checksums
    assert (report.n_samples, report.n_contigs, report.n_bases) == (3, 12, 240_000)
    assert (report.n_damages, report.n_lost_contigs, report.damages, report.lost_samples) == (0, 0, [], [])
    assert told and all(phase == "verify" and 0 <= done <= total for phase, done, total in told)
    with pytest.raises(FileNotFoundError):
        ragc.verify(tmp_path / "absent.agc")


def big_inputs(n=40, length=400_000):
    import random

    dice = random.Random(3)
    letters = bytearray(dice.choices(b"ACGT", k=length))
    for number in range(n):
        for place in dice.sample(range(length), 4000):
            letters[place] = dice.choice(b"ACGT")
        yield f"s{number}", b">c\n" + bytes(letters) + b"\n"


@pytest.mark.parametrize("change", ["create", "append", "rewrite", "sync"])
def test_what_progress_raises_ends_the_run(tmp_path, change):
    path = tmp_path / "x.agc"
    inputs = list(big_inputs())
    if change != "create":
        ragc.create(path, inputs[:1])
    before = path.read_bytes() if path.exists() else None
    told = []

    def progress(phase, done, total):
        told.append((phase, done, total))
        raise LookupError("that is enough")

    run = {
        "create": ragc.create,
        "append": ragc.append,
        "rewrite": lambda *given, **options: ragc.append(*given, rewrite=True, **options),
        "sync": ragc.sync,
    }[change]
    with pytest.raises(LookupError, match="that is enough"):
        run(path, inputs[change not in ("create", "sync") :], progress=progress)
    assert len(told) == 1
    assert (path.read_bytes() if path.exists() else None) == before
    assert os.listdir(tmp_path) == (["x.agc"] if before else [])


def test_progress_is_told_from_the_calling_thread(tmp_path):
    told, threads = [], set()

    def progress(phase, done, total):
        told.append((phase, done, total))
        threads.add(threading.get_ident())

    ragc.create(tmp_path / "x.agc", dict(big_inputs(4)), progress=progress)
    assert told and threads == {threading.get_ident()}
    assert all(total is None or done <= total for _, done, total in told)


INTERRUPTED = """
    import os, signal, sys, threading
    import ragc
    sys.path.insert(0, {tests!r})
    from test_writing import big_inputs

    class Endless:
        '''More than anybody waits for; when some of it has been read, this process is interrupted.'''
        def __init__(self):
            self.n_left = 200
        def read(self, n):
            self.n_left -= 1
            if self.n_left == 100:
                os.kill(os.getpid(), signal.SIGINT)
            return (b">c\\n" if self.n_left == 199 else b"ACGT" * 64 + b"\\n")[:n]

    try:
        {run}
    except KeyboardInterrupt:
        print("interrupted", ragc.__name__)
    else:
        print("it went on")
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
@pytest.mark.parametrize(
    "run",
    [
        "ragc.create('x.agc', {'a': Endless()})",
        "ragc.append('old.agc', {'a': Endless()})",
        "ragc.append('old.agc', {'a': Endless()}, output='x.agc')",
        "ragc.sync('old.agc', {'a': Endless()})",
    ],
)
def test_interrupts(tmp_path, run):
    ragc.create(tmp_path / "old.agc", {"old": b">c\nACGT\n"})
    before = (tmp_path / "old.agc").read_bytes()
    script = textwrap.dedent(INTERRUPTED).format(tests=os.path.dirname(__file__), run=run)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, timeout=DEADLINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert (done.stdout.decode().split(), done.stderr) == (["interrupted", "ragc"], b"")
    assert os.listdir(tmp_path) == ["old.agc"] and (tmp_path / "old.agc").read_bytes() == before


LOCKED = """
    import os, signal, threading
    import ragc

    holding, let_go = threading.Event(), threading.Event()

    class Held:
        def read(self, n):
            holding.set()
            let_go.wait(60)
            return b""

    def hold():
        try:
            ragc.create('{path}', {{'held': Held()}}, force=True)
        except ragc.InputError:
            pass

    def interrupt(phase, done, total):
        if phase == "wait":
            os.kill(os.getpid(), signal.SIGINT)

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(60)
    try:
        {run}, wait=False)
    except ragc.FileError as error:
        print("busy" if "another program is writing" in str(error) else error)
    try:
        {run}, progress=interrupt)
    except KeyboardInterrupt:
        print("interrupted")

    def go_on(phase, done, total):
        if phase == "wait":
            let_go.set()

    {run}, progress=go_on)
    print("done" if let_go.is_set() else "it did not wait")
    holder.join(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
@pytest.mark.parametrize(
    "run",
    [
        "ragc.create('x.agc', {'a': b'>c\\nACGT\\n'}",
        "ragc.append('old.agc', {'a': b'>c\\nACGT\\n'}",
        "ragc.append('old.agc', {'a': b'>c\\nACGT\\n'}, rewrite=True",
        "ragc.append('old.agc', {'a': b'>c\\nACGT\\n'}, output='x.agc'",
        "ragc.sync('old.agc', {'a': b'>c\\nACGT\\n'}",
        "ragc.merge('x.agc', ['old.agc']",
    ],
)
def test_waiting_for_another_writer_can_be_interrupted(tmp_path, run):
    ragc.create(tmp_path / "old.agc", {"old": b">c\nACGT\n"})
    path = "x.agc" if "x.agc" in run else "old.agc"
    script = textwrap.dedent(LOCKED).format(path=path, run=run)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, timeout=DEADLINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert (done.stdout.decode().split(), done.stderr) == (["busy", "interrupted", "done"], b"")
    assert set(os.listdir(tmp_path)) == {"old.agc", path}


SILENT = """
    import os, signal, sys, threading, time
    import ragc

    def is_open():
        for fd in os.listdir("/proc/self/fd"):
            try:
                if os.readlink("/proc/self/fd/" + fd) == os.path.abspath("pipe.fa"):
                    return True
            except OSError:
                pass
        return False

    def interrupt():
        writer = os.open("pipe.fa", os.O_WRONLY) if {is_begun} else None
        if {is_begun}:
            os.write(writer, b">c\\nACGT\\nAC")
        deadline = time.monotonic() + 60
        while not is_open() and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    try:
        {run}
    except KeyboardInterrupt:
        print("interrupted")
    else:
        print("it went on")
    sys.stdout.flush()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not tell of pipes")
@pytest.mark.parametrize("is_begun", [False, True], ids=["nobody writes", "a beginning"])
@pytest.mark.parametrize(
    "run",
    [
        "ragc.create('x.agc', ['pipe.fa'])",
        "ragc.create('x.agc', {'first': b'>c\\nACGT\\n', 'second': 'pipe.fa'})",
        "ragc.append('old.agc', {'a': [b'>d\\nACGT\\n', 'pipe.fa']})",
        "ragc.sync('old.agc', ['pipe.fa'])",
    ],
)
def test_interrupts_are_heard_while_a_pipe_gives_nothing(tmp_path, run, is_begun):
    ragc.create(tmp_path / "old.agc", {"old": b">c\nACGT\n"})
    before = (tmp_path / "old.agc").read_bytes()
    os.mkfifo(tmp_path / "pipe.fa")
    script = textwrap.dedent(SILENT).format(run=run, is_begun=is_begun)
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, timeout=DEADLINE, capture_output=True)
    assert (done.stdout.decode().split(), done.stderr) == (["interrupted"], b"")
    assert set(os.listdir(tmp_path)) == {"old.agc", "pipe.fa"} and (tmp_path / "old.agc").read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="there are no pipes with names")
def test_pipes_are_read_to_their_end(tmp_path):
    def write(pieces):
        with open(tmp_path / "pipe.fa", "wb", buffering=0) as pipe:
            for piece in pieces:
                pipe.write(piece)

    os.mkfifo(tmp_path / "pipe.fa")
    letters = b"ACGTTGCATT" * 30_000
    pieces = [b">c", b"\n", letters, b"", b"\n>d\nAC", b"GT\n"]
    for inputs in [[tmp_path / "pipe.fa"], {"pipe": [tmp_path / "pipe.fa"]}, {"a": b">x\nAC\n", "pipe": tmp_path / "pipe.fa"}]:
        # If nobody opens the pipe it waits for ever, and Python would wait for it.
        writer = threading.Thread(target=write, args=(pieces,), daemon=True)
        writer.start()
        ragc.create(tmp_path / "x.agc", inputs, force=True)
        writer.join(DEADLINE)
        assert not writer.is_alive()
        with ragc.open(tmp_path / "x.agc") as archive:
            contigs = [bytes(contig) for contig in archive["pipe"]]
        assert contigs == [letters, b"ACGT"]


def test_an_object_that_gives_more_than_it_is_asked_for_is_told(tmp_path):
    class Generous:
        def __init__(self):
            self.pieces = [b">c\n", b"ACGT" * 1_000_000]

        def read(self, n):
            return self.pieces.pop(0) if self.pieces else b""

    with pytest.raises(ragc.FileError, match="more than n bytes"):
        ragc.create(tmp_path / "x.agc", {"a": Generous()})
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("change", ["create", "append", "rewrite", "sync", "sync anew"])
def test_what_progress_raises_at_the_end_of_a_short_run_ends_it(tmp_path, change):
    """It ends before progress is told between beginning and end."""
    path, more = tmp_path / "x.agc", {"b": b">c\nACGTT\n"}
    if change not in ("create", "sync anew"):
        ragc.create(path, {"a": b">c\nACGT\n"})
    before = path.read_bytes() if path.exists() else None

    def progress(phase, done, total):
        raise LookupError("that is enough")

    run = {"create": ragc.create, "append": ragc.append, "rewrite": ragc.append}.get(change, ragc.sync)
    options = {"rewrite": True} if change == "rewrite" else {}
    with pytest.raises(LookupError, match="that is enough"):
        run(path, more, progress=progress, **options)
    assert (path.read_bytes() if path.exists() else None) == before
    assert os.listdir(tmp_path) == (["x.agc"] if before else [])


def test_an_object_that_raises_an_interrupt_is_heard(tmp_path):
    class Interrupted:
        def read(self, n):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ragc.create(tmp_path / "x.agc", {"a": Interrupted()})
    assert os.listdir(tmp_path) == []
