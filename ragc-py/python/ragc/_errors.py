"""Exceptions: `Error`, and one class for each kind that a program may want to tell."""

from __future__ import annotations

import os
from typing import Any


class Error(Exception):
    """What went wrong with an archive. The text says all of it; the attributes say where, as far as that is known.

    `code` is a word that stays the same from release to release: `io`, `truncated`, `corrupt`, `checksum`, `too-large`, `not-archive`, `unsupported`,
    `not-found`, `ambiguous`, `bad-input`, `not-kept`, `bad-option`, `no-memory`, `cancelled`, `worker-lost`, `internal`, `closed`.
    """

    code: str = "internal"
    #: The file.
    path: str | None = None
    #: The sample.
    sample: str | None = None
    #: The contig.
    contig: str | None = None
    #: The line of a text that was read, counted from 1.
    line: int | None = None
    #: Names that are near to one that is absent.
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        # KeyError and OSError, from which some are derived, show themselves otherwise.
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> tuple[Any, ...]:
        state = dict(self.__dict__)
        if isinstance(self, OSError):
            state["errno"] = self.errno
        return (_rebuilt, (type(self), self.args, state))


class NotFoundError(Error, KeyError):
    """There is no such sample or contig; `near` has names that were perhaps meant."""


class AmbiguousError(Error, KeyError):
    """Several samples have a contig of this name, and none was named."""


class DamageError(Error):
    """The archive is damaged, or claims to hold more than its size can mean."""


class NotArchiveError(Error, ValueError):
    """What was opened is of another kind."""


class UnsupportedError(Error, ValueError):
    """The archive, or its address, is of a kind that is not read."""


class InputError(Error, ValueError):
    """An input cannot be stored as nucleotide sequences, or an output cannot be written where it was to be."""


class OptionError(Error, ValueError):
    """Options contradict each other or leave their range."""


class NotKeptError(Error):
    """The archive does not keep what was asked for of the original files."""


class FileError(Error, OSError):
    """The system could not read or write."""


class FileAbsentError(FileError, FileNotFoundError):
    """There is no such file."""


class MemoryLimitError(Error, MemoryError):
    """There is no memory for this; nothing need be damaged."""


class ClosedError(Error, ValueError):
    """The archive was closed."""


_CLASSES: dict[str, type[Error]] = {
    "not-found": NotFoundError,
    "ambiguous": AmbiguousError,
    "truncated": DamageError,
    "corrupt": DamageError,
    "checksum": DamageError,
    "too-large": DamageError,
    "not-archive": NotArchiveError,
    "unsupported": UnsupportedError,
    "bad-input": InputError,
    "bad-option": OptionError,
    "not-kept": NotKeptError,
    "io": FileError,
    "no-memory": MemoryLimitError,
}


#: What messages of the library call options, as its program does, and what they are here.
_OPTIONS = {
    "--rename-duplicates": 'duplicates="rename"',
    "--any-residues": "any_residues=True",
    "--allow-unnamed": "allow_unnamed=True",
    "--recompress": "recompress=True",
    "--keep case": 'keep="case"',
    "fraction of seeds": "seed_fraction",
}


def of(
    code: str,
    message: str,
    *,
    path: os.PathLike[str] | str | None,
    sample: str | None,
    contig: str | None,
    line: int | None,
    errno: int | None,
    near: list[str],
) -> Error:
    """The exception of an error of the library."""
    cls = _CLASSES.get(code, Error)
    if cls is FileError and errno == 2:
        cls = FileAbsentError
    for option, here in _OPTIONS.items():
        message = message.replace(option, here)
    if near:
        message += "; near: " + ", ".join(f'"{name}"' for name in near)
    error = cls(message)
    error.code = code
    error.path = None if path is None else os.fspath(path)
    error.sample, error.contig, error.line = sample, contig, line
    error.near = tuple(near)
    if isinstance(error, OSError):
        error.errno = errno
    return error


def closed() -> Error:
    """The exception of what is asked of an archive that was closed."""
    error = ClosedError("the archive is closed")
    error.code = "closed"
    return error


def _rebuilt(cls: type[Error], args: tuple[Any, ...], state: dict[str, Any]) -> Error:
    error = cls(*args)
    for name, value in state.items():
        setattr(error, name, value)
    return error
