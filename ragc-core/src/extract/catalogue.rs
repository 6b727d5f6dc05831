//! Names of samples and contigs, and the segments of contigs: read per batch, when first needed; names of contigs are
//! decoded per sample.
//!
//! | file version | names | segments |
//! |---|---|---|
//! | 1 | all in one frame | in the same frame |
//! | 2 | all in one frame | batches, whose size that frame tells |
//! | 3 | samples in one frame, contigs in batches | batches of the same samples |
//!
//! A version without batches counts as one batch of everything.

use std::sync::Arc;

use crate::archive::{Part, names};
use crate::collection::{
    AllNames, BatchDetails, BatchNames, CommandLine, ContigList, SampleNames, SegmentDesc,
    decode_contig_names_within, decode_details, decode_samples, details_mem_len, v1, v2,
};
use crate::error::{Error, Result};
use crate::extract::lengths::Lengths;
use crate::extract::store::{Key, Store};
use crate::extract::{ContigId, no_such_place};
use crate::file_info::FormatVersion;
use crate::sequence_sums::SequenceSums;

/// The only batch of a version without batches.
const WHOLE: usize = 0;

/// The segments of a batch, and what their lengths mean.
#[derive(Debug)]
pub(crate) struct LoadedDetails {
    pub(crate) details: BatchDetails,
    pub(crate) lengths: Lengths,
}

impl LoadedDetails {
    pub(super) fn mem_len(&self) -> usize {
        self.details.mem_len() + self.lengths.mem_len()
    }
}

/// A sample: names of its contigs, and the batch with their segments.
#[derive(Debug, Clone)]
pub(crate) struct LoadedSample {
    names: Arc<ContigList>,
    pub(super) batch: Arc<LoadedDetails>,
    /// Place of the sample among the segments.
    pub(super) slot: usize,
}

impl LoadedSample {
    pub(crate) fn n_contigs(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn name(&self, contig: usize) -> &[u8] {
        self.names.name(contig)
    }

    pub(crate) fn segments(&self, contig: usize) -> &[SegmentDesc] {
        self.batch.details.segments(self.slot, contig)
    }
}

impl Store {
    /// Names of all samples. Two threads may both decode them at first; one result is kept.
    pub(crate) fn samples(&self) -> Result<&SampleNames> {
        if let Some(samples) = self.samples.get() {
            return Ok(samples);
        }
        let samples = match self.version {
            FormatVersion::V1 => self.collection_v1()?.samples,
            FormatVersion::V2 => self.main_v2()?.samples.clone(),
            FormatVersion::V3 => {
                let name = names::COLLECTION_SAMPLES;
                self.decode_only_part(name, |part| decode_samples(part.metadata, part.payload()))?
            }
        };
        Ok(self.samples.get_or_init(|| samples))
    }

    /// How the archive was made, as far as its version keeps that.
    pub(crate) fn command_lines(&self) -> Result<Vec<CommandLine>> {
        match self.version {
            FormatVersion::V1 => Ok(self.collection_v1()?.command_lines),
            FormatVersion::V2 => Ok(self.main_v2()?.command_lines.clone()),
            FormatVersion::V3 => Ok(Vec::new()),
        }
    }

    /// Checksums of the sequences of all samples, if the archive has some.
    pub(crate) fn sequence_sums(&self) -> Result<Option<SequenceSums>> {
        let name = names::SEQUENCE_SUMS;
        if self.archive.footer().find(name).is_none() {
            return Ok(None);
        }
        let sums = self.decode_only_part(name, |part| SequenceSums::decode(part.metadata, part.payload()))?;
        let (n_sums, n_samples) = (sums.n_samples(), self.samples()?.len());
        match n_sums == n_samples as u64 {
            true => Ok(Some(sums)),
            false => Err(
                Error::corrupt(format!("checksums of {n_sums} samples, {n_samples} there")).in_stream(name),
            ),
        }
    }

    /// Names of the contigs of a sample.
    pub(crate) fn names_of(&self, sample: usize) -> Result<Arc<ContigList>> {
        self.cached(Key::Contigs(sample), || {
            let contigs = match self.version {
                FormatVersion::V1 => self.names_v1()?.of_sample(sample),
                FormatVersion::V2 => self.main_v2()?.names.of_sample(sample),
                FormatVersion::V3 => self.contigs_v3(sample)?,
            };
            contigs.ok_or_else(|| no_such_place(ContigId { sample, contig: 0 }))
        })
    }

    /// Names and segments of the contigs of a sample.
    pub(crate) fn sample(&self, sample: usize) -> Result<LoadedSample> {
        let names = self.names_of(sample)?;
        let (batch, slot) = self.details_of(sample)?;
        let n_names = names.len();
        let n_contigs = batch.details.n_contigs(slot);
        if n_names != n_contigs {
            return Err(
                Error::corrupt(format!("{n_names} contig names for {n_contigs} contigs"))
                    .in_stream(names::COLLECTION_DETAILS),
            );
        }
        Ok(LoadedSample { names, batch, slot })
    }

    /// Segments of the contigs of a sample: its batch, and its place there.
    fn details_of(&self, sample: usize) -> Result<(Arc<LoadedDetails>, usize)> {
        let (batch, slot) = match self.version {
            FormatVersion::V1 => (WHOLE, sample),
            FormatVersion::V2 => self.batch_of(sample, self.main_v2()?.batch_len),
            FormatVersion::V3 => self.batch_of(sample, self.params.pack_cardinality),
        };
        let details = self.cached(Key::Details(batch), || {
            let (details, lengths) = match self.version {
                FormatVersion::V1 => (self.collection_v1()?.details, Lengths::AsStored),
                FormatVersion::V2 => (self.details_v2(batch)?, Lengths::AsStored),
                FormatVersion::V3 => {
                    let details = self.details_v3(batch)?;
                    let lengths = Lengths::unsure(details.n_samples());
                    (details, lengths)
                }
            };
            Ok(LoadedDetails { details, lengths })
        })?;
        Ok((details, slot))
    }

    fn batch_of(&self, sample: usize, batch_len: u32) -> (usize, usize) {
        (sample / batch_len as usize, sample % batch_len as usize)
    }

    fn collection_v1(&self) -> Result<v1::Collection> {
        self.decode_only_part(names::COLLECTION_DESC, |part| {
            v1::decode_collection(part.metadata, part.payload())
        })
    }

    fn main_v2(&self) -> Result<Arc<v2::Main>> {
        self.cached(Key::Main, || {
            self.decode_only_part(names::COLLECTION_MAIN, |part| {
                v2::decode_main(part.metadata, part.payload())
            })
        })
    }

    fn details_v2(&self, batch: usize) -> Result<BatchDetails> {
        let main = self.main_v2()?;
        self.decode_batch(names::COLLECTION_DETAILS, batch, |part| {
            v2::decode_details(&main, batch, part.metadata, part.payload())
        })
    }

    fn names_v1(&self) -> Result<Arc<AllNames>> {
        self.cached(Key::AllNames, || Ok(self.collection_v1()?.names))
    }

    fn contigs_v3(&self, sample: usize) -> Result<Option<ContigList>> {
        if sample >= self.samples()?.len() {
            return Ok(None);
        }
        let (batch, slot) = self.batch_of(sample, self.params.pack_cardinality);
        let contigs = self.names_v3(batch)?.contigs(slot);
        contigs
            .map(Some)
            .map_err(|e| e.in_part(batch as u64).in_stream(names::COLLECTION_CONTIGS))
    }

    fn names_v3(&self, batch: usize) -> Result<Arc<BatchNames>> {
        self.cached(Key::BatchNames(batch), || {
            self.decode_batch(names::COLLECTION_CONTIGS, batch, |part| {
                let max_len = self.archive.max_unit_len();
                let names = decode_contig_names_within(part.metadata, part.payload(), max_len)?;
                self.check_batch_len(batch, names.n_samples())?;
                Ok(names)
            })
        })
    }

    fn details_v3(&self, batch: usize) -> Result<BatchDetails> {
        self.decode_batch(names::COLLECTION_DETAILS, batch, |part| {
            self.archive.check_unit_len(details_mem_len(part.payload())?)?;
            let details = decode_details(part.payload(), self.params.predicted_len())?;
            self.check_batch_len(batch, details.n_samples())?;
            Ok(details)
        })
    }

    fn check_batch_len(&self, batch: usize, n_samples: usize) -> Result<()> {
        let full = self.params.pack_cardinality as usize;
        let n_before = batch.saturating_mul(full);
        let expected = self.samples()?.len().saturating_sub(n_before).min(full);
        if n_samples == expected {
            Ok(())
        } else {
            Err(Error::corrupt(format!(
                "a batch of {n_samples} samples, {expected} expected"
            )))
        }
    }

    fn decode_only_part<T>(&self, stream: &str, decode: impl FnOnce(&Part) -> Result<T>) -> Result<T> {
        let part = self.archive.read_only_part(stream)?;
        // The metadata of these streams is the decoded size.
        let checked = self.archive.check_unit_len(part.metadata);
        checked
            .and_then(|()| decode(&part))
            .map_err(|e| e.in_part(0).in_stream(stream))
    }

    fn decode_batch<T>(
        &self,
        stream: &str,
        batch: usize,
        decode: impl FnOnce(&Part) -> Result<T>,
    ) -> Result<T> {
        let read = || {
            let part = self.archive.read_part(self.archive.stream(stream)?, batch)?;
            self.archive.check_unit_len(part.metadata)?;
            decode(&part)
        };
        read().map_err(|e| e.in_part(batch as u64).in_stream(stream))
    }
}
