//! The groups of a merged archive.

use std::collections::BTreeMap;

use ahash::AHashMap;

use super::item::{MovedItem, Needed, on_threads, rounds};
use super::options::Merged;
use crate::alphabet;
use crate::compress::place::{Content, Looked, Placed, Placer};
use crate::error::{Error, Result};
use crate::group::key::Key;
use crate::group::pack::{ItemHash, hash_of};
use crate::group::{N_RAW_GROUPS, is_raw};
use crate::rewrite::{Existing, GroupPlan, NewItem, Piece, PieceItem, Regrouped};
use crate::sequence::Sequence;
use crate::splitter_streams::SegmentKey;

/// Bases that are compared before the first of them is placed. What a round founds is compared once more with the rest of it.
const ROUND_BASES: u64 = 1 << 24;

/// What is known of the groups so far.
pub(super) struct Regrouping<'a> {
    placer: Placer<'a>,
    regrouped: Regrouped,
    /// References by their symbols.
    by_reference: AHashMap<ItemHash, u32>,
    n_threads: usize,
}

/// The keys of groups.
type GroupKeys = BTreeMap<u32, Vec<Key>>;

fn first_key(keys: &GroupKeys, group: u32) -> Option<Key> {
    keys.get(&group)?.first().copied()
}

/// A reference that was compared with those that are there.
enum Compared {
    /// It is that of this group.
    Equal(u32),
    Other(Sequence, ItemHash, Looked),
}

impl<'a> Regrouping<'a> {
    /// The groups of the first archive go on as they are; the placer knows them.
    ///
    /// # Errors
    /// `Corrupt` when a reference is damaged.
    pub(super) fn of_first(first: &Existing<'_>, placer: Placer<'a>, n_threads: usize) -> Result<Self> {
        let mut regrouping = Self {
            placer,
            regrouped: Regrouped::default(),
            by_reference: AHashMap::new(),
            n_threads,
        };
        let own = |group: u32| GroupPlan {
            members: vec![(0, group)],
            ..GroupPlan::default()
        };
        regrouping.regrouped.groups = (0..first.n_groups()).map(own).collect();
        let groups: Vec<u32> = first.delta_groups().collect();
        let hashes = on_threads(&groups, n_threads, |group| Ok(hash(&first.reference(*group)?)))?;
        for (group, hash) in groups.into_iter().zip(hashes) {
            regrouping.by_reference.entry(hash).or_insert(group);
        }
        Ok(regrouping)
    }

    /// Adds the items of another archive that are needed.
    ///
    /// # Errors
    /// `Corrupt` when what has to be decoded is damaged; `BadOption` when there is too little memory.
    pub(super) fn add(
        &mut self,
        source: usize,
        existing: &Existing<'_>,
        needed: &Needed,
        merged: &mut Merged,
    ) -> Result<()> {
        let mut keys = GroupKeys::new();
        for key in existing.keys() {
            keys.entry(key.group).or_default().push(Key(key.a, key.b));
        }
        let dissolved = self.join_groups(source, existing, needed, &keys, merged)?;
        let items: Vec<MovedItem> = dissolved
            .iter()
            .flat_map(|group| needed[group].iter().map(|(id, len)| (*group, *id, *len)))
            .map(|(group, id, len)| MovedItem {
                group,
                id,
                len,
                key: first_key(&keys, group),
            })
            .collect();
        for round in rounds(&items, ROUND_BASES, |item| item.len.into()) {
            self.place(source, existing, round)?;
        }
        for (group, items) in needed.range(..N_RAW_GROUPS) {
            self.place_raw(source, existing, *group, items)?;
        }
        Ok(())
    }

    /// Joins groups with those that have the same reference, and adds those whose reference is new. Gives those of which neither is true.
    fn join_groups(
        &mut self,
        source: usize,
        existing: &Existing<'_>,
        needed: &Needed,
        keys: &GroupKeys,
        merged: &mut Merged,
    ) -> Result<Vec<u32>> {
        let groups: Vec<u32> = needed.keys().copied().filter(|group| !is_raw(*group)).collect();
        let lens = on_threads(&groups, 1, |group| existing.reference_len(*group))?;
        let groups: Vec<(u32, u64)> = groups.into_iter().zip(lens).collect();
        let mut dissolved: Vec<u32> = Vec::new();
        for round in rounds(&groups, ROUND_BASES, |(_, len)| *len) {
            let compared = on_threads(round, self.n_threads, |(group, _)| {
                self.compare(existing, *group, first_key(keys, *group))
            })?;
            for ((group, _), compared) in round.iter().zip(compared) {
                let new = match compared {
                    Compared::Equal(new) => {
                        merged.n_groups_joined += 1;
                        new
                    }
                    Compared::Other(reference, hash, looked) if looked.is_new() => {
                        let new = self.placer.adopt(reference);
                        self.by_reference.entry(hash).or_insert(new);
                        new
                    }
                    Compared::Other(..) => {
                        merged.n_groups_dissolved += 1;
                        dissolved.push(*group);
                        continue;
                    }
                };
                self.group(new).members.push((source, *group));
                for key in keys.get(group).into_iter().flatten() {
                    self.placer.lead(*key, new);
                }
            }
        }
        self.end_round()?;
        Ok(dissolved)
    }

    fn compare(&self, existing: &Existing<'_>, group: u32, key: Option<Key>) -> Result<Compared> {
        let reference = existing.reference(group)?;
        let hash = hash(&reference);
        Ok(match self.by_reference.get(&hash) {
            Some(equal) => Compared::Equal(*equal),
            None => {
                let looked = self.placer.compare(&reference, key);
                Compared::Other(reference, hash, looked)
            }
        })
    }

    /// Places a round of items.
    fn place(&mut self, source: usize, existing: &Existing<'_>, round: &[MovedItem]) -> Result<()> {
        let looked = on_threads(round, self.n_threads, |item| {
            let sequence = item.decode(existing)?;
            let looked = self.placer.compare(&sequence, item.key);
            Ok((sequence, looked))
        })?;
        for (item, (sequence, looked)) in round.iter().zip(looked) {
            let placed = self.placer.place_item(&sequence, item.key, looked)?;
            let pieces = placed.into_iter().map(|placed| self.piece(placed)).collect();
            self.replace(source, item.group, item.id, pieces);
        }
        self.end_round()
    }

    /// Places the items of a raw group that are needed, a pack after the other: they lie in one text.
    fn place_raw(
        &mut self,
        source: usize,
        existing: &Existing<'_>,
        group: u32,
        needed: &BTreeMap<u32, u32>,
    ) -> Result<()> {
        let mut id = 0;
        for number in 0..existing.n_packs(group) {
            for codes in existing.pack(group, number as u32)?.iter() {
                if needed.contains_key(&id) {
                    alphabet::check_codes(codes)?;
                    let placed = self.placer.place_raw(&Sequence::from_codes(codes))?;
                    let pieces = placed.into_iter().map(|placed| self.piece(placed)).collect();
                    self.replace(source, group, id, pieces);
                }
                id += 1;
            }
        }
        Ok(())
    }

    fn replace(&mut self, source: usize, group: u32, id: u32, pieces: Vec<Piece>) {
        let of_group = self.regrouped.replaced.entry((source, group)).or_default();
        of_group.insert(id, pieces);
    }

    fn piece(&mut self, placed: Placed) -> Piece {
        let item = match placed.content {
            Content::Reference => PieceItem::At(0),
            Content::Stored(id) => PieceItem::At(id),
            Content::Raw(sequence) => self.added(placed.group, NewItem::Raw(sequence)),
            Content::Delta(delta) => self.added(placed.group, NewItem::Delta(delta)),
        };
        Piece {
            group: placed.group,
            item,
            is_rev_comp: placed.is_rev_comp,
            raw_len: placed.raw_len,
        }
    }

    fn added(&mut self, group: u32, item: NewItem) -> PieceItem {
        let added = &mut self.group(group).added;
        added.push(item);
        PieceItem::Added(added.len() - 1)
    }

    /// A new group; those before it are there too.
    fn group(&mut self, group: u32) -> &mut GroupPlan {
        let groups = &mut self.regrouped.groups;
        let n_groups = groups.len().max(group as usize + 1);
        groups.resize_with(n_groups, GroupPlan::default);
        &mut groups[group as usize]
    }

    /// What was founded in a round can be followed from now on.
    fn end_round(&mut self) -> Result<()> {
        self.placer.end_archive()?;
        for founded in self.placer.take_founded() {
            let reference = founded.reference.sequence();
            self.by_reference.entry(hash(reference)).or_insert(founded.group);
            self.group(founded.group).reference = Some(reference.clone());
        }
        Ok(())
    }

    /// All groups.
    ///
    /// # Errors
    /// `BadInput` for more than the format can number.
    pub(super) fn finish(mut self) -> Result<Regrouped> {
        let keyed = self.placer.finish();
        if u32::try_from(self.regrouped.groups.len()).is_err() {
            return Err(Error::bad_input("more than 2^32 groups"));
        }
        let keys = keyed.keys.iter().copied().chain([(Key::NO_SPLITTER, 0)]);
        self.regrouped.keys = keys
            .map(|(key, group)| SegmentKey {
                a: key.0,
                b: key.1,
                group,
            })
            .collect();
        Ok(self.regrouped)
    }
}

fn hash(reference: &Sequence) -> ItemHash {
    hash_of(&reference.to_codes())
}
