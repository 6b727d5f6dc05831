//! References that cannot be decoded, so that whoever goes on after damage does not try again with each contig that needs one.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::error::{Error, Result};
use crate::lock::lock;

/// Errors by group.
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
