//! How much the names and segments of an archive may decode to, over all queries.
//!
//! A name can repeat the one before it in two bytes, and zstd makes millions of these of a few, so an archive of four kilobytes
//! can hold names of terabytes. What follows bounds memory and time in proportion to the archive, and is far from what real
//! collections need: a contig takes more than a byte in the file, and its name less than a kilobyte.

use std::sync::Mutex;

use crate::error::{Error, ErrorKind, Result};
use crate::lock::lock;

/// What nobody has to justify, whatever the cache: names of half a million contigs.
const MIN_LIMIT: u64 = 64 << 20;
/// Growth from the archive to names, or segments, of one batch.
const MAX_GROWTH: u64 = 1024;
/// The names of all samples may take so many times what those of one may.
const ALL_NAMES: u64 = 2;

/// What may be decoded of the collection.
#[derive(Debug)]
pub(crate) struct Bounds {
    limit: u64,
    names: Mutex<NamesSeen>,
}

/// Samples whose names were decoded.
#[derive(Debug, Default)]
struct NamesSeen {
    /// A bit for each sample.
    seen: Vec<u64>,
    /// Memory of their names, each counted once.
    len: u64,
}

impl NamesSeen {
    fn has_seen(&self, sample: usize) -> bool {
        self.seen
            .get(sample / 64)
            .is_some_and(|bits| bits >> (sample % 64) & 1 == 1)
    }

    fn see(&mut self, sample: usize, len: u64) {
        if !self.has_seen(sample) {
            self.seen.resize(self.seen.len().max(sample / 64 + 1), 0);
            self.seen[sample / 64] |= 1 << (sample % 64);
            self.len = self.len.saturating_add(len);
        }
    }
}

impl Bounds {
    /// Those of an archive of so many bytes. A larger cache allows more.
    pub(crate) fn new(archive_len: u64, cache_limit: u64) -> Self {
        Self {
            limit: archive_len
                .saturating_mul(MAX_GROWTH)
                .max(MIN_LIMIT)
                .max(cache_limit),
            names: Mutex::default(),
        }
    }

    /// What the names of a sample, or the segments of a batch, may take.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// Checks what a part of the collection will take when it is decoded.
    ///
    /// # Errors
    /// `TooLarge`.
    pub(crate) fn check(&self, len: u64) -> Result<()> {
        match len <= self.limit {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::TooLarge {
                len,
                limit: self.limit,
            })),
        }
    }

    /// Checks that the names of one more sample may be decoded.
    ///
    /// # Errors
    /// `TooLarge`, when those of the samples before it took too much.
    pub(crate) fn check_names(&self, sample: usize) -> Result<()> {
        let (names, limit) = (lock(&self.names), self.limit.saturating_mul(ALL_NAMES));
        match names.len <= limit || names.has_seen(sample) {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::TooLarge {
                len: names.len,
                limit,
            })),
        }
    }

    /// Counts names that were decoded up to what one sample may have, and not all of them: the next are refused the sooner, so that
    /// an archive of such samples costs no more than one with few.
    pub(crate) fn count_refused(&self, error: &Error) {
        if matches!(error.kind(), ErrorKind::TooLarge { .. }) {
            let mut names = lock(&self.names);
            names.len = names.len.saturating_add(self.limit);
        }
    }

    /// Counts the names of a sample.
    pub(crate) fn count_names(&self, sample: usize, len: usize) {
        lock(&self.names).see(sample, len as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted_once_for_each_sample() {
        let bounds = Bounds::new(1 << 20, 0);
        assert_eq!(bounds.limit(), 1 << 30);
        let len = 1 << 30;
        for _ in 0..5 {
            for sample in [0, 200] {
                bounds.check_names(sample).unwrap();
                bounds.count_names(sample, len);
            }
        }
        bounds.check_names(70).unwrap();
        bounds.count_names(70, 1);
        assert!(bounds.check_names(71).is_err());
        bounds.check_names(200).unwrap();
        let refused = Bounds::new(1 << 20, 0);
        let error = refused.check(u64::MAX).unwrap_err();
        for sample in 0..=ALL_NAMES as usize {
            refused.check_names(sample).unwrap();
            refused.count_refused(&error);
        }
        assert!(refused.check_names(0).is_err());
        assert!(bounds.check(1 << 30).is_ok() && bounds.check((1 << 30) + 1).is_err());
        assert_eq!(Bounds::new(7, 0).limit(), MIN_LIMIT);
        assert_eq!(Bounds::new(7, 1 << 40).limit(), 1 << 40);
    }
}
