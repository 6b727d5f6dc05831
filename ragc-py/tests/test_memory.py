"""Without memory: in a process that may not take more, what is decoded is right, or the memory error of this module, and the process lives on."""

import hashlib
import subprocess
import sys

import pytest
import ragc
from conftest import write_fasta

resource = pytest.importorskip("resource")
if not sys.platform.startswith("linux"):
    pytest.skip("how much a process has taken is told by Linux", allow_module_level=True)

LENGTH = 4_000_000
N_SHORT = 5_000
DEADLINE = 120

# Opens an archive, forbids the process to take more than some megabytes on top of what it has, does one thing after the other, and tells what came of each.
CHILD = """
import hashlib, resource, sys
import ragc
try:
    import numpy
except ImportError:
    numpy = None

path, room = sys.argv[1:]
archive = ragc.open(path, cache=0)
contig = archive["b"]["long"]
both = [("a", "long"), ("b", "long")]

class Sink:
    def __init__(self):
        self.digest = hashlib.md5()
    def write(self, piece):
        self.digest.update(piece)

def md5(letters):
    return hashlib.md5(letters).hexdigest()

def fasta():
    sink = Sink()
    archive.to_fasta(sink, ["b"], threads=2)
    return sink.digest.hexdigest()

works = {
    "bytes": lambda: md5(bytes(contig)),
    "str": lambda: md5(str(contig).encode()),
    "region": lambda: md5(bytes(contig[7:-7])),
    "records": lambda: [md5(bytes(record)) for record in archive.records(["b"], threads=2)],
    "fetch_many": lambda: [md5(letters) for letters in archive.fetch_many(both, threads=2)],
    "regions": lambda: [md5(bytes(region[::-1])) for region in archive.regions(both, threads=2)],
    "fasta": fasta,
    "verify": lambda: archive._verify(threads=2)["is_intact"],
    "table": lambda: {name: len(column) for name, column in archive.contigs_table().to_dict().items()},
    "items": lambda: [len(contig) for name, contig in archive["many"].items()].count(40),
    "many": lambda: md5(b"".join(archive.fetch_many([("many", name) for name in archive["many"].keys()], threads=2))),
}
if numpy:
    works["numpy"] = lambda: md5(contig.numpy())
    works["codes"] = lambda: md5(contig.numpy(codes=True))
    works["matrix"] = lambda: md5(archive.matrix(both, threads=2))

def allow(room):
    n_pages = int(open("/proc/self/statm").read().split()[0])
    most = resource.RLIM_INFINITY if room is None else n_pages * resource.getpagesize() + room
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))

room = None if room == "any" else int(float(room) * (1 << 20))
for name, work in works.items():
    allow(room)
    try:
        told = work()
    except MemoryError:
        told = "memory"
    allow(None)
    print(name, told, flush=True)
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Two relatives of some megabases, in lower case here and there, and a sample of many short contigs."""
    folder = tmp_path_factory.mktemp("long")
    block = hashlib.shake_128(b"letters").digest(LENGTH)
    letters = block.translate(bytes(b"ACGT"[byte % 4] for byte in range(256))).decode()
    mutated = "".join(
        letters[at : at + 4999] + ("a" if (at // 5000) % 2 else "C") for at in range(0, LENGTH, 5000)
    )
    files = [
        write_fasta(folder / f"{name}.fa", {"long": text}) for name, text in [("a", letters), ("b", mutated)]
    ]
    many = {f"contig{at}": letters[at * 40 : at * 40 + 40] for at in range(N_SHORT)}
    ragc.create(folder / "long.agc", [*files, write_fasta(folder / "many.fa", many)])
    return folder / "long.agc"


def told(path, room):
    """What came of each work in a process of its own."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path), room], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 0, (room, done.stdout, done.stderr)
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def test_without_memory_a_process_lives_on(path):
    right = told(path, "any")
    assert "memory" not in right.values()
    rooms = ["0.1", "1", "2.5", "4", "6", "10", "20", "80"]
    limited = [told(path, room) for room in rooms]
    for room, answers in zip(rooms, limited):
        assert answers.keys() == right.keys()
        assert all(answer in (right[name], "memory") for name, answer in answers.items()), (room, answers)
    # With little room much is lacking, and with much of it nothing need be.
    assert list(limited[0].values()).count("memory") > len(right) // 2
    assert list(limited[-1].values()).count("memory") < len(right) // 2
