//! Archives that are read while they are still coming in.

use crate::container::{self, names};
use crate::error::Result;
use crate::extract::Archive;

impl Archive {
    /// Waits for the end of the source from which it was opened, and compares it with the index at the archive's front, if it has one. Whoever opened
    /// it while it was still coming in has read by that index, so that nothing is sure before this says yes; of any other archive it says yes when the end
    /// is there.
    ///
    /// # Errors
    /// `Corrupt` when the source ends too early or its end tells of another archive; `Io` when it cannot be read.
    ///
    /// # Example
    /// ```
    /// use ragc_core::{Archive, Spool};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
    /// # let socket = std::fs::File::open(path)?;
    /// # let full = || Err(std::io::ErrorKind::StorageFull.into());
    /// let archive = Archive::from_reader(Spool::new(socket, 64 << 20, full)?)?;
    /// println!("{} samples", archive.samples()?.len());
    /// archive.check_end()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn check_end(&self) -> Result<()> {
        self.placed(|| container::check_end(self.container().source()))
    }

    /// Whether its index stands in front, so that it can be read while it is still coming in. A change in place ends that.
    #[must_use]
    pub fn is_streamable(&self) -> bool {
        self.container().footer().find(names::FRONT_INDEX).is_some()
    }
}
