//! The digests that an archive holds.

use crate::archive::names;
use crate::digest::StoredDigests;
use crate::error::Result;
use crate::extract::Decompressor;

impl Decompressor {
    /// The digests of contigs that were stored when samples were added; `None` if the archive holds none.
    ///
    /// # Errors
    /// `Corrupt` when they are damaged.
    ///
    /// # Cost
    /// Forty bytes are read for each contig.
    pub fn stored_digests(&self) -> Result<Option<StoredDigests>> {
        let archive = self.archive();
        let Some(stream) = archive.footer().find(names::DIGESTS) else {
            return Ok(None);
        };
        let mut digests = StoredDigests::default();
        for part in 0..archive.n_parts(stream) {
            let add = || {
                let stored = archive.read_part(stream, part)?;
                digests
                    .add_part(stored.metadata, stored.payload())
                    .map_err(|e| e.in_part(part as u64).in_stream(names::DIGESTS))
            };
            self.placed(add)?;
        }
        Ok(Some(digests))
    }
}
