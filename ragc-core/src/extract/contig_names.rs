//! Names of the contigs of one sample.

use std::sync::Arc;

use crate::collection::BatchNames;
use crate::fasta::name::short_name;

/// Names of the contigs of a sample, in archive order.
#[derive(Debug, Clone)]
pub struct ContigNames {
    pub(super) batch: Arc<BatchNames>,
    pub(super) slot: usize,
}

impl ContigNames {
    /// Number of contigs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.batch.n_contigs(self.slot)
    }

    /// Whether the sample has no contigs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Name of a contig: its complete header line.
    #[must_use]
    pub fn get(&self, contig: usize) -> Option<&[u8]> {
        (contig < self.len()).then(|| self.batch.name(self.slot, contig))
    }

    /// All names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.batch.of_sample(self.slot)
    }

    /// The first contig that `wanted` means.
    pub(super) fn find(&self, wanted: Wanted<'_>) -> Option<usize> {
        match wanted {
            Wanted::Short(short) => self.batch.with_short_name(self.slot, short).next(),
            Wanted::Whole(whole) => self
                .batch
                .with_short_name(self.slot, short_name(whole))
                .find(|contig| self.batch.name(self.slot, *contig) == whole),
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
