//! How lengths of segments are coded.
//!
//! # Source
//! FORMAT.md, "Lengths of appended samples".

use std::sync::OnceLock;

use crate::collection::{SegmentDesc, repaired_len};
use crate::params::Params;

/// How the lengths of a sample's segments are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LengthCode {
    /// As they are stored.
    Plain,
    /// Coded against `k` instead of `predicted_len`, which is segment size + k.
    Misjudged { predicted_len: u64, k: u32 },
}

impl LengthCode {
    /// The other reading that a length may need.
    pub(super) fn misjudged(params: &Params) -> Self {
        Self::Misjudged {
            predicted_len: params.predicted_len(),
            k: params.k,
        }
    }

    pub(crate) fn len_of(self, segment: &SegmentDesc) -> u64 {
        match self {
            Self::Plain => segment.raw_len.into(),
            Self::Misjudged { predicted_len, k } => repaired_len(segment.raw_len, predicted_len, k),
        }
    }
}

/// What the stored lengths of a batch mean.
#[derive(Debug)]
pub(super) enum Lengths {
    /// They are the lengths.
    AsStored,
    /// Per sample, whether they need repair; found out when first asked.
    Unsure(Vec<OnceLock<bool>>),
}

impl Lengths {
    pub(super) fn unsure(n_samples: usize) -> Self {
        Self::Unsure((0..n_samples).map(|_| OnceLock::new()).collect())
    }

    /// Where it is noted whether the lengths of a sample need repair, if that is not sure.
    pub(super) fn doubt(&self, slot: usize) -> Option<&OnceLock<bool>> {
        match self {
            Self::AsStored => None,
            Self::Unsure(samples) => Some(&samples[slot]),
        }
    }

    pub(super) fn mem_len(&self) -> usize {
        match self {
            Self::AsStored => 0,
            Self::Unsure(samples) => samples.capacity() * size_of::<OnceLock<bool>>(),
        }
    }
}
