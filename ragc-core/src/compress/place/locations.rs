//! Where seeds stand in the references.
//!
//! An open hash table whose entries are one word each: the location in 36 bits, the strand in one, and 27 bits of the
//! hash, which also give the slot. The table is cut into shards that grow one by one, so growing never holds two tables.
//! 35 bits of a hash are compared in all; whoever looks up confirms in the reference.

use super::seeds::Seed;

const N_SHARDS: usize = 256;
const FINGERPRINT_BITS: u32 = 27;
const LOCATION_BITS: u32 = 36;

/// Locations kept of one seed. A repeat is found as well by a few of its copies.
const MAX_COPIES: usize = 4;

/// A place in the concatenation of all references, and the strand on which the seed is canonical there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) pos: u64,
    pub(super) is_direct: bool,
}

/// Maps seeds to locations.
#[derive(Debug)]
pub(super) struct Locations {
    shards: Vec<Shard>,
}

#[derive(Debug, Clone, Default)]
struct Shard {
    /// At most three quarters are in use; 0 is a free slot. Grows by a quarter, not to the double: with powers of two ten
    /// yeast genomes took 10 MB here, and a hundred, with a twentieth more of seeds, 17 MB.
    slots: Vec<u64>,
    n_used: usize,
}

impl Default for Locations {
    fn default() -> Self {
        Self {
            shards: vec![Shard::default(); N_SHARDS],
        }
    }
}

impl Locations {
    /// Adds a seed at `location`, unless enough copies of it are known. Places beyond 2³⁶ bases are left out.
    pub(super) fn add(&mut self, seed: Seed, location: u64) {
        if location >> LOCATION_BITS == 0 {
            let fingerprint = fingerprint(seed.hash);
            let entry = fingerprint << (LOCATION_BITS + 1) | location << 1 | u64::from(seed.is_direct);
            self.shards[shard_of(seed.hash)].add(entry);
        }
    }

    /// Calls `visit` with the locations of a seed.
    pub(super) fn for_each(&self, hash: u64, mut visit: impl FnMut(Location)) {
        let shard = &self.shards[shard_of(hash)];
        let fingerprint = fingerprint(hash);
        shard.for_each_equal(fingerprint, |entry| {
            visit(Location {
                pos: entry >> 1 & ((1 << LOCATION_BITS) - 1),
                is_direct: entry & 1 == 1,
            });
        });
    }
}

/// The bits between those that decide what is a seed and those of the fingerprint.
fn shard_of(hash: u64) -> usize {
    (hash >> 24) as usize % N_SHARDS
}

/// Never 0, which marks a free slot.
fn fingerprint(hash: u64) -> u64 {
    (hash >> (64 - FINGERPRINT_BITS)).max(1)
}

impl Shard {
    fn add(&mut self, entry: u64) {
        if (self.n_used + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let fingerprint = entry >> (LOCATION_BITS + 1);
        let mut n_copies = 0;
        self.for_each_equal(fingerprint, |_| n_copies += 1);
        if n_copies < MAX_COPIES {
            self.put(entry);
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

    fn for_each_equal(&self, fingerprint: u64, mut visit: impl FnMut(u64)) {
        if self.slots.is_empty() {
            return;
        }
        let mut slot = self.home(fingerprint);
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
        let len = self.slots.len() * 5 / 4 + 16;
        let old = std::mem::replace(&mut self.slots, vec![0; len]);
        self.n_used = 0;
        for entry in old.into_iter().filter(|entry| *entry != 0) {
            self.put(entry);
        }
    }
}
