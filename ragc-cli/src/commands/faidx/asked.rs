//! Regions as they are asked for.

use std::ops::Range;

/// A region as it was asked for.
#[derive(Debug, Clone)]
pub(super) enum AskedRegion {
    /// By an address, which also names it in the output.
    Text(Vec<u8>),
    /// By a line of a BED file: name and range, half-open, counted from 0, and strand.
    Bed {
        name: Vec<u8>,
        range: Range<u64>,
        is_reverse: bool,
    },
}

impl AskedRegion {
    /// How the output and messages name it: by what was found to be its address, the range of a BED file is counted from 1.
    pub(super) fn label(&self, address: &[u8]) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bed { range, .. } => {
                let range = format!(":{}-{}", range.start.saturating_add(1), range.end);
                [address, range.as_bytes()].concat()
            }
        }
    }

    /// The address to look up.
    pub(super) fn address(&self) -> crate::address::AddressText<'_> {
        let (text, is_name) = match self {
            Self::Text(text) => (text, false),
            Self::Bed { name, .. } => (name, true),
        };
        crate::address::AddressText { text, is_name }
    }

    /// Whether the other strand is wanted.
    pub(super) fn is_reverse(&self) -> bool {
        matches!(self, Self::Bed { is_reverse: true, .. })
    }
}
