//! Where a segment goes, and what is stored of it.

use crate::sequence::Sequence;

/// A segment, or a piece of one, on its way into a group.
#[derive(Debug)]
pub(in crate::compress) struct Placed {
    pub(in crate::compress) group: u32,
    pub(in crate::compress) is_rev_comp: bool,
    pub(in crate::compress) raw_len: u32,
    pub(in crate::compress) content: Content,
}

/// What the owner of the group has to store.
#[derive(Debug)]
pub(in crate::compress) enum Content {
    /// A sequence of a raw group.
    Raw(Sequence),
    /// Nothing: it is equal to the reference.
    Reference,
    /// Nothing: it is equal to an item of a raw group, which has this in-group id.
    Stored(u32),
    /// A delta.
    Delta(Vec<u8>),
}

impl Content {
    /// Bytes held, for the limits of channels. References are held anyway.
    pub(in crate::compress) fn cost(&self) -> usize {
        match self {
            Self::Raw(sequence) => sequence.cost(),
            Self::Delta(delta) => delta.len(),
            Self::Reference | Self::Stored(_) => 0,
        }
    }
}

/// A sequence as its group has it.
pub(super) fn oriented(sequence: &Sequence, is_rev_comp: bool) -> Sequence {
    if is_rev_comp {
        sequence.reverse_complement()
    } else {
        sequence.clone()
    }
}
