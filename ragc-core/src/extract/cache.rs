//! What was decoded and may be needed again, within a limit of bytes.
//!
//! ```text
//! key ─hash─▶ shard ─▶ ready value             one short lock
//!                   └▶ value in the making     threads that want it wait for one decoding and do not repeat it
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
use std::collections::hash_map::Entry;
use std::hash::Hash;

use ahash::{AHashMap, RandomState};

use crate::error::Result;
use crate::lock::lock;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Arc, Condvar, Mutex, PoisonError};

/// What an entry costs beside its value: table, order and what the allocator adds.
const ENTRY_LEN: u64 = 160;
/// More shards than a machine has threads that would meet in one; a power of two.
const N_SHARDS: usize = 32;

/// Values by key; the least recently used ones leave when the limit is passed.
///
/// The value asked for last stays, even if it alone exceeds the limit.
#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    shards: Vec<Mutex<Shard<K, V>>>,
    hasher: RandomState,
    clock: AtomicU64,
    /// Bytes of all values that are ready.
    held: AtomicU64,
    limit: u64,
}

#[derive(Debug)]
struct Shard<K, V> {
    entries: AHashMap<K, Slot<V>>,
    /// Ready keys by the time of a use, not always of the last one: see [`Shard::oldest`].
    by_use: BinaryHeap<Reverse<(u64, K)>>,
}

#[derive(Debug)]
enum Slot<V> {
    Loading(Arc<Flight<V>>),
    Ready { value: V, used: u64, cost: u64 },
}

/// A value in the making, shared by those who want it.
#[derive(Debug)]
struct Flight<V> {
    state: Mutex<State<V>>,
    /// It has landed, or failed.
    has_news: Condvar,
}

#[derive(Debug)]
struct State<V> {
    /// Somebody makes it. Nobody does when that has failed, until the next one begins.
    is_loading: bool,
    /// Nobody has to be woken where nobody waits: that is a call to the system.
    n_waiting: usize,
    landed: Option<V>,
}

/// What a look-up finds.
enum Found<V> {
    Ready(V),
    /// Nobody makes it yet: that is up to who has asked.
    New(Arc<Flight<V>>),
    InTheMaking(Arc<Flight<V>>),
}

impl<K: Hash + Ord + Copy, V: Clone> Cache<K, V> {
    /// An empty cache for values of `limit` bytes in all.
    pub(crate) fn new(limit: u64) -> Self {
        let shard = || {
            Mutex::new(Shard {
                entries: AHashMap::new(),
                by_use: BinaryHeap::new(),
            })
        };
        Self {
            shards: (0..N_SHARDS).map(|_| shard()).collect(),
            hasher: RandomState::with_seed(N_SHARDS),
            clock: AtomicU64::new(0),
            held: AtomicU64::new(0),
            limit,
        }
    }

    /// The value of a key, which is made by `load` if it is not here. `load` tells the value's size in bytes as well.
    pub(crate) fn get_or_load(&self, key: K, load: impl FnOnce() -> Result<(V, u64)>) -> Result<V> {
        let found = lock(self.shard(&key)).find(key, self.now());
        let flight = match found {
            Found::Ready(value) => return Ok(value),
            Found::New(flight) => flight,
            Found::InTheMaking(flight) => match flight.wait() {
                Some(value) => return Ok(value),
                None => flight,
            },
        };
        let making = Making {
            cache: self,
            key,
            flight: Some(flight),
        };
        let (value, len) = load()?;
        making.land(value.clone(), len.saturating_add(ENTRY_LEN));
        Ok(value)
    }

    /// The value of a key, if it is here and nobody has to be waited for.
    pub(crate) fn get(&self, key: K) -> Option<V> {
        lock(self.shard(&key)).get(key, self.now())
    }

    /// Whether the value of a key is here or in the making.
    pub(crate) fn knows(&self, key: K) -> bool {
        lock(self.shard(&key)).entries.contains_key(&key)
    }

    /// Bytes that all values may take together.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// Lets values take more bytes together, if they may not already.
    pub(crate) fn raise_limit(&mut self, limit: u64) {
        self.limit = self.limit.max(limit);
    }

    /// Removes a value that nobody will ask for again.
    pub(crate) fn forget(&self, key: K) {
        let freed = lock(self.shard(&key)).forget(key);
        self.held.fetch_sub(freed, Ordering::Relaxed);
    }

    /// Makes a value ready for others, if the key is still waiting for this flight, and makes room for it.
    fn keep(&self, key: K, flight: &Arc<Flight<V>>, value: V, cost: u64) {
        let now = self.clock.fetch_add(1, Ordering::Relaxed);
        if lock(self.shard(&key)).land(key, flight, value, cost, now) {
            self.held.fetch_add(cost, Ordering::Relaxed);
            while self.held.load(Ordering::Relaxed) > self.limit && self.remove_oldest(key) {}
        }
    }

    /// Removes the value that was not used for longest, unless it is that of `kept`; tells whether there was one.
    fn remove_oldest(&self, kept: K) -> bool {
        let oldest = self.shards.iter().filter_map(|shard| lock(shard).oldest()).min();
        match oldest {
            Some((used, key)) if key != kept => {
                // Another thread may have used or removed it meanwhile: then it stays, and the caller asks again.
                let freed = lock(self.shard(&key)).remove(key, used);
                self.held.fetch_sub(freed, Ordering::Relaxed);
                true
            }
            _ => false,
        }
    }

    fn shard(&self, key: &K) -> &Mutex<Shard<K, V>> {
        // The shard's own table uses the low bits of its own hash; this is another one.
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

impl<K: Hash + Ord + Copy, V: Clone> Shard<K, V> {
    /// The value, marked as used now, if it is ready.
    fn get(&mut self, key: K, now: u64) -> Option<V> {
        match self.entries.get_mut(&key)? {
            Slot::Ready { value, used, .. } => {
                *used = now;
                Some(value.clone())
            }
            Slot::Loading(_) => None,
        }
    }

    /// The value, marked as used now, or the flight that will bring it.
    fn find(&mut self, key: K, now: u64) -> Found<V> {
        match self.entries.entry(key) {
            Entry::Occupied(entry) => match entry.into_mut() {
                Slot::Ready { value, used, .. } => {
                    *used = now;
                    Found::Ready(value.clone())
                }
                Slot::Loading(flight) => Found::InTheMaking(Arc::clone(flight)),
            },
            Entry::Vacant(place) => {
                let flight = Arc::new(Flight::default());
                place.insert(Slot::Loading(Arc::clone(&flight)));
                Found::New(flight)
            }
        }
    }

    fn land(&mut self, key: K, flight: &Arc<Flight<V>>, value: V, cost: u64, used: u64) -> bool {
        let Some(slot) = self.entries.get_mut(&key).filter(|slot| slot.is(flight)) else {
            return false;
        };
        *slot = Slot::Ready { value, used, cost };
        self.by_use.push(Reverse((used, key)));
        true
    }

    /// Leaves a flight that has failed to those who still want it. The last one takes it away.
    fn give_up(&mut self, key: K, flight: Arc<Flight<V>>) {
        let mine = self.entries.get(&key).is_some_and(|slot| slot.is(&flight));
        // One is that of the slot, and others come only out of it, under the lock that is held here.
        if mine && Arc::strong_count(&flight) == 2 {
            self.entries.remove(&key);
        }
    }

    /// The ready key that was not used for longest, and when it was used.
    ///
    /// A use does not touch the heap, so that it costs no more than a look-up; what comes out of the heap with an
    /// outdated stamp goes back with the right one.
    fn oldest(&mut self) -> Option<(u64, K)> {
        while let Some(Reverse((stamp, key))) = self.by_use.peek().copied() {
            match self.entries.get(&key) {
                Some(Slot::Ready { used, .. }) if *used == stamp => return Some((stamp, key)),
                Some(Slot::Ready { used, .. }) => {
                    let used = *used;
                    self.by_use.pop();
                    self.by_use.push(Reverse((used, key)));
                }
                _ => {
                    self.by_use.pop();
                }
            }
        }
        None
    }

    /// Removes a key, unless its value is in the making, and tells the bytes that this frees.
    fn forget(&mut self, key: K) -> u64 {
        match self.entries.get(&key) {
            Some(Slot::Ready { cost, .. }) => {
                let cost = *cost;
                self.entries.remove(&key);
                cost
            }
            _ => 0,
        }
    }

    /// Removes a key that was last used at that time, and tells the bytes that this frees.
    fn remove(&mut self, key: K, last_used: u64) -> u64 {
        match self.entries.get(&key) {
            Some(Slot::Ready { used, cost, .. }) if *used == last_used => {
                let cost = *cost;
                self.entries.remove(&key);
                cost
            }
            _ => 0,
        }
    }
}

impl<V> Slot<V> {
    fn is(&self, flight: &Arc<Flight<V>>) -> bool {
        matches!(self, Self::Loading(mine) if Arc::ptr_eq(mine, flight))
    }
}

impl<V> Default for Flight<V> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                is_loading: true,
                n_waiting: 0,
                landed: None,
            }),
            has_news: Condvar::new(),
        }
    }
}

impl<V: Clone> Flight<V> {
    /// Waits for the value. `None` when making it has failed and it is up to the caller to try.
    fn wait(&self) -> Option<V> {
        let mut state = lock(&self.state);
        state.n_waiting += 1;
        let in_the_making = |state: &mut State<V>| state.is_loading;
        let waited = self.has_news.wait_while(state, in_the_making);
        state = waited.unwrap_or_else(PoisonError::into_inner);
        state.n_waiting -= 1;
        state.is_loading = state.landed.is_none();
        state.landed.clone()
    }

    /// The value is there, or making it has failed: then one who waits is the next.
    fn end(&self, landed: Option<V>) {
        let mut state = lock(&self.state);
        state.is_loading = false;
        state.landed = landed;
        if state.n_waiting > 0 {
            drop(state);
            self.has_news.notify_all();
        }
    }
}

/// The making of a value. Dropped without one, by an error or a panic, it is up to the next who wants it.
struct Making<'a, K: Hash + Ord + Copy, V: Clone> {
    cache: &'a Cache<K, V>,
    key: K,
    /// Gone when it has landed.
    flight: Option<Arc<Flight<V>>>,
}

impl<K: Hash + Ord + Copy, V: Clone> Making<'_, K, V> {
    fn land(mut self, value: V, cost: u64) {
        if let Some(flight) = self.flight.take() {
            flight.end(Some(value.clone()));
            self.cache.keep(self.key, &flight, value, cost);
        }
    }
}

impl<K: Hash + Ord + Copy, V: Clone> Drop for Making<'_, K, V> {
    fn drop(&mut self) {
        if let Some(flight) = self.flight.take() {
            flight.end(None);
            lock(self.cache.shard(&self.key)).give_up(self.key, flight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::AtomicUsize;

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
    fn many_keys_stay_within_the_limit_and_a_used_one_stays() {
        let cache = Cache::new(50 * (ENTRY_LEN + 10));
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
        let cache = Cache::new(1000);
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
        let cache = Cache::new(1000);
        let panics = || cache.get_or_load(1, || -> Result<((), u64)> { panic!("made for a test") });
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        assert!(lock(cache.shard(&1)).entries.is_empty());
        cache.get_or_load(1, || Ok(((), 5))).unwrap();
        cache.get_or_load(1, || unreachable!("kept")).unwrap();
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
