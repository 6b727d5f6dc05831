//! Parts that are read together, because they lie side by side.

use std::ops::Range;

use ahash::AHashMap;

/// Parts that lie no farther apart are read together, with what is between them.
const MAX_GAP: u64 = 4 << 10;

/// Places of parts in the file.
#[derive(Debug)]
pub(super) struct Neighbours {
    /// Where each lies, with the longest number that a part can have; ascending.
    pub(super) places: Vec<Range<u64>>,
    /// What is read for them.
    pub(super) range: Range<u64>,
}

impl Neighbours {
    pub(super) fn new(place: Range<u64>) -> Self {
        Self {
            range: place.clone(),
            places: vec![place],
        }
    }

    /// Whether a place behind all of these had better be read with them.
    pub(super) fn is_near(&self, place: &Range<u64>) -> bool {
        place.start <= self.range.end.saturating_add(MAX_GAP)
    }

    pub(super) fn add(&mut self, place: Range<u64>) {
        self.range.end = self.range.end.max(place.end);
        self.places.push(place);
    }

    /// When the first of them is wanted, by the places where parts begin.
    pub(super) fn first_turn(&self, turns: &AHashMap<u64, usize>) -> Option<usize> {
        self.places
            .iter()
            .filter_map(|place| turns.get(&place.start).copied())
            .min()
    }
}
