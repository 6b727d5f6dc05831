//! The samples that an archive holds: their names, and those of the last batch with all their segments.

use super::Existing;
use crate::archive::names;
use crate::collection::SampleDesc;
use crate::error::{Error, Result};
use crate::sequence_sums::SequenceSums;

impl Existing<'_> {
    /// Names of all samples, in archive order.
    pub(in crate::compress) fn sample_names(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.samples.iter()
    }

    /// Whether there is a sample of this name.
    pub(in crate::compress) fn has_sample(&self, name: &[u8]) -> bool {
        self.samples.find(name).is_some()
    }

    pub(in crate::compress) fn has_samples(&self) -> bool {
        !self.samples.is_empty()
    }

    /// Number of batches that no sample can be added to.
    pub(super) fn n_full_batches(&self) -> usize {
        self.samples.len() / self.batch_len()
    }

    /// The samples of the last batch, if it is not full. Their lengths are the true ones.
    pub(in crate::compress) fn open_batch(&self) -> Result<Vec<SampleDesc>> {
        let first = self.n_full_batches() * self.batch_len();
        (first..self.samples.len())
            .map(|sample| self.archive.describe(sample))
            .collect()
    }

    /// The checksums of all samples; unknown ones if the archive has none.
    ///
    /// # Errors
    /// `Corrupt` when they are damaged, or are those of another number of samples.
    pub(in crate::compress) fn sequence_sums(&self) -> Result<SequenceSums> {
        let sums = self.archive.sequence_sums()?;
        let n_samples =
            u32::try_from(self.samples.len()).map_err(|_| Error::corrupt("more than 2^32 samples"))?;
        Ok(sums.unwrap_or_else(|| SequenceSums::unknown(n_samples)))
    }

    /// Whether there are digests of contigs.
    pub(in crate::compress) fn has_digests(&self) -> bool {
        self.archive.archive().footer().find(names::DIGESTS).is_some()
    }

    fn batch_len(&self) -> usize {
        self.params().pack_cardinality as usize
    }
}
