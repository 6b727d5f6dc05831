//! A sample as the collection describes it: for whoever stores it again.

use crate::collection::{ContigDesc, SampleDesc};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Decompressor;
use crate::extract::catalogue::LoadedSample;

impl Decompressor {
    /// The contigs of a sample, as the collection calls them, and their segments, with the true lengths where the archive stores wrong
    /// ones.
    ///
    /// # Errors
    /// `NotFound` for a sample that does not exist; `Corrupt` when the collection is damaged.
    pub fn describe(&self, sample: usize) -> Result<SampleDesc> {
        self.placed(|| {
            let name = self.store.samples()?.get(sample).ok_or_else(|| {
                Error::new(ErrorKind::NotFound {
                    what: "sample",
                    name: format!("#{sample}"),
                })
            })?;
            let loaded = self.store.sample(sample)?;
            let contigs = (0..loaded.n_contigs()).map(|contig| self.describe_contig(&loaded, contig));
            let contigs: Result<Vec<ContigDesc>> = contigs.collect();
            Ok(SampleDesc {
                name: name.to_vec(),
                contigs: contigs.map_err(|error| error.in_sample(&String::from_utf8_lossy(name)))?,
            })
        })
    }

    fn describe_contig(&self, sample: &LoadedSample, contig: usize) -> Result<ContigDesc> {
        let lengths = self.store.length_code(sample)?;
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
