"""What a pickle of a sequence calls."""

from __future__ import annotations

from ragc._ragc import Archive, Sequence


def sequence(archive: Archive, sample: str, contig: str, start: int, end: int, is_reverse: bool) -> Sequence:
    """The stretch of a contig that was pickled."""
    stretch = archive[sample][contig][start:end]
    return stretch.reverse_complement() if is_reverse else stretch
