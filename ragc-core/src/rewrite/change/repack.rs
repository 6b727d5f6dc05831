//! The same samples, stored anew.

use std::io::Write;

use crate::error::Result;
use crate::extract::Archive;
use crate::observe::Observer;
use crate::rewrite::Existing;
use crate::rewrite::RewriteOptions;
use crate::rewrite::commit::{Rewritten, commit};
use crate::rewrite::plan::Plan;

impl RewriteOptions {
    /// Writes the archive to `sink` as the options say, in version 3 whatever it was. Items that no contig uses are left out, as those are that
    /// fill packs up when an archive is changed in place, and so is what the footer does not lead to any more.
    ///
    /// # Errors
    /// As [`Self::remove`].
    pub fn repack<W: Write + Send>(
        &self,
        archive: &Archive,
        observer: &dyn Observer,
        sink: W,
    ) -> Result<Rewritten> {
        self.validate()?;
        let existing = Existing::open_any(archive)?;
        let plan = Plan {
            samples: Plan::all(existing.sample_names().len()).samples,
            drops_unused: true,
            ..self.plan()
        };
        commit(&plan, &[existing], self.n_threads, observer, sink)
    }
}
