//! The repair of lengths that some releases of AGC stored wrongly.
//!
//! # Source
//! FORMAT.md, "Lengths of appended samples".

use crate::collection::SegmentDesc;
use crate::error::Result;
use crate::extract::store::basis::Basis;
use crate::extract::store::demand::Demand;
use crate::extract::store::items::Items;
use crate::extract::store::length_code::LengthCode;
use crate::extract::store::loaded::LoadedSample;
use crate::extract::store::needs::Needs;
use crate::group;

/// Segments that are asked at most, if those before are damaged.
const MAX_ASKED: usize = 64;

/// Finds out how the lengths of samples are coded.
#[derive(Debug)]
pub(super) struct Repair<'a> {
    basis: &'a Basis,
    items: &'a Items,
}

impl<'a> Repair<'a> {
    pub(super) fn new(basis: &'a Basis, items: &'a Items) -> Self {
        Self { basis, items }
    }

    /// How to read the lengths of a sample's segments.
    ///
    /// # Cost
    /// The first time for a sample, the length of one of its segments is compared with what is stored: usually the
    /// number of one part is read, rarely a delta is looked through.
    pub(super) fn code_of(&self, sample: &LoadedSample) -> Result<LengthCode> {
        let Some(doubt) = sample.doubt() else {
            return Ok(LengthCode::Plain);
        };
        let needs_repair = match doubt.get() {
            Some(needs_repair) => *needs_repair,
            None => {
                let found = self.needs_repair(sample)?;
                *doubt.get_or_init(|| found)
            }
        };
        Ok(match needs_repair {
            true => LengthCode::misjudged(self.basis.params()),
            false => LengthCode::Plain,
        })
    }

    /// Adds what [`Self::code_of`] will read of a sample.
    pub(super) fn demand(&self, demand: &mut Demand<'_>, sample: &LoadedSample) {
        let Some(telling) = self.telling(sample).next() else {
            return;
        };
        if !is_reference(telling) || self.basis.container().has_sums() {
            self.items.demand_segment(demand, telling, None);
        } else {
            demand.add_number(&self.basis.naming().reference_stream(telling.group));
        }
    }

    /// Segments whose two readings differ, those first that are references.
    fn telling<'s>(&self, sample: &'s LoadedSample) -> impl Iterator<Item = &'s SegmentDesc> + use<'s> {
        let segments = sample.all_segments();
        let misjudged = LengthCode::misjudged(self.basis.params());
        let differ =
            move |segment: &&SegmentDesc| misjudged.len_of(segment) != LengthCode::Plain.len_of(segment);
        let telling = move || segments.iter().filter(differ);
        let references = telling().filter(|segment| is_reference(segment));
        references.chain(telling().filter(|segment| !is_reference(segment)))
    }

    /// Whether the lengths of a sample's segments were coded against `k` instead of segment size + k.
    ///
    /// A sample is added in one run, so one segment whose two readings differ decides for all of them. A segment that
    /// is its group's reference tells its length without being decoded. If what would tell is damaged another is asked,
    /// so that it does not cost the rest of the sample.
    fn needs_repair(&self, sample: &LoadedSample) -> Result<bool> {
        let misjudged = LengthCode::misjudged(self.basis.params());
        let mut first_error = None;
        for segment in self.telling(sample).take(MAX_ASKED) {
            match self.true_len(segment, sample.needs()) {
                Ok(len) => {
                    return Ok(len != LengthCode::Plain.len_of(segment) && len == misjudged.len_of(segment));
                }
                Err(error) => {
                    first_error.get_or_insert(error);
                }
            }
        }
        first_error.map_or(Ok(false), Err)
    }

    /// Length of the item of a segment, as it is stored.
    fn true_len(&self, segment: &SegmentDesc, needs: Option<&Needs>) -> Result<u64> {
        match is_reference(segment) {
            true => self.items.reference_len(segment.group),
            false => self.items.item_len(segment, needs),
        }
    }
}

fn is_reference(segment: &SegmentDesc) -> bool {
    segment.in_group_id == 0 && !group::is_raw(segment.group)
}
