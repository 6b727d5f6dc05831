//! Where seeds stand in the references.
//!
//! An open hash table whose entries are one word each: the location in 36 bits, the strand in one, and 27 bits of the
//! hash, which also give the slot. The table is cut into shards that grow one by one, so growing never holds two tables.
//! 35 bits of a hash are compared in all; whoever looks up confirms in the reference.

use super::seeds::Seeds;
use crate::sequence::Sequence;
use std::hint::black_box;
use std::ops::Range;

const N_SHARDS: usize = 256;
const FINGERPRINT_BITS: u32 = 27;
const LOCATION_BITS: u32 = 36;

/// Slots in a page of memory, the smallest that systems have.
const PAGE_LEN: usize = 4096 / size_of::<u64>();

/// Locations kept of one seed. A repeat is found as well by a few of its copies.
const MAX_COPIES: usize = 4;

/// A place in the concatenation of all references, and the strand on which the seed is canonical there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SeedLocation {
    pub(super) pos: u64,
    pub(super) is_direct: bool,
}

/// Maps seeds to locations.
#[derive(Debug)]
pub(super) struct Locations {
    shards: Vec<LocationShard>,
}

#[derive(Debug, Clone, Default)]
struct LocationShard {
    /// At most three quarters are in use; 0 is a free slot. Grows by a quarter, not to the double: with powers of two a few seeds more
    /// can take much more memory (docs/measurements.md, "Details of making archives").
    slots: Vec<u64>,
    n_used: usize,
}

impl Default for Locations {
    fn default() -> Self {
        Self {
            shards: vec![LocationShard::default(); N_SHARDS],
        }
    }
}

impl Locations {
    /// Adds entries, unless enough copies of a seed are known.
    pub(super) fn add(&mut self, new: &[SeedEntries]) {
        add_to_shards(&mut self.shards, 0, new);
    }

    /// Makes room for about so many entries, so that shards need not grow step by step. Does nothing where there are entries.
    pub(super) fn expect(&mut self, n_entries: u64) {
        let of_shard = usize::try_from(n_entries).unwrap_or(usize::MAX) / N_SHARDS;
        self.shards.iter_mut().for_each(|shard| shard.expect(of_shard));
    }

    /// Leaves out what is no seed any more.
    pub(super) fn thin_out(&mut self, seeds: Seeds) {
        self.shards.iter_mut().for_each(|shard| shard.thin_out(seeds));
    }

    /// Takes the shards out, as about `n_portions` portions to which entries are added elsewhere.
    pub(super) fn take_portions(&mut self, n_portions: usize) -> Vec<Portion> {
        let portion_len = N_SHARDS.div_ceil(n_portions.max(1));
        let portions = self.shards.chunks_mut(portion_len).enumerate();
        portions
            .map(|(number, shards)| Portion {
                first: number * portion_len,
                shards: shards.iter_mut().map(std::mem::take).collect(),
            })
            .collect()
    }

    /// Takes a portion back.
    pub(super) fn put_back(&mut self, portion: Portion) {
        let places = self.shards[portion.first..].iter_mut();
        places
            .zip(portion.shards)
            .for_each(|(place, shard)| *place = shard);
    }

    /// Looks where a seed would stand. Made for many seeds before any is visited, so that their memory comes together.
    #[inline]
    pub(super) fn probe(&self, hash: u64) -> Probe {
        let shard = shard_of(hash);
        let slots = &self.shards[shard];
        let slot = slots.home(fingerprint(hash));
        Probe {
            shard,
            slot,
            first: slots.slots.get(slot).copied().unwrap_or(0),
        }
    }

    /// Calls `visit` with the locations of the seed with this hash.
    #[inline]
    pub(super) fn for_each(&self, hash: u64, probe: Probe, mut visit: impl FnMut(SeedLocation)) {
        if probe.first == 0 {
            return;
        }
        self.shards[probe.shard].for_each_equal_from(probe.slot, fingerprint(hash), |entry| {
            visit(SeedLocation {
                pos: entry >> 1 & ((1 << LOCATION_BITS) - 1),
                is_direct: entry & 1 == 1,
            });
        });
    }
}

/// Where a seed stands if it is known, and what stands there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Probe {
    shard: usize,
    slot: usize,
    first: u64,
}

/// Some of the shards, on their way through another thread.
#[derive(Debug)]
pub(super) struct Portion {
    first: usize,
    shards: Vec<LocationShard>,
}

impl Portion {
    /// As [`Locations::add`], for these shards.
    pub(super) fn add(&mut self, new: &[SeedEntries]) {
        add_to_shards(&mut self.shards, self.first, new);
    }
}

fn add_to_shards(shards: &mut [LocationShard], first: usize, new: &[SeedEntries]) {
    for (shard, number) in shards.iter_mut().zip(first..) {
        let of_shard = new.iter().flat_map(|entries| entries.of_shard(number));
        of_shard.for_each(|entry| shard.add(*entry));
    }
}

/// The seeds of a reference as entries of the table, shard by shard, and in each in the order of the reference.
#[derive(Debug)]
pub(super) struct SeedEntries {
    entries: Vec<u64>,
    /// Where the entries of each shard end.
    ends: Vec<u32>,
}

impl SeedEntries {
    /// Those of a part of a reference, which begins at `start`. Places beyond 2³⁶ bases are left out.
    pub(super) fn of(seeds: Seeds, reference: &Sequence, part: Range<usize>, start: u64) -> Self {
        let mut found = Vec::new();
        let mut ends = vec![0u32; N_SHARDS];
        let first = part.start;
        seeds.for_each_in(reference, part, |seed| {
            let location = start + (seed.pos - first) as u64;
            if location >> LOCATION_BITS == 0 {
                let fingerprint = fingerprint(seed.hash);
                let entry = fingerprint << (LOCATION_BITS + 1) | location << 1 | u64::from(seed.is_direct);
                let shard = shard_of(seed.hash);
                ends[shard] += 1;
                found.push((shard as u8, entry));
            }
        });
        let mut end = 0;
        for n in &mut ends {
            // For a while where the shard begins, and behind the last entry where it ends.
            end += std::mem::replace(n, end);
        }
        let mut entries = vec![0; found.len()];
        for (shard, entry) in found {
            let place = &mut ends[usize::from(shard)];
            entries[*place as usize] = entry;
            *place += 1;
        }
        Self { entries, ends }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn of_shard(&self, shard: usize) -> &[u64] {
        let start = shard.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.entries[start as usize..self.ends[shard] as usize]
    }
}

// A shard is told in a byte.
const _: () = assert!(N_SHARDS <= 256);

/// Bits that are not in the fingerprint.
fn shard_of(hash: u64) -> usize {
    (hash >> 24) as usize % N_SHARDS
}

/// Never 0, which marks a free slot.
fn fingerprint(hash: u64) -> u64 {
    (hash >> (64 - FINGERPRINT_BITS)).max(1)
}

/// How many slots come after so many.
fn grown(n_slots: usize) -> usize {
    n_slots * 5 / 4 + 16
}

/// Slots without entries, whose memory has been written to.
///
/// Memory that is read first is a page of zeros which all share; to write to it then is a fault more, for which each thread of the process is
/// stopped: that took half of the time of filling the table of a large genome (docs/measurements.md, "Old repeats").
fn free_slots(len: usize) -> Vec<u64> {
    let mut slots = vec![0; len];
    slots.chunks_mut(PAGE_LEN).for_each(|page| page[0] = black_box(0));
    slots
}

impl LocationShard {
    fn add(&mut self, entry: u64) {
        if (self.n_used + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let fingerprint = entry >> (LOCATION_BITS + 1);
        let mut n_copies = 0;
        let mut slot = self.home(fingerprint);
        while self.slots[slot] != 0 {
            n_copies += usize::from(self.slots[slot] >> (LOCATION_BITS + 1) == fingerprint);
            slot = self.next(slot);
        }
        if n_copies < MAX_COPIES {
            self.slots[slot] = entry;
            self.n_used += 1;
        }
    }

    fn put(&mut self, entry: u64) {
        let mut slot = self.home(entry >> (LOCATION_BITS + 1));
        while self.slots[slot] != 0 {
            slot = self.next(slot);
        }
        self.slots[slot] = entry;
        self.n_used += 1;
    }

    #[inline]
    fn for_each_equal_from(&self, home: usize, fingerprint: u64, mut visit: impl FnMut(u64)) {
        let mut slot = home;
        while self.slots[slot] != 0 {
            if self.slots[slot] >> (LOCATION_BITS + 1) == fingerprint {
                visit(self.slots[slot]);
            }
            slot = self.next(slot);
        }
    }

    /// The slot as far into the table as the fingerprint is into its range.
    fn home(&self, fingerprint: u64) -> usize {
        ((fingerprint * self.slots.len() as u64) >> FINGERPRINT_BITS) as usize
    }

    fn next(&self, slot: usize) -> usize {
        if slot + 1 == self.slots.len() { 0 } else { slot + 1 }
    }

    fn grow(&mut self) {
        self.rebuild(grown(self.slots.len()), |_| true);
    }

    fn expect(&mut self, n_entries: usize) {
        let mut len = self.slots.len();
        while len * 3 / 4 < n_entries {
            len = grown(len);
        }
        if self.n_used == 0 && len > self.slots.len() {
            self.slots = free_slots(len);
        }
    }

    fn thin_out(&mut self, seeds: Seeds) {
        // The fingerprint is the top of the hash.
        let keeps = |entry: u64| seeds.keeps(entry >> (LOCATION_BITS + 1));
        let n_kept = self
            .slots
            .iter()
            .filter(|entry| **entry != 0 && keeps(**entry))
            .count();
        self.rebuild(n_kept * 3 / 2 + 16, keeps);
    }

    fn rebuild(&mut self, len: usize, keeps: impl Fn(u64) -> bool) {
        let old = std::mem::replace(&mut self.slots, free_slots(len));
        self.n_used = 0;
        for entry in old.into_iter().filter(|entry| *entry != 0 && keeps(*entry)) {
            self.put(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kmer::mix;

    #[test]
    fn thinning_leaves_what_a_sparse_table_would_hold() {
        let seeds = Seeds::new(1.0 / 4.0);
        let codes = (0..50_000u64).map(|i| (mix(i % 40_000) & 3) as u8);
        let reference = Sequence::from_codes(&codes.collect::<Vec<_>>());
        let [mut dense, mut sparse] = [(); 2].map(|()| Locations::default());
        let thinned = seeds.halved().halved().halved();
        dense.add(&[SeedEntries::of(seeds, &reference, 0..reference.len(), 0)]);
        dense.thin_out(thinned);
        sparse.add(&[SeedEntries::of(thinned, &reference, 0..reference.len(), 0)]);
        let sorted = |locations: &Locations| {
            let mut entries: Vec<u64> = locations
                .shards
                .iter()
                .flat_map(|shard| shard.slots.clone())
                .collect();
            entries.retain(|entry| *entry != 0);
            entries.sort_unstable();
            entries
        };
        assert_eq!(sorted(&dense), sorted(&sparse));
        let n_expected = thinned.n_in(50_000) as usize;
        assert!(sorted(&dense).len().abs_diff(n_expected) < n_expected / 10);
        assert!(dense.shards.iter().all(|shard| shard.slots.len() < 64));
    }

    #[test]
    fn room_for_what_comes_changes_nothing_but_when_tables_grow() {
        let seeds = Seeds::new(1.0 / 4.0);
        let codes = (0..200_000u64).map(|i| (mix(i) & 3) as u8);
        let reference = Sequence::from_codes(&codes.collect::<Vec<_>>());
        let entries = [SeedEntries::of(seeds, &reference, 0..reference.len(), 0)];
        let mut grown = Locations::default();
        grown.add(&entries);
        for n_expected in [1, 40_000, 50_000, 51_000] {
            let mut expected = Locations::default();
            expected.expect(n_expected);
            let n_slots = |locations: &Locations| -> usize {
                locations.shards.iter().map(|shard| shard.slots.len()).sum()
            };
            assert!(n_slots(&expected) * 3 / 4 >= (n_expected as usize).saturating_sub(N_SHARDS));
            expected.add(&entries);
            // What is there stays.
            expected.expect(1 << 30);
            assert!(n_slots(&expected) <= n_slots(&grown) * 5 / 4);
            seeds.for_each(&reference, |seed| {
                let places = |locations: &Locations| {
                    let mut places = Vec::new();
                    locations.for_each(seed.hash, locations.probe(seed.hash), |place| places.push(place));
                    places
                };
                assert_eq!(places(&expected), places(&grown));
            });
        }
    }

    #[test]
    fn portions_are_filled_as_the_whole_is() {
        let seeds = Seeds::new(1.0 / 4.0);
        let references: Vec<Sequence> = (0..5)
            .map(|seed| {
                (0..20_000)
                    .map(|i| (mix((seed << 32) | (i % 9000)) & 3) as u8)
                    .collect::<Vec<_>>()
            })
            .map(|codes| Sequence::from_codes(&codes))
            .collect();
        let entries =
            |number: usize| SeedEntries::of(seeds, &references[number], 0..20_000, 20_000 * number as u64);
        let [mut whole, mut in_portions] = [(); 2].map(|()| Locations::default());
        for numbers in [0..1, 1..3, 3..5] {
            numbers.clone().for_each(|number| whole.add(&[entries(number)]));
            let new: Vec<SeedEntries> = numbers.map(entries).collect();
            for mut portion in in_portions.take_portions(7) {
                portion.add(&new);
                in_portions.put_back(portion);
            }
        }
        let slots = |locations: &Locations| -> Vec<Vec<u64>> {
            locations.shards.iter().map(|shard| shard.slots.clone()).collect()
        };
        assert_eq!(slots(&in_portions), slots(&whole));
        seeds.for_each(&references[4], |seed| {
            let mut places = Vec::new();
            whole.for_each(seed.hash, whole.probe(seed.hash), |location| {
                places.push(location.pos)
            });
            assert!(places.len() <= MAX_COPIES);
            assert!(
                places
                    .iter()
                    .any(|place| place % 20_000 % 9000 == seed.pos as u64 % 9000)
            );
        });
    }
}
