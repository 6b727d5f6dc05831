//! Names of the contigs of one sample.

use std::sync::Arc;

use crate::collection::ContigList;
use crate::fasta::name::short_name;

/// Names of the contigs of a sample, in archive order.
#[derive(Debug, Clone)]
pub struct ContigNames(pub(super) Arc<ContigList>);

impl ContigNames {
    /// Number of contigs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the sample has no contigs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Name of a contig: its complete header line.
    #[must_use]
    pub fn get(&self, contig: usize) -> Option<&[u8]> {
        (contig < self.len()).then(|| self.0.name(contig))
    }

    /// All names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.0.iter()
    }

    /// Place of a contig by its name, as [`crate::Decompressor::find_contig`] takes it.
    #[must_use]
    pub fn position(&self, name: &[u8]) -> Option<usize> {
        Wanted::of(name).find_map(|wanted| self.find(wanted))
    }

    /// The first contig that `wanted` means.
    pub(super) fn find(&self, wanted: Wanted<'_>) -> Option<usize> {
        match wanted {
            Wanted::Short(short) => self.0.with_short_name(short).next(),
            Wanted::Whole(whole) => self
                .0
                .with_short_name(short_name(whole))
                .find(|contig| self.0.name(*contig) == whole),
        }
    }
}

/// What a name asked for means. AGC goes by short names alone; a complete header line is taken at its word first.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'a> {
    Whole(&'a [u8]),
    Short(&'a [u8]),
}

impl<'a> Wanted<'a> {
    /// The meanings of a name, the one to prefer first.
    pub(super) fn of(name: &'a [u8]) -> impl Iterator<Item = Self> {
        let short = short_name(name);
        let whole = (short != name).then_some(Self::Whole(name));
        whole.into_iter().chain([Self::Short(short)])
    }
}
