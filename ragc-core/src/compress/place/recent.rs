//! What a round has founded itself.
//!
//! The segments of a round are compared on all threads with what was there at its beginning. Where one is new, an earlier one
//! of the round may have been its like: alleles in one file, the haplotypes of a sample, the first genomes of a collection. A few
//! seeds tell, and only then is the segment compared once more, in its turn, with all that is there by now.

use super::novel::MIN_REFERENCE;
use super::question::{Finding, PieceContent};
use super::seeds::Seeds;
use crate::sequence::Sequence;
use ahash::AHashSet;
use std::ops::Range;

/// A new stretch is compared again if the round has founded one in so many of its seeds. Old repeats, which a genome is full of,
/// keep fewer: with one in eight they took three quarters of the time of placing a large genome, on one thread, for 0.004 % of its bytes
/// (docs/measurements.md, "Old repeats").
const MIN_FOUNDED: usize = 4;

/// One seed in so many is looked at.
const INTERVAL: u64 = 4;

/// Seeds of what is new in a segment.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    /// Of stretches long enough for a group of their own.
    long: Vec<u64>,
    /// Of those that are gathered in the pool, except in the reference sample.
    short: Vec<u64>,
}

impl Sketch {
    /// The new stretches of a segment: pure work.
    pub(super) fn of_new(seeds: Seeds, sequence: &Sequence, finding: &Finding) -> Self {
        let mut sketch = Self::default();
        for range in new_ranges(sequence, finding) {
            let hashes = match range.len() >= MIN_REFERENCE {
                true => &mut sketch.long,
                false => &mut sketch.short,
            };
            seeds.for_each(&sequence.slice(range), |seed| {
                if seed.hash.is_multiple_of(INTERVAL) {
                    hashes.push(seed.hash);
                }
            });
        }
        sketch
    }
}

/// The seeds of what is new in the round so far.
#[derive(Debug, Default)]
pub(super) struct Recent {
    founded: AHashSet<u64>,
    pooled: AHashSet<u64>,
}

/// Where the seeds of a segment's new stretches are found by now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct FoundSeeds {
    n_seeds: usize,
    n_founded: usize,
    n_pooled: usize,
}

impl FoundSeeds {
    /// Whether the segment should be compared once more.
    pub(super) fn is_much(self) -> bool {
        (self.n_founded + self.n_pooled) * MIN_FOUNDED > self.n_seeds
    }

    /// Whether that needs the pool.
    pub(super) fn is_in_pool(self) -> bool {
        self.n_pooled > 0
    }
}

impl Recent {
    /// A round begins.
    pub(super) fn begin(&mut self) {
        self.founded.clear();
        self.pooled.clear();
    }

    /// A segment is placed.
    pub(super) fn add(&mut self, new: Sketch) {
        self.founded.extend(new.long);
        self.pooled.extend(new.short);
    }

    /// What is in the pool can be followed from now on.
    pub(super) fn publish_pool(&mut self) {
        self.founded.extend(self.pooled.drain());
    }

    /// Looks for the new stretches of a segment.
    pub(super) fn find(&self, new: &Sketch) -> FoundSeeds {
        let all = || new.long.iter().chain(&new.short);
        let n_in = |seeds: &AHashSet<u64>| all().filter(|hash| seeds.contains(hash)).count();
        FoundSeeds {
            n_seeds: all().count(),
            n_founded: n_in(&self.founded),
            n_pooled: n_in(&self.pooled),
        }
    }
}

/// The stretches of a segment that nothing before it is like.
fn new_ranges(sequence: &Sequence, finding: &Finding) -> Vec<Range<usize>> {
    match finding {
        Finding::Pieces(pieces) => pieces
            .iter()
            .filter(|piece| piece.content == PieceContent::New)
            .map(|piece| piece.range.clone())
            .collect(),
        Finding::New => std::iter::once(0..sequence.len()).collect(),
    }
}
