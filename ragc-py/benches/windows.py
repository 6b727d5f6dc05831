#!/usr/bin/env python3
"""Windows of 4 kb at places that look random: this module beside the library in Rust, and beside pyfaidx on the same genomes in BGZF. One thread, processor
time. Answers are compared before times are taken.

    cargo build --release -p ragc-archive --example windows
    scripts/test-python --profile release --venv VENV
    VENV/bin/python ragc-py/benches/windows.py target/release/examples/windows ARCHIVE [GENOMES.fa.gz]

GENOMES.fa.gz is what `ragc getcol --with-sample --bgzf ARCHIVE > GENOMES.fa.gz` writes. Without it pyfaidx is left out.
"""

import argparse
import resource
import statistics
import subprocess
import time
import zlib

import ragc

WINDOW_LEN = 4096
MASK = (1 << 64) - 1


def windows(contigs, n):
    """`n` pairs of a place in the list of (contig, length) and a first base, as examples/windows.rs has them."""
    state = 7

    def below(limit):
        nonlocal state
        state ^= state << 13 & MASK
        state ^= state >> 7
        state ^= state << 17 & MASK
        return state % limit

    for _ in range(n):
        contig, length = contigs[below(len(contigs))]
        yield contig, below(max(length - WINDOW_LEN, 1))


def seconds_of_rust(program, archive, n):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, archive, str(n)], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rate_of_rust(program, archive, n):
    return n / (seconds_of_rust(program, archive, n) - seconds_of_rust(program, archive, 0))


def rate(fetch, places):
    began = time.process_time()
    for contig, start in places:
        fetch(contig, start)
    return len(places) / (time.process_time() - began)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("archive")
    parser.add_argument("genomes", nargs="?")
    parser.add_argument("-n", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()

    archive = ragc.open(args.archive)
    contigs = [(contig, len(contig)) for sample in archive for contig in sample]
    places = list(windows(contigs, args.n))
    checksum = 0
    for contig, start in places:
        checksum = zlib.crc32(bytes(contig[start : start + WINDOW_LEN]), checksum)
    told = subprocess.run([args.program, args.archive, str(args.n), "check"], check=True, stdout=subprocess.PIPE)
    assert told.stdout.split()[-1].decode() == f"{checksum:08x}", "the library has other letters"

    folded = ragc.open(args.archive, upper=True)
    folded = [(folded[contig.sample][contig.name], start) for contig, start in places]
    named = [((contig.sample, contig.name), start) for contig, start in places]
    ways = {
        "str(contig[a:b])": lambda: rate(lambda contig, a: str(contig[a : a + WINDOW_LEN]), places),
        "the same, upper=True": lambda: rate(lambda contig, a: str(contig[a : a + WINDOW_LEN]), folded),
        "bytes(contig[a:b])": lambda: rate(lambda contig, a: bytes(contig[a : a + WINDOW_LEN]), places),
        "contig[a:b].numpy(codes=True)": lambda: rate(lambda contig, a: contig[a : a + WINDOW_LEN].numpy(codes=True), places),
        "str(archive[s][c][a:b])": lambda: rate(lambda name, a: str(archive[name[0]][name[1]][a : a + WINDOW_LEN]), named),
    }
    if args.genomes:
        import pyfaidx

        fasta = pyfaidx.Fasta(args.genomes, as_raw=True)
        few = [(f"{sample}#{contig}", start) for (sample, contig), start in named[:: max(len(named) // 500, 1)]]
        for (name, start), (pair, _) in zip(few[:100], named[:: max(len(named) // 500, 1)]):
            assert fasta[name][start : start + WINDOW_LEN] == archive[pair[0]][pair[1]][start : start + WINDOW_LEN]
        ways["pyfaidx"] = lambda: rate(lambda name, a: fasta[name][a : a + WINDOW_LEN], few)

    rates = {way: [] for way in ["Rust", *ways]}
    for _ in range(args.rounds):
        rates["Rust"].append(rate_of_rust(args.program, args.archive, args.n))
        for way, measure in ways.items():
            rates[way].append(measure())
    of_rust = statistics.median(rates["Rust"])
    for way, measured in rates.items():
        middle = statistics.median(measured)
        print(f"{way:30} {middle:10,.0f} windows a second  {middle / of_rust:6.2f} of Rust")


if __name__ == "__main__":
    main()
