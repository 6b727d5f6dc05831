//! What is to be extracted, and how much of it at a time.

use std::ops::Range;

use crate::extract::ContigId;

/// How much is done at a time, in symbols.
#[derive(Debug, Clone, Copy)]
pub(super) struct TaskLimits {
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

impl Target {
    /// The sample that a region is of.
    pub(super) fn sample_of_region(&self) -> Option<usize> {
        match self {
            Self::Sample(_) => None,
            Self::Region(id, _) => Some(id.sample),
        }
    }
}
