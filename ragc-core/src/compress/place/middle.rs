//! Segments with a splitter at both ends that no earlier segment had: often the splitter between two known segments was
//! lost to a mutation. Then the segment is cut in two where that is cheapest, and each part follows its group.

use super::{Candidate, Catalogue, Finding, MIN_SAVING};
use crate::group::key::OrientedKey;
use crate::lz_diff::{self, Reference};
use crate::sequence::Sequence;

/// A segment compared with the two groups that share the splitter in its middle.
pub(super) struct Question {
    k: usize,
    first: Candidate,
    second: Candidate,
}

impl Question {
    /// The groups of `front` and a middle splitter, and of this and `back`; `None` if there is no such splitter.
    pub(super) fn new(catalogue: &Catalogue, front: u64, back: u64, k: u32) -> Option<Self> {
        let middle = catalogue.middle(front, back).filter(|_| front != back)?;
        let side = |front, back| Candidate::of(catalogue, OrientedKey::of_both(front, back));
        Some(Self {
            k: k as usize,
            first: side(front, middle)?,
            second: side(middle, back)?,
        })
    }

    /// Where to cut, if the two deltas together save enough.
    pub(super) fn answer(&self, sequence: &Sequence) -> Finding {
        let len = sequence.len();
        let reversed = sequence.reverse_complement();
        let before = self.first.costs_before(sequence, &reversed);
        let behind = self.second.costs_behind(sequence, &reversed);
        let sum = |pos: usize| u64::from(before[pos]) + u64::from(behind[pos]);
        let Some(best) = (0..=len).min_by_key(|pos| sum(*pos)) else {
            return Finding::Nothing;
        };
        if sum(best) > len as u64 - len as u64 / MIN_SAVING {
            return Finding::Nothing;
        }
        // A part has to be longer than the overlap.
        if best < self.k + 1 {
            Finding::Whole(self.second.home)
        } else if best + self.k + 1 > len {
            Finding::Whole(self.first.home)
        } else {
            Finding::Split {
                cut: best - self.k / 2,
                first: self.first.home,
                second: self.second.home,
            }
        }
    }
}

impl Candidate {
    /// For each position of the segment, the cost of all that is before it.
    fn costs_before(&self, sequence: &Sequence, reversed: &Sequence) -> Vec<u32> {
        if self.home.is_rev_comp {
            suffix_costs(reversed, &self.reference)
        } else {
            lz_diff::prefix_costs(sequence, &self.reference)
        }
    }

    /// For each position of the segment, the cost of all that is from it on.
    fn costs_behind(&self, sequence: &Sequence, reversed: &Sequence) -> Vec<u32> {
        if self.home.is_rev_comp {
            let mut costs = lz_diff::prefix_costs(reversed, &self.reference);
            costs.reverse();
            costs
        } else {
            let mut costs = suffix_costs(sequence, &self.reference);
            costs.reverse();
            costs
        }
    }
}

/// Costs of the suffixes of `text`, the shortest first: entry `i` is the cost of the last `i` symbols.
fn suffix_costs(text: &Sequence, reference: &Reference) -> Vec<u32> {
    let mut costs = lz_diff::prefix_costs(text, reference);
    let total = costs.last().copied().unwrap_or(0);
    for cost in &mut costs {
        *cost = total - *cost;
    }
    costs.reverse();
    costs
}
