//! Whether an archive that is gone on from is intact, as far as nothing else finds out and the answer is worth its time.
//!
//! | | a new archive is made of it | it is changed in place |
//! |---|---|---|
//! | with checksums | compared as parts are copied | all parts compared, of a file up to 64 MiB |
//! | without | all decoded | all decoded, up to 128 megabases |
//!
//! Of an archive without checksums, AGC's among them, damage would be carried over otherwise, and stored with checksums that it agrees with where those
//! are asked for. A change in place takes time for what is new and not for what there is, so a large archive is not read for it: what is damaged there
//! stays that, and whoever reads it is told. Decoding takes 0.07 s for seven yeasts, 0.27 s for a hundred pneumococci; comparing 60 MB
//! 0.01 s (docs/measurements.md, "Details of making archives").

use super::Existing;
use crate::error::Result;
use crate::observe::{Observer, Phase, check_wanted};

/// The longest file whose parts are compared before it is changed in place.
const MAX_COMPARED_BYTES: u64 = 64 << 20;

/// Symbols of the largest archive that is decoded before it is changed in place.
const MAX_DECODED_SYMBOLS: u64 = 128 << 20;

/// How damage is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    /// It is found on the way, or not looked for.
    Nothing,
    /// Checksums of all parts.
    Parts,
    /// Everything is decoded.
    Everything,
}

impl Check {
    fn of(has_sums: bool, is_changed_in_place: bool, n_bytes: u64, n_symbols: u64) -> Self {
        match (has_sums, is_changed_in_place) {
            (true, true) if n_bytes <= MAX_COMPARED_BYTES => Self::Parts,
            (false, true) if n_symbols <= MAX_DECODED_SYMBOLS => Self::Everything,
            (false, false) => Self::Everything,
            (true, _) | (false, true) => Self::Nothing,
        }
    }
}

impl Existing<'_> {
    /// Looks for damage that nothing else would find.
    ///
    /// # Errors
    /// What is damaged first, if anything is; `NoMemory`; `Cancelled`; `Io`.
    pub(crate) fn check_intact(&self, n_threads: usize, observer: &dyn Observer) -> Result<()> {
        if self.is_known_intact {
            return Ok(());
        }
        let container = self.archive.container();
        let n_symbols = self
            .sample_lens
            .iter()
            .fold(0u64, |sum, len| sum.saturating_add(*len));
        let n_bytes = container.state().len;
        match Check::of(container.has_sums(), self.is_changed_in_place, n_bytes, n_symbols) {
            Check::Nothing => Ok(()),
            Check::Parts => self.archive.placed(|| self.compare_parts(observer)),
            Check::Everything => {
                observer.phase_begins(Phase::Check, None);
                self.archive.check_intact(n_threads, observer)
            }
        }
    }

    fn compare_parts(&self, observer: &dyn Observer) -> Result<()> {
        let container = self.archive.container();
        for stream in container.footer().streams() {
            check_wanted(observer)?;
            for part in 0..container.n_parts(stream) {
                container.read_part(stream, part)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_in_place_takes_no_longer_for_a_large_archive() {
        let (most_bytes, most_symbols) = (MAX_COMPARED_BYTES, MAX_DECODED_SYMBOLS);
        for (has_sums, in_place, n_bytes, n_symbols, expected) in [
            (true, true, most_bytes, u64::MAX, Check::Parts),
            (true, true, most_bytes + 1, 0, Check::Nothing),
            (false, true, u64::MAX, most_symbols, Check::Everything),
            (false, true, 0, most_symbols + 1, Check::Nothing),
            (false, false, u64::MAX, u64::MAX, Check::Everything),
            (true, false, 0, 0, Check::Nothing),
        ] {
            assert_eq!(Check::of(has_sums, in_place, n_bytes, n_symbols), expected);
        }
    }
}
