"""The repeats of a large genome: interspersed families, satellite arrays, duplicated segments, mobile elements."""

from bisect import bisect_right
from itertools import accumulate
from operator import eq

from dice import reverse_complement
from mutations import with_indels, with_snps

# The weight of the first family; that of the n-th is its n-th part, as in Zipf's law.
TOP_WEIGHT = 10**12
CONSENSUS_LENGTHS = (150, 6500)
SHORTEST_COPY = 40
LONGEST_TAIL = 40
# One of so many families still moves, the first among them, and one of so many of its copies is new.
MOBILE_STEP, NEW_COPY_STEP = 8, 8
NEW_COPY_AGE = 0.01
SUBFAMILY_DISTANCE = 0.1
INDELS_PER_SNP = 1 / 16
# Copies come in so many rounds, the oldest first: later ones land in earlier ones.
ROUNDS = 16

MONOMER_LENGTH = 171
MONOMER_DISTANCES = (0.1, 0.3)
MONOMERS = (2, 17)
ARRAY_LENGTHS = (10_000, 5_000_000)
# Between the two halves of an array, for each time that it has doubled.
DOUBLING_DISTANCES = (0.0005, 0.004)

DUPLICATION_LENGTHS = (10_000, 200_000)
DUPLICATION_DISTANCES = (0.01, 0.05)

TARGET_SITE = 15
PROBE_LENGTH = 24
PROBE_REACH = 1_000_000
TRIES = 16
COMPARED, MOST_CHANGES = 16, 3


def between(dice, bounds):
    """A number between two."""
    low, high = bounds
    return low + (high - low) * dice.random()


def diverged(dice, sequence, distance, gc):
    """The sequence with this share of SNPs, and short indels."""
    snps, indels = distance * len(sequence), distance * len(sequence) * INDELS_PER_SNP
    return with_indels(dice, with_snps(dice, sequence, dice.round(snps)), dice.round(indels), gc)


# ---- interspersed families -----------------------------------------------------------------

class Family:
    """What the copies of a repeat descend from, and how far they have gone from it on average."""

    def __init__(self, consensus, age, has_tail, is_mobile):
        self.consensus = consensus
        self.age = age
        self.has_tail = has_tail
        self.is_mobile = is_mobile

    def age_of_copy(self, dice):
        """How far one copy has gone; families that still move have new copies, too."""
        if self.is_mobile and not dice.below(NEW_COPY_STEP):
            return NEW_COPY_AGE * dice.random()
        return 2 * self.age * dice.random()

    def copy(self, dice, age, gc):
        """A copy on a random strand: whole or without its beginning, perhaps with a tail of A."""
        length = len(self.consensus)
        if dice.below(4):
            length = dice.between(min(SHORTEST_COPY, length), length + 1)
        stretch = self.consensus[len(self.consensus) - length:]
        if self.has_tail:
            stretch += b"A" * dice.below(LONGEST_TAIL)
        stretch = diverged(dice, stretch, age, gc)
        return reverse_complement(stretch) if dice.flip() else stretch


class Families:
    """Families, the most frequent first."""

    def __init__(self, families):
        self._families = families
        self._bounds = list(accumulate(TOP_WEIGHT // rank for rank in range(1, len(families) + 1)))

    def __len__(self):
        return len(self._families)

    def choose(self, dice):
        """Any of them, the first ones more often."""
        return self._families[bisect_right(self._bounds, dice.below(self._bounds[-1]))]

    def mobile(self):
        """Those that still move."""
        return Families([family for family in self._families if family.is_mobile])


def make_families(dice, count, oldest, gc):
    """Families; every third descends from one before it, and is younger."""
    families = []
    for number in range(count):
        age, has_tail, is_mobile = oldest * dice.random(), dice.flip(), number % MOBILE_STEP == 0
        if families and not dice.below(3):
            parent = families[dice.below(len(families))]
            consensus = diverged(dice, parent.consensus, SUBFAMILY_DISTANCE, gc)
            families.append(Family(consensus, parent.age * dice.random(), parent.has_tail, is_mobile))
        else:
            families.append(Family(dice.bases(dice.between(*CONSENSUS_LENGTHS), gc), age, has_tail, is_mobile))
    return Families(families)


def make_copies(dice, families, budget, oldest, gc):
    """Copies of so many bases together, the oldest first."""
    copies = []
    while budget > 0:
        family = families.choose(dice)
        age = min(oldest, family.age_of_copy(dice))
        copy = family.copy(dice, age, gc)[:budget]
        budget -= len(copy)
        copies.append((-age, len(copies), copy))
    return [copy for _, _, copy in sorted(copies)]


def add_copies(dice, sequence, copies):
    """The sequence with all copies put in, the first ones first."""
    step = -(-len(copies) // ROUNDS) or 1
    for start in range(0, len(copies), step):
        sequence = put_in(dice, sequence, copies[start:start + step])
    return sequence


def put_in(dice, sequence, stretches):
    """The sequence with stretches put in at random places."""
    places = sorted((dice.below(len(sequence) + 1), number) for number in range(len(stretches)))
    pieces, start = [], 0
    for place, number in places:
        pieces += (sequence[start:place], stretches[number])
        start = place
    pieces.append(sequence[start:])
    return b"".join(pieces)


# ---- satellites ----------------------------------------------------------------------------

def make_arrays(dice, monomer, budget, gc):
    """Arrays of so many bases together; each repeats its own row of monomers."""
    arrays = []
    while budget > 0:
        array = satellite_array(dice, monomer, min(dice.between(*ARRAY_LENGTHS), budget), gc)
        arrays.append(reverse_complement(array) if dice.flip() else array)
        budget -= len(array)
    return arrays


def satellite_array(dice, monomer, length, gc):
    """A row of different monomers that doubles, and diverges, until it is as long as wanted."""
    count = MONOMERS[0] + dice.below(MONOMERS[1] - MONOMERS[0])
    array = b"".join(diverged(dice, monomer, between(dice, MONOMER_DISTANCES), gc) for _ in range(count))
    distance = between(dice, DOUBLING_DISTANCES)
    while len(array) < length:
        array = diverged(dice, array + array, distance / 2, gc)
    return array[:length]


# ---- duplications --------------------------------------------------------------------------

def duplicate(dice, genome, share, gc):
    """The genome with blocks overwritten by diverged copies of others, until they are this share of it."""
    genome = [bytearray(sequence) for sequence in genome]
    budget = int(share * sum(map(len, genome)))
    while budget > 0:
        length = min(dice.between(*DUPLICATION_LENGTHS), budget)
        sequence, start, end = any_stretch(dice, genome, length)
        block = diverged(dice, bytes(sequence[start:end]), between(dice, DUPLICATION_DISTANCES), gc)
        if dice.flip():
            block = reverse_complement(block)
        sequence, start, end = any_stretch(dice, genome, len(block))
        sequence[start:end] = block[:end - start]
        budget -= length
    return [bytes(sequence) for sequence in genome]


def any_stretch(dice, genome, length):
    """A random (chromosome, start, end), shorter if the chromosome is."""
    place = dice.below(sum(map(len, genome)))
    for sequence in genome:
        if place < len(sequence):
            start = min(place, max(0, len(sequence) - length))
            return sequence, start, min(start + length, len(sequence))
        place -= len(sequence)
    raise AssertionError("a place lies below the sum of the lengths")


# ---- mobile elements -----------------------------------------------------------------------

def gain_copies(dice, sequence, families, count, gc):
    """The sequence with new copies, each between some bases and the same bases again."""
    pieces, start = [], 0
    for place in dice.positions(count, len(sequence) + 1):
        copy = families.choose(dice).copy(dice, NEW_COPY_AGE * dice.random(), gc)
        pieces += (sequence[start:place], copy, sequence[max(0, place - TARGET_SITE):place])
        start = place
    pieces.append(sequence[start:])
    return b"".join(pieces)


def lose_copies(dice, sequence, families, count):
    """The sequence without the next copies behind random places, as far as there are any nearby."""
    if not count:
        return sequence
    upper, pieces, end = sequence.upper(), [], 0
    for place in dice.positions(count, len(sequence)):
        for _ in range(TRIES):
            left, right = find_copy(upper, max(place, end), families.choose(dice), dice.flip())
            if left >= end and right - left >= SHORTEST_COPY:
                pieces.append(sequence[end:left])
                end = right
                break
    pieces.append(sequence[end:])
    return b"".join(pieces)


def find_copy(sequence, place, family, is_reverse):
    """(start, end) of the first copy behind a place that ends as its family does, or (-1, -1)."""
    consensus = family.consensus
    probe = consensus[-PROBE_LENGTH:]
    found = sequence.find(reverse_complement(probe) if is_reverse else probe, place, place + PROBE_REACH)
    if found < 0:
        return -1, -1
    first = max(0, found - len(consensus))
    window = sequence[first:found + PROBE_LENGTH + len(consensus)]
    start = found - first
    if is_reverse:
        window = reverse_complement(window)
        start = len(window) - start - PROBE_LENGTH
    end, n_known = start + PROBE_LENGTH, PROBE_LENGTH
    while step := min(COMPARED, start, len(consensus) - n_known):
        known = consensus[-n_known - step:-n_known]
        if sum(map(eq, window[start - step:start], known)) < step - MOST_CHANGES:
            break
        start, n_known = start - step, n_known + step
    if family.has_tail:
        tail = window[end:end + LONGEST_TAIL]
        end += len(tail) - len(tail.lstrip(b"A"))
    if is_reverse:
        start, end = len(window) - end, len(window) - start
    return first + start, first + end
