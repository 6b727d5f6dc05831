//! Which items of an archive the samples need that a plan keeps, and which only those that it drops.

use std::collections::BTreeMap;

use crate::collection::SegmentDesc;
use crate::error::Result;
use crate::rewrite::Existing;
use crate::rewrite::bits::Bits;
use crate::rewrite::plan::Plan;
use crate::track::{KeptContigs, KeptSample};

/// The items of a group.
#[derive(Debug, Default)]
pub(super) struct ItemsInUse {
    /// Items of samples that are kept.
    pub(super) kept: Bits,
    /// Items of samples and contigs that are dropped; some of them may be kept for others.
    dropped: Bits,
}

impl ItemsInUse {
    /// Whether samples that are dropped may have brought the reference: no other one is equal to it as a whole. Such as were dropped before
    /// count if `purges`.
    pub(super) fn has_foreign_reference(&self, purges: bool) -> bool {
        !self.kept.contains(0) && (purges || !self.dropped.is_empty())
    }

    /// The first item before this id that is used by nothing that is kept, the reference or placeholder aside.
    pub(super) fn first_unused(&self, end: u32) -> Option<u32> {
        (1..end).find(|id| !self.kept.contains(*id))
    }

    /// The first item that is of no use any more, the reference or placeholder aside.
    pub(super) fn first_useless(&self) -> Option<u32> {
        let mut useless = self
            .dropped
            .iter()
            .filter(|id| *id > 0 && !self.kept.contains(*id));
        useless.next()
    }
}

/// The items of an archive by group. Groups that nobody uses are not there.
#[derive(Debug, Default)]
pub(super) struct Usage(BTreeMap<u32, ItemsInUse>);

impl Usage {
    /// What becomes of the items of an archive; `None` if the plan keeps all of its samples, and items
    /// that none uses.
    ///
    /// # Errors
    /// `Corrupt` when the collection is damaged.
    pub(super) fn of(plan: &Plan, source: usize, existing: &Existing<'_>) -> Result<Option<Self>> {
        let mut kept: Vec<Option<&KeptSample>> = vec![None; existing.sample_names().len()];
        for (_, sample) in plan.of_source(source) {
            kept[sample.sample] = Some(sample);
        }
        if !plan.drops_unused
            && kept
                .iter()
                .all(|kept| kept.is_some_and(|kept| kept.contigs.are_all()))
        {
            return Ok(None);
        }
        let mut usage = Self::default();
        existing.archive().for_each_sample(|sample, _, segments| {
            match kept[sample].map(|kept| &kept.contigs) {
                Some(KeptContigs::Listed(contigs)) => usage.add_some(existing, sample, contigs),
                contigs => {
                    usage.add(segments, contigs.is_some());
                    Ok(())
                }
            }
        })?;
        Ok(Some(usage))
    }

    /// What is known of a group, if it is in use.
    pub(super) fn of_group(&self, group: u32) -> Option<&ItemsInUse> {
        self.0.get(&group)
    }

    fn add(&mut self, segments: &[SegmentDesc], are_kept: bool) {
        for segment in segments {
            let items = self.0.entry(segment.group).or_default();
            let items = if are_kept {
                &mut items.kept
            } else {
                &mut items.dropped
            };
            items.insert(segment.in_group_id);
        }
    }

    /// A sample of which some contigs are kept.
    fn add_some(&mut self, existing: &Existing<'_>, sample: usize, contigs: &[usize]) -> Result<()> {
        let described = existing.archive().describe(sample)?;
        let mut contigs = contigs.iter().copied().peekable();
        for (contig, desc) in described.contigs.iter().enumerate() {
            let is_kept = contigs.next_if_eq(&contig).is_some();
            self.add(&desc.segments, is_kept);
        }
        Ok(())
    }
}
