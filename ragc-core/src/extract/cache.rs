//! What was decoded and may be needed again, within a limit of bytes.
//!
//! Two locks, both held briefly: one for the table, never while anything is decoded, and one per entry, held while
//! that entry is decoded, so that threads that want the same pack wait for one decoding and do not repeat it.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ahash::AHashMap;

use crate::error::Result;

/// What an entry costs beside its value: table, order and cell.
const ENTRY_LEN: u64 = 160;

/// Values by key; the least recently used ones leave when the limit is passed.
///
/// The value asked for last stays, even if it alone exceeds the limit.
#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    table: Mutex<Table<K, V>>,
    limit: u64,
}

type Cell<V> = Arc<Mutex<Option<V>>>;

#[derive(Debug)]
struct Table<K, V> {
    entries: AHashMap<K, Entry<V>>,
    /// Keys by time of last use.
    by_use: BTreeMap<u64, K>,
    now: u64,
    /// Bytes of all entries.
    held: u64,
}

#[derive(Debug)]
struct Entry<V> {
    cell: Cell<V>,
    used: u64,
    cost: u64,
}

impl<K: Hash + Eq + Copy, V: Clone> Cache<K, V> {
    /// An empty cache for values of `limit` bytes in all.
    pub(crate) fn new(limit: u64) -> Self {
        let table = Table {
            entries: AHashMap::new(),
            by_use: BTreeMap::new(),
            now: 0,
            held: 0,
        };
        Self {
            table: Mutex::new(table),
            limit,
        }
    }

    /// The value of a key, which is made by `load` if it is not here. `load` tells the value's size in bytes as well.
    pub(crate) fn get_or_load(&self, key: K, load: impl FnOnce() -> Result<(V, u64)>) -> Result<V> {
        let cell = lock(&self.table).touch(key);
        let mut value = lock(&cell);
        if let Some(value) = &*value {
            return Ok(value.clone());
        }
        let loaded = load();
        if let Ok((loaded, _)) = &loaded {
            *value = Some(loaded.clone());
        }
        drop(value);
        let mut table = lock(&self.table);
        match loaded {
            Ok((loaded, len)) => {
                table.charge(key, &cell, len.saturating_add(ENTRY_LEN));
                table.shrink(self.limit, key);
                Ok(loaded)
            }
            Err(error) => {
                table.remove_if(key, &cell);
                Err(error)
            }
        }
    }

    #[cfg(test)]
    fn held(&self) -> u64 {
        lock(&self.table).held
    }
}

impl<K: Hash + Eq + Copy, V> Table<K, V> {
    /// The cell of a key, marked as used now.
    fn touch(&mut self, key: K) -> Cell<V> {
        self.now += 1;
        let entry = self.entries.entry(key).or_insert_with(|| Entry {
            cell: Cell::default(),
            used: 0,
            cost: 0,
        });
        self.by_use.remove(&entry.used);
        self.by_use.insert(self.now, key);
        entry.used = self.now;
        Arc::clone(&entry.cell)
    }

    /// Counts the value of a cell, if the cell is still the key's.
    fn charge(&mut self, key: K, cell: &Cell<V>, cost: u64) {
        if let Some(entry) = self
            .entries
            .get_mut(&key)
            .filter(|entry| Arc::ptr_eq(&entry.cell, cell))
        {
            self.held = self.held - entry.cost + cost;
            entry.cost = cost;
        }
    }

    fn remove_if(&mut self, key: K, cell: &Cell<V>) {
        if self
            .entries
            .get(&key)
            .is_some_and(|entry| Arc::ptr_eq(&entry.cell, cell))
        {
            self.remove(key);
        }
    }

    fn remove(&mut self, key: K) {
        if let Some(entry) = self.entries.remove(&key) {
            self.by_use.remove(&entry.used);
            self.held -= entry.cost;
        }
    }

    /// Removes what was not used for longest until `limit` is kept, but not `keep`.
    fn shrink(&mut self, limit: u64, keep: K) {
        while self.held > limit {
            let oldest = self.by_use.values().copied().find(|key| *key != keep);
            match oldest {
                Some(key) => self.remove(key),
                None => break,
            }
        }
    }
}

/// A lock whose holder panicked is still good here: every change under it is complete or harmless.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn the_least_recently_used_leaves_first() {
        let cache = Cache::new(2 * (ENTRY_LEN + 10));
        let loads = AtomicUsize::new(0);
        let get = |key: u32| {
            let load = || {
                loads.fetch_add(1, Ordering::Relaxed);
                Ok((key, 10))
            };
            assert_eq!(cache.get_or_load(key, load).unwrap(), key);
            loads.load(Ordering::Relaxed)
        };
        assert_eq!([get(1), get(2), get(1), get(3)], [1, 2, 2, 3]);
        assert_eq!([get(1), get(3), get(2)], [3, 3, 4]);
        assert_eq!(cache.held(), 2 * (ENTRY_LEN + 10));
    }

    #[test]
    fn an_oversize_value_stays_until_the_next_and_an_error_is_not_kept() {
        let cache = Cache::new(10);
        cache.get_or_load(1, || Ok(((), 1000))).unwrap();
        cache.get_or_load(1, || unreachable!("kept")).unwrap();
        assert!(cache.get_or_load(2, || Err(Error::corrupt("x"))).is_err());
        cache.get_or_load(2, || Ok(((), 5))).unwrap();
        assert_eq!(cache.held(), ENTRY_LEN + 5);
    }

    #[test]
    fn threads_share_one_loading() {
        let cache = Cache::new(1000);
        let loads = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let load = || {
                        loads.fetch_add(1, Ordering::Relaxed);
                        std::thread::yield_now();
                        Ok((7, 1))
                    };
                    assert_eq!(cache.get_or_load(0, load).unwrap(), 7);
                });
            }
        });
        assert_eq!(loads.into_inner(), 1);
    }
}
