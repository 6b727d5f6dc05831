//! An archive whose samples have another order.

use std::io::Write;

use ahash::AHashSet;

use crate::error::{Error, Result};
use crate::extract::Archive;
use crate::observe::Observer;
use crate::rewrite::Existing;
use crate::rewrite::RewriteOptions;
use crate::rewrite::change::named::place;
use crate::rewrite::commit::{Rewritten, commit};
use crate::rewrite::plan::Plan;
use crate::track::KeptSample;

/// Writes the archive with its samples in the order of these names to `sink`: packs and references stay as they are. Samples that shared a checksum
/// with one that has another place now are decoded, and compared with it.
///
/// # Errors
/// `NotFound` for a name that no sample has; `BadInput` if a sample is named twice, or not at all; as [`RewriteOptions::remove`].
pub(crate) fn reorder<'a, W: Write + Send>(
    archive: &Archive,
    samples: impl IntoIterator<Item = &'a [u8]>,
    options: &RewriteOptions,
    observer: &dyn Observer,
    sink: W,
) -> Result<Rewritten> {
    options.validate()?;
    let existing = Existing::open_any(archive)?.known_intact();
    let places = samples.into_iter().map(|name| place(&existing, name));
    let places: Vec<usize> = places.collect::<Result<_>>()?;
    check_all(&places, existing.sample_names().len())?;
    let plan = Plan {
        samples: places
            .into_iter()
            .map(|sample| KeptSample::whole(0, sample))
            .collect(),
        ..options.plan()
    };
    commit(&plan, &[existing], options.n_threads, observer, sink)
}

/// Checks that each of so many samples comes once.
fn check_all(places: &[usize], n_samples: usize) -> Result<()> {
    let n_different = places.iter().collect::<AHashSet<_>>().len();
    match (places.len(), n_different) == (n_samples, n_samples) {
        true => Ok(()),
        false => Err(Error::bad_input(format!(
            "an order of {} samples, {n_different} of them different, for {n_samples}",
            places.len()
        ))),
    }
}
