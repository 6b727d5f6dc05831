//! The packs that an archive holds; the last one of a group can be continued.

use super::Existing;
use crate::error::{Error, Result};
use crate::group::pack::{DeltaPack, RawPack};
use crate::group::{self, N_RAW_GROUPS, Pack};

impl Existing<'_> {
    /// Number of packs of a group; 0 for a group that does not exist.
    pub(in crate::compress) fn n_packs(&self, group: u32) -> usize {
        let archive = self.archive.archive();
        self.groups
            .deltas(group)
            .map_or(0, |stream| archive.n_parts(stream))
    }

    /// The open pack of a raw group: its last one, or the first one if the archive lacks the group.
    ///
    /// # Errors
    /// `Corrupt` when the last pack is damaged.
    pub(in crate::compress) fn reopen_raw(&self, group: u32) -> Result<RawPack> {
        let cardinality = self.params().pack_cardinality as usize;
        Ok(match self.last_pack(group)? {
            Some((number, pack)) => RawPack::reopen(cardinality, number, &pack),
            None => RawPack::new(cardinality),
        })
    }

    /// The open pack of a delta group: its last one, or the first one.
    ///
    /// # Errors
    /// `Corrupt` when the last pack is damaged.
    pub(in crate::compress) fn reopen_delta(&self, group: u32) -> Result<DeltaPack> {
        let cardinality = self.params().pack_cardinality as usize;
        Ok(match self.last_pack(group)? {
            Some((number, pack)) => DeltaPack::reopen(cardinality, number, &pack),
            None => DeltaPack::new(cardinality),
        })
    }

    fn last_pack(&self, group: u32) -> Result<Option<(u32, Pack)>> {
        let Some(last) = self.n_packs(group).checked_sub(1) else {
            return Ok(None);
        };
        let last = u32::try_from(last).map_err(|_| Error::corrupt("a group of more than 2^32 packs"))?;
        let cardinality = self.params().pack_cardinality;
        self.archive.placed(|| {
            let pack = group::read_pack(self.archive.archive(), self.naming(), group, last, cardinality)?;
            Ok(Some((last, pack)))
        })
    }

    /// The raw group that is to receive the next sequence: the one that takes the fewest bytes. How many items each has
    /// would have to be decoded.
    pub(in crate::compress) fn shortest_raw_group(&self) -> u32 {
        (0..N_RAW_GROUPS)
            .min_by_key(|group| self.n_packed_bytes(*group))
            .unwrap_or(0)
    }

    fn n_packed_bytes(&self, group: u32) -> u64 {
        let footer = self.archive.archive().footer();
        let stream = self.groups.deltas(group);
        stream.map_or(0, |stream| footer.parts(stream).iter().map(|part| part.len).sum())
    }
}
