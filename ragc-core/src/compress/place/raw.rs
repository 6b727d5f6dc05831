//! Raw groups: where short, divergent sequences are stored as they are.
//!
//! A pack of a raw group is one text, in which zstd copies from every sequence before; a delta copies from one reference only. So
//! relatives should meet in one pack, on one strand. Each group that is in use keeps the seeds of its open pack, and a sequence
//! goes to the group with which it shares most.

use super::seeds::{Seed, Seeds};
use crate::group::N_RAW_GROUPS;
use crate::sequence::Sequence;
use ahash::{AHashMap, AHashSet};
use xxhash_rust::xxh3::xxh3_128;

/// One k-mer in so many is kept of an open pack: a pack of 8 MB has at most 131,072.
const SEED_FRACTION: f64 = 1.0 / 64.0;

/// A sequence that shares less than one seed in this many with every open pack begins another group, as long as there are
/// groups to begin. Of relatives that differ in a tenth of their bases, one seed in nine is left.
const MIN_SHARED: usize = 12;

/// Where a sequence goes, and on which strand it is stored there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RawHome {
    pub(super) group: u32,
    pub(super) is_rev_comp: bool,
}

/// The raw groups that are in use, with what their open packs hold.
#[derive(Debug)]
pub(super) struct RawHomes {
    seeds: Seeds,
    /// Items of a pack.
    cardinality: usize,
    packs: Vec<OpenPack>,
}

/// What is known of the open pack of a group.
#[derive(Debug, Default)]
struct OpenPack {
    /// A placeholder counted.
    n_items: usize,
    /// Whether the pack reads the canonical k-mer of a seed.
    seeds: AHashMap<u64, bool>,
    /// Hashes of the items; equal sequences share one.
    items: AHashSet<[u8; 16]>,
}

/// How many seeds of a sequence an open pack has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shared {
    same_strand: usize,
    other_strand: usize,
}

impl Shared {
    fn most(self) -> usize {
        self.same_strand.max(self.other_strand)
    }
}

impl RawHomes {
    /// The first `n_groups` raw groups are used, at least one; each begins with its placeholder.
    pub(super) fn new(n_groups: u32, cardinality: u32) -> Self {
        let n_groups = n_groups.clamp(1, N_RAW_GROUPS);
        Self {
            seeds: Seeds::new(SEED_FRACTION),
            cardinality: cardinality as usize,
            packs: (0..n_groups)
                .map(|_| OpenPack {
                    n_items: 1,
                    ..OpenPack::default()
                })
                .collect(),
        }
    }

    /// How many groups are used.
    pub(super) fn n_groups(&self) -> u32 {
        self.packs.len() as u32
    }

    /// Tells what the open pack of a group holds already.
    pub(super) fn resume<'a>(&mut self, group: u32, n_items: usize, items: impl Iterator<Item = &'a [u8]>) {
        let Some(pack) = self.packs.get_mut(group as usize) else {
            return;
        };
        pack.n_items = n_items;
        for item in items {
            pack.items.insert(hash_of(item));
            let seeds = self.seeds;
            seeds.for_each(&Sequence::from_codes(item), |seed| {
                pack.seeds.entry(seed.hash).or_insert(seed.is_direct);
            });
        }
    }

    /// Finds a place for a sequence, which the group then holds.
    pub(super) fn place(&mut self, sequence: &Sequence) -> RawHome {
        let mut seeds = Vec::new();
        self.seeds.for_each(sequence, |seed| seeds.push(seed));
        let (group, shared) = self.choose(&seeds);
        let is_rev_comp = shared.other_strand > shared.same_strand;
        self.packs[group].add(sequence, &seeds, is_rev_comp, self.cardinality);
        RawHome {
            group: group as u32,
            is_rev_comp,
        }
    }

    /// The group whose open pack shares most; an empty one if that is little; the one with the fewest items if it is nothing.
    fn choose(&self, seeds: &[Seed]) -> (usize, Shared) {
        let shared = self.packs.iter().map(|pack| pack.shared(seeds)).enumerate();
        let Some(best) = shared.max_by_key(|(group, shared)| (shared.most(), std::cmp::Reverse(*group)))
        else {
            return (0, Shared::default());
        };
        let is_empty = |pack: &OpenPack| pack.seeds.is_empty();
        let is_alike = best.1.most() * MIN_SHARED >= seeds.len().max(1);
        let empty = || self.packs.iter().position(is_empty).filter(|_| !seeds.is_empty());
        let shortest = || {
            (0..self.packs.len())
                .min_by_key(|group| self.packs[*group].n_items)
                .unwrap_or(0)
        };
        match is_alike {
            true => best,
            false => match empty() {
                Some(group) => (group, Shared::default()),
                None if best.1.most() > 0 => best,
                None => (shortest(), Shared::default()),
            },
        }
    }
}

impl OpenPack {
    fn shared(&self, seeds: &[Seed]) -> Shared {
        let mut shared = Shared::default();
        for seed in seeds {
            match self.seeds.get(&seed.hash) {
                Some(is_direct) if *is_direct == seed.is_direct => shared.same_strand += 1,
                Some(_) => shared.other_strand += 1,
                None => {}
            }
        }
        shared
    }

    fn add(&mut self, sequence: &Sequence, seeds: &[Seed], is_rev_comp: bool, cardinality: usize) {
        let codes = match is_rev_comp {
            true => sequence.reverse_complement().to_codes(),
            false => sequence.to_codes(),
        };
        let hash = hash_of(&codes);
        if self.items.contains(&hash) {
            return;
        }
        if self.n_items == cardinality {
            *self = Self::default();
        }
        self.n_items += 1;
        self.items.insert(hash);
        for seed in seeds {
            self.seeds
                .entry(seed.hash)
                .or_insert(seed.is_direct != is_rev_comp);
        }
    }
}

fn hash_of(codes: &[u8]) -> [u8; 16] {
    xxh3_128(codes).to_le_bytes()
}
