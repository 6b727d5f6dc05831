//! The last names and segments that were too large for the cache.
//!
//! The cache keeps the value that was asked for last, whatever its size, and no second one beside it. Who asks for the contigs of a sample
//! one by one needs its names and the segments of its batch in turn: with a cache smaller than these, each contig would decode all
//! of them anew.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::extract::store::key::{DecodedKey, Kinds};
use crate::lock::lock;

/// One value of each common kind, at most.
#[derive(Debug, Default)]
pub(super) struct Latest {
    /// Where nothing is too large, nobody takes the lock.
    is_used: AtomicBool,
    values: Mutex<Kinds>,
}

impl Latest {
    /// The value of a key, if it is the last of its kind.
    pub(super) fn get<K: DecodedKey>(&self, key: K) -> Option<Arc<K::Of>> {
        match K::IS_COMMON && self.is_used.load(Ordering::Relaxed) {
            true => K::table(&lock(&self.values)).ready(key),
            false => None,
        }
    }

    /// Keeps a value in place of the one of its kind before.
    pub(super) fn keep<K: DecodedKey>(&self, key: K, value: &Arc<K::Of>) {
        if K::IS_COMMON {
            K::table_mut(&mut lock(&self.values)).hold_only(key, Arc::clone(value));
            self.is_used.store(true, Ordering::Relaxed);
        }
    }
}
