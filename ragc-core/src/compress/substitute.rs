//! Names that are stored in place of those that the format cannot hold. The true ones go to a stream of their own
//! ([`crate::original`]).

use super::messages::ContigLayout;
use crate::collection::substitutes;

/// Names of which the true ones are kept beside the collection, and others stored in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Substitutes {
    /// How many there are.
    pub count: u64,
    /// The first of them: the true name, and the one that is stored.
    pub first: Option<(Vec<u8>, Vec<u8>)>,
}

impl Substitutes {
    /// Adds those of `other` behind these.
    pub(super) fn extend(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.take().or(other.first);
    }
}

/// Gives the contigs of a sample names that can be stored.
pub(super) fn substitute_names(contigs: &mut [ContigLayout]) -> Substitutes {
    let mut all = Substitutes::default();
    let substitutes = substitutes(contigs.iter().map(|contig| contig.name.as_slice()));
    for (contig, substitute) in contigs.iter_mut().zip(substitutes) {
        let Some(substitute) = substitute else {
            continue;
        };
        all.count += 1;
        all.first
            .get_or_insert_with(|| (contig.name.clone(), substitute.clone()));
        contig.substitute = Some(substitute);
    }
    all
}
