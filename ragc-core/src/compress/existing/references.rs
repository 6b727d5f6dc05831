//! The references that an archive holds.

use super::Existing;
use crate::error::Result;
use crate::group::{self, N_RAW_GROUPS};
use crate::sequence::Sequence;
use std::ops::Range;

impl Existing<'_> {
    /// Numbers of all groups with a reference.
    pub(in crate::compress) fn delta_groups(&self) -> Range<u32> {
        N_RAW_GROUPS..self.n_groups()
    }

    /// Decodes the reference of a group.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged, or holds a symbol that the format does not know (AGC stores such).
    pub(in crate::compress) fn reference(&self, group: u32) -> Result<Sequence> {
        self.archive.placed(|| {
            let codes = group::read_reference(self.archive.archive(), group)?;
            Ok(Sequence::from_codes(&codes))
        })
    }
}
