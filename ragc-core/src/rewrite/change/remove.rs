//! An archive without some of its samples.

use std::io::Write;

use crate::error::Result;
use crate::extract::Archive;
use crate::observe::Observer;
use crate::rewrite::Existing;
use crate::rewrite::RewriteOptions;
use crate::rewrite::change::named::places;
use crate::rewrite::commit::{Rewritten, commit};
use crate::rewrite::plan::Plan;
use crate::track::KeptSample;

impl RewriteOptions {
    /// Writes the archive without the samples of these names to `sink`. No text of them is left but where references hold it that others need:
    /// [`Rewritten::foreign_bases`] tells how many bases those have.
    ///
    /// # Errors
    /// `NotFound` for a name that no sample has; `Corrupt` when the archive is damaged, which is read from checksums, and without them all of it is decoded; `Unsupported` for one that cannot be gone on from; `Io`.
    /// What was written to `sink` before is no archive.
    pub fn remove<'a, W: Write + Send>(
        &self,
        archive: &Archive,
        samples: impl IntoIterator<Item = &'a [u8]>,
        observer: &dyn Observer,
        sink: W,
    ) -> Result<Rewritten> {
        self.validate()?;
        let existing = Existing::open_any(archive)?;
        let removed = places(&existing, samples.into_iter())?;
        let returns = |sample: &usize| {
            let name = existing.sample_name(*sample).unwrap_or_default();
            self.returning.contains(name)
        };
        let hurries = removed.iter().all(returns);
        let kept = (0..existing.sample_names().len()).filter(|sample| !removed.contains(sample));
        let plan = Plan {
            samples: kept.map(|sample| KeptSample::whole(0, sample)).collect(),
            hurries,
            ..self.plan()
        };
        commit(&plan, &[existing], self.n_threads, observer, sink)
    }
}
