//! Whether anything that is in use is lost: asked before an archive is gone on from.
//!
//! Items, groups and samples are numbered. If the end of a numbering is lost while contigs refer to it, what is added would take the
//! lost numbers, and old contigs would read as something new. So every number in use must be there. What lies in full packs is
//! not decoded for that: nothing is added to them.
//!
//! Batches and last packs are decoded for it, which adding a genome takes no longer for that can be seen (docs/measurements.md, "Details of making archives").

use std::collections::BTreeMap;

use super::Existing;
use crate::collection::SegmentDesc;
use crate::container::names;
use crate::error::{Error, Result};
use crate::group::{self, ItemPlace};
use crate::track;

/// The highest item in use of each group, and a sample that uses it.
#[derive(Debug, Default)]
struct Used(BTreeMap<u32, (u32, usize)>);

impl Used {
    fn add(&mut self, sample: usize, segment: &SegmentDesc) {
        let highest = self.0.entry(segment.group).or_insert((0, sample));
        if segment.in_group_id > highest.0 {
            *highest = (segment.in_group_id, sample);
        }
    }
}

impl Existing<'_> {
    /// Checks that all samples, groups and items that have a number in use are there. Gives the symbols of each sample, about.
    ///
    /// # Errors
    /// `Corrupt` when one is not, or what tells is damaged.
    pub(super) fn check_losses(&self) -> Result<Vec<u64>> {
        self.archive.placed(|| {
            let (mut used, mut n_contigs, mut lens) = (Used::default(), Vec::new(), Vec::new());
            self.archive.for_each_sample(|sample, n, segments| {
                n_contigs.push(n as u64);
                lens.push(segments.iter().map(|segment| u64::from(segment.raw_len)).sum());
                segments.iter().try_for_each(|segment| {
                    // Of a raw group, item 0 is none.
                    group::place_of(segment.group, segment.in_group_id, 1)?;
                    used.add(sample, segment);
                    Ok(())
                })
            })?;
            track::check(&self.old(&[]), &n_contigs)?;
            self.check_keys()?;
            self.check_packs(&used)?;
            Ok(lens)
        })
    }

    /// Every pack holds something, and each group the items that are in use.
    fn check_packs(&self, used: &Used) -> Result<()> {
        for (group, streams) in self.groups.iter() {
            let parts = streams
                .deltas
                .map_or(&[][..], |stream| self.archive.container().footer().parts(stream));
            if let Some(empty) = parts.iter().position(|part| part.len == 0) {
                let error = Error::corrupt("an empty pack").in_part(empty as u64);
                return Err(error.in_stream(&self.naming().delta_stream(group)));
            }
            let last = self
                .last_pack(group)?
                .map(|(number, pack)| (number, pack.n_items()));
            if let Some((highest, sample)) = used.0.get(&group) {
                self.check_item(group, *highest, last)
                    .map_err(|e| self.in_sample(*sample, e))?;
            }
        }
        match used.0.iter().find(|(group, _)| !self.groups.has(**group)) {
            Some((group, (_, sample))) => {
                let error = Error::corrupt(format!("group {group} is in use and not there"));
                Err(self.in_sample(*sample, error))
            }
            None => Ok(()),
        }
    }

    /// Checks an item by the number of the last pack of its group and of the items there.
    fn check_item(&self, group: u32, id: u32, last: Option<(u32, usize)>) -> Result<()> {
        let ItemPlace::Packed { pack, slot } = group::place_of(group, id, self.params().pack_cardinality)?
        else {
            return Ok(());
        };
        let is_there =
            |(last, n_items): (u32, usize)| pack < last || (pack == last && (slot as usize) < n_items);
        match last.is_some_and(is_there) {
            true => Ok(()),
            false => Err(
                Error::corrupt(format!("item {id} of group {group} is in use and not there"))
                    .in_stream(&self.naming().delta_stream(group)),
            ),
        }
    }

    /// Keys lead to groups that there are: others would lead to the next ones.
    fn check_keys(&self) -> Result<()> {
        match self.keys().iter().find(|key| key.group >= self.n_groups()) {
            Some(key) => {
                let error = Error::corrupt(format!("a key of group {}, which does not exist", key.group));
                Err(error.in_stream(names::SEGMENT_SPLITTERS))
            }
            None => Ok(()),
        }
    }

    fn in_sample(&self, sample: usize, error: Error) -> Error {
        match self.samples.get(sample) {
            Some(name) => error.in_sample(&String::from_utf8_lossy(name)),
            None => error,
        }
    }
}
