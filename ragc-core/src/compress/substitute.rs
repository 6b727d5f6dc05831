//! Names that are stored in place of those that the format cannot hold. The true ones go to a stream of their own
//! ([`crate::original`]).

use super::messages::ContigLayout;
use crate::collection::is_storable;
use crate::name::short_name;
use ahash::AHashSet;

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

/// Gives the contigs of a sample names that can be stored: if one of them cannot be, all names with bytes of 80 hex and above
/// are written with `%` and two digits for each such byte. So the names of a sample are told in one way, and those that could always be stored
/// are stored as ever.
pub(super) fn substitute_names(contigs: &mut [ContigLayout]) -> Substitutes {
    let mut substitutes = Substitutes::default();
    if are_storable(contigs) {
        return substitutes;
    }
    let plain = contigs
        .iter()
        .map(|contig| &contig.name)
        .filter(|name| name.is_ascii());
    let mut taken: AHashSet<Vec<u8>> = plain.cloned().collect();
    for contig in contigs.iter_mut().filter(|contig| !contig.name.is_ascii()) {
        let substitute = free_name(escaped(&contig.name), &mut taken);
        substitutes.count += 1;
        substitutes
            .first
            .get_or_insert_with(|| (contig.name.clone(), substitute.clone()));
        contig.substitute = Some(substitute);
    }
    substitutes
}

fn are_storable(contigs: &[ContigLayout]) -> bool {
    let mut last = None;
    contigs
        .iter()
        .all(|contig| is_storable(&contig.name, last.replace(contig.name.as_slice())))
}

fn escaped(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len() + 8);
    for byte in name {
        match byte {
            0..0x80 => plain.push(*byte),
            byte => plain.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    plain
}

/// A name that no other contig of the sample has; a number goes behind the first word if one has it.
fn free_name(name: Vec<u8>, taken: &mut AHashSet<Vec<u8>>) -> Vec<u8> {
    let (word, rest) = name.split_at(short_name(&name).len());
    let numbered = (2u64..).map(|number| [word, format!(".{number}").as_bytes(), rest].concat());
    let mut names = [name.clone()].into_iter().chain(numbered);
    names.find(|name| taken.insert(name.clone())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::rename::tests::contigs;

    fn substituted(names: &[&str]) -> (u64, Vec<String>) {
        let mut contigs = contigs(names);
        let substitutes = substitute_names(&mut contigs);
        let stored = contigs
            .into_iter()
            .map(|contig| contig.substitute.unwrap_or(contig.name));
        (
            substitutes.count,
            stored.map(|name| String::from_utf8(name).unwrap()).collect(),
        )
    }

    #[test]
    fn names_that_can_be_stored_stay() {
        for names in [
            &["café one", "x", "côte two"][..],
            &["café"],
            &["x one", "é"],
            &[],
        ] {
            assert_eq!(substituted(names).0, 0, "{names:?}");
        }
    }

    #[test]
    fn all_names_of_a_sample_are_told_in_one_way() {
        let (count, stored) = substituted(&["café one", "bééé two", "x", "y 100%", "é"]);
        assert_eq!(count, 3);
        assert_eq!(
            stored,
            [
                "caf%C3%A9 one",
                "b%C3%A9%C3%A9%C3%A9 two",
                "x",
                "y 100%",
                "%C3%A9"
            ]
        );
    }

    #[test]
    fn no_other_contig_has_the_name() {
        let (_, stored) = substituted(&["x", "é a", "%C3%A9 a", "%C3%A9.2 a"]);
        assert_eq!(stored, ["x", "é a", "%C3%A9 a", "%C3%A9.2 a"]);
        let (_, stored) = substituted(&["x", "é", "%C3%A9", "%C3%A9.2"]);
        assert_eq!(stored, ["x", "%C3%A9.3", "%C3%A9", "%C3%A9.2"]);
    }
}
