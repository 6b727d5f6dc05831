//! Bytes of parts that were read before they are asked for.
//!
//! The end of the file, which was read to find the footer, stays: small streams lie there. Parts that a query has asked for
//! together wait here until each is read, and are gone with that.

use std::collections::VecDeque;
use std::sync::Mutex;

use ahash::AHashMap;
use bytes::Bytes;

use crate::lock::lock;

/// More bytes do not wait: those that came first leave, and are read once more if somebody wants them after all.
const MAX_WAITING: u64 = 32 << 20;

/// What was read and not asked for yet.
#[derive(Debug)]
pub(super) struct Ahead {
    /// Where the end of the data area begins in the file.
    end_start: u64,
    end: Bytes,
    waiting: Mutex<Waiting>,
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
    /// Nothing but the end of the data area.
    pub(super) fn new((end_start, end): (u64, Bytes)) -> Self {
        Self {
            end_start,
            end,
            waiting: Mutex::default(),
        }
    }

    /// Takes the bytes at this offset, at least `len` of them.
    pub(super) fn take(&self, offset: u64, len: u64) -> Option<Bytes> {
        match self.in_end(offset) {
            Some(start) => Some(self.end.slice(start..)),
            None => lock(&self.waiting).take(offset, len),
        }
    }

    /// The bytes at this offset, if they are here; they stay.
    pub(super) fn look(&self, offset: u64) -> Option<Bytes> {
        match self.in_end(offset) {
            Some(start) => Some(self.end.slice(start..)),
            None => lock(&self.waiting).parts.get(&offset).cloned(),
        }
    }

    /// The end of the data area, if bytes from this offset on reach into it, and where it begins in the file.
    pub(super) fn end_behind(&self, offset: u64, len: u64) -> Option<(u64, &Bytes)> {
        (offset.saturating_add(len) > self.end_start).then_some((self.end_start, &self.end))
    }

    /// Whether the bytes at this offset are here.
    pub(super) fn has(&self, offset: u64) -> bool {
        self.in_end(offset).is_some() || lock(&self.waiting).parts.contains_key(&offset)
    }

    /// Keeps bytes until they are taken.
    pub(super) fn keep(&self, parts: impl Iterator<Item = (u64, Bytes)>) {
        let mut waiting = lock(&self.waiting);
        parts.for_each(|(offset, bytes)| waiting.keep(offset, bytes));
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
        self.len += bytes.len() as u64;
        match self.parts.insert(offset, bytes) {
            Some(old) => self.len -= old.len() as u64,
            None => self.order.push_back(offset),
        }
        while self.len > MAX_WAITING
            && let Some(oldest) = self.order.pop_front()
        {
            if let Some(old) = self.parts.remove(&oldest) {
                self.len -= old.len() as u64;
            }
        }
    }
}
