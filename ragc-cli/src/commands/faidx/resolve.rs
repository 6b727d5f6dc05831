//! From regions as they were asked for to contigs and ranges.

use std::collections::HashSet;
use std::ops::Range;

use ragc_core::extract::ContigId;
use ragc_core::{Decompressor, Quoted};

use crate::commands::faidx::names::{Found, find_anywhere, find_with_sample, splits};
use crate::commands::faidx::region::{RegionText, parse_range};
use crate::near::{did_you_mean, near_contigs, near_samples};

/// A region as it was asked for.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// By a text, which also names it in the output.
    Text(Vec<u8>),
    /// By a line of a BED file: name and range, half-open, counted from 0.
    Bed { name: Vec<u8>, range: Range<u64> },
}

impl Asked {
    /// How the output and messages name it.
    pub(super) fn label(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bed { name, range } => {
                let range = format!(":{}-{}", range.start.saturating_add(1), range.end);
                [name, range.as_bytes()].concat()
            }
        }
    }
}

/// What is to be printed of a contig; the range may reach beyond its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) contig: ContigId,
    pub(super) range: Range<u64>,
}

/// Why a region cannot be printed.
#[derive(Debug)]
pub(super) enum Unresolved<'a> {
    /// There is no such name.
    Absent(&'a [u8]),
    /// Something else is wrong.
    Wrong(String),
}

impl Unresolved<'_> {
    /// The reason in words; names that are near only when asked for, because looking for them takes time.
    pub(super) fn message(&self, near_in: Option<&Decompressor>) -> String {
        match self {
            Self::Wrong(why) => why.clone(),
            Self::Absent(name) => {
                let near = near_in.map_or_else(Vec::new, |archive| near(archive, name));
                let name = String::from_utf8_lossy(name);
                format!("there is no contig {}{}", Quoted(&name), did_you_mean(&near))
            }
        }
    }
}

/// Names like this one, as far as its sample can be told.
fn near(archive: &Decompressor, name: &[u8]) -> Vec<String> {
    let splits: Vec<(String, String)> = splits(name)
        .map(|(sample, contig)| (lossy(sample), lossy(contig)))
        .collect();
    let of_sample = splits
        .iter()
        .rev()
        .find(|(sample, _)| archive.find_sample(sample).is_ok());
    if let Some((sample, contig)) = of_sample {
        let names = near_contigs(archive, Some(sample), contig);
        return names.into_iter().map(|name| format!("{sample}#{name}")).collect();
    }
    match splits.last() {
        Some((sample, contig)) => {
            let has_contig = |sample: &String| archive.find_contig(Some(sample.as_bytes()), contig).is_ok();
            let samples = near_samples(archive, sample).into_iter().filter(has_contig);
            samples.map(|sample| format!("{sample}#{contig}")).collect()
        }
        None => near_contigs(archive, None, &lossy(name)),
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Finds all regions. A name with its sample is preferred; only regions that have none are looked for everywhere.
pub(super) fn resolve<'a>(
    archive: &Decompressor,
    asked: &'a [Asked],
) -> ragc_core::Result<Vec<Result<Region, Unresolved<'a>>>> {
    let readings: Vec<Result<Reading<'a>, String>> = asked.iter().map(Reading::of).collect();
    let readable = || readings.iter().flatten();
    let mut found = find_with_sample(archive, readable().flat_map(Reading::names))?;
    let unknown = readable().filter(|reading| !reading.names().any(|name| found.contains_key(name)));
    let unknown: HashSet<&[u8]> = unknown.flat_map(Reading::names).collect();
    found.extend(find_anywhere(archive, unknown)?);
    Ok(readings
        .into_iter()
        .map(|reading| reading.map_err(Unresolved::Wrong)?.choose(&found))
        .collect())
}

/// What a region may mean.
enum Reading<'a> {
    Text { text: &'a [u8], region: RegionText<'a> },
    Bed { name: &'a [u8], range: &'a Range<u64> },
}

impl<'a> Reading<'a> {
    fn of(asked: &'a Asked) -> Result<Self, String> {
        match asked {
            Asked::Bed { name, range } => Ok(Self::Bed { name, range }),
            Asked::Text(text) => {
                let region = RegionText::parse(text).map_err(|why| wrong(text, &why))?;
                Ok(Self::Text { text, region })
            }
        }
    }

    fn names(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (bed, text) = match self {
            Self::Bed { name, .. } => (Some(*name), None),
            Self::Text { region, .. } => (None, Some(region.names())),
        };
        bed.into_iter().chain(text.into_iter().flatten())
    }

    /// Chooses among the names that exist, as samtools does.
    fn choose(self, found: &Found<'a>) -> Result<Region, Unresolved<'a>> {
        let (text, region) = match self {
            Self::Bed { name, range } => return region_of(found, name, range.clone()),
            Self::Text { text, region } => (text, region),
        };
        let exists = |name: &[u8]| found.contains_key(name);
        let whole = region.whole.filter(|name| exists(name));
        let ranged = region.ranged.filter(|(name, _)| exists(name));
        match (whole, ranged) {
            (Some(whole), Some((name, range))) => {
                let [whole, name, range] = [whole, name, range].map(String::from_utf8_lossy);
                let why = format!("the range is ambiguous: use {{{whole}}} or {{{name}}}:{range}");
                Err(Unresolved::Wrong(wrong(text, &why)))
            }
            (Some(name), None) => region_of(found, name, 0..u64::MAX),
            (None, Some((name, range))) => {
                let range = parse_range(range).map_err(|why| Unresolved::Wrong(wrong(text, &why)))?;
                region_of(found, name, range)
            }
            // A range is more likely than a name with a colon.
            (None, None) => {
                let ranged = region.ranged.filter(|(_, range)| parse_range(range).is_ok());
                Err(Unresolved::Absent(ranged.map_or(text, |(name, _)| name)))
            }
        }
    }
}

fn region_of<'a>(found: &Found<'a>, name: &'a [u8], range: Range<u64>) -> Result<Region, Unresolved<'a>> {
    match found.get(name) {
        None => Err(Unresolved::Absent(name)),
        Some(meaning) if meaning.n_samples > 1 => {
            let why = format!(
                "occurs in {} samples: name one (SAMPLE#CONTIG)",
                meaning.n_samples
            );
            Err(Unresolved::Wrong(format!(
                "contig {} {why}",
                Quoted(&String::from_utf8_lossy(name))
            )))
        }
        Some(meaning) => Ok(Region {
            contig: meaning.contig,
            range,
        }),
    }
}

fn wrong(text: &[u8], why: &str) -> String {
    format!("region {}: {why}", Quoted(&String::from_utf8_lossy(text)))
}
