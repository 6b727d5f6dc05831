//! The names of an archive that are near to one.

use std::collections::{BinaryHeap, HashSet};

use crate::error::Quoted;
use crate::extract::Archive;
use crate::name::short_name;
use crate::near::likeness::{Likeness, Name};

/// Names told, at most.
const MAX_NEAR: usize = 3;
/// Different contig names looked at, at most: a guess need not be the best among millions.
const MAX_CONTIGS: usize = 100_000;

/// The end of a message that tells names.
#[must_use]
pub fn did_you_mean(near: &[String]) -> String {
    match near {
        [] => String::new(),
        names => format!(
            "; near: {}",
            names
                .iter()
                .map(|name| Quoted(name).to_string())
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

/// Names of samples near this one.
#[must_use]
pub fn near_samples(archive: &Archive, name: &str) -> Vec<String> {
    let mut nearest = Nearest::to(name);
    for sample in archive.samples().into_iter().flat_map(|samples| samples.iter()) {
        nearest.offer(sample);
    }
    nearest.into_names()
}

/// Names of contigs near this one, in the sample or, without one, in all samples.
#[must_use]
pub fn near_contigs(archive: &Archive, sample: Option<&str>, name: &str) -> Vec<String> {
    let mut nearest = Nearest::to(name);
    match sample {
        Some(sample) => {
            if let Ok(contigs) = archive.contigs(sample) {
                contigs
                    .iter()
                    .for_each(|contig| nearest.offer(short_name(contig)));
            }
        }
        None => offer_all_contigs(archive, &mut nearest),
    }
    nearest.into_names()
}

/// Contigs are named alike in many samples: each name is looked at once.
fn offer_all_contigs(archive: &Archive, nearest: &mut Nearest) {
    let mut seen = HashSet::new();
    for sample in archive.samples().into_iter().flat_map(|samples| samples.iter()) {
        let Ok(contigs) = archive.contigs(sample) else {
            return;
        };
        for contig in contigs.iter().map(short_name) {
            if !seen.contains(contig) {
                if seen.len() == MAX_CONTIGS {
                    return;
                }
                seen.insert(contig.to_vec());
                nearest.offer(contig);
            }
        }
    }
}

/// The names nearest to one; of equally near ones those that come first in the order of their bytes.
struct Nearest<'a> {
    name: Name<'a>,
    /// The farthest on top.
    found: BinaryHeap<(Likeness, String)>,
}

impl<'a> Nearest<'a> {
    fn to(name: &'a str) -> Self {
        Self {
            name: Name::new(name),
            found: BinaryHeap::new(),
        }
    }

    fn offer(&mut self, other: &[u8]) {
        let other = String::from_utf8_lossy(other);
        if let Some(likeness) = self.name.likeness(&other) {
            self.found.push((likeness, other.into_owned()));
            if self.found.len() > MAX_NEAR {
                self.found.pop();
            }
        }
    }

    fn into_names(self) -> Vec<String> {
        let nearest = self.found.into_sorted_vec();
        nearest.into_iter().map(|(_, name)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(name: &str, names: &[&str]) -> Vec<String> {
        let mut nearest = Nearest::to(name);
        names.iter().for_each(|name| nearest.offer(name.as_bytes()));
        nearest.into_names()
    }

    #[test]
    fn the_nearest_come_first_and_far_ones_never() {
        let names = ["HG003", "NA19240", "HG00", "HG002#1", "HG022", "HG001"];
        assert_eq!(nearest("HG002", &names), ["HG00", "HG002#1", "HG001"]);
        assert_eq!(nearest("HG0021", &names), ["HG00", "HG001", "HG002#1"]);
        assert!(nearest("yeast", &names).is_empty());
        assert!(nearest("", &names).is_empty());
    }
}
