//! Names of the contigs of one sample.

use std::sync::Arc;

use crate::collection::ContigList;
use crate::name::{short_name, without_blanks};

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

    /// What the collection calls a contig, and other programs do.
    pub(crate) fn stored(&self, contig: usize) -> Option<&[u8]> {
        (contig < self.len()).then(|| self.0.as_stored().name(contig))
    }

    /// All names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.0.iter()
    }

    /// Place of a contig by its name, as [`crate::Archive::find_contig`] takes it.
    #[must_use]
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        Meaning::of(name).find_map(|meaning| self.find_meaning(meaning))
    }

    /// All contigs of which this is the header line, or else those of which it is the first word: by their names, or else by those which other
    /// programs read.
    pub(crate) fn named(&self, name: &[u8]) -> Vec<usize> {
        let named_in = |names: &ContigList| {
            let of_word: Vec<usize> = names.with_short_name(short_name(name)).collect();
            let is_whole = |contig: &&usize| without_blanks(names.name(**contig)) == without_blanks(name);
            let whole: Vec<usize> = of_word.iter().filter(is_whole).copied().collect();
            match whole.is_empty() && short_name(name) == name {
                true => of_word,
                false => whole,
            }
        };
        let found = named_in(&self.0);
        match found.is_empty() {
            true => named_in(self.0.as_stored()),
            false => found,
        }
    }

    /// Contigs that other programs know by another name, because the format cannot hold theirs, and that other name.
    pub fn substitutes(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let both = self.0.iter().zip(self.0.as_stored().iter()).enumerate();
        both.filter(|(_, (name, stored))| name != stored)
            .map(|(contig, (_, stored))| (contig, stored))
    }

    /// The first contig that `meaning` means, by its name or else by that which other programs read.
    pub(super) fn find_meaning(&self, meaning: Meaning<'_>) -> Option<usize> {
        let find_in = |names: &ContigList| match meaning {
            Meaning::Short(short) => names.with_short_name(short).next(),
            Meaning::Whole(whole) => names
                .with_short_name(short_name(whole))
                .find(|contig| names.name(*contig) == whole),
        };
        find_in(&self.0).or_else(|| find_in(self.0.as_stored()))
    }
}

/// What a name asked for means. AGC goes by short names alone; a complete header line is taken at its word first.
#[derive(Debug, Clone, Copy)]
pub(super) enum Meaning<'a> {
    Whole(&'a [u8]),
    Short(&'a [u8]),
}

impl<'a> Meaning<'a> {
    /// The meanings of a name, the one to prefer first.
    pub(super) fn of(name: &'a [u8]) -> impl Iterator<Item = Self> {
        let short = short_name(name);
        let whole = (short != name).then_some(Self::Whole(name));
        whole.into_iter().chain([Self::Short(short)])
    }
}
