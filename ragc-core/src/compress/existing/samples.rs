//! The samples that an archive holds: their names, and those of the last batch with all their segments.

use super::Existing;
use crate::collection::SampleDesc;
use crate::compress::excerpt::{Excerpt, Genome};
use crate::error::Result;
use crate::extract::{SampleSink, Spelling, contig_len};
use crate::group;

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

    /// What the reference sample is like, if there is one.
    ///
    /// # Errors
    /// `Corrupt` when the collection is damaged.
    pub(in crate::compress) fn reference_genome(&self) -> Result<Option<Genome>> {
        if !self.has_samples() {
            return Ok(None);
        }
        let sample = self.archive.describe(0)?;
        let mut genome = Genome {
            len: 0,
            longest_contig: 0,
        };
        for len in self.contig_lens(&sample) {
            let len = len?;
            genome.len = genome.len.saturating_add(len);
            genome.longest_contig = genome.longest_contig.max(len);
        }
        Ok(Some(genome))
    }

    /// Symbols in each contig.
    pub(super) fn contig_lens(&self, sample: &SampleDesc) -> impl Iterator<Item = Result<u64>> {
        let k = self.params().k;
        sample.contigs.iter().map(move |contig| {
            let lens = contig.segments.iter().map(|segment| segment.raw_len.into());
            contig_len(lens, k)
        })
    }

    /// Whether most of the last sample is stored as it is.
    ///
    /// # Errors
    /// `Corrupt` when the collection is damaged.
    pub(in crate::compress) fn ends_raw(&self) -> Result<bool> {
        let Some(last) = self.samples.len().checked_sub(1) else {
            return Ok(false);
        };
        let sample = self.archive.describe(last)?;
        let segments = sample.contigs.iter().flat_map(|contig| &contig.segments);
        let n_bases = |is_raw: bool| -> u64 {
            let alike = segments
                .clone()
                .filter(|segment| group::is_raw(segment.group) == is_raw);
            alike.map(|segment| u64::from(segment.raw_len)).sum()
        };
        Ok(n_bases(true) > n_bases(false))
    }

    /// The first `most` symbols of a sample.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged.
    pub(in crate::compress) fn excerpt(&self, sample: usize, most: usize) -> Result<Excerpt> {
        let mut start = Start(Excerpt::new(most));
        self.archive
            .stream_samples(&[sample], Spelling::Nucleotides, 1, &mut start)?;
        Ok(start.0)
    }

    fn batch_len(&self) -> usize {
        self.params().pack_cardinality as usize
    }
}

/// Takes the beginning of a sample that is decoded.
struct Start(Excerpt);

impl SampleSink for Start {
    fn start_contig(&mut self, _name: &[u8]) -> Result<()> {
        self.0.start_contig();
        Ok(())
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.0.letters(letters.iter().copied());
        Ok(())
    }
}
