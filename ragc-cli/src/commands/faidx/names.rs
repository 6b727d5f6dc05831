//! Names of contigs as faidx takes them: `SAMPLE#CONTIG`, or `CONTIG` alone when one sample has it.
//!
//! Both parts may contain `#`. All names of a command are looked up together, so that the contigs of a sample are
//! gone through once, however many regions there are.

use std::collections::{BTreeMap, HashMap, HashSet};

use ragc_core::fasta::name::short_name;
use ragc_core::{Decompressor, Result, extract::ContigId};

/// What names were found to mean.
pub(super) type Found<'a> = HashMap<&'a [u8], Meaning>;

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    /// The first contig that it may be.
    pub(super) contig: ContigId,
    /// Number of samples in which there is one.
    pub(super) n_samples: usize,
}

/// Finds names that begin with a sample: `SAMPLE#CONTIG`.
pub(super) fn find_with_sample<'a>(
    archive: &Decompressor,
    names: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Found<'a>> {
    let samples = archive.samples()?;
    let mut wanted: BTreeMap<usize, HashMap<&[u8], &'a [u8]>> = BTreeMap::new();
    for name in names {
        for (sample, contig) in splits(name) {
            if let Some(place) = samples.find(sample) {
                wanted.entry(place).or_default().insert(contig, name);
            }
        }
    }
    let mut found = Found::new();
    for (sample, wanted) in wanted {
        find_in(archive, sample, &wanted, &mut found)?;
    }
    Ok(found)
}

/// Finds names of contigs in all samples.
///
/// # Cost
/// The names of all contigs are read.
pub(super) fn find_anywhere<'a>(
    archive: &Decompressor,
    names: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Found<'a>> {
    let wanted: HashMap<&[u8], &[u8]> = names.into_iter().map(|name| (name, name)).collect();
    let mut found = Found::new();
    if !wanted.is_empty() {
        for sample in 0..archive.samples()?.len() {
            find_in(archive, sample, &wanted, &mut found)?;
        }
    }
    Ok(found)
}

/// Finds contigs of a sample; `wanted` gives for each the name by which it was asked for. Of contigs named alike the
/// first counts.
fn find_in<'a>(
    archive: &Decompressor,
    sample: usize,
    wanted: &HashMap<&[u8], &'a [u8]>,
    found: &mut Found<'a>,
) -> Result<()> {
    let sample_name = archive.samples()?.get(sample).unwrap_or_default();
    let mut seen = HashSet::new();
    let names = archive.contigs(sample_name)?;
    // By its own name a contig is found before one that other programs know by it.
    for (contig, header) in names.iter().enumerate().chain(names.substitutes()) {
        let Some((contig_name, name)) = wanted.get_key_value(short_name(header)) else {
            continue;
        };
        if seen.insert(contig_name) {
            let contig = ContigId { sample, contig };
            let first = Meaning { contig, n_samples: 0 };
            found.entry(name).or_insert(first).n_samples += 1;
        }
    }
    Ok(())
}

/// All ways to cut a name into sample and contig.
pub(super) fn splits(name: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let places = name.iter().enumerate().filter(|(_, byte)| **byte == b'#');
    places.map(|(place, _)| (&name[..place], &name[place + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_every_hash() {
        let cut: Vec<_> = splits(b"HG002#1#chr1").collect();
        assert_eq!(cut, [(&b"HG002"[..], &b"1#chr1"[..]), (b"HG002#1", b"chr1")]);
        assert_eq!(splits(b"chr1").count(), 0);
    }
}
