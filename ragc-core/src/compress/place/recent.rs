//! What a round has founded itself.
//!
//! The segments of a round are compared on all threads with what was there at its beginning. Where one is new, an earlier one
//! of the round may have been its like: alleles in one file, the haplotypes of a sample, the first genomes of a collection. A few
//! seeds tell, and only then is the segment compared once more, in its turn, with all that is there by now.

use super::question::{Finding, PieceContent};
use super::state::State;
use crate::sequence::Sequence;
use ahash::AHashSet;
use std::ops::Range;

/// A new stretch is compared again if the round has founded one in so many of its seeds. Old repeats, which a genome is full of,
/// keep fewer.
const MIN_FOUNDED: usize = 8;

/// The seeds that have come since the round began.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// Bases of all references when the round began.
    start: u64,
    /// Those of the pool that is being gathered: no reference holds them yet.
    pooled: AHashSet<u64>,
}

/// Where the seeds of a segment's new stretches are found by now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Found {
    n_seeds: usize,
    n_founded: usize,
    n_pooled: usize,
}

impl Found {
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
    pub(super) fn begin(&mut self, state: &State) {
        self.start = state.n_bases();
    }

    /// A sequence comes into the pool.
    pub(super) fn add_to_pool(&mut self, state: &State, sequence: &Sequence) {
        state.seeds.for_each(sequence, |seed| {
            self.pooled.insert(seed.hash);
            0
        });
    }

    /// The pool becomes a reference.
    pub(super) fn close_pool(&mut self) {
        self.pooled.clear();
    }

    /// Looks for the new stretches of a segment.
    pub(super) fn find(&self, state: &State, sequence: &Sequence, finding: Option<&Finding>) -> Found {
        let mut found = Found::default();
        if state.n_bases() == self.start && self.pooled.is_empty() {
            return found;
        }
        for range in new_ranges(sequence, finding) {
            state.seeds.for_each(&sequence.slice(range), |seed| {
                found.n_seeds += 1;
                found.n_pooled += usize::from(self.pooled.contains(&seed.hash));
                found.n_founded += usize::from(state.has_since(seed.hash, self.start));
                0
            });
        }
        found
    }
}

/// The stretches of a segment that nothing before the round is like.
fn new_ranges(sequence: &Sequence, finding: Option<&Finding>) -> Vec<Range<usize>> {
    match finding {
        Some(Finding::Pieces(pieces)) => pieces
            .iter()
            .filter(|piece| piece.content == PieceContent::New)
            .map(|piece| piece.range.clone())
            .collect(),
        Some(Finding::New) | None => std::iter::once(0..sequence.len()).collect(),
    }
}
