//! All groups that exist: their keys and their references.

use crate::group::N_RAW_GROUPS;
use crate::group::key::Key;
use crate::lz_diff::Reference;
use ahash::AHashMap;
use std::sync::Arc;

/// All groups of an archive that is complete.
#[derive(Debug)]
pub(in crate::compress) struct KeyedGroups {
    /// How many there are, raw ones counted.
    pub(in crate::compress) n_groups: u32,
    /// Keys with their groups, ascending.
    pub(in crate::compress) keys: Vec<(Key, u32)>,
}

/// The groups of an archive. Grows only; what a reference has does not change, but more may be gathered behind it.
#[derive(Debug, Default)]
pub(super) struct GroupCatalogue {
    /// References of the groups from [`N_RAW_GROUPS`] on, as far as they are known; `None` of one that has just been begun.
    references: Vec<Option<Arc<Reference>>>,
    by_key: AHashMap<Key, u32>,
}

impl GroupCatalogue {
    /// The group of a key.
    pub(super) fn group(&self, key: Key) -> Option<u32> {
        self.by_key.get(&key).copied()
    }

    /// The reference of a delta group, as far as it is known.
    pub(super) fn reference(&self, group: u32) -> Option<&Arc<Reference>> {
        self.references.get((group - N_RAW_GROUPS) as usize)?.as_ref()
    }

    /// Numbers the next group, whose reference will follow.
    pub(super) fn reserve(&mut self) -> u32 {
        self.references.push(None);
        self.n_groups() - 1
    }

    /// Gives a reserved group its reference, or a longer one. Without a key no segment finds it by its splitters.
    pub(super) fn complete(&mut self, group: u32, key: Option<Key>, reference: Arc<Reference>) {
        self.references[(group - N_RAW_GROUPS) as usize] = Some(reference);
        if let Some(key) = key {
            self.lead(key, group);
        }
    }

    /// Makes segments with this key belong to a group.
    pub(super) fn lead(&mut self, key: Key, group: u32) {
        self.by_key.insert(key, group);
    }

    /// Number of groups, raw ones counted.
    pub(super) fn n_groups(&self) -> u32 {
        N_RAW_GROUPS + self.references.len() as u32
    }

    /// All keys with their groups, ascending.
    pub(super) fn sorted_keys(&self) -> Vec<(Key, u32)> {
        let mut keys: Vec<_> = self.by_key.iter().map(|(key, group)| (*key, *group)).collect();
        keys.sort_unstable();
        keys
    }
}
