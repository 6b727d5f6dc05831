//! The collection as it is stored: per batch, decoded when first needed.
//!
//! | file version | names | segments |
//! |---|---|---|
//! | 1 | all in one frame | in the same frame |
//! | 2 | all in one frame | batches, whose size that frame tells |
//! | 3 | samples in one frame, contigs in batches | batches of the same samples |
//!
//! A version without batches counts as one batch of everything.

use std::sync::{Arc, OnceLock};

use crate::collection::{
    AllNames, BatchDetails, BatchNames, CommandLine, ContigList, SampleNames, decode_contig_names_within,
    decode_details, decode_samples_within, details_mem_len, v1, v2,
};
use crate::container::{Part, names};
use crate::error::{Error, Result};
use crate::extract::store::basis::Basis;
use crate::extract::store::bounds::Bounds;
use crate::extract::store::demand::Demand;
use crate::extract::store::key;
use crate::extract::store::length_code::Lengths;
use crate::extract::store::loaded::{Batch, LoadedDetails, LoadedNames};
use crate::extract::store::shelf::Shelf;
use crate::file_info::FormatVersion;
use crate::printable;

/// Memory of names and segments to a byte of the frames in which versions 1 and 2 keep them, about.
const GROWTH_OF_ONE_FRAME: u64 = 4;

/// Bytes of names and segments of all batches to one of the names of samples that are read with these. With a contig to a sample, 1 where both have names
/// of their own, and less where names or segments are alike.
const MAX_BATCHES_PER_SAMPLES: u64 = 2;

/// The only batch of a version without batches.
const WHOLE: usize = 0;

/// The frames of the collection.
#[derive(Debug)]
pub(super) struct Frames {
    basis: Arc<Basis>,
    shelf: Arc<Shelf>,
    samples: OnceLock<SampleNames>,
    bounds: Bounds,
    /// Names with line ends are let in, for whoever looks for damage.
    takes_line_ends: bool,
}

impl Frames {
    pub(super) fn new(basis: &Arc<Basis>, shelf: &Arc<Shelf>, takes_line_ends: bool) -> Self {
        Self {
            basis: Arc::clone(basis),
            shelf: Arc::clone(shelf),
            samples: OnceLock::new(),
            bounds: Bounds::new(basis.container().known_len(), shelf.limit()),
            takes_line_ends,
        }
    }

    /// Names of all samples. Two threads may both decode them at first; one result is kept.
    pub(super) fn samples(&self) -> Result<&SampleNames> {
        if let Some(samples) = self.samples.get() {
            return Ok(samples);
        }
        let samples = match self.basis.version() {
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
    pub(super) fn command_lines(&self) -> Result<Vec<CommandLine>> {
        match self.basis.version() {
            FormatVersion::V1 => Ok(self.collection_v1()?.command_lines),
            FormatVersion::V2 => Ok(self.main_v2()?.command_lines.clone()),
            FormatVersion::V3 => Ok(Vec::new()),
        }
    }

    /// The batch of a sample, and its place there.
    pub(super) fn place_of(&self, sample: usize) -> Result<(usize, usize)> {
        let batch_len = match self.basis.version() {
            FormatVersion::V1 => return Ok((WHOLE, sample)),
            FormatVersion::V2 => self.main_v2()?.batch_len,
            FormatVersion::V3 => self.basis.params().pack_cardinality,
        };
        Ok((sample / batch_len as usize, sample % batch_len as usize))
    }

    /// What the collection calls the contigs of a sample; `None` if there is no such sample.
    pub(super) fn stored_names(&self, sample: usize) -> Result<Option<ContigList>> {
        self.bounds.check_names(sample)?;
        Ok(match self.basis.version() {
            FormatVersion::V1 => self.names_v1()?.of_sample(sample),
            FormatVersion::V2 => self.main_v2()?.names.of_sample(sample),
            FormatVersion::V3 if sample >= self.samples()?.len() => None,
            FormatVersion::V3 => {
                let (batch, slot) = self.place_of(sample)?;
                let key = key::NamesOfBatch(batch);
                let names = self.shelf.get_or_load(key, || self.names_v3(batch))?;
                Some(self.stored_names_v3(&names, batch, slot)?)
            }
        })
    }

    /// As [`Self::stored_names`], by the place of the sample in its batch; tells the place of the sample as well.
    pub(super) fn stored_names_in(&self, batch: &Batch, slot: usize) -> Result<(usize, Option<ContigList>)> {
        let batch_len = match batch.names() {
            LoadedNames::V1(_) => 0,
            LoadedNames::V2(main) => main.batch_len,
            LoadedNames::V3(_) => self.basis.params().pack_cardinality,
        };
        let sample = batch.number() * batch_len as usize + slot;
        self.bounds.check_names(sample)?;
        let names = match batch.names() {
            LoadedNames::V1(names) => names.of_sample(sample),
            LoadedNames::V2(main) => main.names.of_sample(sample),
            LoadedNames::V3(names) => Some(self.stored_names_v3(names, batch.number(), slot)?),
        };
        Ok((sample, names))
    }

    /// As [`Self::stored_names`], of these names of a batch of version 3.
    pub(super) fn stored_names_v3(
        &self,
        names: &BatchNames,
        batch: usize,
        slot: usize,
    ) -> Result<ContigList> {
        names
            .contigs(slot)
            .inspect_err(|error| self.bounds.count_refused(error))
            .map_err(|e| e.in_part(batch as u64).in_stream(names::COLLECTION_CONTIGS))
    }

    /// Names of a batch of version 3, and nothing kept of them that was not kept before.
    pub(super) fn look_at_names_v3(&self, batch: usize) -> Result<Arc<BatchNames>> {
        match self.shelf.get(key::NamesOfBatch(batch)) {
            Some(names) => Ok(names),
            None => self.names_v3(batch).map(Arc::new),
        }
    }

    /// Counts the names of a sample, and lets those in that each take one line.
    pub(super) fn check_names(&self, sample: usize, names: ContigList) -> Result<ContigList> {
        self.bounds.count_names(sample, names.mem_len());
        match names.with_line_end().filter(|_| !self.takes_line_ends) {
            Some(name) => Err(line_end_in_name("contig", name)),
            None => Ok(names),
        }
    }

    /// Decodes a batch, and keeps nothing of it.
    pub(super) fn batch(&self, number: usize) -> Result<Batch> {
        let names = match self.basis.version() {
            FormatVersion::V1 => LoadedNames::V1(self.names_v1()?),
            FormatVersion::V2 => LoadedNames::V2(self.main_v2()?),
            FormatVersion::V3 => LoadedNames::V3(self.names_v3(number)?),
        };
        Ok(Batch::new(number, names, self.decode_details(number)?))
    }

    /// The segments of a batch.
    pub(super) fn details(&self, batch: usize) -> Result<Arc<LoadedDetails>> {
        self.shelf
            .get_or_load(key::Details(batch), || self.decode_details(batch))
    }

    /// Adds the names of all samples of version 3 for whoever looks one up, if they are neither decoded nor read, and names and segments of all batches
    /// where these take no more than the names of samples do: only those tell which batch it will be.
    pub(super) fn demand_samples(&self, demand: &mut Demand<'_>) {
        let container = self.basis.container();
        let footer = container.footer();
        let stream = footer.find(names::COLLECTION_SAMPLES);
        let Some(stream) = stream.filter(|&stream| !container.is_fetched(stream, 0)) else {
            return;
        };
        if self.samples.get().is_some() {
            return;
        }
        demand.add(stream, 0);
        let batches = [names::COLLECTION_CONTIGS, names::COLLECTION_DETAILS].map(|name| footer.find(name));
        let parts = batches.into_iter().flatten().flat_map(|stream| {
            let lens = footer.parts(stream).iter().map(|part| part.len);
            lens.enumerate().map(move |(part, len)| (stream, part, len))
        });
        if parts.clone().map(|(_, _, len)| len).sum::<u64>() <= demand.len() * MAX_BATCHES_PER_SAMPLES {
            parts.for_each(|(stream, part, _)| demand.add(stream, part));
        }
    }

    /// Adds the names and segments of a batch of version 3, as far as they are not decoded.
    pub(super) fn demand_batch(&self, demand: &mut Demand<'_>, batch: usize) {
        if !self.shelf.knows(key::NamesOfBatch(batch)) {
            demand.add_named(names::COLLECTION_CONTIGS, batch);
        }
        if !self.shelf.knows(key::Details(batch)) {
            demand.add_named(names::COLLECTION_DETAILS, batch);
        }
    }

    /// Adds the names of contigs of all samples of version 3, as far as they are not decoded, up to so many bytes.
    pub(super) fn demand_all_names(&self, demand: &mut Demand<'_>, most: u64) {
        let container = self.basis.container();
        let Some(stream) = container.footer().find(names::COLLECTION_CONTIGS) else {
            return;
        };
        for batch in 0..container.n_parts(stream) {
            if demand.len() < most && !self.shelf.knows(key::NamesOfBatch(batch)) {
                demand.add(stream, batch);
            }
        }
    }

    fn decode_details(&self, batch: usize) -> Result<LoadedDetails> {
        let (details, lengths) = match self.basis.version() {
            FormatVersion::V1 => (self.collection_v1()?.details, Lengths::AsStored),
            FormatVersion::V2 => (self.details_v2(batch)?, Lengths::AsStored),
            FormatVersion::V3 => {
                let details = self.details_v3(batch)?;
                let lengths = Lengths::unsure(details.n_samples());
                (details, lengths)
            }
        };
        Ok(LoadedDetails::new(details, lengths))
    }

    fn collection_v1(&self) -> Result<v1::Collection> {
        self.decode_only_part(names::COLLECTION_DESC, |part| {
            self.bounds
                .check(part.metadata.saturating_mul(GROWTH_OF_ONE_FRAME))?;
            v1::decode_collection_within(part.metadata, part.payload(), self.bounds.limit())
        })
    }

    fn main_v2(&self) -> Result<Arc<v2::Main>> {
        self.shelf.get_or_load(key::Main(), || {
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
        self.shelf
            .get_or_load(key::NamesOfAll(), || Ok(self.collection_v1()?.names))
    }

    fn names_v3(&self, batch: usize) -> Result<BatchNames> {
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
            let details = decode_details(part.payload(), self.basis.params().predicted_len())?;
            self.check_batch_len(batch, details.n_samples())?;
            Ok(details)
        })
    }

    fn check_batch_len(&self, batch: usize, n_samples: usize) -> Result<()> {
        let full = self.basis.params().pack_cardinality as usize;
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
        let part = self.basis.container().read_only_part(stream)?;
        // The metadata of these streams is the decoded size.
        let checked = self.basis.container().check_unit_len(part.metadata);
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
            let part = self
                .basis
                .container()
                .read_part(self.basis.container().stream(stream)?, batch)?;
            self.basis.container().check_unit_len(part.metadata)?;
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
