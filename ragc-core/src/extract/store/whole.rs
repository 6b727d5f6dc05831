//! One open archive with everything decoded from it so far.

use std::sync::Arc;

use crate::collection::SegmentDesc;
use crate::container::ContainerReader;
use crate::error::Result;
use crate::extract::store::basis::Basis;
use crate::extract::store::catalogue::Catalogue;
use crate::extract::store::demand::Demand;
use crate::extract::store::frames::Frames;
use crate::extract::store::items::Items;
use crate::extract::store::length_code::LengthCode;
use crate::extract::store::loaded::LoadedSample;
use crate::extract::store::repair::Repair;
use crate::extract::store::shelf::Shelf;
use crate::extract::store::spelling::Spelling;
use crate::extract::store::texts::Texts;
use crate::file_info::{FileInfo, FormatVersion};
use crate::lz_diff::Rules;
use crate::params::Params;

/// What is decoded at once may be this many times as large as the cache.
const UNITS_PER_CACHE: u64 = 4;

/// One archive, and everything decoded from it so far.
#[derive(Debug)]
pub(crate) struct Store {
    basis: Arc<Basis>,
    shelf: Arc<Shelf>,
    texts: Arc<Texts>,
    catalogue: Catalogue,
    items: Items,
}

impl Store {
    /// Reads what everything depends on.
    pub(crate) fn open(container: ContainerReader, cache_limit: u64) -> Result<Self> {
        Self::open_for(container, cache_limit, false)
    }

    /// As [`Self::open`], for whoever looks for damage: names with line ends are let in, and where the true names of contigs are
    /// damaged, those that the collection has stand for them.
    pub(crate) fn open_damaged(container: ContainerReader, cache_limit: u64) -> Result<Self> {
        Self::open_for(container, cache_limit, true)
    }

    fn open_for(mut container: ContainerReader, cache_limit: u64, takes_damaged_names: bool) -> Result<Self> {
        container.allow_units(cache_limit.saturating_mul(UNITS_PER_CACHE));
        let basis = Arc::new(Basis::read(container)?);
        let shelf = Arc::new(Shelf::new(cache_limit));
        let frames = Arc::new(Frames::new(&basis, &shelf, takes_damaged_names));
        let texts = Arc::new(Texts::new(&basis, &shelf, &frames, takes_damaged_names));
        Ok(Self {
            catalogue: Catalogue::new(&basis, &shelf, frames, &texts),
            items: Items::new(&basis, &shelf),
            texts,
            shelf,
            basis,
        })
    }

    pub(crate) fn container(&self) -> &ContainerReader {
        self.basis.container()
    }

    pub(crate) fn info(&self) -> &FileInfo {
        self.basis.info()
    }

    pub(crate) fn version(&self) -> FormatVersion {
        self.basis.version()
    }

    pub(crate) fn params(&self) -> &Params {
        self.basis.params()
    }

    /// How deltas are read.
    pub(crate) fn rules(&self) -> Rules {
        self.basis.rules()
    }

    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Bytes that whoever goes through the archive had better ask for before they are wanted; 0 for a source that answers at once.
    pub(crate) fn lookahead(&self) -> u64 {
        self.basis.container().lookahead()
    }

    pub(crate) fn items(&self) -> &Items {
        &self.items
    }

    /// Bytes that may be kept of what was decoded.
    pub(crate) fn cache_limit(&self) -> u64 {
        self.shelf.limit()
    }

    /// Lets the cache hold all references if that takes `most` bytes or less.
    pub(crate) fn keep_references(&self, most: u64) {
        let len = self.items.references_len();
        if len <= most {
            self.shelf.raise_limit(len);
        }
    }

    /// How to read the lengths of a sample's segments.
    ///
    /// # Cost
    /// The first time for a sample, the length of one of its segments is looked at.
    pub(crate) fn length_code(&self, sample: &LoadedSample) -> Result<LengthCode> {
        Repair::new(&self.basis, &self.items).code_of(sample)
    }

    /// Nothing yet of what a query will read.
    pub(crate) fn demand(&self) -> Demand<'_> {
        Demand::new(&self.basis)
    }

    /// Adds what a region of a sample needs: what tells how lengths are coded, if that is not known, texts, segments.
    pub(crate) fn demand_region<'a>(
        &self,
        demand: &mut Demand<'_>,
        place: usize,
        sample: &LoadedSample,
        segments: impl Iterator<Item = &'a SegmentDesc>,
        spelling: Option<Spelling>,
    ) {
        if sample.is_first_query() {
            Repair::new(&self.basis, &self.items).demand(demand, sample);
        }
        for kind in spelling.into_iter().flat_map(Spelling::kinds) {
            self.texts.demand_text(demand, kind, place);
        }
        self.items.demand_segments(demand, segments, None);
    }

    #[cfg(test)]
    pub(crate) fn held(&self) -> u64 {
        self.shelf.held()
    }
}
