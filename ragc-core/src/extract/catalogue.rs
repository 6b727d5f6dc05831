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
    decode_contig_names_within, decode_details, decode_samples_within, details_mem_len, v1, v2,
};
use crate::error::{Error, Result};
use crate::extract::lengths::Lengths;
use crate::extract::needs::Needs;
use crate::extract::store::{Key, Store};
use crate::extract::{ContigId, no_such_place};
use crate::file_info::FormatVersion;
use crate::printable;
use crate::sequence_sums::SequenceSums;
use crate::track::read_sums;

/// Memory of names and segments to a byte of the frames in which versions 1 and 2 keep them, about.
const GROWTH_OF_ONE_FRAME: u64 = 4;

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

/// Names and segments of a batch, for whoever goes through its samples.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Its place among the batches.
    number: usize,
    names: Names,
    details: Arc<LoadedDetails>,
}

/// Contig names of a batch, as each version keeps them.
#[derive(Debug)]
enum Names {
    V1(Arc<AllNames>),
    V2(Arc<v2::Main>),
    V3(BatchNames),
}

impl Batch {
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
    pub(super) batch: Arc<LoadedDetails>,
    /// Place of the sample among the segments.
    pub(super) slot: usize,
    /// What is decoded for it and its neighbours; if there is nothing, the cache is asked.
    pub(super) needs: Option<Arc<Needs>>,
}

impl LoadedSample {
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

    pub(crate) fn needs(&self) -> Option<&Needs> {
        self.needs.as_deref()
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
                self.decode_only_part(name, |part| {
                    decode_samples_within(part.metadata, part.payload(), self.bounds.limit())
                })?
            }
        };
        if !self.takes_line_ends
            && let Some(name) = samples.with_line_end()
        {
            return Err(line_end_in_name("sample", name).in_stream(names::COLLECTION_SAMPLES));
        }
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
        read_sums(&self.archive, self.samples()?.len())
    }

    /// Names of the contigs of a sample.
    pub(crate) fn names_of(&self, sample: usize) -> Result<Arc<ContigList>> {
        self.cached(Key::Contigs(sample), || {
            self.bounds.check_names(sample)?;
            let contigs = match self.version {
                FormatVersion::V1 => self.names_v1()?.of_sample(sample),
                FormatVersion::V2 => self.main_v2()?.names.of_sample(sample),
                FormatVersion::V3 if sample >= self.samples()?.len() => None,
                FormatVersion::V3 => {
                    let (batch, slot) = self.place_of(sample)?;
                    let names = self.cached(Key::BatchNames(batch), || self.names_v3(batch))?;
                    Some(self.with_true_names(sample, self.contigs_v3(&names, batch, slot)?)?)
                }
            };
            let contigs = contigs.ok_or_else(|| no_such_place(ContigId { sample, contig: 0 }))?;
            self.check_names(sample, contigs)
        })
    }

    /// Names of the contigs of a sample, for whoever will read its segments as well.
    pub(super) fn names_to_read(&self, sample: usize) -> Result<Arc<ContigList>> {
        if let Some(names) = self.cached_already(Key::Contigs(sample)) {
            return Ok(names);
        }
        self.fetch_batch(self.place_of(sample)?.0);
        self.names_of(sample)
    }

    /// Names and segments of the contigs of a sample.
    pub(crate) fn sample(&self, sample: usize) -> Result<LoadedSample> {
        let names = self.names_to_read(sample)?;
        let (batch, slot) = self.place_of(sample)?;
        let details = self.cached(Key::Details(batch), || self.details(batch))?;
        Self::loaded(names, details, slot)
    }

    /// Decodes a batch for whoever goes through its samples, and keeps nothing of it.
    pub(crate) fn batch(&self, number: usize) -> Result<Batch> {
        let names = match self.version {
            FormatVersion::V1 => Names::V1(self.names_v1()?),
            FormatVersion::V2 => Names::V2(self.main_v2()?),
            FormatVersion::V3 => Names::V3(self.names_v3(number)?),
        };
        let details = Arc::new(self.details(number)?);
        Ok(Batch {
            number,
            names,
            details,
        })
    }

    /// Names and segments of the contigs of a sample, by its place in its batch.
    pub(crate) fn sample_in(&self, batch: &Batch, slot: usize) -> Result<LoadedSample> {
        let batch_len = match &batch.names {
            Names::V1(_) => 0,
            Names::V2(main) => main.batch_len,
            Names::V3(_) => self.params.pack_cardinality,
        };
        let sample = batch.number * batch_len as usize + slot;
        self.bounds.check_names(sample)?;
        let names = match &batch.names {
            Names::V1(names) => names.of_sample(sample),
            Names::V2(main) => main.names.of_sample(sample),
            Names::V3(names) => {
                let contigs = self.contigs_v3(names, batch.number, slot)?;
                Some(self.with_true_names(sample, contigs)?)
            }
        };
        let names = names.ok_or_else(|| Error::corrupt("a batch without one of its samples"))?;
        let names = self.check_names(sample, names)?;
        Self::loaded(Arc::new(names), Arc::clone(&batch.details), slot)
    }

    /// Counts the names of a sample, and lets those in that each take one line.
    fn check_names(&self, sample: usize, names: ContigList) -> Result<ContigList> {
        self.bounds.count_names(sample, names.mem_len());
        match names.with_line_end().filter(|_| !self.takes_line_ends) {
            Some(name) => Err(line_end_in_name("contig", name)),
            None => Ok(names),
        }
    }

    fn loaded(names: Arc<ContigList>, batch: Arc<LoadedDetails>, slot: usize) -> Result<LoadedSample> {
        let n_names = names.len();
        let n_contigs = batch.details.n_contigs(slot);
        if n_names != n_contigs {
            return Err(
                Error::corrupt(format!("{n_names} contig names for {n_contigs} contigs"))
                    .in_stream(names::COLLECTION_DETAILS),
            );
        }
        Ok(LoadedSample {
            names,
            batch,
            slot,
            needs: None,
        })
    }

    /// The batch of a sample, and its place there.
    pub(crate) fn place_of(&self, sample: usize) -> Result<(usize, usize)> {
        let batch_len = match self.version {
            FormatVersion::V1 => return Ok((WHOLE, sample)),
            FormatVersion::V2 => self.main_v2()?.batch_len,
            FormatVersion::V3 => self.params.pack_cardinality,
        };
        Ok((sample / batch_len as usize, sample % batch_len as usize))
    }

    /// Decodes the segments of a batch.
    fn details(&self, batch: usize) -> Result<LoadedDetails> {
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
    }

    fn collection_v1(&self) -> Result<v1::Collection> {
        self.decode_only_part(names::COLLECTION_DESC, |part| {
            self.bounds
                .check(part.metadata.saturating_mul(GROWTH_OF_ONE_FRAME))?;
            v1::decode_collection_within(part.metadata, part.payload(), self.bounds.limit())
        })
    }

    fn main_v2(&self) -> Result<Arc<v2::Main>> {
        self.cached(Key::Main, || {
            self.decode_only_part(names::COLLECTION_MAIN, |part| {
                self.bounds
                    .check(part.metadata.saturating_mul(GROWTH_OF_ONE_FRAME))?;
                v2::decode_main_within(part.metadata, part.payload(), self.bounds.limit())
            })
        })
    }

    fn details_v2(&self, batch: usize) -> Result<BatchDetails> {
        let main = self.main_v2()?;
        self.decode_batch(names::COLLECTION_DETAILS, batch, |part| {
            self.bounds
                .check(part.metadata.saturating_mul(GROWTH_OF_ONE_FRAME))?;
            v2::decode_details(&main, batch, part.metadata, part.payload())
        })
    }

    fn names_v1(&self) -> Result<Arc<AllNames>> {
        self.cached(Key::AllNames, || Ok(self.collection_v1()?.names))
    }

    pub(super) fn contigs_v3(&self, names: &BatchNames, batch: usize, slot: usize) -> Result<ContigList> {
        names
            .contigs(slot)
            .inspect_err(|error| self.bounds.count_refused(error))
            .map_err(|e| e.in_part(batch as u64).in_stream(names::COLLECTION_CONTIGS))
    }

    pub(super) fn names_v3(&self, batch: usize) -> Result<BatchNames> {
        self.decode_batch(names::COLLECTION_CONTIGS, batch, |part| {
            self.bounds.check(part.metadata)?;
            let max_len = self.bounds.limit();
            let names = decode_contig_names_within(part.metadata, part.payload(), max_len)?;
            self.check_batch_len(batch, names.n_samples())?;
            Ok(names)
        })
    }

    fn details_v3(&self, batch: usize) -> Result<BatchDetails> {
        self.decode_batch(names::COLLECTION_DETAILS, batch, |part| {
            self.bounds.check(details_mem_len(part.payload())?)?;
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

/// No name of a file has a line end, and written as FASTA or as a list it would be two.
fn line_end_in_name(what: &str, name: &[u8]) -> Error {
    let name = printable::text_of(name);
    Error::corrupt(format!("the name of a {what} holds a line end: {name:?}"))
}
