//! Groups whose references hold sequence of samples that are dropped: they get references out of what is kept.

use ahash::AHashSet;

use crate::alphabet::Codes;
use crate::error::{Error, Result};
use crate::group::pack::DeltaPack;
use crate::group::writer::PartEncoder;
use crate::lz_diff::{self, IndexCache, Reference, Rules};
use crate::rewrite::Existing;
use crate::rewrite::groups::{DROPPED, Fate, NewIds, OldGroup};
use crate::rewrite::recoded::{NewPack, Recoded};
use crate::sequence::Sequence;
use std::cmp::Reverse;
use std::sync::Arc;

/// Symbols of the words by which items are compared.
const WORD: usize = 21;
/// Words are looked up at every so many symbols.
const STEP: usize = 4;
/// An item is new if fewer of its words than one in so many are known.
const MIN_KNOWN: usize = 2;

/// Puts a group together anew: no item of it is a delta of what is dropped.
///
/// # Errors
/// `Corrupt` when the group is damaged; those of the encoder.
pub(super) fn purge(
    member: &OldGroup,
    existing: &Existing<'_>,
    pack_cardinality: u32,
    encoder: &mut PartEncoder,
) -> Result<Recoded> {
    let old = OldItems::read(member, existing)?;
    let sequence = new_reference(&old)?;
    let reference = encoder.reference(&sequence)?;
    // The index of one reference is all that there is.
    let cache = Arc::new(IndexCache::new(usize::MAX));
    let mut packs = Packs {
        open: DeltaPack::new(pack_cardinality as usize),
        reference: Reference::new(sequence, old.rules.min_match_len, &cache),
        encoder,
        closed: Vec::new(),
    };
    let new_id = |id: u32| match old.is_kept(id) {
        true => packs.add(&old.item(id)?),
        false => Ok(DROPPED),
    };
    let listed: Vec<u32> = (1..old.end()).map(new_id).collect::<Result<_>>()?;
    let ids = NewIds {
        first_listed: 1,
        listed,
        ..NewIds::default()
    };
    Ok(Recoded {
        reference: Some(reference),
        packs: packs.finish()?,
        added: Vec::new(),
        ids: vec![ids],
    })
}

/// The packs of a group that is put together anew.
struct Packs<'a> {
    open: DeltaPack,
    reference: Reference,
    encoder: &'a mut PartEncoder,
    closed: Vec<NewPack>,
}

impl Packs<'_> {
    fn add(&mut self, item: &Sequence) -> Result<u32> {
        if item == self.reference.sequence() {
            return Ok(0);
        }
        let delta = lz_diff::encode(item, &self.reference);
        let (id, full) = self.open.add(&delta.text, self.encoder)?;
        self.closed.extend(full.map(|pack| NewPack::Encoded(pack.part)));
        Ok(id)
    }

    fn finish(mut self) -> Result<Vec<NewPack>> {
        let last = self.open.close(self.encoder)?;
        self.closed.extend(last.map(|pack| NewPack::Encoded(pack.part)));
        Ok(self.closed)
    }
}

/// The items of an old group, as deltas.
struct OldItems<'a> {
    member: &'a OldGroup,
    reference: Sequence,
    rules: Rules,
    /// From item 1 on.
    deltas: Vec<Vec<u8>>,
}

impl<'a> OldItems<'a> {
    fn read(member: &'a OldGroup, existing: &Existing<'_>) -> Result<Self> {
        let mut deltas = Vec::new();
        for pack in 0..existing.n_packs(member.group) {
            let pack = existing.pack(member.group, pack as u32)?;
            deltas.extend(pack.iter().map(<[u8]>::to_vec));
        }
        Ok(Self {
            member,
            reference: existing.reference(member.group)?,
            rules: Rules {
                min_match_len: existing.params().min_match_len,
                dialect: existing.archive().version().delta_dialect(),
            },
            deltas,
        })
    }

    /// The id behind the last.
    fn end(&self) -> u32 {
        self.deltas.len() as u32 + 1
    }

    fn is_kept(&self, id: u32) -> bool {
        match &self.member.fate {
            Fate::Keep => true,
            Fate::Recode { first_dropped, kept } => id < *first_dropped || kept.contains(id),
        }
    }

    fn delta(&self, id: u32) -> &[u8] {
        &self.deltas[id as usize - 1]
    }

    fn len_of(&self, id: u32) -> Result<usize> {
        let len = lz_diff::decoded_len(self.delta(id), self.reference.len(), self.rules)?;
        // No segment is longer.
        let len = u32::try_from(len).map_err(|_| Error::corrupt(format!("a delta of {len} symbols")))?;
        Ok(len as usize)
    }

    fn item(&self, id: u32) -> Result<Sequence> {
        let len = self.len_of(id)?;
        let mut codes = Vec::with_capacity(len);
        lz_diff::decode::<Codes>(self.delta(id), &self.reference, self.rules, len, &mut codes)?;
        Ok(Sequence::from_codes(&codes))
    }
}

/// The longest of the items that are kept, and behind it others that are unlike what is there, as long as the old reference has the room:
/// those that were put together of pieces have more than one sequence.
///
/// Genomes without their first take as much so as where they are compressed without it (docs/measurements.md, "Constants").
fn new_reference(old: &OldItems<'_>) -> Result<Sequence> {
    let kept = (1..old.end()).filter(|id| old.is_kept(*id));
    let mut items: Vec<(usize, u32)> = kept.map(|id| Ok((old.len_of(id)?, id))).collect::<Result<_>>()?;
    // Of equal ones the first: sorting is stable.
    items.sort_by_key(|(len, _)| Reverse(*len));
    let room = old.reference.len();
    let mut reference = Sequence::new();
    let mut known = AHashSet::new();
    for (len, id) in items {
        let is_first = reference.is_empty();
        if !is_first && (len < WORD || reference.len() + len > room) {
            continue;
        }
        let codes = old.item(id)?.to_codes();
        if is_first || is_new(&codes, &known) {
            reference.extend(&codes);
            if reference.len() + WORD <= room {
                known.extend(words(&codes));
            }
        }
    }
    Ok(reference)
}

fn is_new(codes: &[u8], known: &AHashSet<u64>) -> bool {
    let (mut n_words, mut n_known) = (0, 0);
    for word in words(codes).step_by(STEP) {
        n_words += 1;
        n_known += usize::from(known.contains(&word));
    }
    n_known * MIN_KNOWN < n_words
}

/// All words of a sequence. Codes above 7, which are rare, pass for others.
fn words(codes: &[u8]) -> impl Iterator<Item = u64> {
    let push = |word: &mut u64, code: &u8| {
        *word = (*word << 3 | u64::from(code & 7)) & ((1 << (3 * WORD)) - 1);
        Some(*word)
    };
    codes.iter().scan(0, push).skip(WORD - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_like_something_known_is_not_new() {
        let one: Vec<u8> = (0..400u32)
            .map(|i| (crate::kmer::mix(i.into()) % 4) as u8)
            .collect();
        let other: Vec<u8> = (400..800u32)
            .map(|i| (crate::kmer::mix(i.into()) % 4) as u8)
            .collect();
        let known: AHashSet<u64> = words(&one).collect();
        assert_eq!(known.len(), one.len() + 1 - WORD);
        assert!(is_new(&other, &known) && !is_new(&one, &known) && !is_new(&one[50..150], &known));
        let mut changed = one.clone();
        changed[200] ^= 1;
        assert!(!is_new(&changed, &known));
        assert!(!is_new(&[0; 20], &known), "too short for a word");
    }
}
