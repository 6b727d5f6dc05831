//! Which samples a merged archive has, and under which names.

use ahash::AHashMap;

use super::options::{MergeOptions, Merged};
use crate::compress::input::WAY_OUT;
use crate::compress::rename::FreeNames;
use crate::error::{Error, Quoted, Result};
use crate::extract::{Archive, ContigId, Spelling};
use crate::printable;
use crate::rewrite::Existing;
use crate::track::KeptSample;

/// The samples of all archives, in order. Those of equal name and content are kept once.
///
/// # Errors
/// `BadInput` for a name that another sample has; `Corrupt` when samples have to be compared and are damaged.
pub(super) fn kept(
    sources: &[Existing<'_>],
    options: &MergeOptions,
    merged: &mut Merged,
) -> Result<Vec<KeptSample>> {
    let all = || sources.iter().flat_map(Existing::sample_names);
    let mut free = FreeNames::new(all().map(<[u8]>::to_vec));
    let mut by_name: AHashMap<&[u8], Vec<(usize, usize)>> = AHashMap::new();
    let mut kept = Vec::new();
    for (source, existing) in sources.iter().enumerate() {
        for (sample, name) in existing.sample_names().enumerate() {
            let others = by_name.entry(name).or_default();
            if is_among(others, (source, sample), sources)? {
                merged.n_same += 1;
                continue;
            }
            let mut one = KeptSample::whole(source, sample);
            if free.take(name) {
                others.push((source, sample));
            } else if options.skips_duplicates {
                merged.skipped.push(name.to_vec());
                continue;
            } else if options.renames_duplicates {
                others.push((source, sample));
                let new = free.take_numbered(name);
                merged.renamed.push((name.to_vec(), new.clone()));
                one.name = Some(new);
            } else {
                let first = others.first().map_or(0, |(source, _)| *source);
                return Err(taken(name, existing, &sources[first]));
            }
            kept.push(one);
        }
    }
    Ok(kept)
}

fn taken(name: &[u8], existing: &Existing<'_>, other: &Existing<'_>) -> Error {
    let name = printable::text_of(name);
    let other = match other.archive().path() {
        Some(path) => path.display().to_string(),
        None => "another archive".to_owned(),
    };
    let why = format!(
        "sample {} is another one than that of {other} with this name {WAY_OUT}",
        Quoted(&name)
    );
    in_archive(Error::bad_input(why), existing.archive())
}

/// Tells which archive it was.
pub(super) fn in_archive(error: Error, archive: &Archive) -> Error {
    match archive.path() {
        Some(path) => error.in_source(path),
        None => error,
    }
}

fn is_among(others: &[(usize, usize)], one: (usize, usize), sources: &[Existing<'_>]) -> Result<bool> {
    let archive = |source: usize| sources[source].archive();
    for (source, sample) in others {
        if are_equal((archive(*source), *sample), (archive(one.0), one.1))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether two samples have the same contigs: header lines, residues and case. Those of different lengths are not decoded.
fn are_equal(one: (&Archive, usize), other: (&Archive, usize)) -> Result<bool> {
    let names = [one, other].map(|(archive, sample)| archive.names_of(sample));
    let [names, other_names] = names;
    let (names, other_names) = (names?, other_names?);
    if !names.iter().eq(other_names.iter()) || one.0.contig_lens(one.1)? != other.0.contig_lens(other.1)? {
        return Ok(false);
    }
    for contig in 0..names.len() {
        let [letters, other_letters] = [one, other]
            .map(|(archive, sample)| archive.contig_letters(ContigId { sample, contig }, Spelling::Cased));
        if letters? != other_letters? {
            return Ok(false);
        }
    }
    Ok(true)
}
