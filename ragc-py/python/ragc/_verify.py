"""`verify`, and what it finds."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ragc._open import open as _open
from ragc._writing import Progress


@dataclass(frozen=True)
class Report:
    """What a verification found."""

    #: Nothing is damaged.
    is_intact: bool
    #: `None` if the names of the samples are damaged.
    n_samples: int | None
    n_contigs: int
    #: Bases of the contigs that can be decoded.
    n_bases: int
    #: Damage to the file in all.
    n_damages: int
    #: Contigs that cannot be read as they were stored.
    n_lost_contigs: int
    #: The text of each damage, ten thousand at most.
    damages: list[str]
    #: Samples that cannot be read as they were stored.
    lost_samples: list[str]
    #: The archive has checksums to compare with.
    has_checksums: bool

    def __bool__(self) -> bool:
        return self.is_intact


def verify(location: str | os.PathLike[str], *, threads: int | None = None, progress: Progress | None = None) -> Report:
    """Reads and decodes all of an archive, and tells what is damaged; the report is true if it is intact.

    Threads are one per core unless told otherwise. `progress(phase, done, total)` is called from this thread, some times a second, with steps of the
    phase `"verify"`; what it raises ends the verification, and so does Ctrl-C. Raises what `open` does if nothing can be read at all.
    """
    with _open(location) as archive:
        return Report(**archive._verify(threads=threads, progress=progress))
