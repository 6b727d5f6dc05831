//! Other names for what has a name that is taken: `.2`, `.3` and so on, never one that something else has.

use super::messages::ContigLayout;
use crate::name::{short_name, without_blanks};
use ahash::{AHashMap, AHashSet};
use std::path::PathBuf;

/// Renamings that are kept to be told.
const MAX_TOLD: usize = 20;

/// A name that was taken, and the one that is stored instead.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renaming {
    /// Of a sample.
    #[non_exhaustive]
    Sample {
        /// Its file.
        path: PathBuf,
        /// The name in the input.
        from: Vec<u8>,
        /// The name in the archive.
        to: Vec<u8>,
    },
    /// Of a contig.
    #[non_exhaustive]
    Contig {
        /// Its sample.
        sample: Vec<u8>,
        /// The name in the input.
        from: Vec<u8>,
        /// The name in the archive.
        to: Vec<u8>,
    },
}

impl Renaming {
    /// A word for what has the name that stays the same from release to release.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Sample { .. } => "sample",
            Self::Contig { .. } => "contig",
        }
    }

    /// The name in the input.
    #[must_use]
    pub fn from(&self) -> &[u8] {
        match self {
            Self::Sample { from, .. } | Self::Contig { from, .. } => from,
        }
    }

    /// The name in the archive.
    #[must_use]
    pub fn to(&self) -> &[u8] {
        match self {
            Self::Sample { to, .. } | Self::Contig { to, .. } => to,
        }
    }
}

/// Renamings of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Renamings {
    /// How many there were.
    pub(super) count: u64,
    /// The first of them.
    pub(super) first: Vec<Renaming>,
}

impl Renamings {
    pub(super) fn add(&mut self, renaming: Renaming) {
        self.count += 1;
        if self.first.len() < MAX_TOLD {
            self.first.push(renaming);
        }
    }

    /// Adds those of `other` behind these.
    pub(super) fn extend(&mut self, other: Self) {
        self.count += other.count;
        self.first.extend(other.first);
        self.first.truncate(MAX_TOLD);
    }
}

/// Names of which each is given to one owner only.
#[derive(Debug, Default)]
pub(super) struct FreeNames {
    taken: AHashSet<Vec<u8>>,
    /// Names that are in the input, whether or not they are taken yet.
    reserved: AHashSet<Vec<u8>>,
    /// The number to try next for a name.
    next: AHashMap<Vec<u8>, u64>,
}

impl FreeNames {
    pub(super) fn new(reserved: impl Iterator<Item = Vec<u8>>) -> Self {
        Self {
            reserved: reserved.collect(),
            ..Self::default()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.taken.is_empty()
    }

    /// Takes a name, unless it is taken.
    pub(super) fn take(&mut self, name: &[u8]) -> bool {
        self.taken.insert(name.to_vec())
    }

    /// Takes the first of `name.2`, `name.3` … that nobody has or will have.
    pub(super) fn take_numbered(&mut self, name: &[u8]) -> Vec<u8> {
        let number = self.next.entry(name.to_vec()).or_insert(2);
        loop {
            let numbered = [name, format!(".{number}").as_bytes()].concat();
            *number += 1;
            if !self.reserved.contains(&numbered) && self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }

    pub(super) fn release(&mut self, name: &[u8]) {
        self.taken.remove(name);
    }
}

/// Renames the contigs of a sample whose name another one before them has. The number goes behind the first word, by
/// which contigs are asked for.
pub(super) fn rename_contigs(sample: &[u8], contigs: &mut [ContigLayout]) -> Renamings {
    let mut renamings = Renamings::default();
    let duplicates = find_duplicates(contigs);
    if duplicates.is_empty() {
        return renamings;
    }
    let mut words = FreeNames::new(contigs.iter().map(|contig| short_name(&contig.name).to_vec()));
    for contig in duplicates {
        let contig = &mut contigs[contig];
        let word = short_name(&contig.name);
        let new_word = words.take_numbered(word);
        let whole = contig.name.as_slice();
        let n_blanks = whole.len() - without_blanks(whole).len();
        let new = [&whole[..n_blanks], &new_word, &whole[n_blanks + word.len()..]].concat();
        let original = std::mem::replace(&mut contig.name, new);
        renamings.add(Renaming::Contig {
            sample: sample.to_vec(),
            from: original.clone(),
            to: contig.name.clone(),
        });
        contig.original_name.get_or_insert(original);
    }
    renamings
}

/// Indexes of contigs with the name of one before them.
fn find_duplicates(contigs: &[ContigLayout]) -> Vec<usize> {
    let mut seen = AHashSet::with_capacity(contigs.len());
    let all = contigs.iter().enumerate();
    all.filter(|(_, contig)| !seen.insert(contig.name.as_slice()))
        .map(|(index, _)| index)
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::compress::record::RecordEnd;
    use proptest::prelude::*;

    /// Contigs of these names without segments.
    pub(in crate::compress) fn contigs(names: &[&str]) -> Vec<ContigLayout> {
        let contig = |name: &&str| ContigLayout {
            name: name.as_bytes().to_vec(),
            original_name: None,
            substitute: None,
            n_segments: 0,
            record: RecordEnd::default(),
        };
        names.iter().map(contig).collect()
    }

    fn renamed(names: &[&str]) -> Vec<String> {
        let mut contigs = contigs(names);
        rename_contigs(b"s", &mut contigs);
        let text = |contig: ContigLayout| String::from_utf8(contig.name).unwrap();
        contigs.into_iter().map(text).collect()
    }

    #[test]
    fn the_number_goes_behind_the_first_word() {
        assert_eq!(renamed(&["x", "y", "x", "x"]), ["x", "y", "x.2", "x.3"]);
        assert_eq!(
            renamed(&["x one", "x one", "x two"]),
            ["x one", "x.2 one", "x two"]
        );
        assert_eq!(renamed(&["x", "x y"]), ["x", "x y"]);
        assert_eq!(renamed(&[" x y", " x y"]), [" x y", " x.2 y"]);
    }

    #[test]
    fn names_that_come_later_stay_with_their_owners() {
        assert_eq!(
            renamed(&["x", "x", "x.2", "x.2", "x.3 other", "x"]),
            ["x", "x.4", "x.2", "x.2.2", "x.3 other", "x.5"]
        );
    }

    #[test]
    fn the_first_are_told_and_all_are_counted() {
        let mut many = contigs(&["x"; 100]);
        let mut renamings = rename_contigs(b"s", &mut many);
        assert_eq!((renamings.count, renamings.first.len()), (99, MAX_TOLD));
        assert_eq!(renamings.first[0].to(), b"x.2");
        assert_eq!(many[99].name, b"x.100");
        assert_eq!(many[99].original_name.as_deref(), Some(&b"x"[..]));
        renamings.extend(renamings.clone());
        assert_eq!((renamings.count, renamings.first.len()), (198, MAX_TOLD));
    }

    proptest! {
        #[test]
        fn all_names_differ_and_the_first_of_each_stays(names in proptest::collection::vec("[ab](\\.[23]){0,2}( [xy])?", 1..30)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let new = renamed(&names);
            let distinct: AHashSet<&String> = new.iter().collect();
            prop_assert_eq!(distinct.len(), new.len());
            let mut seen = AHashSet::new();
            for (old, new) in names.iter().zip(&new) {
                prop_assert!(!seen.insert(*old) || old == new);
            }
        }
    }
}
