//! What is to be extracted, how much of it at a time, and whose errors are told.

use std::ops::Range;

use crate::error::Error;
use crate::extract::ContigId;
use crate::extract::store::Store;

/// How much is done at a time, in symbols.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// A task, roughly: a buffer has a chance to stay in a core's own cache until the sink has taken it.
    pub(super) task_len: u64,
    /// Handed out and not put out yet, for each thread, about. What is less than some tasks lets threads wait for one that
    /// takes longer.
    pub(super) in_flight_len: u64,
}

/// What is to be extracted.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// A whole sample, by its place in the archive.
    Sample(usize),
    /// A stretch of a contig; what lies past its end is left out.
    Region(ContigId, Range<u64>),
}

/// Adds the sample to an error.
pub(in crate::extract) fn in_sample(store: &Store, sample: usize, error: Error) -> Error {
    match store.samples().ok().and_then(|samples| samples.get(sample)) {
        Some(name) => error.in_sample(&String::from_utf8_lossy(name)),
        None => error,
    }
}
