//! Samples as the collection describes them: for whoever stores them again.

use crate::collection::{ContigDesc, SampleDesc, SegmentDesc};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::extract::store::LoadedSample;
use crate::visibility::internal;

impl Archive {
    internal! {
        /// The contigs of a sample, as the collection calls them, and their segments, with the true lengths where the archive stores wrong
        /// ones.
        ///
        /// # Errors
        /// `NotFound` for a sample that does not exist; `Corrupt` when the collection is damaged.
        fn describe(&self, sample: usize) -> Result<SampleDesc> {
            self.placed(|| {
                let name = self.store().catalogue().samples()?.get(sample).ok_or_else(|| {
                    Error::new(ErrorKind::NotFound {
                        what: "sample",
                        name: format!("#{sample}"),
                    })
                })?;
                let loaded = self.store().catalogue().sample(sample)?;
                let contigs = (0..loaded.n_contigs()).map(|contig| self.describe_contig(&loaded, contig));
                let contigs: Result<Vec<ContigDesc>> = contigs.collect();
                Ok(SampleDesc {
                    name: name.to_vec(),
                    contigs: contigs.map_err(|error| error.in_sample(&String::from_utf8_lossy(name)))?,
                })
            })
        }
    }

    /// Shows the number of contigs and the segments of each sample, in archive order, and keeps nothing of them.
    ///
    /// # Errors
    /// `Corrupt` when the collection is damaged; those of `see`. The sample is told.
    pub(crate) fn for_each_sample(
        &self,
        mut see: impl FnMut(usize, usize, &[SegmentDesc]) -> Result<()>,
    ) -> Result<()> {
        let mut last = None;
        for sample in 0..self.store().catalogue().samples()?.len() {
            let mut show = || {
                let (number, slot) = self.store().catalogue().place_of(sample)?;
                let batch = match last.take().filter(|(last, _)| *last == number) {
                    Some((_, batch)) => batch,
                    None => self.store().catalogue().batch(number)?,
                };
                let (_, batch) = last.insert((number, batch));
                let loaded = self.store().catalogue().sample_in(batch, slot)?;
                see(sample, loaded.n_contigs(), batch.segments_of(slot))
            };
            show().map_err(|error| self.store().catalogue().in_sample(sample, error))?;
        }
        Ok(())
    }

    fn describe_contig(&self, sample: &LoadedSample, contig: usize) -> Result<ContigDesc> {
        let lengths = self.store().length_code(sample)?;
        let mut segments = sample.segments(contig).to_vec();
        for segment in &mut segments {
            let len = lengths.len_of(segment);
            segment.raw_len = u32::try_from(len)
                .map_err(|_| Error::corrupt(format!("a segment of {len} symbols is declared")))?;
        }
        Ok(ContigDesc {
            name: sample.stored_name(contig).to_vec(),
            segments,
        })
    }
}
