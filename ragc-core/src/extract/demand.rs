//! Which parts a query will read: said before the first of them is, so that they come by one call of the source.
//!
//! ```text
//! lookup, sample    names and segments of a batch, where texts lie
//! region            what tells how lengths are coded, packs and references of all its segments, texts of its sample
//! stream, contig    packs and references of the next segments
//! ```
//!
//! Only what is neither decoded nor read yet is asked for, and only when something is missed: a query that finds all it needs
//! does not come here.

use std::sync::Arc;

use crate::archive::names::{COLLECTION_CONTIGS, COLLECTION_DETAILS};
use crate::archive::{Fetch, StreamId};
use crate::collection::SegmentDesc;
use crate::extract::Spelling;
use crate::extract::catalogue::LoadedSample;
use crate::extract::needs::Needs;
use crate::extract::store::{Key, Store};
use crate::file_info::FormatVersion;
use crate::group::{self, ItemPlace, Pack};
use crate::original::TextKind;

/// Bytes of parts that are read ahead in one go, about: some tasks of streaming. They are held by each thread.
const MAX_FETCHED: u64 = 256 << 10;

/// What is known of the segments that will be read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Upcoming<'a> {
    /// Where packs come from, if not out of the cache.
    pub(crate) needs: Option<&'a Needs>,
    /// That which is read now, and those behind it.
    pub(crate) segments: &'a [SegmentDesc],
}

/// Parts to be fetched.
#[derive(Debug, Default)]
struct Demand {
    parts: Vec<Fetch>,
    len: u64,
}

impl Demand {
    fn add(&mut self, store: &Store, stream: StreamId, part: usize) {
        let parts = store.archive.footer().parts(stream);
        self.len += parts.get(part).map_or(0, |part| part.len);
        self.parts.push(Fetch::Part(stream, part));
    }

    /// The pack and the reference of a segment, as far as they are neither decoded nor about to be.
    fn add_segment(&mut self, store: &Store, segment: &SegmentDesc, needs: Option<&Needs>) {
        let (footer, naming) = (store.archive.footer(), store.version.group_naming());
        let group = segment.group;
        if let Ok(ItemPlace::Packed { pack, slot }) =
            group::place_of(group, segment.in_group_id, store.params.pack_cardinality)
            && !store.has_item(group, pack, slot, needs)
            && let Some(stream) = footer.find(&naming.delta_stream(group))
        {
            self.add(store, stream, pack as usize);
        }
        if !group::is_raw(group)
            && !store.cache.knows(Key::Reference(group))
            && let Some(stream) = footer.find(&naming.reference_stream(group))
        {
            self.add(store, stream, 0);
        }
    }

    /// What these segments need, until there is enough.
    fn add_segments<'a>(
        &mut self,
        store: &Store,
        segments: impl IntoIterator<Item = &'a SegmentDesc>,
        needs: Option<&Needs>,
    ) {
        for segment in segments {
            if self.len >= MAX_FETCHED {
                return;
            }
            self.add_segment(store, segment, needs);
        }
    }

    fn add_named(&mut self, store: &Store, name: &str, part: usize) {
        if let Some(stream) = store.archive.footer().find(name) {
            self.add(store, stream, part);
        }
    }

    /// Those parts that hold the text of a sample.
    fn add_text(&mut self, store: &Store, kind: TextKind, sample: usize) {
        if let Ok(Some((stream, index))) = store.texts_index(kind)
            && let Some(parts) = index.parts_of(sample)
        {
            for part in parts.filter(|part| !store.has_texts_part(kind, *part)) {
                self.add(store, *stream, part as usize);
            }
        }
    }
}

impl Store {
    /// A part of a group was missed: fetches it and what the segments to come need, unless that was done when one before was missed.
    pub(super) fn fetch_segments(&self, missed: (&str, u32), upcoming: Upcoming<'_>) {
        let (stream, part) = missed;
        let Some(stream) = self.archive.footer().find(stream) else {
            return;
        };
        if self.archive.is_fetched(stream, part as usize) {
            return;
        }
        let mut demand = Demand::default();
        demand.add(self, stream, part as usize);
        demand.add_segments(self, upcoming.segments, upcoming.needs);
        // One part is read as well by whoever missed it.
        if demand.parts.len() > 1 {
            self.archive.fetch(demand.parts);
        }
    }

    /// Fetches names and segments of a batch, and what tells where texts lie.
    pub(super) fn fetch_batch(&self, batch: usize) {
        if self.version != FormatVersion::V3 {
            return;
        }
        let mut demand = Demand::default();
        for (key, stream) in [
            (Key::BatchNames(batch), COLLECTION_CONTIGS),
            (Key::Details(batch), COLLECTION_DETAILS),
        ] {
            if !self.cache.knows(key) {
                demand.add_named(self, stream, batch);
            }
        }
        for kind in [TextKind::Names, TextKind::Odd, TextKind::Case] {
            if let Some(stream) = self.archive.footer().find(kind.stream_name())
                && let Some(index) = self.archive.n_parts(stream).checked_sub(1)
                && !self.texts.knows(kind)
            {
                demand.add(self, stream, index);
            }
        }
        self.archive.fetch(demand.parts);
    }

    /// Fetches what the first query of a sample needs: what tells how its lengths are coded, texts, segments.
    pub(super) fn fetch_first<'a>(
        &self,
        idx: usize,
        sample: &LoadedSample,
        segments: impl Iterator<Item = &'a SegmentDesc>,
        spelling: Option<Spelling>,
    ) {
        let mut demand = Demand::default();
        if let Some(telling) = self.telling(sample).next() {
            match telling.in_group_id {
                0 if !group::is_raw(telling.group) && !self.archive.has_sums() => {
                    let name = self.version.group_naming().reference_stream(telling.group);
                    let stream = self.archive.footer().find(&name);
                    demand
                        .parts
                        .extend(stream.map(|stream| Fetch::Metadata(stream, 0)));
                }
                _ => demand.add_segment(self, telling, None),
            }
        }
        for kind in spelling.into_iter().flat_map(Spelling::kinds) {
            demand.add_text(self, kind, idx);
        }
        demand.add_segments(self, segments, None);
        self.archive.fetch(demand.parts);
    }

    /// Whether an item of a pack need not be read any more.
    fn has_item(&self, group: u32, pack: u32, slot: u32, needs: Option<&Needs>) -> bool {
        if let Some(needed) = needs.and_then(|needs| needs.pack(group, pack)) {
            return needed.is_decoded();
        }
        let (whole, start) = (Key::Pack { group, pack }, Key::PackStart { group, pack });
        let begins_with = |pack: Arc<Pack>| !pack.is_start() || pack.item(slot).is_some();
        self.cache.knows(whole)
            || match self.cached_already(start) {
                Some(pack) => begins_with(pack),
                None => self.cache.knows(start),
            }
    }
}
