//! The last names and segments that were too large for the cache.
//!
//! The cache keeps the value that was asked for last, whatever its size, and no second one beside it. Who asks for the contigs of a sample
//! one by one needs its names and the segments of its batch in turn: with a cache smaller than these, each contig would decode all
//! of them anew.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::extract::store::{Key, Value};
use crate::lock::lock;

/// Kinds of values that are kept here.
const N_KINDS: usize = 5;

/// One value of each kind, at most.
#[derive(Debug, Default)]
pub(super) struct Latest {
    /// Where nothing is too large, nobody takes the lock.
    is_used: AtomicBool,
    values: Mutex<[Option<(Key, Value)>; N_KINDS]>,
}

impl Latest {
    /// The value of a key, if it is the last of its kind.
    pub(super) fn get(&self, key: Key) -> Option<Value> {
        let kind = kind_of(key).filter(|_| self.is_used.load(Ordering::Relaxed))?;
        let values = lock(&self.values);
        let (_, value) = values[kind].as_ref().filter(|(kept, _)| *kept == key)?;
        Some(value.clone())
    }

    /// Keeps a value in place of the one of its kind before.
    pub(super) fn keep(&self, key: Key, value: &Value) {
        if let Some(kind) = kind_of(key) {
            lock(&self.values)[kind] = Some((key, value.clone()));
            self.is_used.store(true, Ordering::Relaxed);
        }
    }
}

/// The kind of a key, if such values are kept: what many queries have in common.
fn kind_of(key: Key) -> Option<usize> {
    match key {
        Key::BatchNames(_) => Some(0),
        Key::AllNames => Some(1),
        Key::Contigs(_) => Some(2),
        Key::Details(_) => Some(3),
        Key::Main => Some(4),
        _ => None,
    }
}
