"""Archives that tests read: of genomes that are made here, so that what is in them is known."""

import pathlib
import random

import pytest
import ragc

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "data" / "golden"

SAMPLES = ["S288C", "SK1", "Y12"]
CONTIGS = ["chrI", "chrII", "chrIII", "chrIV"]
COMPLEMENTS = str.maketrans("ACGTURYKMBDHVSWNacgturykmbdhvswn", "TGCAAYRMKVHDBSWNtgcaayrmkvhdbswn")


def reverse_complement(letters):
    return letters.translate(COMPLEMENTS)[::-1]


def make_genomes(seed=7, length=20_000):
    """Letters by sample and contig: relatives, with lower case, ambiguous letters and a gap here and there."""
    dice = random.Random(seed)
    ancestor = {contig: "".join(dice.choices("ACGT", k=length)) for contig in CONTIGS}
    genomes = {}
    for sample in SAMPLES:
        genomes[sample] = {}
        for contig, letters in ancestor.items():
            letters = list(letters)
            for place in dice.sample(range(length), length // 200):
                letters[place] = dice.choice("ACGT")
            letters[100:120] = "NRYSWKMBDHVacgtnnnnn"
            letters[5000:6000] = [letter.lower() for letter in letters[5000:6000]]
            genomes[sample][contig] = "".join(letters)
    return genomes


def write_fasta(path, contigs):
    with open(path, "w") as out:
        for name, letters in contigs.items():
            out.write(f">{name} of {path.stem}\n")
            out.writelines(letters[at : at + 60] + "\n" for at in range(0, len(letters), 60))
    return path


@pytest.fixture(scope="session")
def genomes():
    return make_genomes()


@pytest.fixture(scope="session")
def fasta(tmp_path_factory, genomes):
    """FASTA files by sample."""
    folder = tmp_path_factory.mktemp("fasta")
    return {sample: write_fasta(folder / f"{sample}.fa", contigs) for sample, contigs in genomes.items()}


@pytest.fixture(scope="session")
def path(tmp_path_factory, fasta):
    """An archive of all of them."""
    path = tmp_path_factory.mktemp("archive") / "yeast.agc"
    ragc.create(path, fasta.values())
    return path


@pytest.fixture
def archive(path):
    with ragc.open(path) as archive:
        yield archive
