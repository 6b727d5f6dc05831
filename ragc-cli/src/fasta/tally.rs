//! Counts of what is written, for `-v`.

/// Counts what is written.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) verbosity: u8,
    pub(crate) n_contigs: u64,
    pub(crate) n_bases: u64,
}

impl Tally {
    /// A count that is told at this verbosity.
    pub(crate) fn new(verbosity: u8) -> Self {
        Self {
            verbosity,
            ..Self::default()
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
        }
    }
}
