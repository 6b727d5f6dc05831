//! What is kept of the samples of an archive when it is written anew.

/// A sample that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptSample {
    /// The place of its archive among those that a new one is made of.
    pub(crate) source: usize,
    /// Its place there.
    pub(crate) sample: usize,
    /// Its name, if it is to have another one.
    pub(crate) name: Option<Vec<u8>>,
    pub(crate) contigs: KeptContigs,
}

/// The contigs of a sample that are kept, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum KeptContigs {
    /// All, as they are.
    #[default]
    All,
    /// All, some of them under new names; ascending.
    Renamed(Vec<(usize, NewName)>),
    /// Only these; ascending.
    Listed(Vec<usize>),
}

/// The new name of a contig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewName {
    /// What the collection calls it.
    pub(crate) stored: Vec<u8>,
    /// Its true name, if the collection cannot hold that.
    pub(crate) true_name: Option<Vec<u8>>,
}

impl KeptSample {
    /// The sample as it is.
    pub(crate) fn whole(source: usize, sample: usize) -> Self {
        Self {
            source,
            sample,
            name: None,
            contigs: KeptContigs::All,
        }
    }

    /// Whether it keeps its name, its contigs and theirs.
    pub(crate) fn is_as_it_is(&self) -> bool {
        self.name.is_none() && self.contigs == KeptContigs::All
    }
}

impl KeptContigs {
    /// Whether no contig is left out.
    pub(crate) fn are_all(&self) -> bool {
        !matches!(self, Self::Listed(_))
    }

    /// Whether contigs have new names.
    pub(crate) fn are_renamed(&self) -> bool {
        matches!(self, Self::Renamed(_))
    }

    /// What is kept of a list with an entry for each contig.
    pub(crate) fn pick<T>(&self, mut all: Vec<T>) -> Vec<T> {
        let Self::Listed(kept) = self else {
            return all;
        };
        let mut kept = kept.iter().copied().peekable();
        let mut place = 0;
        all.retain(|_| {
            let is_kept = kept.next_if_eq(&place).is_some();
            place += 1;
            is_kept
        });
        all
    }
}

/// The samples of one archive that are kept, each with its new place; places ascend.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptSamples<'a>(pub(crate) &'a [(usize, &'a KeptSample)]);

impl KeptSamples<'_> {
    /// Whether they are all of so many samples, in the same places and with all contigs; contigs may have new names if `ignores_names`.
    pub(super) fn are_same(self, n_samples: usize, ignores_names: bool) -> bool {
        let is_same = |(place, kept): &(usize, &KeptSample)| {
            *place == kept.sample
                && match kept.contigs {
                    KeptContigs::All => true,
                    KeptContigs::Renamed(_) => ignores_names,
                    KeptContigs::Listed(_) => false,
                }
        };
        self.0.len() == n_samples && self.0.iter().all(is_same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_is_picked() {
        let listed = KeptContigs::Listed(vec![0, 3, 4]);
        assert_eq!(listed.pick(vec!['a', 'b', 'c', 'd', 'e', 'f']), ['a', 'd', 'e']);
        assert_eq!(KeptContigs::All.pick(vec!['a', 'b']), ['a', 'b']);
        assert!(KeptContigs::Listed(Vec::new()).pick(vec!['a']).is_empty());
    }

    #[test]
    fn samples_in_other_places_are_others() {
        let moved = [1, 0].map(|sample| KeptSample::whole(0, sample));
        let moved: Vec<_> = moved.iter().enumerate().collect();
        assert!(!KeptSamples(&moved).are_same(2, true));
        let same = [0, 1].map(|sample| KeptSample::whole(0, sample));
        let same: Vec<_> = same.iter().enumerate().collect();
        assert!(KeptSamples(&same).are_same(2, false) && !KeptSamples(&same).are_same(3, false));
    }
}
