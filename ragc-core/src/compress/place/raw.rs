//! Raw groups: where short, divergent sequences are stored as they are.
//!
//! A pack of a raw group is one text, in which zstd copies from every sequence before; a delta copies from one reference only. So
//! relatives should meet in one pack, on one strand. Each group that is in use keeps the seeds of its open pack, and a sequence
//! goes to the group with which it shares most, cut where it goes on on the other strand ([`turns`]).

use super::placed::{Content, Placed, oriented};
use super::seeds::{Seed, Seeds};
use super::strand_seeds::StrandSeeds;
use super::turns::{self, StrandPart};
use crate::error::Result;
use crate::group::pack::{ItemHash, hash_of};
use crate::group::{N_RAW_GROUPS, Pack};
use crate::rewrite::Existing;
use crate::sequence::Sequence;
use ahash::AHashMap;
use std::cmp::Reverse;

/// One k-mer in so many is kept of an open pack: a pack of 8 MB has a million at most.
const SEED_FRACTION: f64 = 1.0 / 8.0;

/// And one in so many of these is asked for the group.
const ASKED_INTERVAL: u64 = 8;

/// A sequence that shares less than one seed in this many with every open pack begins another group, as long as there are
/// groups to begin. Of relatives that differ in a tenth of their bases, one seed in nine is left.
const MIN_SHARED: usize = 12;

/// A pack of so many bases takes no more as long as another one is shorter: twice what packs are meant to have. In an archive that
/// began with deltas a pack has room for more items than can be read in one go.
const MAX_PACK_BASES: usize = 1 << 24;

/// The raw groups that are in use, with what their open packs hold.
pub(super) struct RawHomes<'a> {
    /// The archive whose last packs are continued, as long as nobody has looked into them.
    unopened: Option<&'a Existing<'a>>,
    /// Bases in which parts of a contig overlap.
    overlap: usize,
    seeds: Seeds,
    /// Items of a pack.
    cardinality: usize,
    packs: Vec<OpenPackSeeds>,
}

/// What is known of the open pack of a group.
#[derive(Debug, Default)]
struct OpenPackSeeds {
    /// The in-group id of its first item.
    first_id: usize,
    /// A placeholder counted.
    n_items: usize,
    n_bases: usize,
    seeds: StrandSeeds,
    /// Places of the items by their hashes.
    items: AHashMap<ItemHash, usize>,
}

impl<'a> RawHomes<'a> {
    /// The first `n_groups` raw groups are used, at least one; each begins with its placeholder. Parts overlap in `k` bases.
    pub(super) fn new(n_groups: u32, cardinality: u32, k: u32) -> Self {
        let n_groups = n_groups.clamp(1, N_RAW_GROUPS);
        Self {
            unopened: None,
            overlap: k as usize,
            seeds: Seeds::new(SEED_FRACTION),
            cardinality: cardinality as usize,
            packs: (0..n_groups)
                .map(|_| OpenPackSeeds {
                    n_items: 1,
                    ..OpenPackSeeds::default()
                })
                .collect(),
        }
    }

    /// Goes on with the last packs of an archive. They are decoded when the first sequence asks for a place, and once more by
    /// the owners of those groups that receive one: handed on, sixteen packs would take 128 MB.
    pub(super) fn resume(&mut self, existing: &'a Existing<'a>) {
        self.unopened = Some(existing);
    }

    fn open_packs(&mut self) -> Result<()> {
        let Some(existing) = self.unopened.take() else {
            return Ok(());
        };
        for group in 0..self.packs.len() as u32 {
            if let Some((number, pack)) = existing.last_pack(group)? {
                self.reopen(group, number, &pack);
            }
        }
        Ok(())
    }

    /// Tells what the open pack of a group holds already; `number` counts from 0.
    fn reopen(&mut self, group: u32, number: u32, pack: &Pack) {
        let Some(open) = self.packs.get_mut(group as usize) else {
            return;
        };
        *open = OpenPackSeeds {
            first_id: number as usize * self.cardinality,
            ..OpenPackSeeds::default()
        };
        for item in pack.iter() {
            // The placeholder is no symbol, so no sequence equals it.
            open.items.entry(hash_of(item)).or_insert(open.n_items);
            open.n_items += 1;
            open.n_bases += item.len();
            self.seeds
                .for_each(&Sequence::from_codes(item), |seed| open.seeds.add(seed, false));
        }
    }

    /// Places a sequence, which the group then holds: all of it, or parts one behind the other.
    ///
    /// # Errors
    /// `Corrupt` when a pack that is continued is damaged.
    pub(super) fn place(&mut self, sequence: &Sequence) -> Result<Vec<Placed>> {
        self.open_packs()?;
        let mut seeds = Vec::new();
        self.seeds.for_each(sequence, |seed| seeds.push(seed));
        let group = self.choose(&seeds);
        let stretches = turns::stretches(sequence.len(), &seeds, &self.packs[group].seeds, self.overlap);
        let parts = stretches.into_iter().map(|StrandPart { range, is_rev_comp }| {
            let start = range.start.saturating_sub(self.overlap);
            let part = oriented(&sequence.slice(start..range.end), is_rev_comp);
            Placed {
                group: group as u32,
                is_rev_comp,
                raw_len: part.len() as u32,
                content: self.packs[group].add(part, self.seeds, self.cardinality),
            }
        });
        Ok(parts.collect())
    }

    /// The group whose open pack shares most; an empty one if that is little; the one with the fewest items if it is nothing.
    fn choose(&self, seeds: &[Seed]) -> usize {
        let asked = seeds
            .iter()
            .filter(|seed| seed.hash.is_multiple_of(ASKED_INTERVAL));
        let asked: Vec<Seed> = asked.copied().collect();
        let (best, n_shared) = self.best(&asked);
        if n_shared * MIN_SHARED >= asked.len().max(1) {
            return best;
        }
        let is_empty = |pack: &OpenPackSeeds| pack.seeds.is_empty();
        let empty = self.packs.iter().position(is_empty);
        match empty.filter(|_| !asked.is_empty()) {
            Some(group) => group,
            None if n_shared == 0 => self.shortest(),
            None => best,
        }
    }

    /// The first of the groups whose open packs share most, of those that have room, and how many seeds that is.
    fn best(&self, seeds: &[Seed]) -> (usize, usize) {
        let has_room = |pack: &OpenPackSeeds| pack.n_bases < MAX_PACK_BASES;
        let all_are_long = !self.packs.iter().any(has_room);
        let packs = self.packs.iter().enumerate();
        packs
            .filter(|(_, pack)| all_are_long || has_room(pack))
            .map(|(group, pack)| (group, pack.n_shared(seeds)))
            .max_by_key(|(group, n_shared)| (*n_shared, Reverse(*group)))
            .unwrap_or_default()
    }

    /// The group whose open pack has the fewest items.
    fn shortest(&self) -> usize {
        let groups = 0..self.packs.len();
        groups.min_by_key(|group| self.packs[*group].n_items).unwrap_or(0)
    }
}

impl OpenPackSeeds {
    /// How many of these seeds the pack has, on either strand.
    fn n_shared(&self, seeds: &[Seed]) -> usize {
        let has = |seed: &&Seed| {
            [false, true]
                .iter()
                .any(|turned| self.seeds.contains(**seed, *turned))
        };
        seeds.iter().filter(has).count()
    }

    /// Adds a sequence, unless its equal is there.
    fn add(&mut self, sequence: Sequence, seeds: Seeds, cardinality: usize) -> Content {
        let hash = hash_of(&sequence.to_codes());
        if let Some(place) = self.items.get(&hash) {
            // The owner of the group refuses ids beyond 32 bits, which ends the run.
            return Content::Stored((self.first_id + place) as u32);
        }
        if self.n_items == cardinality {
            *self = Self {
                first_id: self.first_id + cardinality,
                ..Self::default()
            };
        }
        self.items.insert(hash, self.n_items);
        self.n_items += 1;
        self.n_bases += sequence.len();
        seeds.for_each(&sequence, |seed| self.seeds.add(seed, false));
        Content::Raw(sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kmer::mix;

    const CARDINALITY: u32 = 4;
    const K: u32 = 31;

    fn homes(n_groups: u32) -> RawHomes<'static> {
        RawHomes::new(n_groups, CARDINALITY, K)
    }

    /// Sequences of different families share no seed; those of one family differ in one base of fifty.
    fn member(family: u64, number: u64) -> Sequence {
        let code = |i: u64| {
            let is_changed = number > 0 && mix(number << 40 | i).is_multiple_of(50);
            (mix(family << 32 | i) & 3) as u8 ^ u8::from(is_changed)
        };
        Sequence::from_codes(&(0..5000).map(code).collect::<Vec<_>>())
    }

    fn place(homes: &mut RawHomes<'_>, sequence: &Sequence) -> (u32, bool, Option<u32>) {
        let placed = homes.place(sequence).unwrap();
        let [placed] = &placed[..] else {
            panic!("cut: {placed:?}");
        };
        let stored = match placed.content {
            Content::Stored(id) => Some(id),
            _ => None,
        };
        (placed.group, placed.is_rev_comp, stored)
    }

    #[test]
    fn relatives_meet_in_one_group_on_one_strand() {
        let mut homes = homes(3);
        for number in 0..2 {
            for family in 0..3 {
                let group = family as u32;
                assert_eq!(place(&mut homes, &member(family, number)), (group, false, None));
            }
        }
        let reversed = member(1, 2).reverse_complement();
        assert_eq!(place(&mut homes, &reversed), (1, true, None));
        assert_eq!(
            place(&mut homes, &member(1, 2)),
            (1, false, Some(3)),
            "as it is stored"
        );
    }

    #[test]
    fn a_stranger_without_an_empty_group_goes_to_the_shortest() {
        let mut homes = homes(2);
        for (family, number) in [(0, 0), (0, 1), (1, 0)] {
            place(&mut homes, &member(family, number));
        }
        assert_eq!(place(&mut homes, &member(2, 0)).0, 1);
        // Too short for a seed: dealt out.
        let dealt = [1, 2, 3].map(|code| place(&mut homes, &Sequence::from_codes(&[code; 5])).0);
        assert_eq!(dealt, [0, 1, 0]);
    }

    #[test]
    fn equal_sequences_share_an_item_of_the_open_pack() {
        let mut homes = homes(1);
        let mut stored = |number: u64| place(&mut homes, &member(0, number)).2;
        assert_eq!([0, 1, 0, 1].map(&mut stored), [None, None, Some(1), Some(2)]);
        // The placeholder and three sequences fill the first pack.
        assert_eq!([2, 3, 3, 0].map(&mut stored), [None, None, Some(4), None]);
        assert_eq!(stored(0), Some(5));
    }

    #[test]
    fn a_pack_that_was_opened_again_is_known() {
        let mut pack = Vec::new();
        for sequence in [member(7, 0), member(7, 1)] {
            pack.extend(sequence.to_codes());
            pack.push(crate::group::ITEM_END);
        }
        let mut homes = homes(2);
        homes.reopen(1, 3, &Pack::new(pack).unwrap());
        assert_eq!(place(&mut homes, &member(7, 1)), (1, false, Some(13)));
        let reversed = member(7, 0).reverse_complement();
        assert_eq!(place(&mut homes, &reversed), (1, true, Some(12)));
        assert_eq!(
            [2, 3].map(|number| place(&mut homes, &member(7, number))),
            [(1, false, None); 2]
        );
        assert_eq!(place(&mut homes, &member(7, 4)).2, None, "begins a pack");
        assert_eq!(place(&mut homes, &member(7, 4)).2, Some(16));
    }

    #[test]
    fn what_goes_on_on_the_other_strand_becomes_a_part_that_is_turned() {
        let mut homes = RawHomes::new(1, 2 * CARDINALITY, K);
        let contig = member(0, 0);
        assert_eq!(place(&mut homes, &contig), (0, false, None));
        let codes = contig.to_codes();
        let turned = contig.slice(1500..3000).reverse_complement().to_codes();
        let inverted = Sequence::from_codes(&[&codes[..1500], &turned, &codes[3000..]].concat());
        for is_again in [false, true] {
            let parts = homes.place(&inverted).unwrap();
            let strands: Vec<_> = parts.iter().map(|part| part.is_rev_comp).collect();
            assert_eq!(strands, [false, true, false]);
            let n_bases: u32 = parts.iter().map(|part| part.raw_len).sum();
            assert_eq!(n_bases, 5000 + 2 * K);
            let are_stored = parts
                .iter()
                .all(|part| matches!(part.content, Content::Stored(_)));
            assert_eq!(are_stored, is_again, "what was cut is cut so again, and shared");
        }
    }
}
