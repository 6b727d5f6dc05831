//! What a new archive is to hold of old ones.

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
    /// Whether items go that no contig uses, of any sample.
    pub(crate) drops_unused: bool,
    /// Whether the new archive has checksums, and those that the old ones lack are of what they hold now.
    pub(crate) adds_checksums: bool,
    /// Whether it has digests of all contigs.
    pub(crate) adds_digests: bool,
    /// Whether no sequence may be left that is of no sample of it.
    pub(crate) purges: bool,
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
