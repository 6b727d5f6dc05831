//! What a run says of itself.

use crate::setters::setters;
use crate::visibility::internal;

/// Samples, and what they hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Samples.
    pub n_samples: u64,
    /// Their contigs.
    pub n_contigs: u64,
    /// Their bases.
    pub n_bases: u64,
}

impl Counts {
    /// So many of each.
    #[cfg_attr(not(feature = "compress"), allow(dead_code))]
    pub(crate) fn of(n_samples: u64, n_contigs: u64, n_bases: u64) -> Self {
        Self {
            n_samples,
            n_contigs,
            n_bases,
        }
    }
}

/// What an archive is to tell of the run that changes it. The library takes no time from a clock, so that the same inputs make the
/// same bytes unless whoever calls it gives another time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provenance {
    /// When samples are stored: seconds since 1970.
    pub time: u64,
    /// The times of all files are given as that, too: what `SOURCE_DATE_EPOCH` asks for.
    pub is_fixed: bool,
    /// The command and its arguments.
    pub command: Vec<Vec<u8>>,
    /// Keep where samples came from even if that takes more than a thousandth of the archive, and than a kilobyte.
    pub keeps_sources: bool,
    /// Say nothing of where samples come from that are stored now.
    pub(crate) hides_sources: bool,
    /// What the run has taken out before it stores anything.
    pub(crate) removed: Counts,
}

setters!(Provenance {
    with_command: command: Vec<Vec<u8>>,
    with_sources: keeps_sources: bool,
});

impl Provenance {
    /// The time of the run, and those that the files have.
    #[must_use]
    pub fn at(time: u64) -> Self {
        Self {
            time,
            ..Self::default()
        }
    }

    /// One time for everything.
    #[must_use]
    pub fn fixed(time: u64) -> Self {
        Self {
            is_fixed: true,
            ..Self::at(time)
        }
    }

    internal! {
        /// What the run has taken out before it stores anything.
        #[must_use]
        fn with_removed(self, removed: Counts) -> Self {
            Self { removed, ..self }
        }
    }

    /// The same, which says nothing of where samples come from.
    #[cfg_attr(not(feature = "compress"), allow(dead_code))]
    pub(crate) fn without_sources(self) -> Self {
        Self {
            hides_sources: true,
            ..self
        }
    }

    /// Whether where samples come from is told.
    #[cfg_attr(not(feature = "compress"), allow(dead_code))]
    pub(crate) fn tells_sources(&self) -> bool {
        !self.hides_sources
    }

    /// What is told of the time of a file, in nanoseconds since 1970.
    #[cfg_attr(not(feature = "compress"), allow(dead_code))]
    pub(crate) fn modified(&self, modified: Option<i64>) -> Option<i64> {
        match self.is_fixed {
            true => modified.map(|_| {
                i64::try_from(self.time)
                    .unwrap_or(i64::MAX)
                    .saturating_mul(NANOSECONDS)
            }),
            false => modified,
        }
    }
}

/// Nanoseconds in a second.
const NANOSECONDS: i64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_time_becomes_that_of_files_that_have_one() {
        assert_eq!(Provenance::at(5).modified(Some(7)), Some(7));
        assert_eq!(Provenance::fixed(5).modified(Some(7)), Some(5_000_000_000));
        assert_eq!(Provenance::fixed(5).modified(None), None);
        assert_eq!(Provenance::fixed(u64::MAX).modified(Some(7)), Some(i64::MAX));
    }
}
