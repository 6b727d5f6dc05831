//! Digests of contigs on their way to the archive.

use super::existing::Existing;
use super::messages::ContigLayout;
use crate::archive::{ArchiveWriter, names};
use crate::digest::{DIGEST_LEN, put_sample};
use crate::error::Result;
use std::io::Write;

/// Bytes of a part, about.
const PART_LEN: usize = 1 << 20;

/// Takes the samples in archive order, and writes a part from time to time.
#[derive(Debug, Default)]
pub(super) struct DigestsWriter {
    /// Place of the first sample in `payload`.
    first_sample: usize,
    payload: Vec<u8>,
}

impl DigestsWriter {
    /// Copies what an archive holds.
    pub(super) fn go_on<W: Write>(existing: &Existing<'_>, archive: &mut ArchiveWriter<W>) -> Result<()> {
        existing.copy_stream(names::DIGESTS, archive)
    }

    /// Takes the contigs of a sample. If they have no digests the sample is left out.
    pub(super) fn add_sample<W: Write>(
        &mut self,
        sample: usize,
        contigs: &[ContigLayout],
        archive: &mut ArchiveWriter<W>,
    ) -> Result<()> {
        let digests: Option<Vec<_>> = contigs
            .iter()
            .map(|contig| contig.record.digest.as_deref().copied())
            .collect();
        let Some(digests) = digests else {
            return self.flush(archive);
        };
        if self.payload.len() + digests.len() * DIGEST_LEN > PART_LEN {
            self.flush(archive)?;
        }
        if self.payload.is_empty() {
            self.first_sample = sample;
        }
        put_sample(&mut self.payload, &digests);
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn finish<W: Write>(mut self, archive: &mut ArchiveWriter<W>) -> Result<()> {
        self.flush(archive)
    }

    fn flush<W: Write>(&mut self, archive: &mut ArchiveWriter<W>) -> Result<()> {
        if self.payload.is_empty() {
            return Ok(());
        }
        let stream = archive.register(names::DIGESTS);
        archive.add_part(stream, self.first_sample as u64, &self.payload)?;
        self.payload.clear();
        Ok(())
    }
}
