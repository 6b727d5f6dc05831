"""`open`."""

from __future__ import annotations

import os

from ragc._ragc import Archive


def open(location: str | os.PathLike[str], *, cache: int | None = None, upper: bool = False) -> Archive:
    """Opens an archive.

    `cache` is the number of bytes of decoded data that are kept at most (256 MiB unless told otherwise). Letters come in the case that they had,
    where the archive keeps it; `upper=True` folds them. Raises `FileError` (an `OSError`) if the file cannot be read, `NotArchiveError` if it
    is of another kind, `DamageError` if it is a damaged archive.
    """
    return Archive(os.fspath(location), cache=cache, upper=upper)
