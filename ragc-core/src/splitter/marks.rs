//! Tells in a look at every few bases where no splitter can be.
//!
//! A splitter of k bases holds a whole aligned stretch, of those that begin at every [`Marks::step`]th base, if a stretch is half as
//! long as the splitter. So it is enough to look at these stretches: which of them are in a splitter, on either strand and however
//! they are aligned in it, stands in a small table. Nearly all of a genome is passed over so, at a look for sixteen bases; to hash
//! the k-mer at every base was much of reading (docs/measurements.md, "Details of making archives").

use super::sampling::HASH_FACTOR;
use crate::kmer::Strands;
use crate::sequence::{Sequence, reverse_bases};

/// Bits of the table for a stretch that is marked: one stretch in so many of others is looked at in vain.
const BITS_PER_STRETCH: usize = 32;

/// Bits of the largest table: 4 MB. From 30,000 splitters on, more is looked at in vain.
const MAX_TABLE_BITS: usize = 1 << 25;

/// Longest stretch: 32 bits.
const MAX_STRETCH: u32 = 16;

/// The stretches of all splitters.
#[derive(Debug, Clone)]
pub(super) struct Marks {
    k: u32,
    /// Bases of a stretch, and from the beginning of one to that of the next.
    step: u32,
    /// A power of two of words.
    table: Vec<u64>,
    /// Splitters that the table is large enough for.
    capacity: usize,
}

impl Marks {
    /// A table for so many splitters, none of which is marked.
    pub(super) fn new(k: u32, capacity: usize) -> Self {
        let step = k.div_ceil(2).min(MAX_STRETCH);
        let n_stretches = capacity * 2 * step as usize;
        let n_bits = (n_stretches * BITS_PER_STRETCH).clamp(64, MAX_TABLE_BITS);
        Self {
            k,
            step,
            table: vec![0; n_bits.next_power_of_two() / 64],
            capacity,
        }
    }

    /// Splitters that the table is large enough for.
    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Distance of the stretches.
    pub(super) fn step(&self) -> usize {
        self.step as usize
    }

    /// Marks a splitter.
    pub(super) fn add(&mut self, value: u64) {
        let Strands { direct, reverse } = Strands::of(value, self.k);
        for bases in [direct, reverse].map(reverse_bases) {
            for offset in 0..self.step {
                let (word, bit) = self.place(bases >> (2 * offset));
                self.table[word] |= 1 << bit;
            }
        }
    }

    /// Whether a splitter may hold the stretch that begins here.
    #[inline]
    pub(super) fn contains(&self, sequence: &Sequence, stretch: usize) -> bool {
        let (word, bit) = self.place(sequence.window(stretch));
        self.table[word] >> bit & 1 == 1
    }

    /// Word and bit of the stretch that bases begin with, the first of them in the lowest bits.
    #[inline]
    fn place(&self, bases: u64) -> (usize, u32) {
        let stretch = bases & (u64::MAX >> (64 - 2 * self.step));
        let hash = stretch.wrapping_mul(HASH_FACTOR) >> 32;
        ((hash >> 6) as usize & (self.table.len() - 1), (hash & 63) as u32)
    }
}
