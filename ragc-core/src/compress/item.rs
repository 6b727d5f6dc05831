//! What a round is made of.

use super::record::RecordEnd;
use crate::provenance::SampleSource;
use crate::splitter::CutSegment;
use std::sync::Arc;

/// An entry of a round, in input order.
#[derive(Debug)]
pub(super) enum RoundItem {
    /// The next segment of the contig that is being read.
    Segment(Arc<CutSegment>),
    /// The contig is complete.
    EndContig { name: Vec<u8>, record: Box<RecordEnd> },
    /// The sample is complete.
    EndSample {
        name: Vec<u8>,
        /// Where it came from, if that is to be told.
        source: Option<SampleSource>,
    },
}
