//! What is near when a name is absent.

use std::collections::{BinaryHeap, HashSet};
use std::path::Path;

use ragc_core::short_name;
use ragc_core::{Archive, Error, ErrorKind, Quoted};

use crate::likeness::{Likeness, Name};
use crate::out::with_ending;

/// Names told, at most.
const MAX_NEAR: usize = 3;
/// Different contig names looked at, at most: a guess need not be the best among millions.
const MAX_CONTIGS: usize = 100_000;

/// Adds to an error about a name that does not exist the names that are near.
pub(crate) fn with_near(archive: &Archive, error: Error) -> anyhow::Error {
    let near = match error.kind() {
        ErrorKind::NotFound { what: "sample", name } if is_contig(archive, name) => {
            let path = error.location().path.as_deref();
            let path = path.map_or_else(String::new, |path| format!("{}: ", path.display()));
            return anyhow::anyhow!(
                "{path}{} is a contig, not a sample: getctg prints contigs",
                Quoted(name)
            );
        }
        ErrorKind::NotFound { what: "sample", name } => near_samples(archive, name),
        ErrorKind::NotFound { what: "contig", name } => {
            near_contigs(archive, error.location().sample.as_deref(), name)
        }
        _ => Vec::new(),
    };
    if near.is_empty() {
        return error.into();
    }
    anyhow::anyhow!("{error}{}", did_you_mean(&near))
}

/// Adds to an error about an archive that does not exist the file that was meant: the one with the ending.
pub(crate) fn near_file(path: &Path, error: Error) -> Error {
    let meant = with_ending(path, "agc");
    match error.kind() {
        ErrorKind::Io(why) if !path.exists() && meant.is_file() => {
            let near = did_you_mean(&[meant.to_string_lossy().into_owned()]);
            Error::new(ErrorKind::Io(format!("{why}{near}"))).in_file(path)
        }
        _ => error,
    }
}

fn is_contig(archive: &Archive, name: &str) -> bool {
    let found = archive.find_anywhere(&[name.as_bytes()]);
    found.is_ok_and(|found| found.iter().any(|found| found.first.is_some()))
}

/// The end of a message that tells names.
pub(crate) fn did_you_mean(near: &[String]) -> String {
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
pub(crate) fn near_samples(archive: &Archive, name: &str) -> Vec<String> {
    let mut nearest = Nearest::to(name);
    for sample in archive.samples().into_iter().flat_map(|samples| samples.iter()) {
        nearest.offer(sample);
    }
    nearest.into_names()
}

/// Names of contigs near this one, in the sample or, without one, in all samples.
pub(crate) fn near_contigs(archive: &Archive, sample: Option<&str>, name: &str) -> Vec<String> {
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
