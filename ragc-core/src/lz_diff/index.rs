//! Finds the places of a reference where a short key stands.
//!
//! The keys at every [`STEP`]th position are hashed into an open table of positions; keys themselves are not stored,
//! a candidate is confirmed in the reference. Positions are divided by the step and take two bytes as long as they
//! fit, and the table is as long as its content asks for (no power of two), half of it in use: one byte a base for
//! references of up to 256 kb, two for longer ones, and an eighth of a byte more for the filter.
//!
//! Most keys that are looked up are not in the reference: they hold a substitution. Of four bits for each key, which stand for
//! hashes, four in five tell so. Without them half of these look-ups end in a slot that is in use, which cannot be
//! predicted, and each waits for a table that is in no cache.

use crate::sequence::Sequence;

/// Distance of indexed positions. A match of `min_match` symbols holds a whole key at one of them.
pub(super) const STEP: usize = 4;

/// Bits for a key in the filter.
const FILTER_BITS: usize = 4;

/// Slots looked at for one key before giving up.
const MAX_PROBES: usize = 64;

/// Occurrences kept of one key: low-complexity sequence repeats a few keys thousands of times.
const MAX_EQUAL: usize = 8;

/// Hash index of one reference.
#[derive(Debug)]
pub(super) struct Index {
    slots: Slots,
    /// Selects the bases of a key in a window of 32.
    key_mask: u64,
    key_len: usize,
}

#[derive(Debug)]
enum Slots {
    Narrow(HashTable<u16>),
    Wide(HashTable<u32>),
}

impl Index {
    pub(super) fn new(reference: &Sequence, min_match: u32) -> Self {
        let key_len = min_match as usize - (STEP - 1);
        let key_mask = u64::MAX >> (64 - 2 * key_len);
        let slots = if reference.len() / STEP < usize::from(u16::MAX) {
            Slots::Narrow(HashTable::new(reference, key_len, key_mask))
        } else {
            Slots::Wide(HashTable::new(reference, key_len, key_mask))
        };
        Self {
            slots,
            key_mask,
            key_len,
        }
    }

    /// Memory that it takes.
    pub(super) fn n_bytes(&self) -> usize {
        let n_bytes = match &self.slots {
            Slots::Narrow(table) => table.n_bytes(),
            Slots::Wide(table) => table.n_bytes(),
        };
        size_of::<Self>() + n_bytes
    }

    /// Number of bases of a key.
    pub(super) fn key_len(&self) -> usize {
        self.key_len
    }

    /// Calls `visit` with the positions of the reference that may hold the first bases of `window`, in ascending order
    /// for one key. Positions of other keys may be among them.
    #[inline]
    pub(super) fn for_each(&self, window: u64, visit: impl FnMut(usize)) {
        let key = window & self.key_mask;
        match &self.slots {
            Slots::Narrow(table) => table.for_each(key, visit),
            Slots::Wide(table) => table.for_each(key, visit),
        }
    }
}

/// An integer that counts steps of the reference; the largest value marks an empty slot.
trait StepSlot: Copy + PartialEq {
    const EMPTY: Self;
    fn from_step(step: usize) -> Self;
    fn step(self) -> usize;
}

impl StepSlot for u16 {
    const EMPTY: Self = Self::MAX;
    fn from_step(step: usize) -> Self {
        step as Self
    }
    fn step(self) -> usize {
        usize::from(self)
    }
}

impl StepSlot for u32 {
    const EMPTY: Self = Self::MAX;
    fn from_step(step: usize) -> Self {
        step as Self
    }
    fn step(self) -> usize {
        self as usize
    }
}

#[derive(Debug)]
struct HashTable<S> {
    slots: Box<[S]>,
    /// A bit for each part of the range of hashes: whether a key with such a hash is in the table.
    filter: Box<[u64]>,
}

impl<S: StepSlot> HashTable<S> {
    fn new(reference: &Sequence, key_len: usize, key_mask: u64) -> Self {
        let n_positions = (reference.len() + 1).saturating_sub(key_len).div_ceil(STEP);
        let mut table = Self {
            slots: vec![S::EMPTY; 2 * n_positions + 1].into_boxed_slice(),
            filter: vec![0; n_positions * FILTER_BITS / 64 + 1].into_boxed_slice(),
        };
        for step in 0..n_positions {
            let pos = step * STEP;
            if reference.acgt_len_from(pos) >= key_len {
                table.insert(reference, step, reference.window(pos) & key_mask, key_mask);
            }
        }
        table
    }

    fn n_bytes(&self) -> usize {
        size_of_val(&*self.slots) + size_of_val(&*self.filter)
    }

    fn insert(&mut self, reference: &Sequence, step: usize, key: u64, key_mask: u64) {
        let (word, bit) = self.filter_bit(key);
        self.filter[word] |= bit;
        let mut slot = self.home(key);
        let mut n_equal = 0;
        for _ in 0..MAX_PROBES {
            let held = self.slots[slot];
            if held == S::EMPTY {
                self.slots[slot] = S::from_step(step);
                return;
            }
            if reference.window(held.step() * STEP) & key_mask == key {
                n_equal += 1;
                if n_equal == MAX_EQUAL {
                    return;
                }
            }
            slot = self.next(slot);
        }
    }

    #[inline]
    fn for_each(&self, key: u64, mut visit: impl FnMut(usize)) {
        let (word, bit) = self.filter_bit(key);
        if self.filter[word] & bit == 0 {
            return;
        }
        let mut slot = self.home(key);
        for _ in 0..MAX_PROBES {
            let held = self.slots[slot];
            if held == S::EMPTY {
                return;
            }
            visit(held.step() * STEP);
            slot = self.next(slot);
        }
    }

    #[inline]
    fn home(&self, key: u64) -> usize {
        place(key, self.slots.len())
    }

    /// The word of the filter, and the bit in it.
    #[inline]
    fn filter_bit(&self, key: u64) -> (usize, u64) {
        let bit = place(key, self.filter.len() * 64);
        (bit / 64, 1 << (bit % 64))
    }

    #[inline]
    fn next(&self, slot: usize) -> usize {
        if slot + 1 == self.slots.len() { 0 } else { slot + 1 }
    }
}

/// The key's hash, spread over a table of any length by a multiplication.
#[inline]
fn place(key: u64, len: usize) -> usize {
    let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((u128::from(hash) * len as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(n_bases: usize) -> Sequence {
        let mut x = 1u64;
        let mut sequence = Sequence::new();
        for _ in 0..n_bases {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            sequence.push((x >> 62) as u8);
        }
        sequence
    }

    fn found(index: &Index, window: u64) -> Vec<usize> {
        let mut found = Vec::new();
        index.for_each(window, |pos| found.push(pos));
        found
    }

    #[test]
    fn every_indexed_position_is_found() {
        // The longer one needs four bytes a position.
        for n_bases in [0, 16, 17, 5000, 300_000] {
            let sequence = reference(n_bases);
            let index = Index::new(&sequence, 20);
            assert_eq!(matches!(index.slots, Slots::Wide(_)), n_bases == 300_000);
            let n_missed = (0..n_bases.saturating_sub(16))
                .step_by(STEP)
                .filter(|pos| !found(&index, sequence.window(*pos)).contains(pos))
                .count();
            assert!(
                n_missed <= n_bases / 10_000,
                "{n_missed} of {n_bases} bases missed"
            );
        }
    }

    #[test]
    fn repeats_do_not_flood_the_table() {
        let index = Index::new(&Sequence::from_codes(&[0; 10_000]), 20);
        assert_eq!(found(&index, 0).len(), MAX_EQUAL);
    }

    #[test]
    fn keys_with_ambiguous_symbols_are_left_out() {
        let mut codes = vec![0; 36];
        codes[20] = 4;
        let index = Index::new(&Sequence::from_codes(&codes), 20);
        // Keys of 17 bases at 4 to 20 hold the ambiguous symbol, and none begins after 19.
        assert_eq!(found(&index, 0), [0]);
    }
}
