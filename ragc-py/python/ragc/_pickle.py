"""What pickles of samples and sequences call. All that is unpickled of one archive shares a handle."""

from __future__ import annotations

from typing import Optional, Tuple

from ragc._ragc import Sample, Sequence, _reopen

#: Path, size of the cache, and whether letters are folded.
_How = Tuple[str, Optional[int], bool]


def sample(how: _How, name: str) -> Sample:
    """The sample that was pickled."""
    return _reopen(*how)[name]


def sequence(how: _How, sample: str, contig: str, start: int, end: int, is_reverse: bool) -> Sequence:
    """The stretch of a contig that was pickled."""
    stretch = _reopen(*how)[sample][contig][start:end]
    return stretch.reverse_complement() if is_reverse else stretch
