//! The packs that an archive holds; the last one of a group can be continued.

use super::Existing;
use crate::error::{Error, Result};
use crate::group::pack::{DeltaPack, RawPack};
use crate::group::{self, N_RAW_GROUPS, Pack};

impl Existing<'_> {
    /// Number of packs of a group; 0 for a group that does not exist.
    pub(crate) fn n_packs(&self, group: u32) -> usize {
        let archive = self.archive.container();
        self.groups
            .deltas(group)
            .map_or(0, |stream| archive.n_parts(stream))
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

    /// The open pack of a delta group: its last one, or the first one.
    ///
    /// # Errors
    /// `Corrupt` when the last pack is damaged.
    pub(crate) fn reopen_delta(&self, group: u32) -> Result<DeltaPack> {
        let cardinality = self.params().pack_cardinality as usize;
        Ok(match self.last_pack(group)? {
            Some((number, pack)) => DeltaPack::reopen(cardinality, number, &pack),
            None => DeltaPack::new(cardinality),
        })
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

    /// A pack of a group by its number.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged or there is none.
    pub(crate) fn pack(&self, group: u32, number: u32) -> Result<Pack> {
        let cardinality = self.params().pack_cardinality;
        let archive = self.archive.container();
        self.archive
            .placed(|| group::read_pack(archive, self.naming(), group, number, cardinality))
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
