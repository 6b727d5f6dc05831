//! What was decoded and may be needed again, within a limit of bytes.
//!
//! ```text
//! key ─hash─▶ shard ─▶ table of its kind ─▶ ready value             one short lock
//!                                       └▶ value in the making     threads that want it wait for one decoding and do not repeat it
//! ```
//!
//! Keys are spread over shards, each with a lock that is held for a look-up. No lock is held while anything is read or decoded: who
//! wants a value in the making waits for news of it, and when making it has failed, tries it next. The
//! limit is one for all shards, and the value that leaves is the least recently used of all: use is stamped by a clock
//! that the shards share. It goes on with each new value and not with each use, so that threads which find all they want
//! do not pass it between their processors.
//!
//! `models/` tries this in many orders of its threads.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::hash_map;
use std::fmt::Debug;
use std::hash::Hash;

use ahash::{AHashMap, RandomState};

use crate::error::Result;
use crate::flight::Flight;
use crate::lock::lock;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Arc, Mutex};

/// What an entry costs beside its value: table, order and what the allocator adds.
const ENTRY_LEN: u64 = 160;
/// More shards than a machine has threads that would meet in one; a power of two.
const N_SHARDS: usize = 32;

/// The tables of a shard: one for each kind of keys.
pub(crate) trait Tables: Default {
    /// A key of any kind.
    type AnyKey: Hash + Ord + Copy + Debug;

    /// When the value of a key was last used, if it is ready.
    fn used(&self, key: Self::AnyKey) -> Option<u64>;

    /// Removes the value of a key, unless it is in the making, and tells the bytes that this frees.
    fn remove(&mut self, key: Self::AnyKey) -> u64;
}

/// A key. Its type tells that of the value, and the table where both are: so no key can meet a value of another kind.
pub(crate) trait CacheKey<T: Tables>: Hash + Eq + Copy + Into<T::AnyKey> {
    type Value: Clone;

    fn table(tables: &T) -> &KeyTable<Self, Self::Value>;
    fn table_mut(tables: &mut T) -> &mut KeyTable<Self, Self::Value>;
}

/// Values of one kind by key, ready or in the making.
#[derive(Debug)]
pub(crate) struct KeyTable<K, V>(AHashMap<K, Entry<V>>);

#[derive(Debug)]
enum Entry<V> {
    InTheMaking(Arc<Flight<V>>),
    Ready { value: V, used: u64, cost: u64 },
}

/// What a look-up finds.
enum LookUp<V> {
    Ready(V),
    /// Nobody makes it yet: that is up to who has asked.
    New(Arc<Flight<V>>),
    InTheMaking(Arc<Flight<V>>),
}

/// Values by key; the least recently used ones leave when the limit is passed.
///
/// The value asked for last stays, even if it alone exceeds the limit.
#[derive(Debug)]
pub(crate) struct Cache<T: Tables> {
    shards: Vec<Mutex<Shard<T>>>,
    hasher: RandomState,
    clock: AtomicU64,
    /// Bytes of all values that are ready.
    held: AtomicU64,
    limit: AtomicU64,
}

#[derive(Debug)]
struct Shard<T: Tables> {
    tables: T,
    /// Ready keys by the time of a use, not always of the last one: see [`Shard::oldest`].
    by_use: BinaryHeap<Reverse<(u64, T::AnyKey)>>,
}

impl<T: Tables> Cache<T> {
    /// An empty cache for values of `limit` bytes in all.
    pub(crate) fn new(limit: u64) -> Self {
        let shard = || {
            Mutex::new(Shard {
                tables: T::default(),
                by_use: BinaryHeap::new(),
            })
        };
        Self {
            shards: (0..N_SHARDS).map(|_| shard()).collect(),
            hasher: RandomState::with_seed(N_SHARDS),
            clock: AtomicU64::new(0),
            held: AtomicU64::new(0),
            limit: AtomicU64::new(limit),
        }
    }

    /// The value of a key, which is made by `load` if it is not here. `load` tells the value's size in bytes as well.
    pub(crate) fn get_or_load<K: CacheKey<T>>(
        &self,
        key: K,
        load: impl FnOnce() -> Result<(K::Value, u64)>,
    ) -> Result<K::Value> {
        let found = K::table_mut(&mut lock(self.shard(key.into())).tables).find(key, self.now());
        let flight = match found {
            LookUp::Ready(value) => return Ok(value),
            LookUp::New(flight) => flight,
            LookUp::InTheMaking(flight) => match flight.wait() {
                Some(value) => return Ok(value),
                None => flight,
            },
        };
        let making = ValueMaking {
            cache: self,
            key,
            flight: Some(flight),
        };
        let (value, len) = load()?;
        making.land(value.clone(), len.saturating_add(ENTRY_LEN));
        Ok(value)
    }

    /// The value of a key, if it is here and nobody has to be waited for.
    pub(crate) fn get<K: CacheKey<T>>(&self, key: K) -> Option<K::Value> {
        K::table_mut(&mut lock(self.shard(key.into())).tables).get(key, self.now())
    }

    /// Whether the value of a key is here or in the making.
    pub(crate) fn knows<K: CacheKey<T>>(&self, key: K) -> bool {
        K::table(&lock(self.shard(key.into())).tables)
            .0
            .contains_key(&key)
    }

    /// Bytes that all values may take together.
    pub(crate) fn limit(&self) -> u64 {
        self.limit.load(Ordering::Relaxed)
    }

    /// Lets values take more bytes together, if they may not already.
    pub(crate) fn raise_limit(&self, limit: u64) {
        self.limit.fetch_max(limit, Ordering::Relaxed);
    }

    /// Removes a value that nobody will ask for again, unless it is in the making.
    pub(crate) fn forget<K: CacheKey<T>>(&self, key: K) {
        let key = key.into();
        let freed = lock(self.shard(key)).tables.remove(key);
        self.held.fetch_sub(freed, Ordering::Relaxed);
    }

    /// Makes a value ready for others, if the key is still waiting for this flight, and makes room for it.
    fn keep<K: CacheKey<T>>(&self, key: K, flight: &Arc<Flight<K::Value>>, value: K::Value, cost: u64) {
        let now = self.clock.fetch_add(1, Ordering::Relaxed);
        if lock(self.shard(key.into())).land(key, flight, value, cost, now) {
            self.held.fetch_add(cost, Ordering::Relaxed);
            while self.held.load(Ordering::Relaxed) > self.limit() && self.remove_oldest(key.into()) {}
        }
    }

    /// Removes the value that was not used for longest, unless it is that of `kept`; tells whether there was one.
    fn remove_oldest(&self, kept: T::AnyKey) -> bool {
        let oldest = self.shards.iter().filter_map(|shard| lock(shard).oldest()).min();
        match oldest {
            Some((used, key)) if key != kept => {
                // Another thread may have used or removed it meanwhile: then it stays, and the caller asks again.
                let freed = lock(self.shard(key)).remove(key, used);
                self.held.fetch_sub(freed, Ordering::Relaxed);
                true
            }
            _ => false,
        }
    }

    fn shard(&self, key: T::AnyKey) -> &Mutex<Shard<T>> {
        // The shard's own tables use the low bits of their own hash; this is another one.
        &self.shards[self.hasher.hash_one(key) as usize % N_SHARDS]
    }

    fn now(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(crate) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }
}

impl<T: Tables> Shard<T> {
    fn land<K: CacheKey<T>>(
        &mut self,
        key: K,
        flight: &Arc<Flight<K::Value>>,
        value: K::Value,
        cost: u64,
        used: u64,
    ) -> bool {
        let has_landed = K::table_mut(&mut self.tables).land(key, flight, Entry::Ready { value, used, cost });
        if has_landed {
            self.by_use.push(Reverse((used, key.into())));
        }
        has_landed
    }

    /// The ready key that was not used for longest, and when it was used.
    ///
    /// A use does not touch the heap, so that it costs no more than a look-up; what comes out of the heap with an
    /// outdated stamp goes back with the right one.
    fn oldest(&mut self) -> Option<(u64, T::AnyKey)> {
        while let Some(Reverse((stamp, key))) = self.by_use.peek().copied() {
            match self.tables.used(key) {
                Some(used) if used == stamp => return Some((stamp, key)),
                Some(used) => {
                    self.by_use.pop();
                    self.by_use.push(Reverse((used, key)));
                }
                None => {
                    self.by_use.pop();
                }
            }
        }
        None
    }

    /// Removes a key that was last used at that time, and tells the bytes that this frees.
    fn remove(&mut self, key: T::AnyKey, last_used: u64) -> u64 {
        match self.tables.used(key) == Some(last_used) {
            true => self.tables.remove(key),
            false => 0,
        }
    }
}

impl<K, V> Default for KeyTable<K, V> {
    fn default() -> Self {
        Self(AHashMap::default())
    }
}

impl<K: Hash + Eq + Copy, V: Clone> KeyTable<K, V> {
    /// The value, marked as used now, if it is ready.
    fn get(&mut self, key: K, now: u64) -> Option<V> {
        match self.0.get_mut(&key)? {
            Entry::Ready { value, used, .. } => {
                *used = now;
                Some(value.clone())
            }
            Entry::InTheMaking(_) => None,
        }
    }

    /// The value, marked as used now, or the flight that will bring it.
    fn find(&mut self, key: K, now: u64) -> LookUp<V> {
        match self.0.entry(key) {
            hash_map::Entry::Occupied(entry) => match entry.into_mut() {
                Entry::Ready { value, used, .. } => {
                    *used = now;
                    LookUp::Ready(value.clone())
                }
                Entry::InTheMaking(flight) => LookUp::InTheMaking(Arc::clone(flight)),
            },
            hash_map::Entry::Vacant(place) => {
                let flight = Arc::new(Flight::default());
                place.insert(Entry::InTheMaking(Arc::clone(&flight)));
                LookUp::New(flight)
            }
        }
    }

    fn land(&mut self, key: K, flight: &Arc<Flight<V>>, ready: Entry<V>) -> bool {
        match self.0.get_mut(&key).filter(|entry| entry.is(flight)) {
            Some(entry) => {
                *entry = ready;
                true
            }
            None => false,
        }
    }

    /// Leaves a flight that has failed to those who still want it. The last one takes it away.
    fn give_up(&mut self, key: K, flight: Arc<Flight<V>>) {
        let mine = self.0.get(&key).is_some_and(|entry| entry.is(&flight));
        // One is that of the entry, and others come only out of it, under the lock that is held here.
        if mine && Arc::strong_count(&flight) == 2 {
            self.0.remove(&key);
        }
    }

    /// The value, if it is ready.
    pub(crate) fn ready(&self, key: K) -> Option<V> {
        match self.0.get(&key)? {
            Entry::Ready { value, .. } => Some(value.clone()),
            Entry::InTheMaking(_) => None,
        }
    }

    /// Holds this value and no other.
    pub(crate) fn hold_only(&mut self, key: K, value: V) {
        self.0.clear();
        let (used, cost) = (0, 0);
        self.0.insert(key, Entry::Ready { value, used, cost });
    }

    /// See [`Tables::used`].
    pub(crate) fn used(&self, key: K) -> Option<u64> {
        match self.0.get(&key)? {
            Entry::Ready { used, .. } => Some(*used),
            Entry::InTheMaking(_) => None,
        }
    }

    /// See [`Tables::remove`].
    pub(crate) fn remove(&mut self, key: K) -> u64 {
        match self.0.get(&key) {
            Some(Entry::Ready { cost, .. }) => {
                let cost = *cost;
                self.0.remove(&key);
                cost
            }
            _ => 0,
        }
    }
}

/// One table is enough where keys are of one kind.
impl<K: Hash + Ord + Copy + Debug, V: Clone> Tables for KeyTable<K, V> {
    type AnyKey = K;

    fn used(&self, key: K) -> Option<u64> {
        Self::used(self, key)
    }

    fn remove(&mut self, key: K) -> u64 {
        Self::remove(self, key)
    }
}

impl<K: Hash + Ord + Copy + Debug, V: Clone> CacheKey<KeyTable<K, V>> for K {
    type Value = V;

    fn table(tables: &KeyTable<K, V>) -> &KeyTable<K, V> {
        tables
    }

    fn table_mut(tables: &mut KeyTable<K, V>) -> &mut KeyTable<K, V> {
        tables
    }
}

impl<V> Entry<V> {
    fn is(&self, flight: &Arc<Flight<V>>) -> bool {
        matches!(self, Self::InTheMaking(mine) if Arc::ptr_eq(mine, flight))
    }
}

/// The making of a value. Dropped without one, by an error or a panic, it is up to the next who wants it.
struct ValueMaking<'a, T: Tables, K: CacheKey<T>> {
    cache: &'a Cache<T>,
    key: K,
    /// Gone when it has landed.
    flight: Option<Arc<Flight<K::Value>>>,
}

impl<T: Tables, K: CacheKey<T>> ValueMaking<'_, T, K> {
    fn land(mut self, value: K::Value, cost: u64) {
        if let Some(flight) = self.flight.take() {
            flight.end(Some(value.clone()));
            self.cache.keep(self.key, &flight, value, cost);
        }
    }
}

impl<T: Tables, K: CacheKey<T>> Drop for ValueMaking<'_, T, K> {
    fn drop(&mut self) {
        if let Some(flight) = self.flight.take() {
            flight.end(None);
            let mut shard = lock(self.cache.shard(self.key.into()));
            K::table_mut(&mut shard.tables).give_up(self.key, flight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use crate::error::Error;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::AtomicUsize;

    fn of_one_kind<V: Clone>(limit: u64) -> Cache<KeyTable<u32, V>> {
        Cache::new(limit)
    }

    #[test]
    fn the_least_recently_used_leaves_first() {
        let cache = of_one_kind(2 * (ENTRY_LEN + 10));
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
        let cache = of_one_kind(10);
        cache.get_or_load(1, || Ok(((), 1000))).unwrap();
        cache.get_or_load(1, || unreachable!("kept")).unwrap();
        assert!(cache.get_or_load(2, || Err(Error::corrupt("x"))).is_err());
        cache.get_or_load(2, || Ok(((), 5))).unwrap();
        assert_eq!(cache.held(), ENTRY_LEN + 5);
    }

    #[test]
    fn many_keys_stay_within_the_limit_and_a_used_one_stays() {
        let cache = of_one_kind(50 * (ENTRY_LEN + 10));
        cache.get_or_load(0, || Ok(((), 10))).unwrap();
        for key in 1..2000 {
            cache.get_or_load(key, || Ok(((), 10))).unwrap();
            cache
                .get_or_load(0, || unreachable!("used all the time"))
                .unwrap();
        }
        assert_eq!(cache.held(), 50 * (ENTRY_LEN + 10));
    }

    #[test]
    fn what_is_forgotten_is_loaded_again() {
        let cache = of_one_kind(1000);
        cache.get_or_load(1, || Ok((1, 10))).unwrap();
        cache.get_or_load(2, || Ok((2, 10))).unwrap();
        cache.forget(1);
        cache.forget(3);
        assert_eq!(cache.held(), ENTRY_LEN + 10);
        assert_eq!(cache.get_or_load(1, || Ok((5, 10))).unwrap(), 5);
        cache.get_or_load(2, || unreachable!("kept")).unwrap();
    }

    #[test]
    fn a_panic_is_not_kept_and_the_next_one_loads() {
        let cache = of_one_kind(1000);
        let panics = || cache.get_or_load(1, || -> Result<((), u64)> { panic!("made for a test") });
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        assert!(!cache.knows(1));
        cache.get_or_load(1, || Ok(((), 5))).unwrap();
        cache.get_or_load(1, || unreachable!("kept")).unwrap();
    }

    #[test]
    fn threads_share_one_loading() {
        in_time("all threads have it", || {
            let cache = of_one_kind(1000);
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
        });
    }
}
