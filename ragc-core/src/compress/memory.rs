//! How the memory of a run is divided.
//!
//! ```text
//! references            as many as there are: two bits a base
//! open packs            as much as there is in them
//! seeds                 thinned out as references grow
//! match indexes         what is left; what exceeds it is built again when it is wanted
//! threads, channels     fixed
//! ```
//!
//! What the seeds may take decides what is found, so it is a function of the limit and the references, and not of threads or time.

use crate::error::{Error, ErrorKind, Result};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of match indexes without a limit: of as many references as two samples have. In a collection of strangers few are compared
/// with.
const INDEX_BYTES: RangeInclusive<u64> = 1 << 24..=1 << 29;

/// Bytes that references and seeds share without a limit, as long as references take little of it. 201 unrelated bins of 0.7 Mb,
/// with a quarter of all k-mers, had 36 million seeds, which took 430 MB, twelve times as much as the references.
const REFERENCE_AND_SEED_BYTES: u64 = 1 << 26;

/// Then one base in so many is a seed at least; so seeds take three quarters of what references take.
const MIN_SEED_DISTANCE: u64 = 64;

/// A seed takes a word in a table that is two thirds full.
const SEED_BYTES: u64 = 12;

/// Seeds may take one in this many of the bytes that references leave.
const SEED_SHARE: u64 = 4;

/// What a channel holds is at most one in this many bytes.
const CHANNEL_SHARE: usize = 32;

/// What a run takes beside all that grows, and each thread of it: tables of zstd, segments and their deltas.
const PROCESS_BYTES: u64 = 12 << 20;
const THREAD_BYTES: u64 = 8 << 20;

/// The least that is left for match indexes: those of references that are compared at the moment.
const MIN_INDEX_BYTES: u64 = 2 << 20;

/// The limit of a run, if there is one.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    limit: Option<usize>,
    n_threads: usize,
    packs: Arc<AtomicUsize>,
}

impl Memory {
    pub(super) fn new(limit: Option<usize>, n_threads: usize) -> Self {
        Self {
            limit,
            n_threads,
            packs: Arc::default(),
        }
    }

    /// Counts the bytes of an open pack, which had so many before.
    pub(super) fn count_pack(&self, before: usize, now: usize) {
        if now >= before {
            self.packs.fetch_add(now - before, Ordering::Relaxed);
        } else {
            self.packs.fetch_sub(before - now, Ordering::Relaxed);
        }
    }

    /// What a channel may hold that holds `most` without a limit.
    pub(super) fn channel_bytes(&self, most: usize) -> usize {
        self.limit.map_or(most, |limit| most.min(limit / CHANNEL_SHARE))
    }

    /// How many seeds may be held beside references of `n_bases`, where the reference sample has `n_first`.
    pub(super) fn max_seeds(&self, n_bases: u64, n_first: u64) -> u64 {
        let left = REFERENCE_AND_SEED_BYTES.saturating_sub(reference_bytes(n_bases));
        let most = (left / SEED_BYTES)
            .max(n_bases / MIN_SEED_DISTANCE)
            .max(2 * n_first);
        self.limit.map_or(most, |limit| {
            let left = (limit as u64).saturating_sub(reference_bytes(n_bases));
            most.min(left / SEED_SHARE / SEED_BYTES)
        })
    }

    /// Bytes that match indexes may take beside references of `n_bases` and so many seeds, where the reference sample has
    /// `n_sample_bases`.
    ///
    /// # Errors
    /// `BadOption` when what has to be held exceeds the limit.
    pub(super) fn index_bytes(&self, n_bases: u64, n_seeds: u64, n_sample_bases: u64) -> Result<usize> {
        let wished = (2 * n_sample_bases).clamp(*INDEX_BYTES.start(), *INDEX_BYTES.end()) as usize;
        let Some(limit) = self.limit else {
            return Ok(wished);
        };
        let packs = self.packs.load(Ordering::Relaxed) as u64;
        let needed = PROCESS_BYTES
            + THREAD_BYTES * self.n_threads as u64
            + reference_bytes(n_bases)
            + n_seeds * SEED_BYTES
            + packs;
        match (limit as u64).checked_sub(needed) {
            Some(left) if left >= MIN_INDEX_BYTES => Ok(wished.min(left as usize)),
            _ => Err(too_little(limit, needed + MIN_INDEX_BYTES, n_bases)),
        }
    }
}

/// Two bits a base, and what is kept with a reference.
fn reference_bytes(n_bases: u64) -> u64 {
    n_bases / 4 + n_bases / 64
}

fn too_little(limit: usize, needed: u64, n_bases: u64) -> Error {
    let mebibytes = |bytes: u64| bytes.div_ceil(1 << 20);
    Error::new(ErrorKind::BadOption(format!(
        "{} MiB of memory are too little: with references of {n_bases} bases at least {} MiB are needed",
        mebibytes(limit as u64),
        mebibytes(needed)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_take_a_share_of_what_references_leave() {
        let free = Memory::new(None, 2);
        let at = |n_bases| free.max_seeds(n_bases, 1000);
        assert!(at(0) > 5_000_000 && at(1 << 26) > (1 << 26) / 17 && at(1 << 27) < (1 << 27) / 32);
        assert_eq!(at(1 << 30), 1 << 24);
        assert_eq!(free.max_seeds(0, 1 << 24), 1 << 25);
        let tight = Memory::new(Some(100 << 20), 2);
        let at = |n_bases| tight.max_seeds(n_bases, 1000);
        assert!(at(0) < free.max_seeds(0, 1000) && at(200 << 20) < at(0) / 2);
        assert_eq!(at(1 << 40), 0);
    }

    #[test]
    fn what_has_to_be_held_is_refused_if_it_exceeds_the_limit() {
        let n_bases = 100 << 20;
        let free = Memory::new(None, 2);
        let bytes =
            [0, 1 << 25, 1 << 32].map(|n_sample_bases| free.index_bytes(n_bases, 0, n_sample_bases).unwrap());
        assert_eq!(bytes, [1 << 24, 1 << 26, 1 << 29]);
        let tight = Memory::new(Some(60 << 20), 2);
        let index_bytes = |n_seeds| tight.index_bytes(n_bases, n_seeds, 1 << 25);
        let left = index_bytes(0).unwrap();
        assert!(index_bytes(100_000).unwrap() < left);
        tight.count_pack(0, 5000);
        tight.count_pack(5000, 4000);
        assert_eq!(index_bytes(0).unwrap(), left - 4000);
        tight.count_pack(0, left);
        let error = index_bytes(0).unwrap_err().to_string();
        assert!(error.contains("60 MiB of memory are too little"), "{error}");
    }

    #[test]
    fn channels_hold_little_if_there_is_little() {
        assert_eq!(Memory::new(None, 1).channel_bytes(1 << 23), 1 << 23);
        assert_eq!(Memory::new(Some(1 << 26), 1).channel_bytes(1 << 23), 1 << 21);
        assert_eq!(Memory::new(Some(1 << 30), 1).channel_bytes(1 << 23), 1 << 23);
    }
}
