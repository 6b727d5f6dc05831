//! Damage that was met, so that whoever goes on after it does not meet it again with each contig that needs the same: a few bytes could
//! stand for very much work.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::error::{Error, Result};
use crate::lock::lock;

/// References that cannot be decoded, by group.
#[derive(Debug, Default)]
pub(super) struct LostReferences(Mutex<BTreeMap<u32, Error>>);

impl LostReferences {
    /// Reads the reference of a group, unless that has failed for good.
    pub(super) fn read_unless_lost<T>(&self, group: u32, read: impl FnOnce() -> Result<T>) -> Result<T> {
        if let Some(error) = lock(&self.0).get(&group).and_then(Error::again) {
            return Err(error);
        }
        read().inspect_err(|error| {
            if let Some(error) = error.again() {
                lock(&self.0).insert(group, error);
            }
        })
    }
}

/// That of one thing.
#[derive(Debug, Default)]
pub(super) struct Damage(Mutex<Option<Error>>);

impl Damage {
    /// Reads the thing, unless that has failed for good.
    pub(super) fn read_unless_damaged<T>(&self, read: impl FnOnce() -> Result<T>) -> Result<T> {
        if let Some(error) = lock(&self.0).as_ref().and_then(Error::again) {
            return Err(error);
        }
        read().inspect_err(|error| *lock(&self.0) = error.again())
    }

    /// Whether it is damaged, as far as that was met.
    pub(super) fn is_known(&self) -> bool {
        lock(&self.0).is_some()
    }

    /// Forgets it.
    pub(super) fn clear(&self) {
        *lock(&self.0) = None;
    }
}
