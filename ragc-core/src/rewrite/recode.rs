//! The packs of a new group: copied where nothing before them has changed, else put together anew.

use crate::alphabet;
use crate::error::Result;
use crate::group::pack::{ClosedPack, DeltaPack, RawPack};
use crate::group::writer::PartEncoder;
use crate::group::{Pack, is_raw};
use crate::rewrite::Existing;
use crate::rewrite::groups::{DROPPED, Fate, NewGroup, NewIds, OldGroup};
use crate::rewrite::plan::NewItem;
use crate::rewrite::purge::purge;
use crate::rewrite::recoded::{NewPack, Recoded};
use crate::sequence::Sequence;

/// Makes the packs of a group.
///
/// # Errors
/// `Corrupt` when a pack that has to be decoded is damaged; those of the encoder.
pub(super) fn recode(
    group: &NewGroup<'_>,
    sources: &[Existing<'_>],
    pack_cardinality: u32,
    encoder: &mut PartEncoder,
) -> Result<Recoded> {
    if let (true, [member]) = (group.is_purged, group.members.as_slice()) {
        return purge(member, &sources[member.source], pack_cardinality, encoder);
    }
    let mut recoder = Recoder {
        pack_cardinality,
        encoder,
        open: None,
        is_raw: is_raw(group.number),
        recoded: Recoded::default(),
    };
    for (place, member) in group.members.iter().enumerate() {
        let is_last = place + 1 == group.members.len() && group.added().is_empty();
        recoder.take(member, &sources[member.source], is_last)?;
    }
    for item in group.added() {
        let id = recoder.add_new(item)?;
        recoder.recoded.added.push(id);
    }
    let recoded = recoder.finish()?;
    check_last(&recoded, sources)?;
    Ok(recoded)
}

/// Reads the last pack if it is a copy of one that was not the last: of one that was, nobody asks whether it is full, and what lacks items because it is
/// damaged would be taken for complete.
fn check_last(recoded: &Recoded, sources: &[Existing<'_>]) -> Result<()> {
    let Some(&NewPack::Copy { source, group, pack }) = recoded.packs.last() else {
        return Ok(());
    };
    let existing = &sources[source];
    match pack + 1 < existing.n_packs(group) {
        true => existing.pack(group, pack as u32).map(drop),
        false => Ok(()),
    }
}

/// The open pack of a group of either kind.
enum RecodedPack {
    Raw(RawPack),
    Delta(DeltaPack),
}

impl RecodedPack {
    fn add(&mut self, item: &[u8], encoder: &mut PartEncoder) -> Result<(u32, Option<ClosedPack>)> {
        match self {
            Self::Delta(pack) => pack.add(item, encoder),
            Self::Raw(pack) => {
                alphabet::check_codes(item)?;
                pack.add(Sequence::from_codes(item), encoder)
            }
        }
    }

    fn is_full(&self) -> bool {
        match self {
            Self::Delta(pack) => pack.is_full(),
            Self::Raw(pack) => pack.is_full(),
        }
    }

    fn close(&mut self, encoder: &mut PartEncoder) -> Result<Option<ClosedPack>> {
        match self {
            Self::Delta(pack) => pack.close(encoder),
            Self::Raw(pack) => pack.close(encoder),
        }
    }
}

struct Recoder<'a> {
    pack_cardinality: u32,
    encoder: &'a mut PartEncoder,
    /// The pack behind those that are there, which are full; without it nothing was added behind them.
    open: Option<RecodedPack>,
    is_raw: bool,
    recoded: Recoded,
}

impl Recoder<'_> {
    fn take(&mut self, member: &OldGroup, existing: &Existing<'_>, is_last: bool) -> Result<()> {
        let n_packs = existing.n_packs(member.group);
        self.close_full()?;
        let n_kept = self.n_packs_to_copy(member, existing, n_packs, is_last);
        let mut ids = NewIds {
            shift: self.n_full() * self.pack_cardinality,
            ..NewIds::default()
        };
        for pack in 0..n_kept {
            let (source, group) = (member.source, member.group);
            self.recoded.packs.push(NewPack::Copy { source, group, pack });
        }
        if n_kept < n_packs {
            ids.first_listed = self.first_id(n_kept as u32, existing.params().pack_cardinality);
        }
        for pack in n_kept..n_packs {
            let pack = existing.pack(member.group, pack as u32)?;
            self.add_items(&pack, &member.fate, &mut ids)?;
        }
        self.recoded.ids.push(ids);
        Ok(())
    }

    /// How many of the packs of a member are copied: those to which nothing happens, and that begin where one of the new group does.
    fn n_packs_to_copy(
        &self,
        member: &OldGroup,
        existing: &Existing<'_>,
        n_packs: usize,
        is_last: bool,
    ) -> usize {
        let cardinality = existing.params().pack_cardinality;
        // Those of a second raw group are behind a placeholder that is not taken over.
        let begins_there = self.open.is_none() && (!self.is_raw || self.n_full() == 0);
        if cardinality != self.pack_cardinality || !begins_there {
            return 0;
        }
        let n_unchanged = match member.fate {
            Fate::Keep => n_packs,
            Fate::Recode { first_dropped, .. } => (self.place_of(first_dropped) / cardinality) as usize,
        };
        // What comes behind fills the last one up.
        match is_last {
            true => n_unchanged,
            false => n_unchanged.min(n_packs.saturating_sub(1)),
        }
    }

    /// Where among the items of all packs that of an id is.
    fn place_of(&self, id: u32) -> u32 {
        if self.is_raw { id } else { id - 1 }
    }

    /// The id of the first item of a pack.
    fn first_id(&self, pack: u32, cardinality: u32) -> u32 {
        pack * cardinality + u32::from(!self.is_raw)
    }

    /// Adds the items of a pack that are kept, and lists the new ids of all.
    fn add_items(&mut self, pack: &Pack, fate: &Fate, ids: &mut NewIds) -> Result<()> {
        for item in pack.iter() {
            let id = ids.first_listed + ids.listed.len() as u32;
            let is_kept = match fate {
                _ if self.is_raw && id == 0 => false,
                Fate::Keep => true,
                Fate::Recode { first_dropped, kept } => id < *first_dropped || kept.contains(id),
            };
            let new = match is_kept {
                true => self.add(item)?,
                false => DROPPED,
            };
            ids.listed.push(new);
        }
        Ok(())
    }

    fn add(&mut self, item: &[u8]) -> Result<u32> {
        let n_full = self.n_full();
        let open = self
            .open
            .get_or_insert_with(|| new_pack(self.is_raw, self.pack_cardinality, n_full));
        let (id, full) = open.add(item, self.encoder)?;
        self.push(full);
        Ok(id)
    }

    fn add_new(&mut self, item: &NewItem) -> Result<u32> {
        match item {
            NewItem::Delta(delta) => self.add(delta),
            NewItem::Raw(sequence) => self.add(&sequence.to_codes()),
        }
    }

    /// Packs that are there; all of them are full as long as none is open.
    fn n_full(&self) -> u32 {
        self.recoded.packs.len() as u32
    }

    /// Closes the open pack if it is full, so that packs can be copied behind it.
    fn close_full(&mut self) -> Result<()> {
        if let Some(mut open) = self.open.take_if(|open| open.is_full()) {
            let full = open.close(self.encoder)?;
            self.push(full);
        }
        Ok(())
    }

    fn push(&mut self, pack: Option<ClosedPack>) {
        let pack = pack.map(|closed| NewPack::Encoded(closed.part));
        self.recoded.packs.extend(pack);
    }

    fn finish(mut self) -> Result<Recoded> {
        // A raw group has its placeholder even if it has nothing else.
        if self.is_raw && self.recoded.packs.is_empty() && self.open.is_none() {
            self.open = Some(new_pack(true, self.pack_cardinality, 0));
        }
        if let Some(open) = &mut self.open {
            let last = open.close(self.encoder)?;
            self.push(last);
        }
        Ok(self.recoded)
    }
}

/// The pack behind so many that are full.
fn new_pack(is_raw: bool, cardinality: u32, n_before: u32) -> RecodedPack {
    let cardinality = cardinality as usize;
    match is_raw {
        true if n_before == 0 => RecodedPack::Raw(RawPack::new(cardinality)),
        true => RecodedPack::Raw(RawPack::behind(cardinality, n_before)),
        false => RecodedPack::Delta(DeltaPack::behind(cardinality, n_before).held_plain()),
    }
}
