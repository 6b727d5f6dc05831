//! Segments with one splitter: ends of contigs, and stretches whose other splitter was lost.
//!
//! The groups that have the splitter at one end, whatever is at the other, are candidates; so is the group of segments
//! with this splitter alone. The cheapest delta wins.

use super::{Candidate, Catalogue, Finding, MIN_SAVING};
use crate::group::key::{Key, OrientedKey};
use crate::lz_diff;
use crate::sequence::Sequence;
use crate::splitter::CutSegment;

/// Candidates looked at, those of the most similar length first: a splitter in a repeat has hundreds of partners.
const MAX_CANDIDATES: usize = 32;

/// A segment compared with all groups that it may belong to.
pub(super) struct Question {
    candidates: Vec<Candidate>,
}

impl Question {
    /// The candidates for a segment with one splitter, `default` being its key; `None` if there are none.
    pub(super) fn new(catalogue: &Catalogue, segment: &CutSegment, default: OrientedKey) -> Option<Self> {
        let splitter = segment.front.or(segment.back)?.value;
        // On the strand on which the segment begins with the splitter, a key with a larger partner is stored as it is.
        let is_at_front = segment.front.is_some();
        let with_partner = |partner: &u64| OrientedKey {
            key: Key(splitter.min(*partner), splitter.max(*partner)),
            is_rev_comp: (*partner < splitter) == is_at_front,
        };
        let keys = catalogue.partners(splitter).iter().map(with_partner);
        let mut candidates: Vec<Candidate> = keys
            .chain([default])
            .filter_map(|key| Candidate::of(catalogue, key))
            .collect();
        let len = segment.sequence.len();
        candidates.sort_by_key(|candidate| {
            (
                candidate.reference.sequence().len().abs_diff(len),
                candidate.home.group,
            )
        });
        candidates.truncate(MAX_CANDIDATES);
        (!candidates.is_empty()).then_some(Self { candidates })
    }

    /// The candidate with the cheapest delta, if it saves enough; the first of equal ones.
    pub(super) fn answer(&self, sequence: &Sequence) -> Finding {
        let len = sequence.len() as u64;
        let mut bound = len - len / MIN_SAVING;
        let mut best = Finding::Nothing;
        let reversed = sequence.reverse_complement();
        for candidate in &self.candidates {
            let text = if candidate.home.is_rev_comp {
                &reversed
            } else {
                sequence
            };
            if let Some(cost) = lz_diff::cost(text, &candidate.reference, bound) {
                best = Finding::Whole(candidate.home);
                let Some(lower) = cost.checked_sub(1) else {
                    break;
                };
                bound = lower;
            }
        }
        best
    }
}
