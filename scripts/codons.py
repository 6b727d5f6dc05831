"""Genes: open reading frames, and mutations that respect them as selection does."""

import re

from dice import reverse_complement
from mutations import TRANSITION, TRANSVERSIONS, short_length

STOPS = frozenset((b"TAA", b"TAG", b"TGA"))
OTHER_STOPS = frozenset(map(reverse_complement, STOPS))
# A shorter one may be chance.
MIN_CODONS = 80
GENE = re.compile(b"ATG(?:(?!TAA|TAG|TGA)[ACGT]{3}){%d,}(?:TAA|TAG|TGA)" % (MIN_CODONS - 1))
CODONS = (100, 1000)
CODING_SHARE = 0.8

# The class of a base: outside of genes, a position of a codon on either strand, part of a start or a stop.
OUTSIDE, FORWARD, REVERSE, FIXED = 0, (1, 2, 3), (6, 5, 4), 7
# Of 256 SNPs that hit a base of each class so many stay, and of as many indels in genes.
ACCEPTED = (160, 60, 40, 256, 60, 40, 256, 0)
ACCEPTED_INDELS = 64
# Of 256 SNPs.
TRANSITIONS = 192
# Of drawing positions, until enough are accepted.
ROUNDS = 20


# ---- making and finding --------------------------------------------------------------------

def add_genes(dice, sequence):
    """Writes genes over a random sequence, on both strands, with gaps between them."""
    start = 0
    while True:
        length = 3 * dice.between(*CODONS)
        start += int(2 * dice.random() * length * (1 - CODING_SHARE) / CODING_SHARE)
        if start + length > len(sequence):
            return
        gene = b"ATG" + without_stops(sequence[start + 3:start + length - 3]) + b"TAA"
        sequence[start:start + length] = reverse_complement(gene) if dice.flip() else gene
        start += length


def without_stops(codons):
    """The codons, upper case, with C in place of the T of stops."""
    codons = bytes(codons)
    triplets = (codons[start:start + 3] for start in range(0, len(codons), 3))
    return b"".join(b"C" + codon[1:] if codon in STOPS else codon for codon in triplets)


def find_genes(sequence):
    """(start, end, strand) of the open reading frames; where some overlap the longest one counts."""
    upper, end = sequence.upper(), len(sequence)
    genes = [(*match.span(), FORWARD) for match in GENE.finditer(upper)]
    genes += [(end - match.end(), end - match.start(), REVERSE)
              for match in GENE.finditer(reverse_complement(upper))]
    taken = bytearray(end)
    for start, end, strand in sorted(genes, key=lambda gene: (gene[0] - gene[1], gene)):
        if not any(taken[start:end]):
            taken[start:end] = b"x" * (end - start)
            yield start, end, strand


def classify(sequence):
    """A class for each base."""
    classes = bytearray(len(sequence))
    for start, end, strand in find_genes(sequence):
        classes[start:end] = bytes(strand) * ((end - start) // 3)
        classes[start:start + 3] = classes[end - 3:end] = bytes([FIXED] * 3)
    return classes


def codon_start(position, kind):
    """Where the codon begins that a base of this class is in."""
    return position - (FORWARD if kind in FORWARD else REVERSE).index(kind)


# ---- mutations -----------------------------------------------------------------------------

def with_coding_snps(dice, sequence, classes, count):
    """The sequence with some bases replaced: third positions most often, mostly by transitions, and no new stops."""
    changed = bytearray(sequence)
    positions = choose_positions(dice, classes, count)
    for position, roll in zip(positions, dice.bytes(len(positions))):
        before, kind = changed[position], classes[position]
        changed[position] = (TRANSITION if roll < TRANSITIONS else TRANSVERSIONS[roll & 1])[before]
        if kind != OUTSIDE:
            start = codon_start(position, kind)
            codon = bytes(changed[start:start + 3]).upper()
            if codon in (STOPS if kind in FORWARD else OTHER_STOPS):
                changed[position] = before
    return bytes(changed)


def choose_positions(dice, classes, count):
    """At most count different positions, ascending, some classes more often than others."""
    chosen = set()
    for _ in range(ROUNDS):
        candidates = dice.positions(count - len(chosen), len(classes))
        rolls = dice.bytes(len(candidates))
        chosen.update(position for position, roll in zip(candidates, rolls) if roll < ACCEPTED[classes[position]])
    return sorted(chosen)


def with_coding_indels(dice, sequence, classes, count, gc):
    """The sequence with short stretches added or dropped: in genes fewer, and whole codons."""
    pieces, start = [], 0
    for position in dice.positions(count, len(sequence)):
        kind, length, is_insertion = classes[position], short_length(dice), dice.flip()
        if kind == FIXED or (kind != OUTSIDE and dice.below(256) >= ACCEPTED_INDELS):
            continue
        if kind != OUTSIDE:
            position, length = codon_start(position, kind), 3 * length
        lost = classes[position:position + length]
        is_whole = not any(lost) if kind == OUTSIDE else OUTSIDE not in lost and FIXED not in lost
        if position < start or not (is_insertion or is_whole):
            continue
        pieces.append(sequence[start:position])
        start = position
        if not is_insertion:
            start += length
        elif kind == OUTSIDE:
            pieces.append(dice.bases(length, gc))
        else:
            codons = without_stops(dice.bases(length, gc))
            pieces.append(codons if kind in FORWARD else reverse_complement(codons))
    pieces.append(sequence[start:])
    return b"".join(pieces)
