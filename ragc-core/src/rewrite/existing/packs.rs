//! The packs that an archive holds; the last one of a group can be continued.

use super::Existing;
use crate::error::{Error, Result};
use crate::group::pack::{ClosedPack, DeltaPack, RawPack};
use crate::group::writer::EncodedPart;
use crate::group::{self, N_RAW_GROUPS, Pack, is_raw, pad};

/// Bytes of a last pack that is written again with what is new, as it is stored, where an archive is changed in place. A longer one is filled up: so no
/// pack is written more often than once after it has become so long.
/// Packs of tests are short.
const REWRITTEN_LEN: usize = if cfg!(test) { 40 } else { 1 << 10 };

impl Existing<'_> {
    /// Number of packs of a group; 0 for a group that does not exist.
    pub(crate) fn n_packs(&self, group: u32) -> usize {
        let container = self.archive.container();
        self.groups
            .deltas(group)
            .map_or(0, |stream| container.n_parts(stream))
    }

    /// The open pack of a raw group: its last one, or the first one if the archive lacks the group.
    ///
    /// # Errors
    /// `Corrupt` when the last pack is damaged.
    pub(crate) fn reopen_raw(&self, group: u32) -> Result<RawPack> {
        let cardinality = self.params().pack_cardinality as usize;
        Ok(match self.last_pack(group)? {
            Some((number, pack)) => RawPack::reopen(cardinality, number, pack),
            None => RawPack::new(cardinality),
        })
    }

    /// The open pack of a delta group: its last one, or the first one. In place, a long last one is filled up instead: then that comes too, and
    /// the open one is the next.
    ///
    /// # Errors
    /// `Corrupt` when the last pack is damaged.
    pub(crate) fn reopen_delta(&self, group: u32) -> Result<(DeltaPack, Option<ClosedPack>)> {
        let cardinality = self.params().pack_cardinality as usize;
        let Some((number, pack)) = self.last_pack(group)? else {
            return Ok((DeltaPack::new(cardinality), None));
        };
        if self.is_changed_in_place {
            if pack.n_items() == cardinality {
                return Ok((DeltaPack::behind_last(cardinality, number, &pack), None));
            }
            if let Some(part) = self.filled_up(group, number, cardinality - pack.n_items())? {
                let open = DeltaPack::behind_last(cardinality, number, &pack);
                return Ok((open, Some(ClosedPack { number, part })));
            }
        }
        Ok((DeltaPack::reopen(cardinality, number, &pack), None))
    }

    /// The last pack of a group with so many empty items more, if it is so long that it should not be written again.
    fn filled_up(&self, group: u32, number: u32, n_left: usize) -> Result<Option<EncodedPart>> {
        let Some(stream) = self.groups.deltas(group) else {
            return Ok(None);
        };
        let container = self.archive.container();
        let stored = self
            .archive
            .placed(|| container.read_part(stream, number as usize))?;
        match stored.payload().len() > REWRITTEN_LEN {
            true => Ok(pad::padded(stored.metadata, stored.payload(), n_left)),
            false => Ok(None),
        }
    }

    /// The pack of a group that is continued, its last one, with its number.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged.
    pub(crate) fn last_pack(&self, group: u32) -> Result<Option<(u32, Pack)>> {
        let Some(last) = self.n_packs(group).checked_sub(1) else {
            return Ok(None);
        };
        let last = u32::try_from(last).map_err(|_| Error::corrupt("a group of more than 2^32 packs"))?;
        Ok(Some((last, self.pack(group, last)?)))
    }

    /// Checks that all items of a group can have numbers.
    ///
    /// # Errors
    /// `Corrupt` for more packs.
    pub(crate) fn check_n_packs(&self, group: u32) -> Result<()> {
        let n_items = (self.n_packs(group) as u64).saturating_mul(self.params().pack_cardinality.into());
        match self.n_packs(group) > 1 && n_items > u32::MAX.into() {
            true => self.archive.placed(|| {
                let error = Error::corrupt("more packs than items have numbers");
                Err(error.in_stream(&self.naming().delta_stream(group)))
            }),
            false => Ok(()),
        }
    }

    /// The id behind that of the last item of a group.
    ///
    /// # Errors
    /// `Corrupt` when the last pack is damaged.
    pub(crate) fn end_of_items(&self, group: u32) -> Result<u32> {
        let n_items = match self.last_pack(group)? {
            Some((number, pack)) => {
                let before = number.saturating_mul(self.params().pack_cardinality);
                before.saturating_add(pack.n_items() as u32)
            }
            None => 0,
        };
        // The reference is in no pack.
        Ok(n_items.saturating_add(u32::from(!is_raw(group))))
    }

    /// A pack of a group by its number.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged or there is none.
    pub(crate) fn pack(&self, group: u32, number: u32) -> Result<Pack> {
        let cardinality = self.params().pack_cardinality;
        let container = self.archive.container();
        self.archive
            .placed(|| group::read_pack(container, self.naming(), group, number, cardinality))
    }

    /// Bytes of all packs of a group, as they are stored.
    pub(crate) fn deltas_len(&self, group: u32) -> u64 {
        let footer = self.archive.container().footer();
        let parts = self.groups.deltas(group).map(|stream| footer.parts(stream));
        parts.into_iter().flatten().map(|part| part.len).sum()
    }

    /// Raw groups up to the last one that holds more than a placeholder.
    pub(crate) fn n_used_raw_groups(&self) -> u32 {
        let is_used = |group: &u32| self.deltas_len(*group) > 2;
        (0..N_RAW_GROUPS).rfind(is_used).map_or(0, |group| group + 1)
    }

    /// Symbols in raw groups, separators counted, without decoding them.
    ///
    /// # Errors
    /// `Corrupt` when a pack tells no length.
    pub(crate) fn n_raw_bytes(&self) -> Result<u64> {
        let packs =
            (0..N_RAW_GROUPS).flat_map(|group| (0..self.n_packs(group)).map(move |pack| (group, pack)));
        let len_of =
            |(group, pack)| group::peek_pack_len(self.archive.container(), self.naming(), group, pack as u32);
        self.archive.placed(|| {
            packs
                .map(len_of)
                .try_fold(0, |sum: u64, len| Ok(sum.saturating_add(len?)))
        })
    }
}
