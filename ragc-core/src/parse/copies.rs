//! Copies that a parse may be in at a place.

use super::node::Node;
use super::prices::{MIN_MATCH, Prices};

/// Copies that are followed at a time. 64 give the same sizes.
const MAX_COPIES: usize = 16;

/// A copy that goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunningCopy {
    /// How far back it copies from.
    pub(super) offset: u32,
    /// Where it begins.
    pub(super) start: u32,
    /// Where it can go on no further.
    pub(super) end: u32,
    /// The price of all before it, and of its offset.
    pub(super) entry: u32,
    /// The price if it ended at the last place; at least that of the shortest.
    pub(super) price: u32,
}

impl RunningCopy {
    /// A copy that begins at `start`.
    #[inline]
    pub(super) fn new(offset: u32, start: u32, end: u32, entry: u32, prices: &Prices) -> Self {
        Self {
            offset,
            start,
            end,
            entry,
            price: entry + prices.length(MIN_MATCH),
        }
    }

    /// Begins at `start`, the last place, instead if that is cheaper.
    #[inline]
    fn begin_anew(&mut self, start: u32, entry: u32, prices: &Prices) {
        if entry + prices.length(MIN_MATCH) < self.price {
            *self = Self::new(self.offset, start, self.end, entry, prices);
        }
    }
}

/// All copies that may be worth it: none ends later and is cheaper than another.
#[derive(Debug, Default)]
pub(super) struct Copies(Vec<RunningCopy>);

impl Copies {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Where the last of them ends, or 0.
    pub(super) fn end(&self) -> u32 {
        self.0.iter().map(|copy| copy.end).max().unwrap_or(0)
    }

    /// Goes on to `at`, and gives the cheapest that may end there. Those that cannot go on are left.
    #[inline]
    pub(super) fn go_to(&mut self, at: u32, prices: &Prices) -> Option<RunningCopy> {
        let mut best: Option<RunningCopy> = None;
        let mut i = 0;
        while i < self.0.len() {
            let copy = &mut self.0[i];
            let len = at - copy.start;
            if len >= MIN_MATCH && copy.end >= at {
                copy.price = copy.entry + prices.length(len);
                if best.is_none_or(|best| copy.price < best.price) {
                    best = Some(*copy);
                }
            }
            if copy.end > at {
                i += 1;
            } else {
                self.0.swap_remove(i);
            }
        }
        best
    }

    /// The copy with this offset begins anew if that is cheaper; false if there is none.
    pub(super) fn renew(&mut self, offset: u32, start: u32, entry: u32, prices: &Prices) -> bool {
        let Some(copy) = self.0.iter_mut().find(|copy| copy.offset == offset) else {
            return false;
        };
        copy.begin_anew(start, entry, prices);
        true
    }

    /// Lets each copy begin at the last place, `node`, where that is cheaper. Gives where the last of them ends.
    #[inline]
    pub(super) fn begin_anew(&mut self, node: u32, here: &Node, prices: &Prices) -> u32 {
        let mut end = 0;
        let least = here.price + prices.least_entry() + prices.length(MIN_MATCH);
        for copy in &mut self.0 {
            end = end.max(copy.end);
            if least < copy.price && copy.end >= node + MIN_MATCH {
                copy.begin_anew(node, here.entry(copy.offset, prices), prices);
            }
        }
        end
    }

    /// Whether a copy with this offset is under way.
    pub(super) fn has(&self, offset: u32) -> bool {
        self.0.iter().any(|copy| copy.offset == offset)
    }

    /// A copy with this offset goes on to `end`, or further; false if there is none.
    pub(super) fn extend(&mut self, offset: u32, end: u32) -> bool {
        let copy = self.0.iter_mut().find(|copy| copy.offset == offset);
        copy.map(|copy| copy.end = copy.end.max(end)).is_some()
    }

    /// Adds a copy, and takes out what it is better than.
    pub(super) fn add(&mut self, new: RunningCopy) {
        let is_better = |copy: &RunningCopy| copy.end >= new.end && copy.price <= new.price;
        if self.0.iter().any(is_better) {
            return;
        }
        self.0.retain(|copy| copy.end > new.end || copy.price < new.price);
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
