//! The order in which the samples of an archive, one after the other, first need its parts.

use ahash::AHashSet;

use crate::collection::SegmentDesc;
use crate::container::{StreamId, names};
use crate::error::Result;
use crate::extract::Archive;
use crate::extract::store::{Batch, Store};
use crate::group::{self, ItemPlace};
use crate::original::TextKind;

/// What every reader needs first.
const FIRST: [&str; 3] = [names::FILE_INFO, names::PARAMS, names::COLLECTION_SAMPLES];
/// What tells of all samples, before the first of them.
const COLLECTION: [&str; 2] = [names::COLLECTION_CONTIGS, names::COLLECTION_DETAILS];

impl Archive {
    /// All parts of an archive of version 3: what tells of it, names and segments of all samples, then texts, references and packs in the
    /// order in which samples first need them, then the others.
    ///
    /// # Errors
    /// `Corrupt` when the collection is damaged.
    pub(crate) fn parts_by_first_use(&self) -> Result<Vec<(StreamId, usize)>> {
        self.placed(|| {
            let mut order = Order::new(self.store());
            order.add_all(&FIRST);
            order.add_indexes();
            order.add_all(&COLLECTION);
            order.add_samples()?;
            order.add_rest();
            Ok(order.parts)
        })
    }
}

struct Order<'a> {
    store: &'a Store,
    parts: Vec<(StreamId, usize)>,
    seen: AHashSet<(StreamId, usize)>,
}

impl<'a> Order<'a> {
    fn new(store: &'a Store) -> Self {
        Self {
            store,
            parts: Vec::new(),
            seen: AHashSet::new(),
        }
    }

    /// Adds a part, if there is such and it has not come before.
    fn add(&mut self, stream: StreamId, part: usize) {
        if part < self.store.container().n_parts(stream) && self.seen.insert((stream, part)) {
            self.parts.push((stream, part));
        }
    }

    fn add_named(&mut self, name: &str, part: usize) {
        if let Some(stream) = self.store.container().footer().find(name) {
            self.add(stream, part);
        }
    }

    fn add_stream(&mut self, stream: StreamId) {
        for part in 0..self.store.container().n_parts(stream) {
            self.add(stream, part);
        }
    }

    fn add_all(&mut self, names: &[&str]) {
        for name in names {
            if let Some(stream) = self.store.container().footer().find(name) {
                self.add_stream(stream);
            }
        }
    }

    /// Adds what tells where the texts of samples lie: the last part of each stream.
    fn add_indexes(&mut self) {
        let container = self.store.container();
        for kind in TextKind::ALL {
            if let Some(stream) = container.footer().find(kind.stream_name())
                && let Some(index) = container.n_parts(stream).checked_sub(1)
            {
                self.add(stream, index);
            }
        }
    }

    fn add_samples(&mut self) -> Result<()> {
        let catalogue = self.store.catalogue();
        let mut batch: Option<(usize, Batch)> = None;
        for sample in 0..catalogue.samples()?.len() {
            let (number, slot) = catalogue.place_of(sample)?;
            let loaded = match batch.take() {
                Some((last, loaded)) if last == number => loaded,
                _ => catalogue.batch(number)?,
            };
            self.add_texts(sample)?;
            for segment in loaded.segments_of(slot) {
                self.add_segment(segment)?;
            }
            batch = Some((number, loaded));
        }
        Ok(())
    }

    fn add_texts(&mut self, sample: usize) -> Result<()> {
        for kind in TextKind::ALL {
            if let Some((stream, index)) = self.store.texts().index(kind)?
                && let Some(parts) = index.parts_of(sample)
            {
                parts.for_each(|part| self.add(*stream, part as usize));
            }
        }
        Ok(())
    }

    fn add_segment(&mut self, segment: &SegmentDesc) -> Result<()> {
        let cardinality = self.store.params().pack_cardinality;
        let naming = self.store.version().group_naming();
        if !group::is_raw(segment.group) {
            self.add_named(&naming.reference_stream(segment.group), 0);
        }
        if let ItemPlace::Packed { pack, .. } =
            group::place_of(segment.group, segment.in_group_id, cardinality)?
        {
            self.add_named(&naming.delta_stream(segment.group), pack as usize);
        }
        Ok(())
    }

    fn add_rest(&mut self) {
        for stream in self.store.container().footer().streams() {
            self.add_stream(stream);
        }
    }
}
