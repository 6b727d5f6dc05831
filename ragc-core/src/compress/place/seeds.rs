//! Seeds: the sampled k-mers by which sequence is found again.
//!
//! Which k-mers are seeds is drawn from both strands of each, so that both strands of a sequence have the same seeds; and what is
//! copied from one place to another keeps them, so a few of all places of a reference are enough to find it.

use crate::kmer::{Strands, mix};
use crate::sequence::{BASES_PER_WORD, Sequence, reverse_bases};
use std::ops::Range;

/// Bases of a seed. Long enough to be rare in a genome, short enough to survive between differences: of stretches that
/// differ in one base of twenty a third keeps a given seed.
pub(super) const SEED_LEN: usize = 21;

/// Bits of what is drawn from a k-mer to decide whether it is a seed.
const SAMPLING_BITS: u32 = 24;

/// Positions whose seeds are handed over together, at first and at most.
///
/// Looking up what comes together overlaps the waiting for memory; but behind a match most of a batch may not be wanted any
/// more, so batches grow as long as they are.
const BATCH: (usize, usize) = (BASES_PER_WORD, 8 * BASES_PER_WORD);

/// A seed in a sequence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seed {
    /// Scrambled canonical value.
    pub(super) hash: u64,
    /// Position of its first base.
    pub(super) pos: usize,
    /// Whether the sequence reads the canonical value.
    pub(super) is_direct: bool,
}

/// The lowest of the bits by which seeds are thinned out; those below are of [`super::locations`], which knows these of every seed
/// that it holds.
const THINNING_SHIFT: u32 = 37;

/// Which k-mers are seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seeds {
    /// A k-mer is one if what is drawn from it is below, and these bits of its hash, from [`THINNING_SHIFT`] on, are zero.
    limit: u64,
    thinning: u64,
}

impl Seeds {
    /// This fraction of all k-mers.
    pub(super) fn new(fraction: f64) -> Self {
        Self {
            limit: (fraction * f64::from(1u32 << SAMPLING_BITS)) as u64,
            thinning: 0,
        }
    }

    /// Half of these.
    pub(super) fn halved(self) -> Self {
        Self {
            thinning: self.thinning << 1 | 1,
            ..self
        }
    }

    /// How often they have been halved.
    pub(super) fn n_halved(self) -> u32 {
        self.thinning.count_ones()
    }

    /// How many seeds `n_bases` have, about.
    pub(super) fn n_in(self, n_bases: u64) -> u64 {
        let n_unthinned = ((u128::from(n_bases) * u128::from(self.limit)) >> SAMPLING_BITS) as u64;
        n_unthinned >> self.n_halved()
    }

    /// Whether a k-mer is one, before thinning.
    #[inline]
    fn samples(self, strands: Strands) -> bool {
        draw(strands) < self.limit
    }

    /// Whether a seed is left after thinning, of which the bits of the hash from [`THINNING_SHIFT`] on are given.
    pub(super) fn keeps(self, high_bits: u64) -> bool {
        high_bits & self.thinning == 0
    }

    /// Calls `visit` with the seeds of a sequence, in order.
    pub(super) fn for_each(self, sequence: &Sequence, visit: impl FnMut(Seed)) {
        self.for_each_in(sequence, 0..sequence.len(), visit);
    }

    /// As [`Self::for_each`], with the seeds inside `part`.
    pub(super) fn for_each_in(self, sequence: &Sequence, part: Range<usize>, mut visit: impl FnMut(Seed)) {
        let batches = &mut SeedBatches::new(self);
        batches.for_each(sequence, part, |seeds| {
            seeds.iter().for_each(|seed| visit(*seed));
            0
        });
    }
}

/// Hands the seeds of sequences over in batches, from one buffer.
pub(super) struct SeedBatches {
    seeds: Seeds,
    found: [Seed; BATCH.1],
}

impl SeedBatches {
    pub(super) fn new(seeds: Seeds) -> Self {
        Self {
            seeds,
            found: [Seed::default(); BATCH.1],
        }
    }

    /// Calls `visit` with the seeds inside `range`, in order; it tells the first position of which it wants a seed again.
    ///
    /// What is not wanted is not hashed: that is most of a sequence that stands in the references already.
    pub(super) fn for_each(
        &mut self,
        sequence: &Sequence,
        range: Range<usize>,
        mut visit: impl FnMut(&[Seed]) -> usize,
    ) {
        if self.seeds.limit == 0 {
            return;
        }
        let mut pos = range.start;
        let mut batch = BATCH.0;
        while pos + SEED_LEN <= range.end {
            let len = sequence.acgt_len_from(pos).min(range.end - pos);
            if len < SEED_LEN {
                pos = match sequence.run_at(pos + len) {
                    Some(run) => run.end() as usize,
                    None => range.end,
                };
                continue;
            }
            let end = pos + batch.min(len + 1 - SEED_LEN);
            let n_found = self.find(sequence, pos..end);
            let wanted = match n_found {
                0 => end,
                _ => visit(&self.found[..n_found]),
            };
            batch = if wanted > end {
                BATCH.0
            } else {
                (2 * batch).min(BATCH.1)
            };
            pos = wanted.max(end);
        }
    }

    /// Finds the seeds that begin at `positions`, at which whole k-mers stand, and gives their number.
    fn find(&mut self, sequence: &Sequence, positions: Range<usize>) -> usize {
        let mut n_found = 0;
        for start in positions.clone().step_by(BASES_PER_WORD) {
            let n_positions = (positions.end - start).min(BASES_PER_WORD);
            let kmers = Kmers::at(sequence, start);
            let mut sampled = [0u8; BASES_PER_WORD];
            let mut n_sampled = 0;
            for offset in 0..n_positions {
                // Without a branch, which could not be predicted: what is no seed is written over.
                sampled[n_sampled] = offset as u8;
                n_sampled += usize::from(self.seeds.samples(kmers.get(offset)));
            }
            for offset in &sampled[..n_sampled] {
                let offset = usize::from(*offset);
                let kmer = kmers.get(offset).kmer();
                let hash = mix(kmer.value);
                self.found[n_found] = Seed {
                    hash,
                    pos: start + offset,
                    is_direct: kmer.is_direct,
                };
                n_found += usize::from(self.seeds.keeps(hash >> THINNING_SHIFT));
            }
        }
        n_found
    }
}

/// A number that is the same on both strands, by one multiplication: each k-mer of a sequence goes through here, and the hash of the few
/// that are seeds takes two.
#[inline]
fn draw(strands: Strands) -> u64 {
    // Without something added the product of a run of one base would be zero.
    const ADDED: u64 = 0xD1B5_4A32_D192_ED03;
    // One by one: `map` of an array is not inlined here, which took half as long again for 300 Mb.
    let (direct, reverse) = (
        strands.direct.wrapping_add(ADDED),
        strands.reverse.wrapping_add(ADDED),
    );
    direct.wrapping_mul(reverse) >> (64 - SAMPLING_BITS)
}

/// Two words of a sequence, as read and with their bases in reverse order, in which each of 32 k-mers is found by shifts alone,
/// so that none waits for the one before.
struct Kmers {
    as_read: [u64; 2],
    reversed: [u64; 2],
}

impl Kmers {
    fn at(sequence: &Sequence, pos: usize) -> Self {
        let next = pos + BASES_PER_WORD;
        let as_read = [
            sequence.window(pos),
            if next < sequence.len() {
                sequence.window(next)
            } else {
                0
            },
        ];
        Self {
            as_read,
            reversed: [reverse_bases(as_read[0]), reverse_bases(as_read[1])],
        }
    }

    /// The k-mer that begins at `offset`, below 32.
    #[inline]
    fn get(&self, offset: usize) -> Strands {
        const LOW: usize = 64 - 2 * SEED_LEN;
        let shift = 2 * offset;
        // Shifted twice: by 64 bits at once cannot be.
        let as_read = self.as_read[0] >> shift | self.as_read[1] << 1 << (63 - shift);
        let reversed = self.reversed[0] << shift | self.reversed[1] >> 1 >> (63 - shift);
        Strands {
            direct: reversed & u64::MAX << LOW,
            reverse: !as_read << LOW,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::FIRST_AMBIGUOUS;
    use crate::kmer::KmerWindow;

    fn codes() -> Vec<u8> {
        (0..20_000u64)
            .map(|i| if i % 1000 == 0 { 4 } else { (mix(i) & 3) as u8 })
            .collect()
    }

    fn all(seeds: Seeds, codes: &[u8]) -> Vec<Seed> {
        let mut all = Vec::new();
        seeds.for_each(&Sequence::from_codes(codes), |seed| all.push(seed));
        all
    }

    #[test]
    fn seeds_are_the_sampled_kmers_of_a_window() {
        let (codes, seeds) = (codes(), Seeds::new(0.25));
        let mut window = KmerWindow::new(SEED_LEN as u32);
        let mut expected = Vec::new();
        for (i, code) in codes.iter().enumerate() {
            if *code >= FIRST_AMBIGUOUS {
                window.clear();
            } else if let Some(strands) = window.push_strands(*code)
                && seeds.samples(strands)
            {
                let kmer = strands.kmer();
                expected.push(Seed {
                    hash: mix(kmer.value),
                    pos: i + 1 - SEED_LEN,
                    is_direct: kmer.is_direct,
                });
            }
        }
        assert!(expected.len() > 4000);
        assert_eq!(all(seeds, &codes), expected);
        for len in [0, 20, 21, 22, 52, 53, 64, 85] {
            let of_part = all(seeds, &codes[1..][..len]);
            let inside = expected
                .iter()
                .filter(|seed| seed.pos >= 1 && seed.pos + SEED_LEN <= len + 1);
            assert!(
                of_part
                    .iter()
                    .map(|seed| seed.hash)
                    .eq(inside.map(|seed| seed.hash))
            );
        }
    }

    #[test]
    fn what_is_not_wanted_is_passed_over() {
        let (codes, seeds) = (codes(), Seeds::new(0.25));
        let all = all(seeds, &codes);
        let sequence = Sequence::from_codes(&codes);
        for step in [1, 20, 21, 22, 300, 4096, 9000, 30_000] {
            let inside = 100..19_000;
            let mut expected: Vec<Seed> = Vec::new();
            for seed in &all {
                let is_inside = seed.pos >= inside.start && seed.pos + SEED_LEN <= inside.end;
                if is_inside && expected.last().is_none_or(|last| seed.pos >= last.pos + step) {
                    expected.push(*seed);
                }
            }
            let mut wanted = 0;
            let mut found = Vec::new();
            SeedBatches::new(seeds).for_each(&sequence, inside, |batch| {
                for seed in batch {
                    // A few that are not wanted may come.
                    if seed.pos >= wanted {
                        found.push(*seed);
                        wanted = seed.pos + step;
                    }
                }
                wanted
            });
            assert_eq!(found, expected, "{step}");
        }
    }
}
