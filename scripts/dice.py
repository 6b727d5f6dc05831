"""Random numbers that are the same everywhere, and the other strand."""

import random
import sys
from array import array


def both_cases(letters, others):
    """A translation of letters that keeps their case."""
    return bytes.maketrans(letters + letters.lower(), others + others.lower())


COMPLEMENT = both_cases(b"ACGTRYKMBDHVU", b"TGCAYRMKVHDBA")
WORD = 1 << 32


def reverse_complement(sequence):
    """The other strand."""
    return sequence.translate(COMPLEMENT)[::-1]


class Dice:
    """Random numbers that are the same on every machine and in every Python from 3.9 on.

    Only `random()` and `getrandbits()` of `random.Random` are used: both come straight from the
    Mersenne Twister, while the algorithms of `randrange`, `shuffle` and others have changed between
    releases. All arithmetic is on integers or plain sums and products of doubles; there is no `log`,
    whose last digit depends on the C library.
    """

    def __init__(self, seed):
        self._source = random.Random(seed)
        self.random = self._source.random

    def seed(self):
        """A seed for another Dice."""
        return self._source.getrandbits(64)

    def below(self, limit):
        """An integer from 0 to limit - 1."""
        return self._source.getrandbits(64) * limit >> 64

    def between(self, low, high):
        """An integer from low to high - 1, small ones as often per doubling as large ones."""
        doublings = ((high - 1) // low).bit_length()
        base = low << self.below(doublings)
        return base + self.below(min(base, high - base))

    def flip(self):
        """True or False."""
        return self._source.getrandbits(1) == 1

    def round(self, number):
        """One of the two integers around a number, so that it is right on average."""
        whole = int(number)
        return whole + (self.random() < number - whole)

    def bytes(self, count):
        """Random bytes."""
        return self._source.getrandbits(8 * count).to_bytes(count, "little") if count else b""

    def bases(self, count, gc):
        """Random bases; the GC content is met to 1/256."""
        n_strong = round(256 * gc)
        n_c, n_a = n_strong // 2, (256 - n_strong) // 2
        table = b"C" * n_c + b"G" * (n_strong - n_c) + b"A" * n_a
        table = table.ljust(256, b"T")
        chunks = [self.bytes(min(1 << 16, count - start)) for start in range(0, count, 1 << 16)]
        return b"".join(chunks).translate(table)

    def positions(self, count, limit):
        """At most count different positions below limit, ascending.

        A fixed number of uniform positions is what independent geometric gaps come to, given their
        number; it needs one multiplication each.
        """
        if limit >= WORD:
            return sorted({self.below(limit) for _ in range(count)})
        words = array("I", self.bytes(4 * count))
        if sys.byteorder == "big":
            words.byteswap()
        return sorted({word * limit >> 32 for word in words})

    def shuffle(self, items):
        """Shuffles a list in place."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
