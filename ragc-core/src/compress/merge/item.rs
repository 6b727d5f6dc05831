//! Items of an archive that are placed anew.

use std::collections::BTreeMap;

use crate::collection::SegmentDesc;
use crate::error::{Error, ErrorKind, Result};
use crate::group::key::Key;
use crate::rewrite::{Existing, Plan};
use crate::sequence::Sequence;
use crate::threads;

/// Items that samples which are kept need, with their lengths, by group.
pub(super) type Needed = BTreeMap<u32, BTreeMap<u32, u32>>;

/// What samples that are kept need of an archive.
///
/// # Errors
/// `Corrupt` when the collection is damaged.
pub(super) fn needed(plan: &Plan, source: usize, existing: &Existing<'_>) -> Result<Needed> {
    let mut needed = Needed::new();
    for (_, kept) in plan.of_source(source) {
        let sample = existing.archive().describe(kept.sample)?;
        for segment in sample.contigs.iter().flat_map(|contig| &contig.segments) {
            let items = needed.entry(segment.group).or_default();
            items.insert(segment.in_group_id, segment.raw_len);
        }
    }
    Ok(needed)
}

/// An item that is placed anew.
#[derive(Debug, Clone, Copy)]
pub(super) struct MovedItem {
    pub(super) group: u32,
    pub(super) id: u32,
    pub(super) len: u32,
    /// That of its group.
    pub(super) key: Option<Key>,
}

impl MovedItem {
    pub(super) fn decode(&self, existing: &Existing<'_>) -> Result<Sequence> {
        let segment = SegmentDesc {
            group: self.group,
            in_group_id: self.id,
            is_rev_comp: false,
            raw_len: self.len,
        };
        let codes = existing.archive().segment_codes(&segment)?;
        Ok(Sequence::from_codes(&codes))
    }
}

/// Does `work` for all of these on several threads; the answers come in order.
///
/// # Errors
/// The first one; `WorkerLost` for a panic.
pub(super) fn on_threads<T: Sync, A: Send>(
    all: &[T],
    n_threads: usize,
    work: impl Fn(&T) -> Result<A> + Sync,
) -> Result<Vec<A>> {
    let answers = threads::map("place", all.len(), n_threads, |place| work(&all[place]))?;
    let lost = || Error::new(ErrorKind::WorkerLost);
    answers
        .into_iter()
        .map(|answer| answer.unwrap_or_else(|| Err(lost())))
        .collect()
}

/// Cuts a list into rounds of so many bases, about.
pub(super) fn rounds<T>(all: &[T], most: u64, len: impl Fn(&T) -> u64) -> Vec<&[T]> {
    let mut rounds = Vec::new();
    let (mut from, mut n_bases) = (0, 0);
    for (place, one) in all.iter().enumerate() {
        if n_bases >= most {
            rounds.push(&all[from..place]);
            (from, n_bases) = (place, 0);
        }
        n_bases += len(one).max(1);
    }
    rounds.push(&all[from..]);
    rounds
}
