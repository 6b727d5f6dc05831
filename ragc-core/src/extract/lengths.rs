//! Lengths of segments, and the repair of those that some releases of AGC stored wrongly.
//!
//! # Source
//! FORMAT.md, "Lengths of appended samples".

use std::sync::OnceLock;

use crate::collection::{SegmentDesc, repaired_len};
use crate::error::Result;
use crate::extract::catalogue::LoadedSample;
use crate::extract::needs::Needs;
use crate::extract::store::Store;
use crate::group;

/// Segments that are asked at most, if those before are damaged.
const MAX_ASKED: usize = 64;

/// What the stored lengths of a batch mean.
#[derive(Debug)]
pub(crate) enum Lengths {
    /// They are the lengths.
    AsStored,
    /// Per sample, whether they need repair; found out when first asked.
    Unsure(Vec<OnceLock<bool>>),
}

impl Lengths {
    pub(crate) fn unsure(n_samples: usize) -> Self {
        Self::Unsure((0..n_samples).map(|_| OnceLock::new()).collect())
    }

    pub(crate) fn mem_len(&self) -> usize {
        match self {
            Self::AsStored => 0,
            Self::Unsure(samples) => samples.capacity() * size_of::<OnceLock<bool>>(),
        }
    }
}

/// How the lengths of a sample's segments are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LengthCode {
    /// As they are stored.
    Plain,
    /// Coded against `k` instead of `predicted_len`, which is segment size + k.
    Misjudged { predicted_len: u64, k: u32 },
}

impl LengthCode {
    pub(crate) fn len_of(self, segment: &SegmentDesc) -> u64 {
        match self {
            Self::Plain => segment.raw_len.into(),
            Self::Misjudged { predicted_len, k } => repaired_len(segment.raw_len, predicted_len, k),
        }
    }
}

impl Store {
    /// The other reading that a length may need.
    pub(super) fn misjudged(&self) -> LengthCode {
        LengthCode::Misjudged {
            predicted_len: self.params.predicted_len(),
            k: self.params.k,
        }
    }

    /// How to read the lengths of a sample's segments.
    ///
    /// # Cost
    /// The first time for a sample, the length of one of its segments is compared with what is stored: usually the
    /// number of one part is read, rarely a delta is looked through.
    pub(crate) fn length_code(&self, sample: &LoadedSample) -> Result<LengthCode> {
        let Lengths::Unsure(samples) = &sample.batch.lengths else {
            return Ok(LengthCode::Plain);
        };
        let needs_repair = match samples[sample.slot].get() {
            Some(needs_repair) => *needs_repair,
            None => {
                let found = self.needs_repair(sample)?;
                *samples[sample.slot].get_or_init(|| found)
            }
        };
        Ok(if needs_repair {
            self.misjudged()
        } else {
            LengthCode::Plain
        })
    }

    /// Whether nobody has asked yet how the lengths of a sample are coded.
    pub(super) fn is_first_query(&self, sample: &LoadedSample) -> bool {
        match &sample.batch.lengths {
            Lengths::AsStored => false,
            Lengths::Unsure(samples) => samples[sample.slot].get().is_none(),
        }
    }

    /// Segments whose two readings differ, those first that are references.
    pub(super) fn telling<'a>(&self, sample: &'a LoadedSample) -> impl Iterator<Item = &'a SegmentDesc> {
        let segments = sample.batch.details.segments_of_sample(sample.slot);
        let misjudged = self.misjudged();
        let telling = move || {
            let differ =
                move |segment: &&SegmentDesc| misjudged.len_of(segment) != LengthCode::Plain.len_of(segment);
            segments.iter().filter(differ)
        };
        let is_reference = |segment: &&SegmentDesc| segment.in_group_id == 0 && !group::is_raw(segment.group);
        let references = telling().filter(is_reference);
        references.chain(telling().filter(move |segment| !is_reference(segment)))
    }

    /// Whether the lengths of a sample's segments were coded against `k` instead of segment size + k.
    ///
    /// A sample is added in one run, so one segment whose two readings differ decides for all of them. A segment that
    /// is its group's reference tells its length without being decoded. If what would tell is damaged another is asked,
    /// so that it does not cost the rest of the sample.
    fn needs_repair(&self, sample: &LoadedSample) -> Result<bool> {
        let misjudged = self.misjudged();
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
        match segment.in_group_id {
            0 if !group::is_raw(segment.group) => {
                group::reference_len(&self.archive, self.version.group_naming(), segment.group)
            }
            _ => self.item_len(segment, needs),
        }
    }
}
