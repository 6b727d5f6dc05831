//! What the archive holds that tracks go on behind.

use super::Existing;
use crate::collection::SampleDesc;
use crate::container::names;
use crate::error::Result;
use crate::original::Keep;
use crate::track::Old;

impl Existing<'_> {
    /// What the archive keeps of its original files, of some sample at least.
    ///
    /// # Errors
    /// `Corrupt` when what it keeps is damaged.
    pub(crate) fn keep(&self) -> Result<Keep> {
        self.archive.keep()
    }

    /// Whether there are digests of contigs.
    pub(crate) fn has_digests(&self) -> bool {
        self.archive.container().footer().find(names::DIGESTS).is_some()
    }

    /// Whether it tells where samples came from.
    pub(crate) fn has_sources(&self) -> bool {
        self.archive.container().footer().find(names::SOURCES).is_some()
    }

    /// The archive as tracks see it; `last_lens` are those of the samples of the last batch.
    pub(crate) fn old<'a>(&'a self, last_lens: &'a [u64]) -> Old<'a> {
        Old {
            container: self.archive.container(),
            samples: self.samples,
            last_lens,
            path: self.archive.path(),
            adds_checksums: false,
            adds_digests: false,
            is_renamed_in_place: false,
        }
    }

    /// Symbols of each of these samples.
    ///
    /// # Errors
    /// `Corrupt` when the collection is damaged.
    pub(crate) fn lens(&self, samples: &[SampleDesc]) -> Result<Vec<u64>> {
        samples
            .iter()
            .map(|sample| self.contig_lens(sample).sum())
            .collect()
    }
}
