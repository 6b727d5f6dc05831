//! Places what another archive holds: whole groups, and items of groups that need not go on.
//!
//! Items are compared as segments are when they are read, a round at a time; which of them are new tells the reference of a group.

use super::question::{self, Finding};
use super::{Looked, Placed, Placer};
use crate::error::Result;
use crate::group::key::{Key, OrientedKey};
use crate::lz_diff::Reference;
use crate::sequence::Sequence;
use crate::times::{Stage, within};
use std::sync::{Arc, PoisonError};

impl Looked {
    /// Whether nothing helps to store it.
    pub(in crate::compress) fn is_new(&self) -> bool {
        self.finding == Finding::New
    }
}

impl Placer<'_> {
    /// Compares a sequence with all groups that are known: pure work. A key is that of the group that it comes from.
    pub(in crate::compress) fn compare(&self, sequence: &Sequence, key: Option<Key>) -> Looked {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let finding = || question::answer(&state, sequence, key.map(as_stored), self.k as usize);
        within(Stage::Compare, || Looked::new(&state, sequence, finding()))
    }

    /// Decides on the next item of a group that does not go on.
    ///
    /// # Errors
    /// As [`Self::place_raw`].
    pub(in crate::compress) fn place_item(
        &mut self,
        sequence: &Sequence,
        key: Option<Key>,
        looked: Looked,
    ) -> Result<Vec<Placed>> {
        let key = key.map(as_stored);
        let index_now = |placer: &mut Self| {
            placer.index_alone();
            Ok(())
        };
        match self.look_again(sequence, key, looked, index_now)? {
            Finding::Pieces(pieces) => self.place_pieces(sequence, pieces),
            Finding::New => self.store_new(key, sequence),
        }
    }

    /// Puts an item of a raw group among its relatives.
    ///
    /// # Errors
    /// `Corrupt` when an open pack of the archive that goes on is damaged.
    pub(in crate::compress) fn place_raw(&mut self, sequence: &Sequence) -> Result<Vec<Placed>> {
        self.raw.place(sequence)
    }

    /// Takes a group over as it is, and gives its new number.
    pub(in crate::compress) fn adopt(&mut self, reference: Sequence) -> u32 {
        let group = self.reserve();
        let reference = Arc::new(Reference::new(reference, self.min_match, &self.indexes));
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let unindexed = state.complete(group, None, reference, 0);
        self.unindexed.push(unindexed);
        group
    }

    /// Segments with this key belong to a group, unless they belong to another one already.
    pub(in crate::compress) fn lead(&mut self, key: Key, group: u32) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.catalogue.group(key).is_none() {
            state.catalogue.lead(key, group);
        }
    }

    /// All groups so far can be followed from now on.
    ///
    /// # Errors
    /// `BadOption` when there is too little memory.
    pub(in crate::compress) fn end_archive(&mut self) -> Result<()> {
        self.close_pool();
        self.recent.begin();
        self.index_alone();
        self.keep_limits()
    }
}

/// Items are stored on the strand that their key tells.
fn as_stored(key: Key) -> OrientedKey {
    OrientedKey {
        key,
        is_rev_comp: false,
    }
}
