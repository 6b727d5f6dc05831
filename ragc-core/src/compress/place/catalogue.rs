//! All groups that exist: their keys, their references, and which splitters are neighbours.

use crate::group::N_RAW_GROUPS;
use crate::group::key::Key;
use crate::kmer::NONE;
use crate::lz_diff::Reference;
use ahash::AHashMap;
use std::sync::Arc;

/// The groups of an archive. Grows only; a group never changes its reference.
#[derive(Debug, Default)]
pub(in crate::compress) struct Catalogue {
    /// References of the groups from [`N_RAW_GROUPS`] on.
    references: Vec<Arc<Reference>>,
    by_key: AHashMap<Key, u32>,
    /// For each splitter, those it shares a key with, ascending.
    partners: AHashMap<u64, Vec<u64>>,
}

impl Catalogue {
    /// The group of a key.
    pub(super) fn group(&self, key: Key) -> Option<u32> {
        self.by_key.get(&key).copied()
    }

    /// The reference of a delta group.
    pub(super) fn reference(&self, group: u32) -> &Arc<Reference> {
        &self.references[(group - N_RAW_GROUPS) as usize]
    }

    /// Splitters that share a key with `splitter`, ascending.
    pub(super) fn partners(&self, splitter: u64) -> &[u64] {
        self.partners.get(&splitter).map_or(&[], Vec::as_slice)
    }

    /// The smallest splitter that shares a key with each of two others.
    pub(super) fn middle(&self, front: u64, back: u64) -> Option<u64> {
        let others = self.partners(back);
        self.partners(front)
            .iter()
            .find(|middle| others.binary_search(middle).is_ok())
            .copied()
    }

    /// Opens the next group. Without a key no segment finds it by its splitters.
    pub(super) fn add(&mut self, key: Option<Key>, reference: Arc<Reference>) -> u32 {
        let group = N_RAW_GROUPS + self.references.len() as u32;
        self.references.push(reference);
        if let Some(key) = key {
            self.by_key.insert(key, group);
            if key.0 != NONE && key.1 != NONE {
                self.join(key.0, key.1);
                self.join(key.1, key.0);
            }
        }
        group
    }

    fn join(&mut self, splitter: u64, partner: u64) {
        let partners = self.partners.entry(splitter).or_default();
        if let Err(place) = partners.binary_search(&partner) {
            partners.insert(place, partner);
        }
    }

    /// Number of groups, raw ones counted.
    pub(in crate::compress) fn n_groups(&self) -> u32 {
        N_RAW_GROUPS + self.references.len() as u32
    }

    /// All keys with their groups, ascending.
    pub(in crate::compress) fn sorted_keys(&self) -> Vec<(Key, u32)> {
        let mut keys: Vec<_> = self.by_key.iter().map(|(key, group)| (*key, *group)).collect();
        keys.sort_unstable();
        keys
    }
}
