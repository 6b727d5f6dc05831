//! Whether an archive is intact, for those that have no use for a report.

use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::observe::Observer;

impl Archive {
    /// Reads and decodes everything, as [`Self::verify`] does.
    ///
    /// # Errors
    /// What is damaged first, if anything is; `NoMemory`; `Cancelled`.
    pub(crate) fn check_intact(&self, n_threads: usize, observer: &dyn Observer) -> Result<()> {
        let report = self.verify(n_threads, observer);
        if report.is_cancelled {
            return Err(Error::new(ErrorKind::Cancelled));
        }
        if report.no_memory.is_some() {
            return Err(Error::no_memory("decoding all of the archive"));
        }
        if report.is_intact() {
            return Ok(());
        }
        let first = report.into_errors(self).next();
        self.placed(|| {
            Err(first.unwrap_or_else(|| Error::corrupt("not all of it can be read as it was stored")))
        })
    }
}
