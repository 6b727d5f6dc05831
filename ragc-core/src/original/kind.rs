//! The kinds of texts.

use crate::container::names;

/// What a text tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TextKind {
    /// Residues that are no nucleotide code.
    Odd,
    /// Lower case.
    Case,
    /// What stands between the residues.
    Layout,
    /// Header lines that the collection cannot hold.
    Names,
}

impl TextKind {
    pub(crate) const ALL: [Self; 4] = [Self::Odd, Self::Case, Self::Layout, Self::Names];

    /// Name of the stream of such texts.
    pub(crate) const fn stream_name(self) -> &'static str {
        match self {
            Self::Odd => names::ODD,
            Self::Case => names::CASE,
            Self::Layout => names::LAYOUT,
            Self::Names => names::NAMES,
        }
    }
}
