//! What a new group is made of.

use crate::group::writer::EncodedPart;
use crate::rewrite::groups::NewIds;

/// Packs of a new group, in order.
#[derive(Debug)]
pub(super) enum NewPack {
    /// One of an old group, by the place of its archive.
    Copy { source: usize, group: u32, pack: usize },
    /// A new one.
    Encoded(EncodedPart),
}

/// What a new group is made of.
#[derive(Debug, Default)]
pub(super) struct Recoded {
    /// The reference, if it is not that of the first member.
    pub(super) reference: Option<EncodedPart>,
    pub(super) packs: Vec<NewPack>,
    /// What became of the ids of each member.
    pub(super) ids: Vec<NewIds>,
    /// The ids of what was added behind them.
    pub(super) added: Vec<u32>,
}
