//! What the user may choose when an archive is created or appended to.

use crate::error::{Error, ErrorKind, Result};
use crate::params::Params;
use std::ops::RangeInclusive;

/// Parameters of a new archive, with AGC's ranges and defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateOptions {
    /// Length of splitter k-mers, in bases.
    pub k: u32,
    /// Matches in deltas have more symbols than this.
    pub min_match: u32,
    /// Wished distance of splitters, in bases.
    pub segment_size: u32,
    /// Items in a pack, and samples in a batch of the collection.
    pub pack_cardinality: u32,
    /// Every contig is a sample of its own.
    pub is_concatenated: bool,
    /// Threads that encode; reading, placing and writing have one each beside them.
    pub n_threads: usize,
}

impl CreateOptions {
    /// Values of `k` that are accepted.
    pub const K: RangeInclusive<u32> = 17..=32;
    /// Values of `min_match` that are accepted.
    pub const MIN_MATCH: RangeInclusive<u32> = 15..=32;
    /// Values of `segment_size` that are accepted.
    pub const SEGMENT_SIZE: RangeInclusive<u32> = 100..=1_000_000;
    /// Values of `pack_cardinality` that are accepted.
    pub const PACK_CARDINALITY: RangeInclusive<u32> = 1..=1_000_000_000;

    /// Checks that every value lies in its range.
    ///
    /// # Errors
    /// `BadOption`, naming the value and its range.
    pub fn validate(&self) -> Result<()> {
        check("k-mer length", self.k, &Self::K)?;
        check("minimum match length", self.min_match, &Self::MIN_MATCH)?;
        check("segment size", self.segment_size, &Self::SEGMENT_SIZE)?;
        check("pack cardinality", self.pack_cardinality, &Self::PACK_CARDINALITY)?;
        check_threads(self.n_threads)
    }

    /// The parameters that the archive keeps.
    pub(super) fn params(&self) -> Params {
        Params {
            k: self.k,
            min_match_len: self.min_match,
            pack_cardinality: self.pack_cardinality,
            segment_size: self.segment_size,
        }
    }
}

impl Default for CreateOptions {
    fn default() -> Self {
        Self {
            k: 31,
            min_match: 20,
            segment_size: 60_000,
            pack_cardinality: 50,
            is_concatenated: false,
            n_threads: 1,
        }
    }
}

/// What is to be chosen when samples are added to an archive; the rest is settled by the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppendOptions {
    /// Every contig is a sample of its own.
    pub is_concatenated: bool,
    /// Threads that encode; reading, placing and writing have one each beside them.
    pub n_threads: usize,
}

impl AppendOptions {
    /// Checks that every value lies in its range.
    ///
    /// # Errors
    /// `BadOption`, naming the value.
    pub fn validate(&self) -> Result<()> {
        check_threads(self.n_threads)
    }
}

impl Default for AppendOptions {
    fn default() -> Self {
        Self {
            is_concatenated: false,
            n_threads: 1,
        }
    }
}

fn check_threads(n_threads: usize) -> Result<()> {
    match n_threads {
        0 => Err(Error::new(ErrorKind::BadOption("no threads".to_owned()))),
        _ => Ok(()),
    }
}

fn check(what: &str, value: u32, range: &RangeInclusive<u32>) -> Result<()> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::BadOption(format!(
        "{what} {value} is not between {} and {}",
        range.start(),
        range.end()
    ))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_each_range_are_in_and_their_neighbours_out() {
        let valid = |k, min_match, segment_size, pack_cardinality| {
            CreateOptions {
                k,
                min_match,
                segment_size,
                pack_cardinality,
                ..CreateOptions::default()
            }
            .validate()
            .is_ok()
        };
        assert!(CreateOptions::default().validate().is_ok());
        assert!(valid(17, 15, 100, 1));
        assert!(valid(32, 32, 1_000_000, 1_000_000_000));
        for (k, l, s, b) in [
            (16, 20, 100, 1),
            (33, 20, 100, 1),
            (31, 14, 100, 1),
            (31, 33, 100, 1),
            (31, 20, 99, 1),
            (31, 20, 1_000_001, 1),
            (31, 20, 100, 0),
            (31, 20, 100, 1_000_000_001),
        ] {
            assert!(!valid(k, l, s, b), "{k} {l} {s} {b}");
        }
        assert!(
            CreateOptions {
                n_threads: 0,
                ..CreateOptions::default()
            }
            .validate()
            .is_err()
        );
    }
}
