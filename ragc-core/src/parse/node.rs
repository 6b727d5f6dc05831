//! The cheapest way to a place of a text.

use super::prices::Prices;
use super::repeats::Repeats;

/// The cheapest way to a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) price: u32,
    /// Where the last step began.
    pub(super) from: u32,
    /// How far back that copied from; 0 for a literal.
    pub(super) offset: u32,
    /// Literals since the last copy.
    pub(super) run: u32,
    pub(super) repeats: Repeats,
}

impl Node {
    /// The price of what is before a copy that begins here, and of its offset.
    #[inline]
    pub(super) fn entry(&self, offset: u32, prices: &Prices) -> u32 {
        self.price + prices.offset(self.repeats.value(self.run, offset))
    }
}
