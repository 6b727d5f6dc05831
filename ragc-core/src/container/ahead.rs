//! Bytes of parts that were read before they are asked for.
//!
//! The end of the file, which was read to find the footer, stays: small streams lie there. Parts that a query has asked for
//! together wait here until each is read, and are gone with that. What a source has begun to read and is not here yet is known
//! as well: whoever asks for it waits for it.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use ahash::AHashMap;
use bytes::Bytes;

use crate::container::neighbours::Neighbours;
use crate::lock::lock;
use crate::read_at::PendingRange;

/// More bytes do not wait beside those that came last: those that came first leave, and are read once more if somebody wants them after
/// all. Whoever fetches takes what it has fetched, so this is for what two threads have fetched at once, and for what failed.
const MAX_WAITING: u64 = 8 << 20;

/// Parts that are gone and still in the list of those that came.
const MAX_GONE: usize = 64;

/// What was read and not asked for yet.
#[derive(Debug)]
pub(super) struct Ahead {
    /// Where the end of the data area begins in the file.
    end_start: u64,
    end: Bytes,
    waiting: Mutex<Waiting>,
    /// Parts that are on their way, by offset in the file.
    coming: Mutex<AHashMap<u64, Arc<Coming>>>,
    /// Bytes that wait beside those that came last, at most.
    most: u64,
}

/// Parts that a source has begun to read together.
struct Coming {
    parts: Neighbours,
    /// Gone when somebody waits for it, or has done so.
    pending: Mutex<Option<PendingRange>>,
}

impl std::fmt::Debug for Coming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Coming").field(&self.parts).finish()
    }
}

#[derive(Debug, Default)]
struct Waiting {
    /// By offset in the file.
    parts: AHashMap<u64, Bytes>,
    /// Oldest first; some may be gone.
    order: VecDeque<u64>,
    len: u64,
}

impl Ahead {
    /// Nothing but the end of the data area. So many bytes will be on their way at once.
    pub(super) fn new((end_start, end): (u64, Bytes), lookahead: u64) -> Self {
        Self {
            end_start,
            end,
            waiting: Mutex::default(),
            coming: Mutex::default(),
            most: MAX_WAITING.max(lookahead.saturating_mul(2)),
        }
    }

    /// Takes the bytes at this offset, at least `len` of them.
    pub(super) fn take(&self, offset: u64, len: u64) -> Option<Bytes> {
        match self.in_end(offset) {
            Some(start) => Some(self.end.slice(start..)),
            None => {
                self.wait_for(offset);
                lock(&self.waiting).take(offset, len)
            }
        }
    }

    /// The bytes at this offset, if they are here; they stay.
    pub(super) fn look(&self, offset: u64) -> Option<Bytes> {
        match self.in_end(offset) {
            Some(start) => Some(self.end.slice(start..)),
            None => {
                self.wait_for(offset);
                lock(&self.waiting).parts.get(&offset).cloned()
            }
        }
    }

    /// The end of the data area, if bytes from this offset on reach into it, and where it begins in the file.
    pub(super) fn end_behind(&self, offset: u64, len: u64) -> Option<(u64, &Bytes)> {
        (offset.saturating_add(len) > self.end_start).then_some((self.end_start, &self.end))
    }

    /// Whether the bytes at this offset are here, or on their way.
    pub(super) fn has(&self, offset: u64) -> bool {
        self.in_end(offset).is_some()
            || lock(&self.waiting).parts.contains_key(&offset)
            || lock(&self.coming).contains_key(&offset)
    }

    /// Knows parts that are on their way.
    pub(super) fn expect(&self, parts: Neighbours, pending: PendingRange) {
        let coming = Arc::new(Coming {
            parts,
            pending: Mutex::new(Some(pending)),
        });
        let places = coming.parts.places.iter();
        let known = places.map(|place| (place.start, Arc::clone(&coming)));
        lock(&self.coming).extend(known);
    }

    /// Waits for the part at this offset if it is on its way, and for those that come with it. If they do not come after all, whoever
    /// wants them reads them, and is told why.
    fn wait_for(&self, offset: u64) {
        let found = lock(&self.coming).get(&offset).cloned();
        let Some(coming) = found else {
            return;
        };
        // Others that want a part of these wait here meanwhile.
        let mut pending = lock(&coming.pending);
        let Some(wait) = pending.take() else {
            return;
        };
        if let Ok(read) = wait() {
            self.keep_read([(&coming.parts, &read)].into_iter());
        }
        let mut known = lock(&self.coming);
        for place in &coming.parts.places {
            known.remove(&place.start);
        }
    }

    /// Keeps bytes until they are taken.
    pub(super) fn keep(&self, parts: impl Iterator<Item = (u64, Bytes)>) {
        let mut waiting = lock(&self.waiting);
        let n_older = waiting.order.len();
        parts.for_each(|(offset, bytes)| waiting.keep(offset, bytes));
        waiting.make_room(n_older, self.most);
    }

    /// Leaves out of what is read for parts in front of the end of the data area what is of that.
    pub(super) fn leave_end_out(&self, missing: &mut [Neighbours]) {
        for neighbours in missing {
            neighbours.range.end = neighbours.range.end.min(self.end_start);
        }
    }

    /// Keeps parts out of what was read for them.
    pub(super) fn keep_read<'a>(&self, read: impl Iterator<Item = (&'a Neighbours, &'a Bytes)>) {
        let parts = read.flat_map(|(neighbours, bytes)| {
            let starts = neighbours.places.iter();
            starts
                .filter_map(|place| Some((place.start, self.part_of(place, neighbours.range.start, bytes)?)))
        });
        self.keep(parts);
    }

    /// The bytes of a place out of those from `start` on. What is missing is of the end.
    fn part_of(&self, place: &Range<u64>, start: u64, bytes: &Bytes) -> Option<Bytes> {
        let end = (place.end - start) as usize;
        let start = (place.start - start) as usize;
        let Some(missing) = end.checked_sub(bytes.len()).filter(|&n| n > 0) else {
            return Some(bytes.slice(start..end));
        };
        let rest = self.end.get(..missing)?;
        Some([bytes.get(start..)?, rest].concat().into())
    }

    fn in_end(&self, offset: u64) -> Option<usize> {
        usize::try_from(offset.checked_sub(self.end_start)?).ok()
    }
}

impl Waiting {
    fn take(&mut self, offset: u64, len: u64) -> Option<Bytes> {
        if self.parts.is_empty() {
            return None;
        }
        let bytes = self.parts.remove(&offset)?;
        self.len -= bytes.len() as u64;
        if self.parts.is_empty() {
            self.order.clear();
        }
        (bytes.len() as u64 >= len).then_some(bytes)
    }

    fn keep(&mut self, offset: u64, bytes: Bytes) {
        // One part that nobody takes must not let the list of those that were grow.
        if self.order.len() > 2 * self.parts.len() + MAX_GONE {
            self.order.retain(|offset| self.parts.contains_key(offset));
        }
        self.len += bytes.len() as u64;
        match self.parts.insert(offset, bytes) {
            Some(old) => self.len -= old.len() as u64,
            None => self.order.push_back(offset),
        }
    }

    /// Lets some of the `n_older` that came first go.
    fn make_room(&mut self, n_older: usize, most: u64) {
        for _ in 0..n_older {
            if self.len <= most {
                return;
            }
            let oldest = self
                .order
                .pop_front()
                .and_then(|oldest| self.parts.remove(&oldest));
            self.len -= oldest.map_or(0, |old| old.len() as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_last_waits_whatever_it_takes_and_older_parts_leave() {
        let ahead = Ahead::new((1 << 40, Bytes::new()), 0);
        let part = |len: u64| Bytes::from(vec![7; len as usize]);
        let large = MAX_WAITING + 5;
        ahead.keep([(0, part(3)), (10, part(large))].into_iter());
        assert!(ahead.has(0) && ahead.has(10));
        ahead.keep([(large * 2, part(4))].into_iter());
        assert!(!ahead.has(0) && !ahead.has(10));
        assert_eq!(ahead.take(large * 2, 4).unwrap(), part(4));
        assert!(!ahead.has(large * 2));
        assert_eq!(lock(&ahead.waiting).len, 0);
        // One that nobody takes, and many others.
        ahead.keep([(1, part(1))].into_iter());
        for offset in 10..1000 {
            ahead.keep([(offset, part(2))].into_iter());
            ahead.take(offset, 2).unwrap();
        }
        assert!(lock(&ahead.waiting).order.len() < 100);
        ahead.take(1, 1).unwrap();
        assert_eq!(lock(&ahead.waiting).len, 0);
        // One that comes, and one that does not.
        let pending: [PendingRange; 2] = [
            Box::new(|| Ok(Bytes::from_static(b"01234567"))),
            Box::new(|| Err(std::io::ErrorKind::TimedOut.into())),
        ];
        for (start, pending) in [100, 200].into_iter().zip(pending) {
            let mut parts = Neighbours::new(start..start + 2);
            parts.add(start + 5..start + 8);
            ahead.expect(parts, pending);
        }
        assert!(ahead.has(105) && ahead.has(205) && !ahead.has(107));
        assert_eq!(ahead.take(105, 3).unwrap(), "567");
        assert!(ahead.has(100) && !ahead.has(105));
        assert_eq!(ahead.take(100, 2).unwrap(), "01");
        assert!(ahead.take(200, 2).is_none());
        assert!(!ahead.has(205));
        // Shorter than what is wanted: it is not what was fetched.
        ahead.keep([(0, part(3))].into_iter());
        assert!(ahead.take(0, 4).is_none());
    }
}
