"""What the scripts share: FASTA in and out, sample names, running ragc, comparing its output."""

import contextlib
import gzip
import os
import subprocess
import sys

ALPHABET = b"ACGTNRYSWKMBDHVU"
WHITESPACE = b" \t\r\n\v\f"
LINE_WIDTH = 80
SAMPLE_SUFFIXES = (".fna", ".gz", ".fa", ".fasta")
GZIP_MAGIC = b"\x1f\x8b"


class CheckError(Exception):
    """A check failed, or a program it needs did; the text is for the user."""


# ---- FASTA ---------------------------------------------------------------------------------

def _normalising_table():
    table = bytearray(b"N" * 256)
    for letter in ALPHABET:
        table[letter] = letter
        table[letter + 32] = letter  # the lower-case form
    return bytes(table)


NORMALISE = _normalising_table()


def normalise(sequence):
    """Upper case, without whitespace, and N for every byte that is no nucleotide letter."""
    return sequence.translate(NORMALISE, WHITESPACE)


def upper_case(sequence):
    """Upper case, without whitespace; bytes that are no nucleotide letter stay."""
    return sequence.translate(None, WHITESPACE).upper()


def open_fasta(path):
    """Opens a FASTA file for reading bytes; gzip is known by its content, not by the name."""
    with open(path, "rb") as handle:
        magic = handle.read(2)
    return gzip.open(path, "rb") if magic == GZIP_MAGIC else open(path, "rb")


def read_records(path):
    """Yields (name, sequence) of each record; LF, CRLF and CR end a line.

    The name is the header line without its `>`, blanks kept. The sequence is as found, only its
    lines are joined. One record is held at a time.
    """
    name, lines = None, []
    with open_fasta(path) as handle:
        for chunk in handle:
            for line in chunk.splitlines():
                if line.startswith(b">"):
                    if name is not None:
                        yield name, b"".join(lines)
                    name, lines = line[1:], []
                elif name is not None:
                    lines.append(line)
                elif line.strip():
                    raise CheckError(f"{path}: sequence before the first header")
    if name is not None:
        yield name, b"".join(lines)


def format_record(name, sequence, width=LINE_WIDTH):
    """One record as FASTA text; an empty sequence has only its header line."""
    starts = range(0, len(sequence), width)
    lines = [b">" + name, *(sequence[start:start + width] for start in starts), b""]
    return b"\n".join(lines)


def expected_records(path, normal=upper_case):
    """Yields the text of each record as ragc has to give it back out of an archive of the file.

    Other readers have N for what is no nucleotide letter: that is `normal=normalise`.
    """
    for name, sequence in read_records(path):
        yield format_record(name, normal(sequence))


def sample_name(path):
    """The sample that a file becomes: no directories, no last extension, no FASTA suffixes."""
    name = os.path.basename(path)
    dot = name.rfind(".")
    if dot > 0:
        name = name[:dot]
    while True:
        suffix = next((s for s in SAMPLE_SUFFIXES if name.endswith(s) and name != s), None)
        if suffix is None:
            return name
        name = name[:-len(suffix)]


def name_samples(files):
    """The files by sample name."""
    samples = {}
    for path in files:
        name = sample_name(path)
        if name in samples:
            raise CheckError(f"{samples[name]} and {path} both give the sample {name}")
        samples[name] = path
    return samples


# ---- comparing -----------------------------------------------------------------------------

def find_difference(expected, handle):
    """Compares a byte stream with the expected records; a sentence on the first difference, or None."""
    for text in expected:
        got = handle.read(len(text))
        if got != text:
            return _describe_difference(text, got)
    return "more output than expected" if handle.read(1) else None


def _describe_difference(text, got):
    header = text.partition(b"\n")[0][:200].decode("utf-8", "replace")
    pairs = enumerate(zip(text, got))
    at = next((i for i, (want, have) in pairs if want != have), None)
    if at is None:
        return f"output ends in record {header!r} after {len(got)} of {len(text)} bytes"
    return f"record {header!r} differs at its byte {at}: {text[at:at + 20]!r} became {got[at:at + 20]!r}"


def chunks(path):
    """Yields the bytes of a file, unpacked."""
    with open_fasta(path) as handle:
        yield from iter(lambda: handle.read(1 << 20), b"")


def compare(path, extracted, expected=expected_records):
    """What is wrong with an extracted sample, or None."""
    try:
        with open(extracted, "rb") as handle:
            return find_difference(expected(path), handle)
    except FileNotFoundError:
        return "not extracted"


def surplus_files(samples, folder):
    """The files in a folder of extracted samples that no input explains."""
    return sorted(set(os.listdir(folder)) - {name + ".fa" for name in samples})


# ---- running programs ----------------------------------------------------------------------

def run(command, stdout=subprocess.DEVNULL):
    """Runs a command; raises CheckError with its last words when it cannot start or fails."""
    command = [os.fspath(part) for part in command]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=stdout,
                              stderr=subprocess.PIPE, check=False)
    except OSError as error:
        raise CheckError(f"cannot run {command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        words = (done.stderr or done.stdout or b"").decode("utf-8", "replace").splitlines()[-3:]
        raise CheckError(": ".join([describe_status(command, done.returncode), *words]))
    return done.stdout


@contextlib.contextmanager
def piped(command):
    """Gives the standard output of a running command; raises CheckError when the command fails."""
    command = [os.fspath(part) for part in command]
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    except OSError as error:
        raise CheckError(f"cannot run {command[0]}: {error.strerror}") from error
    with process:
        yield process.stdout
        while process.stdout.read(1 << 20):
            pass  # a reader that stopped early must not look like a failed command
    if process.returncode != 0:
        raise CheckError(describe_status(command, process.returncode))


def describe_status(command, status):
    """A sentence on a command that ended with a status other than 0; negative ones are signals."""
    ending = f"ended with status {status}" if status > 0 else f"was killed by signal {-status}"
    return f"{' '.join(command[:2])} {ending}"


def find_program(path):
    """The absolute form of a path to a program; raises CheckError when nothing runs there."""
    if not (os.path.isfile(path) and os.access(path, os.X_OK)):
        raise CheckError(f"{path}: no such program (build it first?)")
    return os.path.abspath(path)


# ---- output --------------------------------------------------------------------------------

def print_table(headings, rows, left, is_markdown=False):
    """Prints rows of text under the headings, in aligned columns; `left` are the numbers of those that hold words."""
    if is_markdown:
        rows = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *rows)]
    rule = ["-" * (width - 1) + ("-" if number in left else ":") for number, width in enumerate(widths)]
    for cells in [headings, *([rule] if is_markdown else []), *rows]:
        cells = [cell.ljust(width) if number in left else cell.rjust(width)
                 for number, (cell, width) in enumerate(zip(cells, widths))]
        print(f"| {' | '.join(cells)} |" if is_markdown else "  ".join(cells).rstrip())


def exit_with(main):
    """Ends the script with the status of main(); what it could not do goes to stderr, status 1."""
    try:
        sys.exit(main())
    except (CheckError, OSError) as error:
        sys.exit(f"{os.path.basename(sys.argv[0])}: {error}")
