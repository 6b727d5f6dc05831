//! What placement knew when an archive was made, rebuilt from its references.
//!
//! Seeds and keys are all there is to know, and both follow from what an archive has to hold anyway. So nothing more is
//! stored for appending, and archives of AGC are continued like those of ragc.
//!
//! Decoding a reference takes little of the time of looking for its seeds, so it is not done ahead on other threads.
//!
//! Seeds are added shard by shard for several references at once, to shards that have room for all: one after the other each reference would visit all
//! shards, of which few stay in the processor's caches, which takes more than twice as long (docs/measurements.md, "Details of making archives").

use super::Placer;
use super::locations::SeedEntries;
use super::state::PlaceState;
use crate::error::Result;
use crate::group::key::Key;
use crate::lz_diff::Reference;
use crate::rewrite::Existing;
use std::sync::{Arc, PoisonError};

/// Seeds that are added together, of eight bytes each until then.
const SEEDS_TOGETHER: usize = 1 << 20;

/// Bases of a reference in a byte of the file, about, and rather too few: what is missing in the end grows as ever.
const BASES_PER_BYTE: u64 = 4;

impl<'a> Placer<'a> {
    /// Goes on with an archive; nothing may have been placed yet.
    ///
    /// # Errors
    /// `Corrupt` when a reference is damaged.
    pub(in crate::compress) fn resume(mut self, existing: &'a Existing<'a>) -> Result<Self> {
        self.restore(
            &mut self.state.write().unwrap_or_else(PoisonError::into_inner),
            existing,
        )?;
        self.keep_limits()?;
        self.raw.resume(existing);
        if existing.has_samples() {
            self.end_sample();
        }
        Ok(self)
    }

    fn restore(&self, state: &mut PlaceState, existing: &Existing<'_>) -> Result<()> {
        // What they take in the file, because no file can claim more than it has.
        let n_expected = existing.reference_bytes().saturating_mul(BASES_PER_BYTE);
        state.expect(n_expected, self.memory.max_seeds(n_expected, self.n_first.1));
        let mut found = Vec::new();
        let mut n_found = 0;
        for group in existing.delta_groups() {
            let reserved = state.catalogue.reserve();
            debug_assert_eq!(reserved, group);
            let reference = Reference::new(existing.reference(group)?, self.min_match, &self.indexes);
            let unindexed = state.complete(group, None, Arc::new(reference), 0);
            let entries = unindexed.entries();
            n_found += entries.len();
            found.push(entries);
            if n_found >= SEEDS_TOGETHER {
                self.add_together(state, &mut found);
                n_found = 0;
            }
        }
        self.add_together(state, &mut found);
        // Without splitters segments belong to raw groups; what leads to a group that does not exist leads nowhere.
        let keys = existing.keys().iter();
        for key in keys.filter(|key| existing.delta_groups().contains(&key.group)) {
            state.catalogue.lead(Key(key.a, key.b), key.group);
        }
        Ok(())
    }

    /// Adds seeds that were found, and leaves some out if there are more than the memory allows.
    fn add_together(&self, state: &mut PlaceState, found: &mut Vec<SeedEntries>) {
        state.index(found);
        found.clear();
        self.thin_out(state);
    }
}
