//! Input files that were left out.

use ragc_core::compress::Input;
use ragc_core::internals::inputs::{BadInput, Sifted};

use crate::exit::Incomplete;
use crate::tell;

/// Files that cannot be stored, and how many there were in all.
#[derive(Debug, Default)]
pub(crate) struct Skipped {
    bad: Vec<BadInput>,
    n_files: usize,
}

impl Skipped {
    /// The files to store, and the others. There must be some to store, and the reference sample among them if the first
    /// file is that.
    pub(crate) fn new(
        sifted: Sifted,
        n_files: usize,
        has_reference: bool,
    ) -> anyhow::Result<(Vec<Input>, Self)> {
        let Sifted { good, mut bad, .. } = sifted;
        let reference_is_bad = has_reference && bad.first().is_some_and(|bad| bad.index == 0);
        if reference_is_bad || good.is_empty() && !bad.is_empty() {
            return Err(bad.swap_remove(0).error.into());
        }
        Ok((good, Self { bad, n_files }))
    }

    /// Lists the files; an error if there are any.
    pub(crate) fn report(&self) -> anyhow::Result<()> {
        if self.bad.is_empty() {
            return Ok(());
        }
        tell::first(
            &self.bad,
            |BadInput { error, .. }| warning!("skipped: {error}"),
            |n_more| warning!("skipped: {n_more} more"),
        );
        let (n_bad, n_files) = (self.bad.len(), self.n_files);
        Err(Incomplete(format!("{n_bad} of {n_files} input files were skipped")).into())
    }
}
