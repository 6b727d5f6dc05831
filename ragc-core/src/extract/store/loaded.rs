//! What the catalogue tells of batches and samples.

use std::sync::{Arc, OnceLock};

use crate::collection::{AllNames, BatchDetails, BatchNames, ContigList, SegmentDesc, v2};
use crate::error::{Error, Result};
use crate::extract::store::length_code::Lengths;
use crate::extract::store::needs::Needs;

/// The segments of a batch, and what their lengths mean.
#[derive(Debug)]
pub(super) struct LoadedDetails {
    details: BatchDetails,
    lengths: Lengths,
}

impl LoadedDetails {
    pub(super) fn new(details: BatchDetails, lengths: Lengths) -> Self {
        Self { details, lengths }
    }

    pub(super) fn mem_len(&self) -> usize {
        self.details.mem_len() + self.lengths.mem_len()
    }
}

/// Contig names of a batch, as each version keeps them.
#[derive(Debug)]
pub(super) enum LoadedNames {
    V1(Arc<AllNames>),
    V2(Arc<v2::Main>),
    V3(BatchNames),
}

/// Names and segments of a batch, for whoever goes through its samples.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Its place among the batches.
    number: usize,
    names: LoadedNames,
    details: Arc<LoadedDetails>,
}

impl Batch {
    pub(super) fn new(number: usize, names: LoadedNames, details: LoadedDetails) -> Self {
        let details = Arc::new(details);
        Self {
            number,
            names,
            details,
        }
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    pub(super) fn names(&self) -> &LoadedNames {
        &self.names
    }

    pub(super) fn details(&self) -> &Arc<LoadedDetails> {
        &self.details
    }

    /// Segments of all its samples.
    pub(crate) fn n_segments(&self) -> usize {
        self.details.details.segments.len()
    }

    /// Segments of all contigs of a sample, by its place in the batch.
    pub(crate) fn segments_of(&self, slot: usize) -> &[SegmentDesc] {
        self.details.details.segments_of_sample(slot)
    }
}

/// A sample: names of its contigs, and the batch with their segments.
#[derive(Debug, Clone)]
pub(crate) struct LoadedSample {
    names: Arc<ContigList>,
    batch: Arc<LoadedDetails>,
    /// Place of the sample among the segments.
    slot: usize,
    /// What is decoded for it and its neighbours; if there is nothing, the cache is asked.
    needs: Option<Arc<Needs>>,
}

impl LoadedSample {
    pub(super) fn new(names: Arc<ContigList>, batch: Arc<LoadedDetails>, slot: usize) -> Result<Self> {
        let (n_names, n_contigs) = (names.len(), batch.details.n_contigs(slot));
        if n_names != n_contigs {
            return Err(Error::corrupt(format!(
                "{n_names} contig names for {n_contigs} contigs"
            )));
        }
        Ok(Self {
            names,
            batch,
            slot,
            needs: None,
        })
    }

    /// The sample as one of several for which the same is needed.
    pub(crate) fn with_needs(mut self, needs: Arc<Needs>) -> Self {
        self.needs = Some(needs);
        self
    }

    pub(crate) fn n_contigs(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn name(&self, contig: usize) -> &[u8] {
        self.names.name(contig)
    }

    /// What the collection calls a contig.
    pub(crate) fn stored_name(&self, contig: usize) -> &[u8] {
        self.names.as_stored().name(contig)
    }

    pub(crate) fn segments(&self, contig: usize) -> &[SegmentDesc] {
        self.batch.details.segments(self.slot, contig)
    }

    /// Segments of all its contigs.
    pub(crate) fn all_segments(&self) -> &[SegmentDesc] {
        self.batch.details.segments_of_sample(self.slot)
    }

    pub(crate) fn needs(&self) -> Option<&Needs> {
        self.needs.as_deref()
    }

    /// Where it is noted whether its lengths need repair, if that is not sure.
    pub(super) fn doubt(&self) -> Option<&OnceLock<bool>> {
        self.batch.lengths.doubt(self.slot)
    }

    /// Whether nobody has asked yet how its lengths are coded.
    pub(crate) fn is_first_query(&self) -> bool {
        self.doubt()
            .is_some_and(|needs_repair| needs_repair.get().is_none())
    }
}
