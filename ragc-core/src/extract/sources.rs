//! Where the samples of an archive came from.

use crate::error::Result;
use crate::extract::Archive;
use crate::provenance::{HistoryEntry, Sources, read_history};
use crate::track;
use crate::visibility::internal;

impl Archive {
    internal! {
        /// Where samples came from, as far as that was stored when they were added; `None` if the archive tells of none.
        ///
        /// # Errors
        /// `Corrupt` when it is damaged.
        ///
        /// # Cost
        /// A path and some forty bytes are read for each sample.
        fn sources(&self) -> Result<Option<Sources>> {
            self.placed(|| track::read_sources(self.container()))
        }
    }

    internal! {
        /// What was done to the archive, oldest first, as far as commands have told; empty if none has.
        ///
        /// # Errors
        /// `Corrupt` when it is damaged.
        fn history(&self) -> Result<Vec<HistoryEntry>> {
            self.placed(|| read_history(self.container()))
        }
    }
}
