"""Mutations: what is rearranged, SNPs, short indels."""

from dice import both_cases, reverse_complement

# What a SNP makes of a base: a transition is as likely as both transversions together.
# Other letters stay as they are.
TRANSITION = both_cases(b"ACGT", b"GTAC")
TRANSVERSIONS = (both_cases(b"ACGT", b"CATG"), both_cases(b"ACGT", b"TGCA"))
SUBSTITUTIONS = (TRANSITION, TRANSITION, *TRANSVERSIONS)
SHORT_INDEL_BITS = 6
BLOCK_SIZE = 1 << 16


class Blocks:
    """A sequence in blocks: a cut or a paste copies one of them, not the chromosome."""

    def __init__(self, sequence):
        starts = range(0, len(sequence), BLOCK_SIZE)
        self._blocks = [sequence[start:start + BLOCK_SIZE] for start in starts]
        self._length = len(sequence)

    def __len__(self):
        return self._length

    def __bytes__(self):
        return b"".join(self._blocks)

    def cut(self, start, end):
        """Removes a stretch and returns it."""
        first, last = self._split(start), self._split(end)
        stretch = b"".join(self._blocks[first:last])
        del self._blocks[first:last]
        self._length -= len(stretch)
        return stretch

    def paste(self, start, stretch):
        """Puts a stretch before a position."""
        self._blocks.insert(self._split(start), stretch)
        self._length += len(stretch)

    def _split(self, place):
        """The number of the block that begins at a place, from now on if not before."""
        for number, block in enumerate(self._blocks):
            if place == 0:
                return number
            if place < len(block):
                self._blocks[number:number + 1] = [block[:place], block[place:]]
                return number + 1
            place -= len(block)
        return len(self._blocks)


def rearrange(dice, genome, time, options):
    """The genome after the structural events of a branch, in random order."""
    genome = [Blocks(sequence) for sequence in genome]
    megabases = sum(map(len, genome)) / 1e6
    rates = ((insert, options.insertions), (delete, options.deletions),
             (invert, options.inversions), (move, options.moves))
    events = [event for event, rate in rates for _ in range(dice.round(rate * time * megabases))]
    dice.shuffle(events)
    for event in events:
        event(dice, genome, options)
    return [bytes(blocks) for blocks in genome]


def pick_stretch(dice, genome, options):
    """A random (chromosome, start, end); at most a tenth of its chromosome, perhaps empty."""
    place = dice.below(sum(map(len, genome)))
    for number, sequence in enumerate(genome):
        if place < len(sequence):
            length = dice.between(options.min_event, options.max_event + 1)
            return number, place, min(place + min(length, len(sequence) // 10), len(sequence))
        place -= len(sequence)
    raise AssertionError("a place lies below the sum of the lengths")


def insert(dice, genome, options):
    """New sequence; as long as the stretch that a deletion would take."""
    number, start, end = pick_stretch(dice, genome, options)
    genome[number].paste(start, dice.bases(end - start, options.gc))


def delete(dice, genome, options):
    """A stretch is lost."""
    number, start, end = pick_stretch(dice, genome, options)
    genome[number].cut(start, end)


def invert(dice, genome, options):
    """A stretch is turned round in its place."""
    number, start, end = pick_stretch(dice, genome, options)
    genome[number].paste(start, reverse_complement(genome[number].cut(start, end)))


def move(dice, genome, options):
    """A stretch goes elsewhere, to any chromosome, on either strand."""
    number, start, end = pick_stretch(dice, genome, options)
    stretch = genome[number].cut(start, end)
    number, start, _ = pick_stretch(dice, genome, options)
    genome[number].paste(start, reverse_complement(stretch) if dice.flip() else stretch)


def with_snps(dice, sequence, count):
    """The sequence with some bases replaced."""
    changed = bytearray(sequence)
    positions = dice.positions(count, len(sequence))
    for position, kind in zip(positions, dice.bytes(len(positions))):
        changed[position] = SUBSTITUTIONS[kind & 3][changed[position]]
    return bytes(changed)


def with_indels(dice, sequence, count, gc):
    """The sequence with short stretches added or dropped, most of them a few bases long."""
    pieces, start = [], 0
    for position in dice.positions(count, len(sequence)):
        if position < start:
            continue  # inside the deletion before
        length = short_length(dice)
        pieces.append(sequence[start:position])
        start = position
        if dice.flip():
            pieces.append(dice.bases(length, gc))
        else:
            start += length
    pieces.append(sequence[start:])
    return b"".join(pieces)


def short_length(dice):
    """The length of a short indel."""
    return 1 + dice.below(1 << dice.below(SHORT_INDEL_BITS))
