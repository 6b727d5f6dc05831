"""`create`, `append`, `sync` and `merge`.

# Inputs
A dictionary from the names of samples to inputs, or an iterable whose items are paths, each a sample named after its file, or pairs of a name and an input. An input
is a path (plain, gzip, BGZF, zstd, xz, bzip2, or tar archives of such files), `bytes` with the same, an object that is open for reading bytes,
or a list of several of these, whose records are one sample.

# Progress and interrupts
`progress(phase, done, total)` is called from the calling thread some times a second: the phase in a word, then bytes of it that are done and in all,
`None` if that is not known, or steps of the phase `"verify"`. While another program writes the archive the phase is `"wait"`. Ctrl-C, and whatever `progress`
or an object that is read raises, end the run within a fraction of a second. A run that ends so, or by an error, leaves what was there as it was and nothing else:
`progress` is not called any more when the archive takes its name, and a Ctrl-C that comes only then is raised when the function returns. A pipe that is
given by its path may give nothing for a while, and Ctrl-C is heard meanwhile on Linux. An object whose `read` waits is not interrupted: Ctrl-C is heard when it gives
more or ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Callable, Literal, Optional, Union

from ragc import _ragc

Path = Union[str, "os.PathLike[str]"]
Source = Union[Path, bytes, IO[bytes]]
SampleInput = Union[Source, "list[Source]"]
Inputs = Union[Mapping[str, SampleInput], Iterable[Union[Path, "tuple[str, SampleInput]"]]]
Progress = Callable[[str, int, Optional[int]], object]
SamplesBy = Literal["input", "contig", "pansn"]
Duplicates = Literal["refuse", "rename", "skip"]
Keep = Literal["all", "case", "layout", "none"]


@dataclass(frozen=True)
class Summary:
    """What was stored."""

    n_samples: int
    n_contigs: int
    n_bases: int
    #: Groups of segments in the archive, those of older samples too.
    n_groups: int
    #: Bases in lower case that come back in upper case, because case is not kept.
    n_folded: int
    #: Residues that are no nucleotide code: they are kept, and AGC reads them as `N`.
    n_odd: int
    #: Samples and contigs that were left out because their names are taken.
    n_left_out: int
    #: `("sample" or "contig", from, to)`: names that were taken, a hundred at most.
    renamed: list[tuple[str, str, str]]
    #: Unknown streams of an older archive that the new one does not have.
    dropped_streams: list[str]


@dataclass(frozen=True)
class Merged:
    """What was merged."""

    n_samples: int
    n_groups: int
    #: Samples of equal name and content, taken once.
    n_same: int
    #: `("sample", from, to)`.
    renamed: list[tuple[str, str, str]]
    #: Samples that were left out because their names are taken.
    skipped: list[str]
    dropped_streams: list[str]


@dataclass(frozen=True)
class Synced:
    """How an archive and its inputs differed, and what was stored."""

    #: `(sample, "new" or "changed" or "unchanged", evidence)`, in the order of the inputs. The evidence is `"stamps"`, `"digest"` or `"content"`, `None` of new ones.
    samples: list[tuple[str, str, str | None]]
    #: Samples of the archive that no input has.
    gone: list[str]
    #: The archive was written.
    is_changed: bool
    #: `None` if nothing was stored.
    stored: Summary | None


def create(
    path: Path,
    inputs: Inputs,
    *,
    k: int | None = None,
    min_match: int | None = None,
    segment_size: int | None = None,
    pack_cardinality: int | None = None,
    access: Literal["fast", "balanced", "small"] = "balanced",
    samples_by: SamplesBy = "input",
    duplicates: Duplicates = "refuse",
    allow_unnamed: bool = False,
    any_residues: bool = False,
    keep: Keep = "all",
    adaptive: bool = False,
    seed_fraction: float | None = None,
    raw_contigs: bool | None = None,
    memory: int | None = None,
    threads: int | None = None,
    checksums: bool = True,
    digests: bool = False,
    verify: bool = False,
    provenance: bool = True,
    force: bool = False,
    wait: bool = True,
    progress: Progress | None = None,
) -> Summary:
    """Compresses samples into a new archive, which appears when it is complete. The first sample is the reference sample.

    `k` is the length in bases of the k-mers at which contigs are cut (17 to 32), `min_match` that of the shortest match in a delta (15 to 32),
    `segment_size` the expected length of a segment in bases, `pack_cardinality` the number of segments in a pack; what is not given is chosen by the
    inputs. `samples_by="contig"` makes every contig a sample, `"pansn"` takes `sample#haplotype` out of names of contigs. `duplicates` says what
    becomes of names that are taken. `keep` is what is kept beside sequences: lower case, layout of lines, or both. `memory` bounds the peak in
    bytes. `verify=True` reads the archive back and decodes all of it before it takes its name. An archive that is there already is replaced with
    `force=True` only; `wait=False` fails at once while another program writes it.

    Raises `InputError` for what cannot be stored, `OptionError`, `FileError`, and `DamageError` if the archive would not read back.
    """
    options = _options(locals(), "path", "inputs", "progress")
    return Summary(**_ragc.create(os.fspath(path), _samples(inputs), options, progress))


def append(
    path: Path,
    inputs: Inputs,
    *,
    output: Path | None = None,
    rewrite: bool = False,
    samples_by: SamplesBy = "input",
    duplicates: Duplicates = "refuse",
    allow_unnamed: bool = False,
    any_residues: bool = False,
    keep: Keep | None = None,
    adaptive: bool = False,
    seed_fraction: float | None = None,
    raw_contigs: bool | None = None,
    memory: int | None = None,
    threads: int | None = None,
    checksums: bool = True,
    digests: bool = False,
    verify: bool = False,
    provenance: bool = True,
    force: bool = False,
    wait: bool = True,
    progress: Progress | None = None,
) -> Summary:
    """Adds samples to an archive: behind the end of its file, or with `rewrite=True` in a new file that takes its name, or in another file, `output`.

    `keep=None` keeps of new samples what the archive keeps of the others. With `verify=True` the archive is written anew, as with `rewrite=True`: the old
    one stays until the new one has been read back. The rest is as for `create`. Handles that are open go on with what they have opened.
    """
    options = _options(locals(), "path", "inputs", "progress")
    return Summary(**_ragc.append(os.fspath(path), _samples(inputs), options, progress))


def sync(
    path: Path,
    inputs: Inputs,
    *,
    delete: bool = False,
    dry_run: bool = False,
    trust_stamps: bool = False,
    rewrite: bool = False,
    allow_unnamed: bool = False,
    any_residues: bool = False,
    keep: Keep | None = None,
    adaptive: bool = False,
    seed_fraction: float | None = None,
    raw_contigs: bool | None = None,
    memory: int | None = None,
    threads: int | None = None,
    checksums: bool = True,
    digests: bool = False,
    verify: bool = False,
    provenance: bool = True,
    wait: bool = True,
    progress: Progress | None = None,
) -> Synced:
    """Makes an archive hold what the inputs hold: adds new samples, replaces changed ones, leaves the others alone; makes it if it is not there.

    A path may be that of a folder, which stands for the files in it that are named as FASTA files are, in the order of their names; hidden ones, and
    folders in it, are left alone. `delete=True` removes samples that no input has, `dry_run=True` changes nothing, `trust_stamps=True` does not read
    files whose size and time are those that the archive tells. Where samples are only added they go behind the end of the file, unless `rewrite=True`, or
    the file has other names (hard links). The rest is as for `append`.
    """
    options = _options(locals(), "path", "inputs", "progress")
    options.update(samples_by="input", duplicates="refuse")
    done = _ragc.sync(os.fspath(path), _samples(inputs), options, progress)
    stored = done.pop("stored")
    return Synced(**done, stored=None if stored is None else Summary(**stored))


def merge(
    path: Path,
    archives: Iterable[Path],
    *,
    recompress: bool = False,
    duplicates: Duplicates = "refuse",
    memory: int | None = None,
    threads: int | None = None,
    verify: bool = False,
    force: bool = False,
    wait: bool = True,
    progress: Progress | None = None,
) -> Merged:
    """Makes one archive of several, such as shards of a collection that were made with one reference sample; it appears when it is complete.

    Samples of equal name and content are taken once. Archives of other parameters need `recompress=True`, which decodes the samples of all but the first.
    """
    options = _options(locals(), "path", "archives", "progress")
    if isinstance(archives, (str, bytes, os.PathLike)):
        raise TypeError("archives are a list of paths: put a single one in a list")
    return Merged(**_ragc.merge(os.fspath(path), [os.fspath(archive) for archive in archives], options, progress))


def _options(given: dict[str, Any], *others: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in others}


def _samples(inputs: Inputs) -> list[tuple[str | None, list[Any]]]:
    """Names, if they are given, and sources of all samples."""
    if isinstance(inputs, (str, bytes, os.PathLike)):
        raise TypeError("inputs are a list of samples, or a dictionary: put a single file in a list")
    if isinstance(inputs, Mapping):
        return [(_name(name), _sources(source)) for name, source in inputs.items()]
    return [_sample(given) for given in inputs]


def _sample(given: Any) -> tuple[str | None, list[Any]]:
    if isinstance(given, (str, os.PathLike)):
        return (None, [os.fspath(given)])
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], str):
        return (given[0], _sources(given[1]))
    raise TypeError(f"a sample is a path, or a pair of its name and its input, not {given!r:.80}")


def _sources(given: Any) -> list[Any]:
    sources = given if isinstance(given, (list, tuple)) else [given]
    return [_source(source) for source in sources]


def _source(given: Any) -> Any:
    if isinstance(given, os.PathLike):
        return os.fspath(given)
    if isinstance(given, (str, bytes)) or hasattr(given, "read"):
        return given
    raise TypeError(f"an input is a path, bytes, an object that is open for reading bytes, or a list of these, not {given!r:.80}")


def _name(given: Any) -> str:
    if isinstance(given, str):
        return given
    raise TypeError(f"the name of a sample is a str, not {given!r:.80}")
