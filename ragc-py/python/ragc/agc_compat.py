"""The interface of `py_agc_api`, the Python module of AGC, over this one.

    import ragc.agc_compat as py_agc_api

is all that a program has to change. Names, arguments and what is returned are those of AGC: ranges are counted from 0 with both ends included, errors
are -1, -2 or an empty string. Where AGC crashes or leaks, this does not.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from typing import Any, overload

from ragc._errors import AmbiguousError, Error
from ragc._open import open as _open
from ragc._ragc import Archive, Sequence

__all__ = ["CAGCFile", "StringVector"]

_ABSENT = -1
_AMBIGUOUS = -2


class StringVector:
    """A list of strings, which `CAGCFile` fills."""

    def __init__(self, items: Iterable[str] = ()) -> None:
        self._items = [_string(item) for item in items]

    def append(self, x: str) -> None:
        """Adds an item to the end."""
        self._items.append(_string(x))

    def clear(self) -> None:
        """Removes all items."""
        self._items.clear()

    def count(self, x: str) -> int:
        """How often the item is there."""
        return self._items.count(x)

    def extend(self, L: Iterable[str]) -> None:
        """Adds items to the end."""
        self._items.extend([_string(item) for item in L])

    def insert(self, i: int, x: str) -> None:
        """Inserts an item at a place; one that is not there is an `IndexError`."""
        if not -len(self._items) <= i <= len(self._items):
            raise IndexError(i)
        self._items.insert(i, _string(x))

    def pop(self, i: int = -1) -> str:
        """Removes an item, the last one unless told otherwise, and returns it."""
        return self._items.pop(i)

    def pop_back(self) -> None:
        """Removes the last item."""
        if self._items:
            self._items.pop()

    def remove(self, x: str) -> None:
        """Removes the first item of this value; a `ValueError` if there is none."""
        self._items.remove(x)

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return bool(self._items)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __contains__(self, x: object) -> bool:
        return x in self._items

    @overload
    def __getitem__(self, i: int) -> str: ...

    @overload
    def __getitem__(self, i: slice) -> StringVector: ...

    def __getitem__(self, i: int | slice) -> str | StringVector:
        return StringVector(self._items[i]) if isinstance(i, slice) else self._items[i]

    @overload
    def __setitem__(self, i: int, x: str) -> None: ...

    @overload
    def __setitem__(self, i: slice, x: StringVector) -> None: ...

    def __setitem__(self, i: Any, x: Any) -> None:
        if isinstance(i, slice):
            _vector(x)
            self._items[i] = x._items
        else:
            self._items[i] = _string(x)

    def __delitem__(self, i: int | slice) -> None:
        del self._items[i]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StringVector) and self._items == other._items

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"StringVector[{', '.join(self._items)}]"


class CAGCFile:
    """An archive of AGC."""

    def __init__(self) -> None:
        self._archive: Archive | None = None

    def Open(self, file_name: str, prefetching: bool, /) -> bool:
        """Opens an archive; `False` if it cannot be read, or one is open. `prefetching` changes nothing: only what is needed is read."""
        file_name = _string(file_name)
        if self._archive is not None:
            return False
        try:
            self._archive = _open(file_name, upper=True)
        except Error:
            return False
        return True

    def Close(self) -> bool:
        """Closes the archive; `False` if none is open."""
        if self._archive is None:
            return False
        self._archive.close()
        self._archive = None
        return True

    def NSample(self) -> int:
        """Number of samples; -1 if no archive is open."""
        return _ABSENT if self._archive is None else len(self._archive)

    def NCtg(self, sample: str, /) -> int:
        """Number of contigs of a sample; -1 if there is none."""
        sample = _string(sample)
        try:
            return _ABSENT if self._archive is None else len(self._archive[sample])
        except Error:
            return _ABSENT

    def GetReferenceSample(self) -> str:
        """Name of the reference sample; empty if no archive is open."""
        try:
            return "" if self._archive is None else self._archive.reference_sample
        except Error:
            return ""

    def ListSample(self, samples: StringVector, /) -> int:
        """Puts the sorted names of all samples in the place of what is in the list. 0; -1 if no archive is open."""
        _vector(samples)
        if self._archive is None:
            return _ABSENT
        samples._items = sorted(self._archive.keys(), key=_bytes)
        return 0

    def ListCtg(self, sample: str, names: StringVector, /) -> int:
        """Puts the complete headers of a sample in the place of what is in the list, which stays as it was if there is no such sample. 0; -1 if no archive is open."""
        sample = _string(sample)
        _vector(names)
        if self._archive is None:
            return _ABSENT
        try:
            names._items = self._archive.contigs_table([sample])["header"]
        except Error:
            pass
        return 0

    def GetCtgLen(self, sample: str, name: str, /) -> int:
        """Length of a contig in bases; -1 if there is none, -2 if several samples have it and `sample` is empty."""
        found = self._find(sample, name)
        return found if isinstance(found, int) else len(found)

    @overload
    def GetCtgSeq(self, sample: str, name: str, start: int, end: int, /) -> str: ...

    @overload
    def GetCtgSeq(self, name: str, start: int, end: int, /) -> str: ...

    def GetCtgSeq(self, *arguments: Any) -> str:
        """The letters from `start` to `end`, counted from 0 and both included, in upper case; -1 for both is all of the contig. Empty on any error."""
        if len(arguments) == 3:
            return self._letters("", *arguments)
        if len(arguments) == 4:
            return self._letters(*arguments)
        raise TypeError("GetCtgSeq takes ([sample,] name, start, end)")

    def _letters(self, sample: str, name: str, start: int, end: int) -> str:
        start, end = operator.index(start), operator.index(end)
        found = self._find(sample, name)
        if isinstance(found, int):
            return ""
        first = max(start, 0)
        last = len(found) if end < 0 else min(end + 1, len(found))
        if first > last:
            return ""
        try:
            # AGC has no other letters than those of nucleotides.
            return str(found[first:last]).translate(_NUCLEOTIDES)
        except Error:
            return ""

    def _find(self, sample: str, name: str) -> Sequence | int:
        sample, name = _string(sample), _string(name)
        if self._archive is None:
            return _ABSENT
        try:
            return self._archive.contig(name, sample or None)
        except AmbiguousError:
            return _AMBIGUOUS
        except Error:
            return _ABSENT


_LETTERS = frozenset("ACGTNRYSWKMBDHVU")
_NUCLEOTIDES = {code: "N" for code in range(256) if chr(code) not in _LETTERS}


def _string(given: Any) -> str:
    if isinstance(given, bytes):
        return given.decode("utf-8", "surrogateescape")
    if not isinstance(given, str):
        raise TypeError(f"a str is expected, not {type(given).__name__}")
    return given


def _vector(given: Any) -> None:
    if not isinstance(given, StringVector):
        raise TypeError(f"a StringVector is expected, not {type(given).__name__}")


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
