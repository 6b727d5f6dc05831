//! Where a segment may be stored.

/// A group and the strand on which a segment would be stored there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Home {
    pub(super) group: u32,
    pub(super) is_rev_comp: bool,
}
