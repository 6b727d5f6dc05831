//! What some neighbouring samples need of the groups: decoded when one of them first needs it, gone with the last use.
//!
//! Of a pack only the items that these samples need are kept. References may be needed by the samples behind them as well: they are in
//! the cache, until their last use of all.
//!
//! A sample needs most references and packs once. Kept until a limit is reached, they push one another out of the
//! processor's caches, and each takes fresh memory that the system has to clear, so that an archive of AGC is read more slowly. One of ragc needs many
//! references several times, and takes twice as long when nothing is kept (docs/measurements.md, "Details of reading").

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ahash::AHashMap;

use crate::collection::SegmentDesc;
use crate::container::ContainerReader;
use crate::error::Result;
use crate::extract::store::basis::Basis;
use crate::extract::store::damage::Damage;
use crate::flight::Single;
use crate::group::{self, ItemPlace, Pack, PickedItems};

/// Uses of references that are still to come.
#[derive(Debug, Default)]
pub(crate) struct ReferenceUses(AHashMap<u32, AtomicU32>);

impl ReferenceUses {
    /// Counts those of all these segments.
    pub(crate) fn of<'a>(segments: impl Iterator<Item = &'a SegmentDesc>) -> Self {
        let mut uses = Self::default();
        for segment in segments.filter(|segment| !group::is_raw(segment.group)) {
            *uses.0.entry(segment.group).or_default().get_mut() += 1;
        }
        uses
    }

    /// One use less; whether there are no more.
    fn end_with(&self, group: u32) -> bool {
        self.0.get(&group).is_some_and(is_last)
    }
}

/// Bytes of the items of a pack to one that is stored, where nobody looks.
const GROWTH: u64 = 4;

/// What some neighbouring samples need.
#[derive(Debug)]
pub(crate) struct Needs {
    packs: AHashMap<(u32, u32), NeededPack>,
    /// Those of the samples behind included.
    references: Arc<ReferenceUses>,
}

/// Some items of a pack.
#[derive(Debug, Default)]
pub(super) struct NeededPack {
    /// Ascending.
    slots: Vec<u32>,
    /// As long as they are there, between the first use and the last.
    items: Single<Arc<PickedItems>>,
    /// Whoever goes on after damage is told of it again, and does not meet it: a few bytes could stand for very much work.
    damage: Damage,
    uses: AtomicU32,
}

impl Needs {
    /// The needs of these segments, and of others as far as `references` tells.
    pub(super) fn of<'a>(
        basis: &Basis,
        segments: impl Iterator<Item = &'a SegmentDesc>,
        references: &Arc<ReferenceUses>,
    ) -> Self {
        let mut packs = AHashMap::<(u32, u32), NeededPack>::new();
        for segment in segments {
            if let Some((pack, slot)) = place(basis, segment) {
                packs.entry(pack).or_default().slots.push(slot);
            }
        }
        for needed in packs.values_mut() {
            needed.uses = AtomicU32::new(needed.slots.len() as u32);
            needed.slots.sort_unstable();
            needed.slots.dedup();
            needed.slots.shrink_to_fit();
        }
        Self {
            packs,
            references: Arc::clone(references),
        }
    }

    /// Bytes of all items, about: a slow source is not asked how long each pack is, which would be a round for each; a pack whose size cannot be read counts nothing, and fails when it is decoded.
    pub(super) fn len(&self, basis: &Basis) -> u64 {
        let (container, naming) = (basis.container(), basis.naming());
        let len_of = |(key, needed): (&(u32, u32), &NeededPack)| {
            let len = match container.lookahead() {
                0 => group::peek_pack_len(container, naming, key.0, key.1).unwrap_or(0),
                _ => GROWTH.saturating_mul(stored_len(container, &naming.delta_stream(key.0), key.1)),
            };
            // There may be items behind the last one that is needed, so this is rather too much.
            let n_items = needed.slots.last().map_or(1, |last| u64::from(*last) + 1);
            (u128::from(len) * needed.slots.len() as u128 / u128::from(n_items)) as u64
        };
        self.packs.iter().map(len_of).fold(0, u64::saturating_add)
    }

    /// What is needed of a pack.
    pub(super) fn pack(&self, group: u32, pack: u32) -> Option<&NeededPack> {
        self.packs.get(&(group, pack))
    }

    /// This segment is decoded, and will not be again: forgets its pack, if no other needs it, and tells whether none needs its
    /// reference.
    pub(super) fn end_use(&self, basis: &Basis, segment: &SegmentDesc) -> bool {
        let needed = place(basis, segment).and_then(|(pack, _)| self.packs.get(&pack));
        if let Some(needed) = needed.filter(|needed| is_last(&needed.uses)) {
            needed.items.clear();
            needed.damage.clear();
        }
        self.references.end_with(segment.group)
    }
}

/// Bytes of a part as it is stored; 0 if it is not there.
fn stored_len(container: &ContainerReader, stream: &str, part: u32) -> u64 {
    let stream = container.footer().find(stream);
    let part = stream.and_then(|stream| container.footer().parts(stream).get(part as usize));
    part.map_or(0, |part| part.len)
}

impl NeededPack {
    /// Whether the items are there now, or in the making.
    pub(super) fn is_decoded(&self) -> bool {
        self.items.is_known() || self.damage.is_known()
    }

    /// The items. The first thread that needs them reads the pack up to the last of their slots, and others wait for it.
    pub(super) fn items(&self, read_through: impl FnOnce(u32) -> Result<Pack>) -> Result<Arc<PickedItems>> {
        self.items.get_or_make(|| {
            let last_slot = self.slots.last().copied().unwrap_or(0);
            let pack = self.damage.read_unless_damaged(|| read_through(last_slot))?;
            Ok(Arc::new(PickedItems::new(&pack, &self.slots)?))
        })
    }
}

fn is_last(uses: &AtomicU32) -> bool {
    uses.fetch_sub(1, Ordering::Relaxed) == 1
}

/// The pack of a segment and its place there; nothing for a reference, and for a place that cannot be, which decoding tells.
fn place(basis: &Basis, segment: &SegmentDesc) -> Option<((u32, u32), u32)> {
    match basis.place_of(segment) {
        Ok(ItemPlace::Packed { pack, slot }) => Some(((segment.group, pack), slot)),
        Ok(ItemPlace::Reference) | Err(_) => None,
    }
}
