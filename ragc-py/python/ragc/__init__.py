"""Archives of assembled genomes, in the format of AGC.

>>> archive = ragc.open("yeast.agc")                        # doctest: +SKIP
>>> str(archive["SK1"]["chrIV"][1000:1010])                 # doctest: +SKIP
'TTTTCTGTAG'

Positions are bases counted from 0, ranges are half-open, as everywhere in Python. Errors are `ragc.Error` and those derived from it.
"""

import os as _os

from ragc import _ragc
from ragc._errors import (
    AmbiguousError,
    ClosedError,
    DamageError,
    Error,
    FileAbsentError,
    FileError,
    InputError,
    MemoryLimitError,
    NotArchiveError,
    NotFoundError,
    NotKeptError,
    OptionError,
    UnsupportedError,
)
from ragc._open import open
from ragc._ragc import Archive, Records, Sample, Sequence, Table
from ragc._writing import Merged, Summary, Synced, append, create, merge, sync
from ragc._verify import Report, verify

# Threads of the library are not there in the child of a fork: an archive is opened again in it, when it is used.
if hasattr(_os, "register_at_fork"):
    _os.register_at_fork(after_in_child=_ragc._forked)

__all__ = [
    "AmbiguousError",
    "Archive",
    "ClosedError",
    "DamageError",
    "Error",
    "FileAbsentError",
    "FileError",
    "InputError",
    "MemoryLimitError",
    "Merged",
    "NotArchiveError",
    "NotFoundError",
    "NotKeptError",
    "OptionError",
    "Records",
    "Report",
    "Sample",
    "Sequence",
    "Summary",
    "Synced",
    "Table",
    "UnsupportedError",
    "append",
    "create",
    "merge",
    "open",
    "sync",
    "verify",
]
