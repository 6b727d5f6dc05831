//! Keeps the match indexes of references within a budget of bytes.
//!
//! An index is built when a segment first meets a reference, and takes two to four times as much memory as the packed
//! reference itself. Those that have not been used for long are dropped, and built again when they are wanted: that costs
//! time and changes no result.

use super::index::Index;
use crate::flight::Single;
use crate::lock::lock;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

/// A budget that the indexes of many references share.
#[derive(Debug)]
pub struct IndexCache {
    capacity: AtomicUsize,
    held: Mutex<Indexes>,
}

#[derive(Debug, Default)]
struct Indexes {
    n_bytes: usize,
    /// Indexes in the order in which they were built or last spared.
    queue: VecDeque<(Weak<CachedIndex>, usize)>,
}

/// The place of one index.
#[derive(Debug, Default)]
pub(super) struct CachedIndex {
    index: Single<Arc<Index>>,
    was_used: AtomicBool,
}

impl IndexCache {
    /// A budget of `capacity` bytes. One index is kept whatever its size.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: AtomicUsize::new(capacity),
            held: Mutex::default(),
        }
    }

    /// Another budget from now on.
    pub fn limit(&self, capacity: usize) {
        self.capacity.store(capacity, Ordering::Relaxed);
        self.drop_some(&mut lock(&self.held));
    }

    /// The index of this place. If it is not there one thread builds it, and others that want it wait, without a lock.
    pub(super) fn get(&self, place: &Arc<CachedIndex>, build: impl FnOnce() -> Index) -> Arc<Index> {
        place.was_used.store(true, Ordering::Relaxed);
        let mut n_new_bytes = None;
        let Ok(index) = place.index.get_or_make(|| {
            let index = Arc::new(build());
            n_new_bytes = Some(index.n_bytes());
            Ok::<_, Infallible>(index)
        });
        if let Some(n_bytes) = n_new_bytes {
            self.note(place, n_bytes);
        }
        index
    }

    /// Counts a new index, for which others may have to go.
    fn note(&self, place: &Arc<CachedIndex>, n_bytes: usize) {
        let mut held = lock(&self.held);
        held.n_bytes += n_bytes;
        held.queue.push_back((Arc::downgrade(place), n_bytes));
        self.drop_some(&mut held);
    }

    /// Drops indexes until the budget is kept.
    fn drop_some(&self, held: &mut Indexes) {
        let capacity = self.capacity.load(Ordering::Relaxed);
        // An index used since it was last looked at is spared once; so twice round the queue is enough.
        let mut n_looks = 2 * held.queue.len();
        while held.n_bytes > capacity && held.queue.len() > 1 && n_looks > 0 {
            n_looks -= 1;
            let Some((oldest, n_bytes)) = held.queue.pop_front() else {
                return;
            };
            match oldest.upgrade() {
                Some(place) if place.was_used.swap(false, Ordering::Relaxed) => {
                    held.queue.push_back((oldest, n_bytes));
                }
                Some(place) => {
                    place.index.clear();
                    held.n_bytes -= n_bytes;
                }
                None => held.n_bytes -= n_bytes,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::Sequence;

    fn index() -> Index {
        Index::new(&Sequence::from_codes(&[0, 1, 2, 3].repeat(1000)), 20)
    }

    fn n_kept(places: &[Arc<CachedIndex>]) -> usize {
        places.iter().filter(|place| place.index.is_known()).count()
    }

    #[test]
    fn the_budget_is_kept_and_what_was_dropped_is_built_again() {
        let n_bytes = index().n_bytes();
        let cache = IndexCache::new(3 * n_bytes);
        let places: Vec<Arc<CachedIndex>> = (0..10).map(|_| Arc::default()).collect();
        for place in &places {
            cache.get(place, index);
        }
        assert_eq!(n_kept(&places), 3);
        let mut is_built = false;
        let missing = places.iter().find(|place| !place.index.is_known()).unwrap();
        cache.get(missing, || {
            is_built = true;
            index()
        });
        assert!(is_built);
        cache.get(missing, || unreachable!("it is there now"));
        assert_eq!(n_kept(&places), 3);
    }

    #[test]
    fn a_smaller_budget_is_kept_at_once() {
        let n_bytes = index().n_bytes();
        let cache = IndexCache::new(5 * n_bytes);
        let places: Vec<Arc<CachedIndex>> = (0..5).map(|_| Arc::default()).collect();
        for place in &places {
            cache.get(place, index);
        }
        cache.limit(2 * n_bytes);
        assert_eq!(n_kept(&places), 2);
    }

    #[test]
    fn one_index_is_kept_whatever_its_size() {
        let cache = IndexCache::new(0);
        let places: Vec<Arc<CachedIndex>> = (0..3).map(|_| Arc::default()).collect();
        for place in &places {
            cache.get(place, index);
            assert_eq!(n_kept(&places), 1);
        }
    }

    #[test]
    fn references_that_are_gone_give_their_bytes_back() {
        let n_bytes = index().n_bytes();
        let cache = IndexCache::new(2 * n_bytes);
        for _ in 0..5 {
            cache.get(&Arc::default(), index);
        }
        assert!(lock(&cache.held).n_bytes <= 2 * n_bytes);
    }
}
