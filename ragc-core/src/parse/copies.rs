//! Copies that a parse may be in at a place.

use super::prices::{MIN_MATCH, Prices};

/// Copies that are followed at a time. 64 give the same sizes.
const MAX_COPIES: usize = 16;

/// A copy that goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copy {
    /// How far back it copies from.
    pub(super) offset: u32,
    /// Where it begins.
    pub(super) start: u32,
    /// Where it can go on no further.
    pub(super) end: u32,
    /// The price of all before it, and of its offset.
    pub(super) entry: u32,
}

impl Copy {
    /// The price if it ends at `at`; at least that of the shortest.
    pub(super) fn price(&self, at: u32, prices: &Prices) -> u32 {
        self.entry + prices.length((at - self.start).max(MIN_MATCH))
    }
}

/// All copies that may be worth it: none ends later and is cheaper than another.
#[derive(Debug, Default)]
pub(super) struct Copies(Vec<Copy>);

impl Copies {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Where the last of them ends, or 0.
    pub(super) fn end(&self) -> u32 {
        self.0.iter().map(|copy| copy.end).max().unwrap_or(0)
    }

    /// The cheapest that may end at `at`, and its price.
    pub(super) fn best(&self, at: u32, prices: &Prices) -> Option<(u32, Copy)> {
        let long_enough = self.0.iter().filter(|copy| at - copy.start >= MIN_MATCH);
        long_enough
            .map(|copy| (copy.price(at, prices), *copy))
            .min_by_key(|(price, _)| *price)
    }

    /// Leaves copies that end at `at`.
    pub(super) fn leave(&mut self, at: u32) {
        self.0.retain(|copy| copy.end > at);
    }

    /// The copy with this offset begins anew if that is cheaper; false if there is none.
    pub(super) fn renew(&mut self, offset: u32, start: u32, entry: u32, prices: &Prices) -> bool {
        let Some(copy) = self.0.iter_mut().find(|copy| copy.offset == offset) else {
            return false;
        };
        if entry + prices.length(MIN_MATCH) < copy.price(start, prices) {
            (copy.start, copy.entry) = (start, entry);
        }
        true
    }

    /// Adds a copy, and takes out what it is better than.
    pub(super) fn add(&mut self, new: Copy, prices: &Prices) {
        let price = new.price(new.start, prices);
        let is_better = |copy: &Copy| copy.end >= new.end && copy.price(new.start, prices) <= price;
        if self.0.iter().any(is_better) {
            return;
        }
        self.0
            .retain(|copy| copy.end > new.end || copy.price(new.start, prices) < price);
        if self.0.len() == MAX_COPIES {
            let first = (0..MAX_COPIES).min_by_key(|&i| self.0[i].end).unwrap_or(0);
            if self.0[first].end >= new.end {
                return;
            }
            self.0.swap_remove(first);
        }
        self.0.push(new);
    }
}
