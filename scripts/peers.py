"""What bench and never-larger share: collections of FASTA files, programs on them."""

import os
import sys
import time
from dataclasses import dataclass

from common import SAMPLE_SUFFIXES, CheckError, describe_status, name_samples

RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes


# ---- collections ---------------------------------------------------------------------------

@dataclass
class Collection:
    """The files of a directory, the reference first."""

    name: str
    files: list


def find_collection(folder, references):
    """The FASTA files of a directory."""
    paths = sorted(entry.path for entry in os.scandir(os.path.abspath(folder))
                   if entry.is_file() and is_fasta_name(entry.name))
    if not paths:
        raise CheckError(f"{folder}: no FASTA files (*{', *'.join(SAMPLE_SUFFIXES)})")
    if any(path.split() != [path] for path in paths):
        raise CheckError(f"{folder}: paths with blanks do not fit into the list files of the peers")
    name_samples(paths)
    reference = find_reference(paths, references)
    files = [reference, *(path for path in paths if path != reference)]
    return Collection(os.path.basename(os.path.dirname(reference)), files)


def is_fasta_name(name):
    """Whether a file is taken for FASTA; .gz alone is not enough."""
    stem = name[:-len(".gz")] if name.endswith(".gz") else name
    return stem.endswith(tuple(suffix for suffix in SAMPLE_SUFFIXES if suffix != ".gz"))


def find_reference(paths, references):
    """The file that is named as reference, else ref.*, else the first."""
    named = [path for path in paths if os.path.basename(path) in references]
    usual = [path for path in paths if os.path.basename(path).startswith("ref.")]
    return (named or usual or paths)[0]


def find_collections(folders, references):
    """All collections; every reference has to be in one of them."""
    collections = [find_collection(folder, references) for folder in folders]
    used = {os.path.basename(collection.files[0]) for collection in collections}
    for reference in references:
        if reference not in used:
            raise CheckError(f"--reference {reference}: no collection begins with such a file")
    return collections


# ---- running -------------------------------------------------------------------------------

@dataclass
class Program:
    """A program with its flags; the kind is agc, ragc or mbgc."""

    kind: str
    path: str
    name: str
    flags: list


@dataclass
class Figures:
    """What one command took."""

    wall: float
    user: float
    system: float
    peak: int


def measure(command, log):
    """Runs a command, output to /dev/null; returns (figures, problem), of which one is None.

    The kernel counts the memory of this script to the child until the child has become the program,
    so smaller peaks cannot be told. That is why nothing large is read here before all is measured.
    """
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
               (os.POSIX_SPAWN_OPEN, 2, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)]
    start = time.monotonic()
    try:
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    except OSError as error:
        return None, f"cannot run {command[0]}: {error.strerror}"
    _, wait_status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - start
    status = os.waitstatus_to_exitcode(wait_status)
    if status != 0:
        words = [os.path.basename(command[0]), *command[1:]]
        return None, ": ".join([describe_status(words, status), *first_words(log)])
    return Figures(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * RSS_UNIT), None


def first_words(log):
    """The first line that a program wrote to standard error, as a list of none or one."""
    with open(log, encoding="utf-8", errors="replace") as handle:
        lines = [line.strip() for line in handle if line.strip()]
    return lines[:1]


def create_command(program, flags, archive, reference, list_file):
    """The command by which AGC or ragc makes an archive. Names go through a list file: there may be thousands."""
    return [program.path, "create", *flags, "-o", archive, "-i", list_file, reference]


def write_list(path, files):
    """Writes a list file and returns its path."""
    with open(path, "w", encoding="utf-8") as handle:
        handle.writelines(name + "\n" for name in files)
    return path


def tell(words):
    """Progress, to standard error."""
    print(words, file=sys.stderr, flush=True)


# ---- the command line ----------------------------------------------------------------------

def positive(words):
    """A count of at least 1."""
    number = int(words)
    if number < 1:
        raise ValueError(words)
    return number
