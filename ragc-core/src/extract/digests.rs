//! The digests that an archive holds.

use crate::digest::StoredDigests;
use crate::error::Result;
use crate::extract::Archive;
use crate::track;

impl Archive {
    /// The digests of contigs that were stored when samples were added; `None` if the archive holds none.
    ///
    /// # Errors
    /// `Corrupt` when they are damaged.
    ///
    /// # Cost
    /// Forty bytes are read for each contig.
    pub fn stored_digests(&self) -> Result<Option<StoredDigests>> {
        self.placed(|| track::read_digests(self.container()))
    }
}
