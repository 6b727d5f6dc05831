//! How the memory of a run is divided.
//!
//! ```text
//! references            as many as there are: two bits a base
//! open packs, and the
//! samples of a batch    as much as there is in them
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

/// Bytes of match indexes without a limit: of as many references as a sample has. There has to be room for what a round is compared with: with less the time
/// doubles, more gains nothing (docs/measurements.md, "Memory"). In a collection of strangers few are compared with.
const INDEX_BYTES: RangeInclusive<u64> = 1 << 24..=1 << 28;

/// Bytes that references and seeds share without a limit, as long as references take little of it. Of unrelated bins the seeds, a quarter of all k-mers, took
/// twelve times as much as the references (docs/measurements.md, "Memory").
const REFERENCE_AND_SEED_BYTES: u64 = 1 << 26;

/// Then one base in so many is a seed at least; so seeds take three quarters of what references take.
const MIN_SEED_DISTANCE: u64 = 64;

/// A seed takes a word in a table that is two thirds full.
const SEED_BYTES: u64 = 12;

/// Seeds may take one in this many of the bytes that references leave.
const SEED_SHARE: u64 = 4;

/// What a channel holds is at most one in this many bytes.
const CHANNEL_SHARE: usize = 32;

/// What a run takes beside all that grows, and each thread of it: the suffixes of a pack or tables of zstd, segments and their deltas.
const PROCESS_BYTES: u64 = 18 << 20;
const THREAD_BYTES: u64 = 12 << 20;

/// The least that is left for match indexes: those of references that are compared at the moment.
const MIN_INDEX_BYTES: u64 = 2 << 20;

/// The limit of a run, if there is one, and what its stages hold.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    limit: Option<usize>,
    n_threads: usize,
    held: Arc<AtomicUsize>,
    to_write: Arc<AtomicUsize>,
}

/// So many bytes are counted until this is dropped.
#[derive(Debug)]
pub(super) struct Counted {
    counter: Arc<AtomicUsize>,
    n_bytes: usize,
}

impl Memory {
    pub(super) fn new(limit: Option<usize>, n_threads: usize) -> Self {
        Self {
            limit,
            n_threads,
            held: Arc::default(),
            to_write: Arc::default(),
        }
    }

    /// Counts what a stage holds: open packs, samples, a round.
    pub(super) fn held(&self) -> Counted {
        Counted::new(&self.held)
    }

    /// Counts what it takes beside that to write packs and batches out: of packs the longest of each worker, though others may write it. Most are written at the end, when there are no references any more.
    pub(super) fn to_write(&self) -> Counted {
        Counted::new(&self.to_write)
    }

    /// Bytes that are counted as held.
    #[cfg(test)]
    pub(super) fn n_held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
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
        let wished = n_sample_bases.clamp(*INDEX_BYTES.start(), *INDEX_BYTES.end()) as usize;
        let Some(limit) = self.limit else {
            return Ok(wished);
        };
        let of = |counter: &AtomicUsize| counter.load(Ordering::Relaxed) as u64;
        let fixed = PROCESS_BYTES + THREAD_BYTES * self.n_threads as u64 + of(&self.held);
        let to_place = reference_bytes(n_bases) + n_seeds * SEED_BYTES + MIN_INDEX_BYTES;
        let needed = fixed + to_place.max(of(&self.to_write));
        match (limit as u64).checked_sub(needed) {
            Some(_) => Ok(wished.min((limit as u64 - fixed - to_place + MIN_INDEX_BYTES) as usize)),
            None => Err(too_little(limit, needed, n_bases)),
        }
    }
}

impl Counted {
    fn new(counter: &Arc<AtomicUsize>) -> Self {
        Self {
            counter: Arc::clone(counter),
            n_bytes: 0,
        }
    }

    pub(super) fn set(&mut self, n_bytes: usize) {
        if n_bytes >= self.n_bytes {
            self.counter.fetch_add(n_bytes - self.n_bytes, Ordering::Relaxed);
        } else {
            self.counter.fetch_sub(self.n_bytes - n_bytes, Ordering::Relaxed);
        }
        self.n_bytes = n_bytes;
    }

    pub(super) fn add(&mut self, n_bytes: usize) {
        self.set(self.n_bytes + n_bytes);
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Counts the most that there has been.
    pub(super) fn raise(&mut self, n_bytes: usize) {
        self.set(self.n_bytes.max(n_bytes));
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.set(0);
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
            [0, 1 << 26, 1 << 32].map(|n_sample_bases| free.index_bytes(n_bases, 0, n_sample_bases).unwrap());
        assert_eq!(bytes, [1 << 24, 1 << 26, 1 << 28]);
        let tight = Memory::new(Some(72 << 20), 2);
        let index_bytes = |n_seeds| tight.index_bytes(n_bases, n_seeds, 1 << 25);
        let left = index_bytes(0).unwrap();
        assert!(index_bytes(100_000).unwrap() < left);
        let mut pack = tight.held();
        pack.set(5000);
        pack.set(4000);
        assert_eq!(index_bytes(0).unwrap(), left - 4000);
        let mut to_write = tight.to_write();
        to_write.raise(20 << 20);
        assert_eq!(
            index_bytes(0).unwrap(),
            left - 4000,
            "when packs are written, references are gone"
        );
        to_write.raise(40 << 20);
        to_write.raise(1);
        let error = index_bytes(0).unwrap_err().to_string();
        assert!(error.contains("72 MiB of memory are too little"), "{error}");
        drop(to_write);
        drop(pack);
        assert_eq!(index_bytes(0).unwrap(), left);
        tight.held().add(left);
        assert_eq!(index_bytes(0).unwrap(), left);
        let mut pack = tight.held();
        pack.add(left - 1);
        pack.add(1);
        assert!(index_bytes(0).is_err());
    }

    #[test]
    fn channels_hold_little_if_there_is_little() {
        assert_eq!(Memory::new(None, 1).channel_bytes(1 << 23), 1 << 23);
        assert_eq!(Memory::new(Some(1 << 26), 1).channel_bytes(1 << 23), 1 << 21);
        assert_eq!(Memory::new(Some(1 << 30), 1).channel_bytes(1 << 23), 1 << 23);
    }
}
