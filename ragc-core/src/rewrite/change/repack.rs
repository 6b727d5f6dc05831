//! The same samples, stored anew.

use std::io::Write;

use crate::error::Result;
use crate::extract::Archive;
use crate::observe::Observer;
use crate::rewrite::Existing;
use crate::rewrite::RewriteOptions;
use crate::rewrite::commit::{Rewritten, commit};
use crate::rewrite::plan::Plan;

/// Writes the archive to `sink` as the options say, in version 3 whatever it was. What no part of the footer leads to any more is left out.
///
/// # Errors
/// As [`remove`](super::remove).
pub fn repack<W: Write + Send>(
    archive: &Archive,
    options: &RewriteOptions,
    observer: &dyn Observer,
    sink: W,
) -> Result<Rewritten> {
    options.validate()?;
    let existing = Existing::open_any(archive)?;
    let plan = Plan {
        samples: Plan::all(existing.sample_names().len()).samples,
        ..options.plan()
    };
    commit(&plan, &[existing], options.n_threads, observer, sink)
}
