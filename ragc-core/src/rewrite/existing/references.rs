//! The references that an archive holds.

use super::Existing;
use crate::error::Result;
use crate::group::{self, N_RAW_GROUPS};
use crate::sequence::Sequence;
use std::ops::Range;

impl Existing<'_> {
    /// Numbers of all groups with a reference.
    pub(crate) fn delta_groups(&self) -> Range<u32> {
        N_RAW_GROUPS..self.n_groups()
    }

    /// Decodes the reference of a group.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged, or holds a symbol that the format does not know (AGC stores such).
    pub(crate) fn reference(&self, group: u32) -> Result<Sequence> {
        self.archive
            .placed(|| group::read_reference(self.archive.container(), self.naming(), group))
    }

    /// Bases of the reference of a group, without decoding it.
    ///
    /// # Errors
    /// `Corrupt` when it tells no length.
    pub(crate) fn reference_len(&self, group: u32) -> Result<u64> {
        self.archive
            .placed(|| group::reference_len(self.archive.container(), self.naming(), group))
    }

    /// Bytes that all references take in the file.
    pub(crate) fn reference_bytes(&self) -> u64 {
        group::reference_bytes(self.archive.container().footer(), self.naming())
    }

    /// Bases of all references, without decoding them.
    ///
    /// # Errors
    /// `Corrupt` when a reference tells no length.
    pub(crate) fn n_reference_bases(&self) -> Result<u64> {
        let mut groups = self.delta_groups();
        groups.try_fold(0u64, |n_bases, group| {
            Ok(n_bases.saturating_add(self.reference_len(group)?))
        })
    }
}
