//! What a new archive is to hold of old ones.

use crate::provenance::HistoryEntry;
use crate::track::KeptSample;

/// The samples of a new archive, in its order. Those that are not named are left out. Of each archive they ascend, and none stands between those
/// of another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) samples: Vec<KeptSample>,
    /// Items of a pack; that of the first archive if nothing is said.
    pub(crate) pack_cardinality: Option<u32>,
    /// Groups of different archives that become one because their references are equal, each by the archive's place and its number there,
    /// ascending. All others stay alone.
    pub(crate) joined: Vec<Vec<(usize, u32)>>,
    /// What the new archive is to tell of this change, behind what the old ones tell of theirs.
    pub(crate) history: Option<HistoryEntry>,
}

impl Plan {
    /// All samples of an archive that has so many.
    pub(crate) fn all(n_samples: usize) -> Self {
        Self {
            samples: (0..n_samples)
                .map(|sample| KeptSample::whole(0, sample))
                .collect(),
            ..Self::default()
        }
    }

    /// The samples that are kept of one archive, each with its new place.
    pub(super) fn of_source(&self, source: usize) -> Vec<(usize, &KeptSample)> {
        let samples = self.samples.iter().enumerate();
        samples.filter(|(_, kept)| kept.source == source).collect()
    }
}
