//! What was decoded and may be needed again.

use std::sync::Arc;

use crate::error::Result;
use crate::extract::store::cache::Cache;
use crate::extract::store::key::{DecodedKey, Kinds};
use crate::extract::store::latest::Latest;

/// Names and segments that take more than one in so many bytes of the cache are kept beside it.
const LARGE_SHARE: u64 = 8;

/// Values of all kinds by their keys, within one limit of bytes.
#[derive(Debug)]
pub(crate) struct Shelf {
    cache: Cache<Kinds>,
    latest: Latest,
}

impl Shelf {
    pub(super) fn new(limit: u64) -> Self {
        Self {
            cache: Cache::new(limit),
            latest: Latest::default(),
        }
    }

    /// The value of a key, which is made by `load` if it is not here.
    pub(super) fn get_or_load<K: DecodedKey>(
        &self,
        key: K,
        load: impl FnOnce() -> Result<K::Of>,
    ) -> Result<Arc<K::Of>> {
        if let Some(value) = self.latest.get(key) {
            return Ok(value);
        }
        self.cache.get_or_load(key, || {
            let value = Arc::new(load()?);
            let len = K::mem_len(&value) as u64;
            if len > self.cache.limit() / LARGE_SHARE {
                self.latest.keep(key, &value);
            }
            Ok((value, len))
        })
    }

    /// The value of a key, if it is here.
    pub(super) fn get<K: DecodedKey>(&self, key: K) -> Option<Arc<K::Of>> {
        self.latest.get(key).or_else(|| self.cache.get(key))
    }

    /// Whether the value of a key is here or in the making.
    pub(super) fn knows(&self, key: impl DecodedKey) -> bool {
        self.cache.knows(key)
    }

    /// Removes a value that nobody will ask for again.
    pub(super) fn forget(&self, key: impl DecodedKey) {
        self.cache.forget(key);
    }

    /// Bytes that all values may take together.
    pub(super) fn limit(&self) -> u64 {
        self.cache.limit()
    }

    /// Lets values take more bytes together, if they may not already.
    pub(super) fn raise_limit(&self, limit: u64) {
        self.cache.raise_limit(limit);
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> u64 {
        self.cache.held()
    }
}
