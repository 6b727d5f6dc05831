//! Counts of what is written, for `-v`.

use crate::took::Took;

/// Counts what is written.
#[derive(Debug)]
pub(crate) struct WrittenTally {
    pub(crate) verbosity: u8,
    pub(crate) n_contigs: u64,
    pub(crate) n_bases: u64,
    pub(crate) took: Took,
}

impl WrittenTally {
    /// A count that is told at this verbosity.
    pub(crate) fn new(verbosity: u8) -> Self {
        Self {
            verbosity,
            n_contigs: 0,
            n_bases: 0,
            took: Took::start(),
        }
    }

    /// Tells that a sample begins.
    pub(crate) fn start_sample(&self, name: &[u8]) {
        if self.verbosity > 1 {
            note!("sample {}", String::from_utf8_lossy(name));
        }
    }

    /// Tells the sum of the command.
    pub(crate) fn report(&self) {
        if self.verbosity > 0 {
            note!("{} contigs, {} bases", self.n_contigs, self.n_bases);
            note!("{}", self.took.words(self.n_bases));
        }
    }
}
