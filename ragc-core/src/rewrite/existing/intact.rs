//! Whether an archive without checksums of its parts is intact: asked before a new one is made of it.
//!
//! Parts are copied without being decoded. Where each has its checksum, damage is found on the way; of other archives, AGC's among them, it would be
//! carried over, and stored with checksums that it agrees with where those are asked for. Decoding takes 0.07 s for seven yeasts, 0.27 s for a
//! hundred pneumococci (docs/measurements.md, "Details of making archives"). A change in place leaves parts where they are and takes time for what is
//! new alone, so it decodes no more than it needs.

use super::Existing;
use crate::error::Result;
use crate::observe::{Observer, Phase};

impl Existing<'_> {
    /// Decodes everything where nothing else would find damage.
    ///
    /// # Errors
    /// What is damaged first, if anything is; `NoMemory`; `Cancelled`.
    pub(crate) fn check_intact(&self, n_threads: usize, observer: &dyn Observer) -> Result<()> {
        if self.is_changed_in_place || self.is_known_intact || self.archive.container().has_sums() {
            return Ok(());
        }
        observer.phase_begins(Phase::Check, None);
        self.archive.check_intact(n_threads, observer)
    }
}
