//! Seeds: the sampled k-mers by which sequence is found again.
//!
//! A seed is a canonical k-mer whose hash ends in zeros. Both strands of a sequence have the same seeds, and what is
//! copied from one place to another keeps them, so a few of all places of a reference are enough to find it.

use crate::alphabet::FIRST_AMBIGUOUS;
use crate::kmer::{KmerWindow, mix};
use crate::sequence::Sequence;

/// Bases of a seed. Long enough to be rare in a genome, short enough to survive between differences: of stretches that
/// differ in one base of twenty a third keeps a given seed.
pub(super) const SEED_LEN: usize = 21;

/// Bits of a hash that decide whether it is a seed.
const SAMPLING_BITS: u32 = 24;

/// A seed in a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed {
    /// Scrambled canonical value.
    pub(super) hash: u64,
    /// Position of its first base.
    pub(super) pos: usize,
    /// Whether the sequence reads the canonical value.
    pub(super) is_direct: bool,
}

/// Which k-mers are seeds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seeds {
    /// A k-mer is one if the lowest bits of its hash are below.
    limit: u64,
}

impl Seeds {
    /// This fraction of all k-mers.
    pub(super) fn new(fraction: f64) -> Self {
        Self {
            limit: (fraction * f64::from(1u32 << SAMPLING_BITS)) as u64,
        }
    }

    fn contains(self, hash: u64) -> bool {
        hash & ((1 << SAMPLING_BITS) - 1) < self.limit
    }

    /// Calls `visit` with the seeds of a sequence, in order; it tells the first position of which it wants a seed again.
    ///
    /// What is not wanted is not hashed: that is most of a sequence that stands in the references already.
    pub(super) fn for_each(self, sequence: &Sequence, mut visit: impl FnMut(Seed) -> usize) {
        const CHUNK: usize = 4096;
        if self.limit == 0 {
            return;
        }
        let mut window = KmerWindow::new(SEED_LEN as u32);
        let mut codes = Vec::with_capacity(CHUNK);
        let mut start = 0;
        while start < sequence.len() {
            codes.clear();
            sequence.unpack_into(start..(start + CHUNK).min(sequence.len()), &mut codes);
            let mut next = 0;
            while let Some(code) = codes.get(next) {
                next += 1;
                if *code >= FIRST_AMBIGUOUS {
                    window.clear();
                    continue;
                }
                let Some(kmer) = window.push(*code) else { continue };
                let hash = mix(kmer.value);
                if !self.contains(hash) {
                    continue;
                }
                let wanted = visit(Seed {
                    hash,
                    pos: start + next - SEED_LEN,
                    is_direct: kmer.is_direct,
                });
                if wanted > start + next {
                    window.clear();
                    next = wanted - start;
                }
            }
            start += next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_wanted_is_passed_over() {
        let codes: Vec<u8> = (0..20_000u64)
            .map(|i| if i % 1000 == 0 { 4 } else { (mix(i) & 3) as u8 })
            .collect();
        let (sequence, seeds) = (Sequence::from_codes(&codes), Seeds::new(0.25));
        let mut all = Vec::new();
        seeds.for_each(&sequence, |seed| {
            all.push(seed);
            0
        });
        assert!(all.len() > 4000);
        for step in [1, 20, 21, 22, 300, 4096, 9000, 30_000] {
            let mut expected: Vec<Seed> = Vec::new();
            for seed in &all {
                if expected.last().is_none_or(|last| seed.pos >= last.pos + step) {
                    expected.push(*seed);
                }
            }
            let mut wanted = 0;
            let mut found = Vec::new();
            seeds.for_each(&sequence, |seed| {
                // A few that are not wanted may come.
                if seed.pos >= wanted {
                    found.push(seed);
                    wanted = seed.pos + step;
                }
                wanted
            });
            assert_eq!(found, expected, "{step}");
        }
    }
}
