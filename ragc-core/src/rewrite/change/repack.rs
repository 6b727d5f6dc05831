//! The same samples in packs of another size.

use std::io::Write;

use crate::error::Result;
use crate::extract::Archive;
use crate::rewrite::Existing;
use crate::rewrite::commit::{Rewritten, commit};
use crate::rewrite::plan::Plan;

/// Writes the archive to `sink` with so many items in a pack, if that is given. What nothing needs any more is left out.
///
/// # Errors
/// As [`remove`](super::remove).
pub fn repack<W: Write + Send>(
    archive: &Archive,
    pack_cardinality: Option<u32>,
    n_threads: usize,
    sink: W,
) -> Result<Rewritten> {
    let existing = Existing::open(archive)?;
    let plan = Plan {
        pack_cardinality,
        ..Plan::all(existing.sample_names().len())
    };
    commit(&plan, &[existing], n_threads, sink)
}
