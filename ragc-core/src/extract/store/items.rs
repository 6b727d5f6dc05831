//! Symbols of segments: whole ones, and stretches of them.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use ahash::AHashMap;

use crate::alphabet::Alphabet;
use crate::collection::SegmentDesc;
use crate::error::{Error, Result};
use crate::extract::store::basis::Basis;
use crate::extract::store::damage::LostReferences;
use crate::extract::store::demand::{Demand, Upcoming};
use crate::extract::store::item::StoredItem;
use crate::extract::store::key;
use crate::extract::store::length_code::LengthCode;
use crate::extract::store::needs::{Needs, ReferenceUses};
use crate::extract::store::shelf::Shelf;
use crate::file_info::FormatVersion;
use crate::group::{self, ItemPlace, Pack, PickedItems};
use crate::lock::lock;
use crate::sequence::Sequence;

/// So many packs are decoded up to what is asked for before others are decoded as a whole at once.
const MAX_BEGUN: u32 = 16;

/// References and packs, decoded when they are needed.
#[derive(Debug)]
pub(crate) struct Items {
    basis: Arc<Basis>,
    shelf: Arc<Shelf>,
    lost_references: LostReferences,
    /// Symbols of references that were asked for, by group: hundreds of samples may ask for one, and each would read its part.
    reference_lens: Mutex<AHashMap<u32, u64>>,
    /// Packs that were decoded up to what was asked for, or as a whole in place of that.
    n_begun: AtomicU32,
}

impl Items {
    pub(super) fn new(basis: &Arc<Basis>, shelf: &Arc<Shelf>) -> Self {
        Self {
            basis: Arc::clone(basis),
            shelf: Arc::clone(shelf),
            lost_references: LostReferences::default(),
            reference_lens: Mutex::default(),
            n_begun: AtomicU32::new(0),
        }
    }

    /// Symbols of the reference of a group, which is not decoded.
    pub(super) fn reference_len(&self, group: u32) -> Result<u64> {
        if let Some(known) = lock(&self.reference_lens).get(&group) {
            return Ok(*known);
        }
        let len = group::reference_len(self.basis.container(), self.basis.naming(), group)?;
        lock(&self.reference_lens).insert(group, len);
        Ok(len)
    }

    /// Symbols that neighbouring segments share.
    pub(crate) fn k(&self) -> u32 {
        self.basis.params().k
    }

    /// Appends the symbols of a segment, in the direction of its contig, and tells how many there are.
    ///
    /// Its length is the stored one or, in samples appended by some releases of AGC, the repaired one. Packs come out of
    /// the needs of what is upcoming, if there are some.
    pub(crate) fn append_segment<A: Alphabet>(
        &self,
        segment: &SegmentDesc,
        upcoming: Upcoming<'_>,
        out: &mut Vec<u8>,
    ) -> Result<u64> {
        let stored = LengthCode::Plain.len_of(segment);
        let lens = match self.basis.version() {
            FormatVersion::V1 | FormatVersion::V2 => [stored; 2],
            FormatVersion::V3 => [stored, LengthCode::misjudged(self.basis.params()).len_of(segment)],
        };
        self.basis.container().check_unit_len(lens[0].min(lens[1]))?;
        let max_len = lens[0].max(lens[1]).min(self.basis.container().max_unit_len());
        let max_len = usize::try_from(max_len).unwrap_or(usize::MAX);
        let start = out.len();
        let rules = self.basis.rules();
        self.with_item(segment, upcoming, |item| match segment.is_rev_comp {
            false => item.append::<A>(rules, max_len, out),
            true => item.append::<A::Complement>(rules, max_len, out),
        })?;
        let len = (out.len() - start) as u64;
        if !lens.contains(&len) {
            return Err(wrong_len(segment, len));
        }
        if segment.is_rev_comp {
            out[start..].reverse();
        }
        Ok(len)
    }

    /// Appends the symbols of `range` of a segment of `len` symbols, in the direction of its contig. The range
    /// lies inside the segment.
    ///
    /// # Cost
    /// Of a delta, the tokens up to the end of the range are read. All are, if the range reaches the end of the segment
    /// or is counted from there because the segment is stored as its reverse complement: a wrong length is noticed.
    pub(crate) fn append_range<A: Alphabet>(
        &self,
        segment: &SegmentDesc,
        len: u64,
        range: Range<u64>,
        upcoming: Upcoming<'_>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        self.basis.container().check_unit_len(range.end - range.start)?;
        let rules = self.basis.rules();
        let stored = if segment.is_rev_comp {
            len - range.end..len - range.start
        } else {
            range
        };
        // A range past what memory can hold lies past the item as well.
        let place = |pos: u64| usize::try_from(pos).unwrap_or(usize::MAX);
        let start = out.len();
        let whole = (segment.is_rev_comp || stored.end == len).then_some(len);
        let stored = place(stored.start)..place(stored.end);
        self.with_item(segment, upcoming, |item| match segment.is_rev_comp {
            false => item.append_range::<A>(rules, stored, whole, out),
            true => item.append_range::<A::Complement>(rules, stored, whole, out),
        })?;
        if segment.is_rev_comp {
            out[start..].reverse();
        }
        Ok(())
    }

    /// The needs of these segments, and of others as far as `references` tells.
    pub(crate) fn needs_of<'a>(
        &self,
        segments: impl Iterator<Item = &'a SegmentDesc>,
        references: &Arc<ReferenceUses>,
    ) -> Needs {
        Needs::of(&self.basis, segments, references)
    }

    /// Bytes of all items that are needed, about.
    pub(crate) fn needed_len(&self, needs: &Needs) -> u64 {
        needs.len(&self.basis)
    }

    /// These segments are decoded, and will not be again: forgets what is needed by no other.
    pub(crate) fn done(&self, needs: &Needs, segments: &[SegmentDesc]) {
        for segment in segments {
            if needs.end_use(&self.basis, segment) {
                self.shelf.forget(key::Reference(segment.group));
            }
        }
    }

    /// Number of symbols that an item describes.
    pub(super) fn item_len(&self, segment: &SegmentDesc, needs: Option<&Needs>) -> Result<u64> {
        let upcoming = Upcoming { needs, segments: &[] };
        self.with_item(segment, upcoming, |item| item.len(self.basis.rules()))
    }

    /// Finds the item of a segment, and adds its place to an error.
    fn with_item<T>(
        &self,
        segment: &SegmentDesc,
        upcoming: Upcoming<'_>,
        use_it: impl FnOnce(StoredItem<'_>) -> Result<T>,
    ) -> Result<T> {
        let group = segment.group;
        match self.basis.place_of(segment)? {
            ItemPlace::Reference => use_it(StoredItem::Reference(&*self.reference_of(group, upcoming)?)),
            ItemPlace::Packed { pack: pack_idx, slot } => {
                let packed = self.packed(group, (pack_idx, slot), upcoming)?;
                let used = || {
                    let bytes = packed.item(slot).ok_or_else(|| {
                        Error::corrupt(format!("item {} does not exist", segment.in_group_id))
                    })?;
                    if group::is_raw(group) {
                        return use_it(StoredItem::Raw(bytes));
                    }
                    let reference = self.reference_of(group, upcoming)?;
                    use_it(StoredItem::Delta(bytes, &reference))
                };
                let stream = || self.basis.naming().delta_stream(group);
                used().map_err(|e| e.in_part(pack_idx.into()).in_stream(&stream()))
            }
        }
    }

    /// Bytes of all references once they are decoded, about: four bases fit in a byte here and there, and frames make that hardly smaller, rarely by
    /// a quarter (docs/measurements.md, "Details of reading").
    pub(crate) fn references_len(&self) -> u64 {
        let stored = group::reference_bytes(self.basis.container().footer(), self.basis.naming());
        stored.saturating_add(stored / 3)
    }

    pub(crate) fn reference(&self, group: u32) -> Result<Arc<Sequence>> {
        self.reference_of(group, Upcoming::default())
    }

    /// A reference that may be one of several things to be read.
    fn reference_of(&self, group: u32, upcoming: Upcoming<'_>) -> Result<Arc<Sequence>> {
        let read = || {
            let naming = self.basis.naming();
            self.fetch_segments((&naming.reference_stream(group), 0), upcoming);
            group::read_reference(self.basis.container(), naming, group)
        };
        self.shelf.get_or_load(key::Reference(group), || {
            self.lost_references.read_unless_lost(group, read)
        })
    }

    /// The items of a pack: those that are needed of it or, if nobody says what is needed, that of this slot and some others.
    fn packed(&self, group: u32, (pack, slot): (u32, u32), upcoming: Upcoming<'_>) -> Result<PackItems> {
        let read_through = |last_slot| {
            let (naming, cardinality) = (self.basis.naming(), self.basis.params().pack_cardinality);
            self.fetch_segments((&naming.delta_stream(group), pack), upcoming);
            group::read_pack_through(
                self.basis.container(),
                naming,
                group,
                pack,
                cardinality,
                last_slot,
            )
        };
        match upcoming.needs.and_then(|needs| needs.pack(group, pack)) {
            Some(needed) => Ok(PackItems::Picked(needed.items(read_through)?)),
            None => Ok(PackItems::Cached(self.cached_pack(
                group,
                pack,
                slot,
                read_through,
            )?)),
        }
    }

    /// A pack with the item of this slot, if it has one at all.
    ///
    /// The first query decodes the pack up to its own item: half of it, on average. Who needs a later one decodes all of it, so that
    /// nothing is decoded more often than twice. Whoever has asked for many packs will ask for more of each, which is then decoded as a whole at once
    /// (docs/measurements.md, "Details of reading"). To hold zstd's context and go on would take that, and the frame, for each pack. Of a source that is slow to
    /// answer all is decoded at once: to read it again would take longer.
    fn cached_pack(
        &self,
        group: u32,
        pack: u32,
        slot: u32,
        read_through: impl Fn(u32) -> Result<Pack>,
    ) -> Result<Arc<Pack>> {
        let (whole, start) = (key::Pack(group, pack), key::PackStart(group, pack));
        if let Some(pack) = self.shelf.get(whole) {
            return Ok(pack);
        }
        let is_slow = self.basis.container().lookahead() > 0;
        let first = self.shelf.get_or_load(start, || {
            let n_begun = self.n_begun.fetch_add(1, Ordering::Relaxed);
            read_through(match is_slow || n_begun >= MAX_BEGUN {
                true => u32::MAX,
                false => slot,
            })
        })?;
        if !first.is_start() || first.item(slot).is_some() {
            return Ok(first);
        }
        let pack = self.shelf.get_or_load(whole, || read_through(u32::MAX))?;
        self.shelf.forget(start);
        Ok(pack)
    }

    /// A part of a group was missed: fetches it and what the segments to come need, unless that was done when one before was missed.
    fn fetch_segments(&self, missed: (&str, u32), upcoming: Upcoming<'_>) {
        let (stream, part) = missed;
        let container = self.basis.container();
        let Some(stream) = container.footer().find(stream) else {
            return;
        };
        if container.is_fetched(stream, part as usize) {
            return;
        }
        let mut demand = Demand::new(&self.basis);
        demand.add(stream, part as usize);
        self.demand_segments(&mut demand, upcoming.segments, upcoming.needs);
        demand.fetch_several();
    }

    /// Adds what these segments need, until there is enough for one go. Tells how many segments that is.
    pub(crate) fn demand_go<'a>(
        &self,
        demand: &mut Demand<'_>,
        segments: &mut impl Iterator<Item = &'a SegmentDesc>,
        needs: &Needs,
    ) -> usize {
        let mut n_segments = 0;
        while !demand.is_full()
            && let Some(segment) = segments.next()
        {
            self.demand_segment(demand, segment, Some(needs));
            n_segments += 1;
        }
        n_segments
    }

    /// Adds what these segments need, until there is enough.
    pub(crate) fn demand_segments<'a>(
        &self,
        demand: &mut Demand<'_>,
        segments: impl IntoIterator<Item = &'a SegmentDesc>,
        needs: Option<&Needs>,
    ) {
        for segment in segments {
            if demand.is_full() {
                return;
            }
            self.demand_segment(demand, segment, needs);
        }
    }

    /// Adds the pack and the reference of a segment, as far as they are neither decoded nor about to be.
    pub(super) fn demand_segment(
        &self,
        demand: &mut Demand<'_>,
        segment: &SegmentDesc,
        needs: Option<&Needs>,
    ) {
        let (group, naming) = (segment.group, self.basis.naming());
        if let Ok(ItemPlace::Packed { pack, slot }) = self.basis.place_of(segment)
            && !self.has_item(group, pack, slot, needs)
        {
            demand.add_named(&naming.delta_stream(group), pack as usize);
        }
        if !group::is_raw(group) && !self.shelf.knows(key::Reference(group)) {
            demand.add_named(&naming.reference_stream(group), 0);
        }
    }

    /// Whether an item of a pack need not be read any more.
    fn has_item(&self, group: u32, pack: u32, slot: u32, needs: Option<&Needs>) -> bool {
        if let Some(needed) = needs.and_then(|needs| needs.pack(group, pack)) {
            return needed.is_decoded();
        }
        let (whole, start) = (key::Pack(group, pack), key::PackStart(group, pack));
        let begins_with = |pack: Arc<Pack>| !pack.is_start() || pack.item(slot).is_some();
        self.shelf.knows(whole)
            || match self.shelf.get(start) {
                Some(pack) => begins_with(pack),
                None => self.shelf.knows(start),
            }
    }
}

/// Items of a pack.
#[derive(Debug)]
enum PackItems {
    Cached(Arc<Pack>),
    Picked(Arc<PickedItems>),
}

impl PackItems {
    fn item(&self, slot: u32) -> Option<&[u8]> {
        match self {
            Self::Cached(pack) => pack.item(slot),
            Self::Picked(items) => items.item(slot),
        }
    }
}

fn wrong_len(segment: &SegmentDesc, len: u64) -> Error {
    Error::corrupt(format!(
        "item {} of group {} holds {len} symbols, {} declared",
        segment.in_group_id, segment.group, segment.raw_len
    ))
}
