//! Which reading of an address is meant: the only one that exists.

use std::ops::Range;

use ragc_core::Archive;
use ragc_core::extract::ContigId;
use ragc_core::internals::quoted::Quoted;
use ragc_core::short_name;

use crate::address::find::{FoundContigs, MatchingContigs, Place};
use crate::address::meaning::{ContigRange, Resolved, WhyNot};
use crate::address::range::Counting;
use crate::address::text::{AddressReading, RangeText, lossy};

/// A reading that exists.
struct ExistingReading<'r, 'a> {
    reading: &'r AddressReading<'a>,
    place: &'r Place,
    contigs: MatchingContigs,
}

impl ExistingReading<'_, '_> {
    /// Two readings may come to the same.
    fn meaning(&self) -> (Vec<ContigId>, usize, Option<Range<u64>>) {
        let range = self.reading.ranges();
        match &self.contigs {
            MatchingContigs::Any(first, n_samples) => (vec![*first], *n_samples, range),
            MatchingContigs::Each(contigs) => (contigs.clone(), contigs.len(), range),
        }
    }

    /// Whether the contig has this name, and not only its first word.
    fn is_complete(&self, archive: &Archive) -> bool {
        let name = self.reading.contig;
        short_name(name) == name || self.first().is_some_and(|contig| has_name(archive, contig, name))
    }

    fn first(&self) -> Option<ContigId> {
        match &self.contigs {
            MatchingContigs::Any(first, _) => Some(*first),
            MatchingContigs::Each(contigs) => contigs.first().copied(),
        }
    }
}

/// Whether a contig is called so, by its own name or by that which other programs know.
fn has_name(archive: &Archive, ContigId { sample, contig }: ContigId, name: &[u8]) -> bool {
    let sample = archive.samples().ok().and_then(|samples| samples.get(sample));
    let Some(Ok(names)) = sample.map(|sample| archive.contigs(sample)) else {
        return false;
    };
    let mut others = names.substitutes();
    names.get(contig) == Some(name) || others.any(|other| other == (contig, name))
}

/// Chooses among the readings of a text, whose own way of counting is `own`.
pub(super) fn choose<'a>(
    archive: &Archive,
    text: &[u8],
    readings: &[(AddressReading<'a>, Place)],
    found: &FoundContigs<'a>,
    own: Counting,
) -> Result<Resolved, WhyNot> {
    let existing = readings.iter().filter_map(|(reading, place)| {
        let contigs = found.contigs(reading, place)?;
        Some(ExistingReading {
            reading,
            place,
            contigs,
        })
    });
    let (wrong, mut existing): (Vec<_>, Vec<_>) = existing.partition(|one| one.reading.has_wrong_range());
    if existing.len() > 1 && existing.iter().any(|one| one.is_complete(archive)) {
        existing.retain(|one| one.is_complete(archive));
    }
    let mut seen = Vec::new();
    existing.retain(|one| {
        let is_new = !seen.contains(&one.meaning());
        seen.push(one.meaning());
        is_new
    });
    match (existing.as_slice(), wrong.first()) {
        ([one], _) => the_only(archive, text, one, own),
        ([], None) => Err(WhyNot::Absent(text.to_vec())),
        ([], Some(wrong)) => Err(WhyNot::NoRange(wrong_range(text, wrong.reading))),
        (several, _) => Err(WhyNot::Wrong(several_readings(archive, text, several, own))),
    }
}

fn the_only(
    archive: &Archive,
    text: &[u8],
    one: &ExistingReading<'_, '_>,
    own: Counting,
) -> Result<Resolved, WhyNot> {
    let contigs = match &one.contigs {
        MatchingContigs::Any(first, 1) => vec![*first],
        MatchingContigs::Any(_, n_samples) => {
            return Err(WhyNot::Wrong(in_several_samples(one.reading, *n_samples, own)));
        }
        MatchingContigs::Each(contigs) => contigs.clone(),
    };
    let n_asked = match one.place {
        Place::In(samples) => samples.len(),
        Place::Anywhere | Place::OneOf(_) | Place::Nowhere => contigs.len(),
    };
    let range = one.reading.ranges();
    let other_form = contigs
        .first()
        .filter(|_| one.reading.sample.is_some() && one.reading.counting != own)
        .zip(range.as_ref())
        .map(|(contig, range)| other_form(archive, text, *contig, one.reading, range, own));
    let region = |contig| ContigRange {
        contig,
        range: range.clone(),
    };
    Ok(Resolved {
        name: one.reading.contig.to_vec(),
        address: own_form(text, one.reading, own),
        regions: contigs.into_iter().map(region).collect(),
        n_asked,
        other_form,
    })
}

fn in_several_samples(reading: &AddressReading<'_>, n_samples: usize, own: Counting) -> String {
    let name = lossy(reading.contig);
    let form = match own {
        Counting::From0 => "CONTIG@SAMPLE",
        Counting::From1 => "SAMPLE#CONTIG",
    };
    format!(
        "contig {} occurs in {n_samples} samples: name one ({form})",
        Quoted(&name)
    )
}

/// An address without its range, in the form that counts as the command does.
fn own_form(text: &[u8], reading: &AddressReading<'_>, own: Counting) -> Vec<u8> {
    match (reading.sample, own) {
        (Some(sample), Counting::From0) if reading.counting != own => [reading.contig, b"@", sample].concat(),
        (Some(sample), Counting::From1) if reading.counting != own => [sample, b"#", reading.contig].concat(),
        _ => {
            let n_behind = reading.range.as_ref().map_or(0, |range| range.text.len() + 1);
            text[..text.len() - n_behind].to_vec()
        }
    }
}

/// Says how positions were counted that are not in the form of the command.
fn other_form(
    archive: &Archive,
    text: &[u8],
    contig: ContigId,
    reading: &AddressReading<'_>,
    range: &Range<u64>,
    own: Counting,
) -> String {
    let sample = lossy(reading.sample.unwrap_or_default());
    let (text, name) = (lossy(text), lossy(reading.contig));
    let Range { start, end } = range;
    match own {
        Counting::From0 => {
            let end = match *end {
                u64::MAX => archive.contig_len_of(contig).unwrap_or(u64::MAX).max(start + 1),
                end => end,
            };
            let to = end - 1;
            format!(
                "{text} counts from 1, as faidx does; from 0, as getctg does, it is {name}@{sample}:{start}-{to}"
            )
        }
        Counting::From1 => format!(
            "{text} counts from 0, as getctg does; from 1, as faidx does, it is {sample}#{name}:{}-{end}",
            start + 1
        ),
    }
}

fn wrong_range(text: &[u8], reading: &AddressReading<'_>) -> String {
    let why = match &reading.range {
        Some(RangeText { says: Err(why), .. }) => why.as_str(),
        _ => "the range is wrong",
    };
    format!("region {}: {why}", Quoted(&lossy(text)))
}

fn several_readings(
    archive: &Archive,
    text: &[u8],
    several: &[ExistingReading<'_, '_>],
    own: Counting,
) -> String {
    let tell = |one: &ExistingReading<'_, '_>| {
        let name = lossy(one.reading.contig);
        let (ids, n_samples, range) = one.meaning();
        let sample = ids
            .first()
            .map_or_else(String::new, |id| sample_name(archive, *id));
        let (sample, samples) = match n_samples {
            1 => (format!("{{{sample}}}"), format!("sample {sample:?}")),
            n => ("SAMPLE".to_owned(), format!("one of {n} samples")),
        };
        let address = match (one.reading.sample, one.reading.counting) {
            (Some(_), Counting::From0) => format!("{{{name}}}@{sample}"),
            (Some(_), Counting::From1) => format!("{sample}#{{{name}}}"),
            (None, _) if own == Counting::From0 => format!("{{{name}}}@{sample}"),
            (None, _) => format!("{sample}#{{{name}}}"),
        };
        let what = match range {
            Some(_) => "a range of contig",
            None => "contig",
        };
        let range = one.reading.range.as_ref();
        let range = range.map_or_else(String::new, |range| format!(":{}", lossy(range.text)));
        format!("{address}{range} for {what} {name:?} of {samples}")
    };
    let told: Vec<String> = several.iter().map(tell).collect();
    let (text, n) = (lossy(text), told.len());
    format!("{text:?} can be read in {n} ways: write {}", told.join(", or "))
}

fn sample_name(archive: &Archive, contig: ContigId) -> String {
    let samples = archive.samples().ok();
    samples
        .and_then(|samples| samples.get(contig.sample))
        .map_or_else(String::new, lossy)
}
