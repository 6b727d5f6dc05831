//! How often one sample needs what is decoded for it: what it needed for the last time can be forgotten at once.
//!
//! A sample needs most references and packs once. Kept until a limit is reached, they push one another out of the
//! processor's caches, and each takes fresh memory that the system has to clear. A yeast genome out of AGC's archive of
//! seven took 9 % longer when 3 MB of them were kept, and one out of ragc's archive, which needs many references
//! several times, twice as long when nothing was.

use std::sync::atomic::{AtomicU32, Ordering};

use ahash::AHashMap;

use crate::collection::SegmentDesc;
use crate::error::Result;
use crate::extract::store::{Key, Store};
use crate::group::{self, ItemPlace};

/// Uses still to come of references and packs.
#[derive(Debug)]
pub(super) struct Uses {
    left: AHashMap<Key, AtomicU32>,
}

impl Uses {
    /// Counts what a sample needs.
    pub(super) fn of_sample(store: &Store, sample_idx: usize) -> Result<Self> {
        let sample = store.sample(sample_idx)?;
        let mut left: AHashMap<Key, AtomicU32> = AHashMap::new();
        for contig in 0..sample.n_contigs() {
            for key in sample
                .segments(contig)
                .iter()
                .flat_map(|segment| keys(store, segment))
            {
                *left.entry(key).or_default().get_mut() += 1;
            }
        }
        Ok(Self { left })
    }

    /// These segments are decoded: forgets what is not needed again.
    pub(super) fn done(&self, store: &Store, segments: &[SegmentDesc]) {
        for key in segments.iter().flat_map(|segment| keys(store, segment)) {
            let is_last = |left: &AtomicU32| left.fetch_sub(1, Ordering::Relaxed) == 1;
            if self.left.get(&key).is_some_and(is_last) {
                store.cache.forget(key);
            }
        }
    }
}

/// What is decoded for a segment; nothing for a place that cannot be, which decoding tells.
fn keys(store: &Store, segment: &SegmentDesc) -> impl Iterator<Item = Key> + use<> {
    let group = segment.group;
    let reference = Key::Reference(group);
    let keys = match group::place_of(group, segment.in_group_id, store.params.pack_cardinality) {
        Ok(ItemPlace::Reference) => [Some(reference), None],
        Ok(ItemPlace::Packed { pack, .. }) => [
            Some(Key::Pack { group, pack }),
            (!group::is_raw(group)).then_some(reference),
        ],
        Err(_) => [None, None],
    };
    keys.into_iter().flatten()
}
