//! Names that the collection has in place of those that it cannot hold.

use ahash::AHashSet;

use crate::collection::is_storable;
use crate::name::{short_name, without_blanks};

/// What the collection is to call the contigs of a sample, in their order, where that is not their name: if one of them cannot be stored, all
/// names with bytes of 80 hex and above are written with `%` and two digits for each such byte. So the names of a sample are told in one
/// way, and those that could always be stored are stored as ever.
pub(crate) fn substitutes<'a>(names: impl Iterator<Item = &'a [u8]> + Clone) -> Vec<Option<Vec<u8>>> {
    if are_storable(names.clone()) {
        return names.map(|_| None).collect();
    }
    let plain = names.clone().filter(|name| name.is_ascii());
    let mut taken: AHashSet<Vec<u8>> = plain.map(<[u8]>::to_vec).collect();
    let substitute = |name: &[u8]| (!name.is_ascii()).then(|| free_name(escaped(name), &mut taken));
    names.map(substitute).collect()
}

fn are_storable<'a>(mut names: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut last = None;
    names.all(|name| is_storable(name, last.replace(name)))
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
    let n_blanks = name.len() - without_blanks(&name).len();
    let (word, rest) = name.split_at(n_blanks + short_name(&name).len());
    let numbered = (2u64..).map(|number| [word, format!(".{number}").as_bytes(), rest].concat());
    let mut names = [name.clone()].into_iter().chain(numbered);
    names.find(|name| taken.insert(name.clone())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(names: &[&str]) -> (usize, Vec<String>) {
        let substitutes = substitutes(names.iter().map(|name| name.as_bytes()));
        let n = substitutes.iter().flatten().count();
        let stored = names.iter().zip(substitutes);
        let stored = stored.map(|(name, other)| other.unwrap_or_else(|| name.as_bytes().to_vec()));
        (n, stored.map(|name| String::from_utf8(name).unwrap()).collect())
    }

    #[test]
    fn names_that_can_be_stored_stay() {
        for names in [
            &["café one", "x", "côte two"][..],
            &["café"],
            &["x one", "é"],
            &[],
        ] {
            assert_eq!(stored(names).0, 0, "{names:?}");
        }
    }

    #[test]
    fn all_names_of_a_sample_are_told_in_one_way() {
        let (count, stored) = stored(&["café one", "bééé two", "x", "y 100%", "é"]);
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
        let (_, same) = stored(&["x", "é a", "%C3%A9 a", "%C3%A9.2 a"]);
        assert_eq!(same, ["x", "é a", "%C3%A9 a", "%C3%A9.2 a"]);
        let (_, others) = stored(&["x", "é", "%C3%A9", "%C3%A9.2"]);
        assert_eq!(others, ["x", "%C3%A9.3", "%C3%A9", "%C3%A9.2"]);
    }
}
