//! What placement knew when an archive was made, rebuilt from its references.
//!
//! Seeds and keys are all there is to know, and both follow from what an archive has to hold anyway. So nothing more is
//! stored for appending, and archives of AGC are continued like those of ragc.
//!
//! Decoding a reference takes a tenth of the time of looking for its seeds, so it is not done ahead on other threads.

use super::Placer;
use super::state::State;
use crate::compress::existing::Existing;
use crate::error::Result;
use crate::group::key::Key;
use crate::lz_diff::Reference;
use std::sync::{Arc, RwLock};

impl Placer {
    /// Goes on with an archive.
    pub(in crate::compress) fn resume(existing: &Existing<'_>) -> Result<Self> {
        let params = existing.params();
        let state = State::restore(existing, params.min_match_len)?;
        Ok(Self {
            state: Arc::new(RwLock::new(state)),
            n_raw: existing.shortest_raw_group(),
            in_reference_sample: !existing.has_samples(),
            ..Self::new(params.k, params.min_match_len)
        })
    }
}

impl State {
    fn restore(existing: &Existing<'_>, min_match: u32) -> Result<Self> {
        let mut state = Self::default();
        for group in existing.delta_groups() {
            let reserved = state.catalogue.reserve();
            debug_assert_eq!(reserved, group);
            let reference = Reference::new(existing.reference(group)?, min_match);
            state.complete(group, None, Arc::new(reference));
        }
        // Without splitters segments belong to raw groups; what leads to a group that does not exist leads nowhere.
        let keys = existing.keys().iter();
        for key in keys.filter(|key| existing.delta_groups().contains(&key.group)) {
            state.catalogue.lead(Key(key.a, key.b), key.group);
        }
        Ok(state)
    }
}
