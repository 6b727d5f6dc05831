//! Names of samples and contigs, and the segments of contigs.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::collection::{BatchNames, CommandLine, ContigList, SampleNames};
use crate::container::names;
use crate::error::{Error, Result};
use crate::extract::contig_id::{ContigId, no_such_place};
use crate::extract::store::basis::Basis;
use crate::extract::store::demand::Demand;
use crate::extract::store::frames::Frames;
use crate::extract::store::key;
use crate::extract::store::loaded::{Batch, LoadedDetails, LoadedSample};
use crate::extract::store::shelf::Shelf;
use crate::extract::store::texts::Texts;
use crate::file_info::FormatVersion;
use crate::original::TextKind;
use crate::sequence_sums::SequenceSums;
use crate::track::read_sums;

/// What there is in the archive, by name and place.
#[derive(Debug)]
pub(crate) struct Catalogue {
    basis: Arc<Basis>,
    shelf: Arc<Shelf>,
    frames: Arc<Frames>,
    texts: Arc<Texts>,
}

impl Catalogue {
    pub(super) fn new(
        basis: &Arc<Basis>,
        shelf: &Arc<Shelf>,
        frames: Arc<Frames>,
        texts: &Arc<Texts>,
    ) -> Self {
        Self {
            basis: Arc::clone(basis),
            shelf: Arc::clone(shelf),
            frames,
            texts: Arc::clone(texts),
        }
    }

    /// Names of all samples.
    pub(crate) fn samples(&self) -> Result<&SampleNames> {
        self.frames.samples()
    }

    /// Fetches the names of samples for whoever looks some up, and reads what they have.
    pub(crate) fn fetch_samples(&self) {
        if self.basis.version() == FormatVersion::V3 {
            let mut demand = Demand::new(&self.basis);
            self.frames.demand_samples(&mut demand);
            demand.fetch_several();
        }
    }

    /// How the archive was made, as far as its version keeps that.
    pub(crate) fn command_lines(&self) -> Result<Vec<CommandLine>> {
        self.frames.command_lines()
    }

    /// Checksums of the sequences of all samples, if the archive has some.
    pub(crate) fn sequence_sums(&self) -> Result<Option<SequenceSums>> {
        read_sums(self.basis.container(), self.samples()?.len())
    }

    /// Names of the contigs of a sample.
    pub(crate) fn names_of(&self, sample: usize) -> Result<Arc<ContigList>> {
        self.shelf.get_or_load(key::NamesOfSample(sample), || {
            let stored = self.frames.stored_names(sample)?;
            let stored = stored.ok_or_else(|| no_such_place(ContigId { sample, contig: 0 }))?;
            self.true_names(sample, stored)
        })
    }

    /// Names of the contigs of a sample, for whoever will read its segments as well.
    pub(crate) fn names_to_read(&self, sample: usize) -> Result<Arc<ContigList>> {
        if let Some(names) = self.shelf.get(key::NamesOfSample(sample)) {
            return Ok(names);
        }
        self.fetch_batch(self.place_of(sample)?.0);
        self.names_of(sample)
    }

    /// Names and segments of the contigs of a sample.
    pub(crate) fn sample(&self, sample: usize) -> Result<LoadedSample> {
        let names = self.names_to_read(sample)?;
        let (batch, slot) = self.place_of(sample)?;
        loaded(names, self.frames.details(batch)?, slot)
    }

    /// Decodes a batch for whoever goes through its samples, and keeps nothing of it.
    pub(crate) fn batch(&self, number: usize) -> Result<Batch> {
        self.fetch_batch(number);
        self.frames.batch(number)
    }

    /// Names and segments of the contigs of a sample, by its place in its batch.
    pub(crate) fn sample_in(&self, batch: &Batch, slot: usize) -> Result<LoadedSample> {
        let (sample, stored) = self.frames.stored_names_in(batch, slot)?;
        let stored = stored.ok_or_else(|| Error::corrupt("a batch without one of its samples"))?;
        let names = self.true_names(sample, stored)?;
        loaded(Arc::new(names), Arc::clone(batch.details()), slot)
    }

    /// The batch of a sample, and its place there.
    pub(crate) fn place_of(&self, sample: usize) -> Result<(usize, usize)> {
        self.frames.place_of(sample)
    }

    /// Shows the names of the contigs of all samples, in archive order, and keeps none of them. Those of a batch for which `may_matter`
    /// says no are left out, if its names are stored as they are.
    pub(crate) fn for_each_names(
        &self,
        may_matter: impl Fn(&BatchNames) -> bool,
        mut see: impl FnMut(usize, &ContigList),
    ) -> Result<()> {
        let n_samples = self.samples()?.len();
        if self.basis.version() != FormatVersion::V3 {
            // They are decoded as a whole anyway.
            for sample in 0..n_samples {
                see(sample, &*self.names_of(sample)?);
            }
            return Ok(());
        }
        let has_other_names = self.texts.index(TextKind::Names)?.is_some();
        let batch_len = self.basis.params().pack_cardinality as usize;
        for batch in 0..n_samples.div_ceil(batch_len) {
            let names = self.frames.look_at_names_v3(batch)?;
            // Names that the collection cannot hold are not among these.
            if !has_other_names && !may_matter(&names) {
                continue;
            }
            for slot in 0..names.n_samples() {
                let sample = batch * batch_len + slot;
                let stored = self.frames.stored_names_v3(&names, batch, slot)?;
                see(sample, &self.texts.with_true_names(sample, stored)?);
            }
        }
        Ok(())
    }

    /// Adds the sample to an error.
    pub(crate) fn in_sample(&self, sample: usize, error: Error) -> Error {
        match self.samples().ok().and_then(|samples| samples.get(sample)) {
            Some(name) => error.in_sample(&String::from_utf8_lossy(name)),
            None => error,
        }
    }

    /// The names of a sample, counted and checked, of those that the collection has.
    fn true_names(&self, sample: usize, stored: ContigList) -> Result<ContigList> {
        let names = match self.basis.version() {
            FormatVersion::V1 | FormatVersion::V2 => stored,
            FormatVersion::V3 => self.texts.with_true_names(sample, stored)?,
        };
        self.frames.check_names(sample, names)
    }

    /// Fetches names and segments of these samples for whoever will read them, and the names of all others with them if those are looked through
    /// as well. Only of a source that is slow to answer, and as far as it reads ahead.
    pub(crate) fn fetch_batches_of(&self, samples: impl Iterator<Item = usize>, with_all_names: bool) {
        let most = self.basis.container().lookahead();
        if most == 0 || self.basis.version() != FormatVersion::V3 {
            return;
        }
        let batches: BTreeSet<usize> = samples
            .filter_map(|sample| self.place_of(sample).ok())
            .map(|(batch, _)| batch)
            .collect();
        let mut demand = Demand::new(&self.basis);
        self.texts.demand_indexes(&mut demand);
        for batch in batches {
            if demand.len() < most {
                self.frames.demand_batch(&mut demand, batch);
            }
        }
        if with_all_names {
            self.frames.demand_all_names(&mut demand, most);
        }
        demand.fetch();
    }

    /// Fetches names and segments of a batch, and what tells where texts lie.
    fn fetch_batch(&self, batch: usize) {
        if self.basis.version() == FormatVersion::V3 {
            let mut demand = Demand::new(&self.basis);
            self.frames.demand_batch(&mut demand, batch);
            self.texts.demand_indexes(&mut demand);
            demand.fetch();
        }
    }
}

fn loaded(names: Arc<ContigList>, batch: Arc<LoadedDetails>, slot: usize) -> Result<LoadedSample> {
    LoadedSample::new(names, batch, slot).map_err(|error| error.in_stream(names::COLLECTION_DETAILS))
}
