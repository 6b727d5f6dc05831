#!/usr/bin/env python3
"""Writes a synthetic population: a reference genome and samples descended from it along a tree.

The reference is given (FASTA, plain or gzip) or random, with transposon families and short tandem
repeats. It is mutated along a random coalescent tree: a sample inherits what happened on every
branch above it, so samples share alleles, small and structural. Rates are those between two
samples, on average over all pairs. The same options give the same bytes on every machine.
"""

import argparse
import os
import re
import sys

from common import CheckError, LINE_WIDTH, exit_with, format_record, normalise, read_records
from codons import add_genes, classify, with_coding_indels, with_coding_snps
from dice import Dice, reverse_complement
from mutations import rearrange, with_indels, with_snps
from repeats import (MONOMER_LENGTH, add_copies, duplicate, gain_copies, make_arrays, make_copies, make_families,
                     lose_copies, put_in)

TANDEM_SHARE = 0.005
# Runs of lower case are as long as the repeats that programs mask.
MASK_LENGTHS = (20, 5000)
MAX_MASK_SHIFT = 20
LOWER_CASE = re.compile(b"[a-z]+")


# ---- the reference -------------------------------------------------------------------------

def load_reference(path):
    """The (name, sequence) records of a FASTA file, upper case."""
    records = [(name, normalise(sequence)) for name, sequence in read_records(path)]
    if not any(sequence for _, sequence in records):
        raise CheckError(f"{path}: no sequence")
    return records


def random_reference(dice, options, families):
    """The (name, sequence) records of a random genome; the families are those of --repeat-families."""
    lengths = chromosome_lengths(dice, options.length, options.chromosomes)
    transposons = [dice.bases(dice.between(300, 6000), options.gc) for _ in range(options.families)]
    repeater = Dice(f"repeats {options.seed}")
    monomer = repeater.bases(MONOMER_LENGTH, options.gc)
    genome = []
    for length in lengths:
        copies, arrays = [], make_arrays(repeater, monomer, int(options.satellites * length), options.gc)
        if families:
            copies = make_copies(repeater, families, int(options.repeats * length), options.repeat_age, options.gc)
        length -= sum(map(len, copies + arrays))
        sequence = random_chromosome(dice, length, [] if families else transposons, options)
        genome.append(put_in(repeater, add_copies(repeater, sequence, copies), arrays))
    genome = duplicate(repeater, genome, options.duplications, options.gc)
    return [(b"chr%d" % number, sequence) for number, sequence in enumerate(genome, 1)]


def chromosome_lengths(dice, total, count):
    """Splits a genome into chromosomes, the longest up to four times as long as the shortest."""
    weights = [1 + 3 * dice.random() for _ in range(count)]
    lengths = [max(1, int(total * weight / sum(weights))) for weight in weights]
    lengths[0] += total - sum(lengths)
    return lengths


def random_chromosome(dice, length, families, options):
    """Random bases, partly overwritten by copies of the families and by tandem repeats."""
    sequence = bytearray(dice.bases(length, options.gc))
    if options.codons:
        add_genes(dice, sequence)
    if families:
        overwrite(dice, sequence, options.repeats, lambda: transposon_copy(dice, families))
    overwrite(dice, sequence, TANDEM_SHARE, lambda: tandem_repeat(dice, options.gc))
    return bytes(sequence)


def overwrite(dice, sequence, share, make_element):
    """Puts elements at random places until they are a share of the sequence."""
    budget = int(share * len(sequence))
    while budget > 0:
        element = make_element()[:budget]
        start = dice.below(len(sequence) - len(element) + 1)
        sequence[start:start + len(element)] = element
        budget -= len(element)


def transposon_copy(dice, families):
    """A copy of one family: some bases changed, often cut short, on either strand."""
    family = families[dice.below(len(families))]
    divergence = 0.1 * dice.random() * dice.random()
    copy = with_snps(dice, family, dice.round(divergence * len(family)))
    if dice.flip():
        copy = copy[dice.below(len(copy)):]
    return reverse_complement(copy) if dice.flip() else copy


def tandem_repeat(dice, gc):
    """A unit of up to 30 bases, repeated."""
    return dice.bases(dice.between(1, 31), gc) * dice.between(4, 64)


# ---- soft-masking --------------------------------------------------------------------------

def mask(dice, sequence, share):
    """Random runs in lower case, until they are a share of the sequence; mutations take it along."""
    masked = bytearray(sequence)
    budget = int(share * len(sequence))
    while budget > 0:
        length = min(dice.between(*MASK_LENGTHS), budget)
        start = dice.below(len(sequence) - length + 1)
        masked[start:start + length] = masked[start:start + length].lower()
        budget -= length
    return bytes(masked)


def shift_mask(dice, sequence, share):
    """Moves this share of the ends of runs by a few bases, as a program does that masks each sample anew."""
    shifted = bytearray(sequence)
    for run in LOWER_CASE.finditer(sequence):
        if dice.random() < share:
            length = 1 + dice.below(MAX_MASK_SHIFT)
            if dice.flip():
                start = max(run.start(), run.end() - length)
                shifted[start:run.end()] = shifted[start:run.end()].upper()
            else:
                shifted[run.end():run.end() + length] = shifted[run.end():run.end() + length].lower()
    return bytes(shifted)


# ---- the tree ------------------------------------------------------------------------------

class Node:
    """A genome in the tree; samples are the nodes without children."""

    def __init__(self, sample, height, children):
        self.sample = sample
        self.height = height
        self.children = children
        self.n_samples = sum(child.n_samples for child in children) or 1
        self.seed = 0


def coalescent(dice, n_samples, star):
    """A random tree whose heights make the average distance of two samples 1; `star` is what is put in below it."""
    lineages = [Node(sample, 0.0, ()) for sample in range(n_samples)]
    height, distances = 0.0, 0.0
    while len(lineages) > 1:
        count = len(lineages)
        # The sum of two uniform numbers has the mean of the exponential time it stands for.
        height += 2 / (count * (count - 1)) * (dice.random() + dice.random())
        pair = [take_any(dice, lineages), take_any(dice, lineages)]
        distances += 2 * height * pair[0].n_samples * pair[1].n_samples
        lineages.append(Node(None, height, pair))
    root = lineages[0]
    scale = n_samples * (n_samples - 1) / 2 / distances if n_samples > 1 else 1.0
    finish_tree(dice, root, scale * (1 - star), star / 2)
    return root


def take_any(dice, lineages):
    """Removes one of the lineages, not keeping their order."""
    chosen = dice.below(len(lineages))
    lineages[chosen], lineages[-1] = lineages[-1], lineages[chosen]
    return lineages.pop()


def finish_tree(dice, root, scale, more):
    """Scales the heights, puts samples deeper, and gives every node the seed of what happens on its branch."""
    nodes = [root]
    for node in nodes:  # grows while it is walked
        node.height = node.height * scale if node.children else -more
        node.seed = dice.seed()
        nodes.extend(node.children)


def grow(root, genome, options, mobile):
    """Yields (sample, genome) for every sample of the tree.

    The smaller subtree goes first, so that as many genomes wait as the count of samples can be
    halved, however deep the tree is.
    """
    waiting = [(root, genome, 0.0 if root.children else 1.0)]
    while waiting:
        node, parent, time = waiting.pop()
        genome = mutate(Dice(node.seed), parent, time, options, mobile)
        if not node.children:
            yield node.sample, genome
        for child in sorted(node.children, key=lambda child: -child.n_samples):
            waiting.append((child, genome, node.height - child.height))


# ---- mutations -----------------------------------------------------------------------------

def mutate(dice, genome, time, options, mobile):
    """The genome after a branch; a time of 1 makes all the differences of two average samples."""
    if time <= 0:
        return genome
    genome = rearrange(dice, genome, time, options)
    if options.mobile:
        genome = [move_elements(dice, sequence, time, options, mobile) for sequence in genome]
    return [point_mutations(dice, sequence, time, options) for sequence in genome]


def move_elements(dice, sequence, time, options, families):
    """The mobile elements that come and go on a branch on one chromosome."""
    expected = options.mobile * time * len(sequence) / 1e6
    sequence = lose_copies(dice, sequence, families, dice.round(expected))
    return gain_copies(dice, sequence, families, dice.round(expected), options.gc)


def point_mutations(dice, sequence, time, options):
    """The SNPs and short indels of a branch on one chromosome."""
    n_snps = dice.round(options.snp * time * len(sequence))
    n_indels = dice.round(options.indel * time * len(sequence))
    if options.codons:
        classes = classify(sequence)
        sequence = with_coding_snps(dice, sequence, classes, n_snps)
        return with_coding_indels(dice, sequence, classes, n_indels, options.gc)
    return with_indels(dice, with_snps(dice, sequence, n_snps), n_indels, options.gc)


# ---- output --------------------------------------------------------------------------------

def draft(dice, genome, n_contigs):
    """Cuts a genome into contigs at random places; their strands and order are random, too."""
    n_cuts = max(0, n_contigs - len(genome))
    cuts = dice.positions(n_cuts, sum(map(len, genome)))
    contigs, offset = [], 0
    for sequence in genome:
        end = offset + len(sequence)
        borders = [0, *(at - offset for at in cuts if offset < at < end), len(sequence)]
        contigs.extend(sequence[left:right] for left, right in zip(borders, borders[1:]))
        offset = end
    dice.shuffle(contigs)
    return [reverse_complement(contig) if dice.flip() else contig for contig in contigs]


def write_genome(path, records, width, mode="wb"):
    """Writes a FASTA file, or more of it."""
    with open(path, mode) as handle:
        for name, sequence in records:
            handle.write(format_record(name, sequence, width))


def write_population(options):
    """Writes ref.fa and the samples; returns the paths, the reference first."""
    dice = Dice(options.seed)
    families = make_families(Dice(f"families {options.seed}"), options.repeat_families, options.repeat_age, options.gc)
    records = load_reference(options.reference) if options.reference else random_reference(dice, options, families)
    if options.mask:
        masker = Dice(f"mask {options.seed}")
        records = [(name, mask(masker, sequence, options.mask)) for name, sequence in records]
    names = [name for name, _ in records]
    os.makedirs(options.out, exist_ok=True)
    width = max(3, len(str(options.samples - 1)))
    paths = [os.path.join(options.out, f"sample{sample:0{width}d}.fa") for sample in range(options.samples)]
    paths.append(os.path.join(options.out, "ref.fa"))
    write_genome(paths[-1], name_alleles(records, 1, options), options.line_width)
    # The leaves of the tree are the alleles of the samples and, behind them, those of ref.fa but the first.
    tree = coalescent(dice, (options.samples + 1) * options.alleles - 1, options.star)
    cutting_seeds = [dice.seed() for _ in range(tree.n_samples)]
    n_alleles = [0] * options.samples + [1]
    for leaf, genome in grow(tree, [sequence for _, sequence in records], options, families.mobile()):
        sample = leaf // options.alleles
        n_alleles[sample] += 1
        records = finish_sample(leaf, zip(names, genome), options, cutting_seeds[leaf])
        mode = "wb" if n_alleles[sample] == 1 else "ab"
        write_genome(paths[sample], name_alleles(records, n_alleles[sample], options), options.line_width, mode)
    return [paths[-1], *paths[:-1]]


def finish_sample(leaf, records, options, cutting_seed):
    """The records of a genome as a file has them: cut, turned, begun elsewhere, masked anew."""
    names, genome = zip(*records)
    if options.draft_contigs:
        genome = draft(Dice(cutting_seed), genome, options.draft_contigs)
        names = [b"contig%d" % number for number in range(1, len(genome) + 1)]
    turner = Dice(f"turn {options.seed} {leaf}")
    if options.rotate:
        genome = [rotate(sequence, turner.below(len(sequence) + 1)) for sequence in genome]
    genome = [reverse_complement(sequence) if turner.random() < options.strand_flip else sequence
              for sequence in genome]
    if options.mask_noise:
        masker = Dice(f"mask {options.seed} {leaf}")
        genome = [shift_mask(masker, sequence, options.mask_noise) for sequence in genome]
    return zip(names, genome)


def name_alleles(records, number, options):
    """The records with the number of the allele in their names, if there are several."""
    suffix = b"_allele%d" % number if options.alleles > 1 else b""
    for name, sequence in records:
        word, blank, more = name.partition(b" ")
        yield word + suffix + blank + more, sequence


def rotate(sequence, start):
    """A circular sequence that begins elsewhere."""
    return sequence[start:] + sequence[:start]


# ---- command line --------------------------------------------------------------------------

def size(text):
    """A positive count with an optional k, M or G (powers of ten)."""
    factors = {"k": 10**3, "M": 10**6, "G": 10**9}
    factor = factors.get(text[-1:], 1)
    number = float(text[:-1] if factor > 1 else text) * factor
    if not 1 <= number < 10**12:
        raise ValueError(text)
    return int(number)


def share(text):
    """A fraction from 0 to 1."""
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError(text)
    return number


def rate(text):
    """A number that is not negative."""
    number = float(text)
    if not 0 <= number < 10**6:
        raise ValueError(text)
    return number


def parse_options(arguments=None):
    """The options of the command line, or of a list of arguments."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])

    def add(flag, help, **more):
        note = " (default: %(default)s)" if "default" in more else ""
        parser.add_argument(flag, help=help + note, **more)

    add("--out", metavar="DIR", required=True, help="where ref.fa, sample000.fa, ... go")
    add("--samples", type=size, default=10, metavar="N", help="number of samples beside the reference")
    add("--seed", type=int, default=1, help="another number gives another population")
    add("--reference", metavar="FASTA", help="take this genome in place of a random one")
    add("--length", type=size, default="1M", help="bases of the random genome (k, M, G allowed)")
    add("--chromosomes", type=size, default=4, metavar="N", help="chromosomes of the random genome")
    add("--gc", type=share, default=0.4, help="GC content of random sequence")
    add("--families", type=rate, default=8, metavar="N", help="transposon families of the random genome")
    add("--repeats", type=share, default=0.04, metavar="SHARE", help="share of it that they cover")
    add("--repeat-families", type=size, default=0, metavar="N",
        help="in place of --families: N families of skewed sizes; --repeats is the share that they cover")
    add("--repeat-age", type=share, default=0.3, metavar="SHARE",
        help="bases of the oldest of their copies that are changed")
    add("--satellites", type=share, default=0.0, metavar="SHARE", help="share of it in arrays of monomers")
    add("--duplications", type=share, default=0.0, metavar="SHARE",
        help="share of it that is a copy, of 10 to 200 kb, of other places")
    add("--snp", type=share, default=0.006, metavar="SHARE", help="bases that differ between two samples")
    add("--indel", type=share, default=0.0006, metavar="SHARE", help="short indels (1 to 32 bases) per base")
    for event in ("insertions", "deletions", "inversions", "moves"):
        default = 5 if event in ("insertions", "deletions") else 1
        add(f"--{event}", type=rate, default=default, metavar="RATE",
            help="per megabase and pair of samples")
    add("--mobile", type=rate, default=0, metavar="RATE",
        help="copies of some repeat families gained, and as many lost if there are, per megabase and pair of samples")
    add("--codons", action="store_true", help="genes, and selection for them")
    add("--star", type=share, default=0.0, metavar="SHARE",
        help="of the differences of two samples that no other sample has, beside those by chance")
    add("--min-event", type=size, default=100, metavar="LENGTH", help="shortest structural event")
    add("--max-event", type=size, default="20k", metavar="LENGTH", help="longest structural event")
    add("--draft-contigs", type=size, metavar="M", help="cut every sample into about M contigs")
    add("--alleles", type=size, default=1, metavar="N", help="genomes in each file")
    add("--rotate", action="store_true", help="begin each contig of each sample elsewhere, as if circular")
    add("--strand-flip", type=share, default=0.0, metavar="SHARE",
        help="contigs of samples that are turned to the other strand")
    add("--mask", type=share, default=0.0, metavar="SHARE", help="bases of the reference in lower case")
    add("--mask-noise", type=share, default=0.0, metavar="SHARE",
        help="ends of runs of lower case that are elsewhere in each sample")
    add("--line-width", type=size, default=LINE_WIDTH, metavar="N", help="bases of a line")
    options = parser.parse_args(arguments)
    options.families = int(options.families)
    if options.min_event > options.max_event:
        parser.error("--min-event is larger than --max-event")
    if options.chromosomes > options.length:
        parser.error("more chromosomes than bases")
    if options.satellites + options.repeats * bool(options.repeat_families) > 1:
        parser.error("--repeats and --satellites are more than everything")
    if options.mobile and not options.repeat_families:
        parser.error("--mobile needs --repeat-families")
    return options


def main():
    """Writes what the command line asks for."""
    paths = write_population(parse_options())
    print(f"{len(paths)} files in {os.path.dirname(paths[0])}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    exit_with(main)
