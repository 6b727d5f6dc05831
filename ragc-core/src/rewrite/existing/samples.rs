//! The samples that an archive holds: their names, and those of the last batch with all their segments.

use super::Existing;
use crate::collection::SampleDesc;
use crate::error::Result;
use crate::extract::contig_len;

impl Existing<'_> {
    /// Names of all samples, in archive order.
    pub(crate) fn sample_names(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.samples.iter()
    }

    /// The name of a sample.
    pub(crate) fn sample_name(&self, sample: usize) -> Option<&[u8]> {
        self.samples.get(sample)
    }

    /// The place of a sample.
    pub(crate) fn find_sample(&self, name: &[u8]) -> Option<usize> {
        self.samples.find(name)
    }

    /// Whether there is a sample of this name.
    pub(crate) fn has_sample(&self, name: &[u8]) -> bool {
        self.samples.find(name).is_some()
    }

    pub(crate) fn has_samples(&self) -> bool {
        !self.samples.is_empty()
    }

    /// Number of batches that no sample can be added to.
    pub(crate) fn n_full_batches(&self) -> usize {
        self.samples.len() / self.batch_len()
    }

    /// The samples of the last batch, if it is not full. Their lengths are the true ones.
    pub(crate) fn open_batch(&self) -> Result<Vec<SampleDesc>> {
        let first = self.n_full_batches() * self.batch_len();
        (first..self.samples.len())
            .map(|sample| self.archive.describe(sample))
            .collect()
    }

    /// Symbols in each contig.
    pub(crate) fn contig_lens(&self, sample: &SampleDesc) -> impl Iterator<Item = Result<u64>> {
        let k = self.params().k;
        sample.contigs.iter().map(move |contig| {
            let lens = contig.segments.iter().map(|segment| segment.raw_len.into());
            contig_len(lens, k)
        })
    }

    fn batch_len(&self) -> usize {
        self.params().pack_cardinality as usize
    }
}
