//! What placement knew when an archive was made, rebuilt from its references.
//!
//! Seeds and keys are all there is to know, and both follow from what an archive has to hold anyway. So nothing more is
//! stored for appending, and archives of AGC are continued like those of ragc.
//!
//! Decoding a reference takes a tenth of the time of looking for its seeds, so it is not done ahead on other threads.

use super::Placer;
use super::state::PlaceState;
use crate::error::Result;
use crate::group::key::Key;
use crate::lz_diff::Reference;
use crate::rewrite::Existing;
use std::sync::{Arc, PoisonError};

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
        self.in_reference_sample = !existing.has_samples();
        Ok(self)
    }

    fn restore(&self, state: &mut PlaceState, existing: &Existing<'_>) -> Result<()> {
        for group in existing.delta_groups() {
            let reserved = state.catalogue.reserve();
            debug_assert_eq!(reserved, group);
            let reference = Reference::new(existing.reference(group)?, self.min_match, &self.indexes);
            let unindexed = state.complete(group, None, Arc::new(reference), 0);
            state.index(&[unindexed.entries()]);
            self.thin_out(state);
        }
        // Without splitters segments belong to raw groups; what leads to a group that does not exist leads nowhere.
        let keys = existing.keys().iter();
        for key in keys.filter(|key| existing.delta_groups().contains(&key.group)) {
            state.catalogue.lead(Key(key.a, key.b), key.group);
        }
        Ok(())
    }
}
