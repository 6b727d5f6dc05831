//! Archives that are read while they are still coming in.

use crate::container::{self, names};
use crate::error::Result;
use crate::extract::Archive;
use crate::read_at::ReadAt;

/// Waits for the end of a source from which an archive was opened, and compares it with the index at the archive's front, if it has one. Whoever opened
/// it while it was still coming in has read by that index, so that nothing is sure before this says yes; of any other archive it says yes when the end
/// is there.
///
/// # Errors
/// `Corrupt` when the source ends too early or its end tells of another archive; `Io` when it cannot be read.
///
/// # Example
/// ```
/// use std::sync::Arc;
/// use ragc_core::{Archive, Spool, extract::check_end};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// # let socket = std::fs::File::open(path)?;
/// # let full = || Err(std::io::ErrorKind::StorageFull.into());
/// let spool = Arc::new(Spool::new(socket, 64 << 20, full)?);
/// let archive = Archive::from_reader(Arc::clone(&spool))?;
/// println!("{} samples", archive.samples()?.len());
/// check_end(&spool)?;
/// # Ok(())
/// # }
/// ```
pub fn check_end(source: &(impl ReadAt + ?Sized)) -> Result<()> {
    container::check_end(source)
}

impl Archive {
    /// Whether its index stands in front, so that it can be read while it is still coming in. A change in place ends that.
    #[must_use]
    pub fn is_streamable(&self) -> bool {
        self.container().footer().find(names::FRONT_INDEX).is_some()
    }
}
