//! Decoded sequences beside the checksums of what was stored.

use std::vec;

use crate::checksum::Checksum;
use crate::error::ErrorKind;
use crate::sequence_sums::{ContigRun, SequenceSums, SumEntry};
use crate::track::traits::{Mismatch, Verifier};

/// Compares samples, in archive order, with the checksums of an archive.
#[derive(Debug)]
pub(crate) struct SumsVerifier {
    entries: vec::IntoIter<SumEntry>,
    /// Short samples that share a checksum, not all of which have been seen.
    open: Option<OpenRun>,
}

#[derive(Debug)]
struct OpenRun {
    /// The first of the samples.
    first: usize,
    n_samples: u32,
    n_left: u32,
    /// The checksum that is stored, if there is one.
    expected: Option<u32>,
    /// That of the samples so far; `None` when one of them could not be decoded.
    sum: Option<Checksum>,
}

impl SumsVerifier {
    pub(super) fn new(sums: SequenceSums) -> Self {
        Self {
            entries: sums.into_entries().into_iter(),
            open: None,
        }
    }

    /// Entries without samples say nothing.
    fn next_entry(&mut self) -> Option<SumEntry> {
        self.entries.by_ref().find(|entry| entry.n_samples() > 0)
    }

    fn open(&mut self, first: usize, n_samples: u32, expected: Option<u32>) {
        self.open = Some(OpenRun {
            first,
            n_samples,
            n_left: n_samples,
            expected,
            sum: Some(Checksum::default()),
        });
    }
}

impl Verifier<Checksum> for SumsVerifier {
    /// What differs is always `Checksum`, or `Corrupt` if there is another number of contigs.
    fn compare(&mut self, sample: usize, contigs: Option<&[Option<&Checksum>]>) -> Vec<Mismatch> {
        if self.open.is_none() {
            match self.next_entry() {
                Some(SumEntry::Contigs(runs)) => return compare_runs(sample, &runs, contigs),
                Some(SumEntry::Samples { n_samples, crc }) => self.open(sample, n_samples, Some(crc)),
                Some(SumEntry::Unknown(n_samples)) => self.open(sample, n_samples, None),
                None => return Vec::new(),
            }
        }
        let Some(run) = &mut self.open else {
            return Vec::new();
        };
        run.sum = run
            .sum
            .zip(contigs.and_then(sum_of))
            .map(|(sum, next)| sum.followed_by(next));
        run.n_left -= 1;
        if run.n_left > 0 {
            return Vec::new();
        }
        let mismatch = run.mismatch();
        self.open = None;
        mismatch.into_iter().collect()
    }
}

impl OpenRun {
    fn mismatch(&self) -> Option<Mismatch> {
        let what = match self.n_samples {
            1 => "sample",
            _ => "sample with its neighbours",
        };
        let kind = differ(what, self.expected?, self.sum?.crc)?;
        Some(Mismatch {
            samples: self.first..self.first + self.n_samples as usize,
            contigs: None,
            kind,
        })
    }
}

/// The checksum of all contigs together, if all could be decoded.
fn sum_of(contigs: &[Option<&Checksum>]) -> Option<Checksum> {
    contigs.iter().try_fold(Checksum::default(), |sum, contig| {
        Some(sum.followed_by(*(*contig)?))
    })
}

fn compare_runs(sample: usize, runs: &[ContigRun], contigs: Option<&[Option<&Checksum>]>) -> Vec<Mismatch> {
    let Some(contigs) = contigs else {
        return Vec::new();
    };
    let samples = sample..sample + 1;
    let n_contigs: u64 = runs.iter().map(|run| u64::from(run.n_contigs)).sum();
    if n_contigs != contigs.len() as u64 {
        let why = format!("checksums of {n_contigs} contigs for {}", contigs.len());
        return vec![Mismatch {
            samples,
            contigs: None,
            kind: ErrorKind::Corrupt(why),
        }];
    }
    let mut mismatches = Vec::new();
    let mut start = 0;
    for run in runs {
        let end = start + run.n_contigs as usize;
        let what = match run.n_contigs {
            1 => "contig",
            _ => "contig with its neighbours",
        };
        let differs = sum_of(&contigs[start..end]).and_then(|sum| differ(what, run.crc, sum.crc));
        mismatches.extend(differs.map(|kind| Mismatch {
            samples: samples.clone(),
            contigs: Some(start..end),
            kind,
        }));
        start = end;
    }
    mismatches
}

fn differ(what: &'static str, expected: u32, found: u32) -> Option<ErrorKind> {
    (found != expected).then_some(ErrorKind::Checksum {
        what,
        expected,
        found,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence_sums::SumsBuilder;
    use std::ops::Range;

    const LONG: u64 = 1 << 20;

    fn sum(crc: u32, len: u64) -> Checksum {
        Checksum { crc, len }
    }

    /// Samples 0 to 2 are of unknown sequence or share a sum; sample 3 is cut in two.
    fn stored() -> Vec<Vec<Checksum>> {
        vec![
            vec![sum(9, 9)],
            vec![sum(1, 10), sum(2, 20)],
            vec![sum(3, 30)],
            vec![sum(4, LONG), sum(5, 5), sum(6, 6)],
        ]
    }

    fn mismatches(decoded: &[Vec<Option<Checksum>>]) -> Vec<(Range<usize>, Option<Range<usize>>)> {
        let mut builder = SumsBuilder::behind(SequenceSums::unknown(1), &[]);
        stored()[1..]
            .iter()
            .for_each(|contigs| builder.add_sample(contigs));
        let mut sums = SumsVerifier::new(builder.finish());
        let compare = |(sample, contigs): (usize, &Vec<Option<Checksum>>)| {
            let contigs: Vec<Option<&Checksum>> = contigs.iter().map(Option::as_ref).collect();
            sums.compare(sample, Some(&contigs))
        };
        let found = decoded.iter().enumerate().flat_map(compare);
        found
            .map(|mismatch| (mismatch.samples, mismatch.contigs))
            .collect()
    }

    #[test]
    fn what_differs_is_told_as_exactly_as_the_checksums_allow() {
        let intact: Vec<Vec<Option<Checksum>>> = stored()
            .into_iter()
            .map(|contigs| contigs.into_iter().map(Some).collect())
            .collect();
        assert_eq!(mismatches(&intact), []);
        for (sample, contig, expected) in [
            (0, 0, None),
            (1, 1, Some((1..3, None))),
            (2, 0, Some((1..3, None))),
            (3, 0, Some((3..4, Some(0..1)))),
            (3, 2, Some((3..4, Some(1..3)))),
        ] {
            let mut damaged = intact.clone();
            damaged[sample][contig] = Some(sum(77, intact[sample][contig].unwrap().len));
            assert_eq!(mismatches(&damaged), Vec::from_iter(expected));
            damaged[sample][contig] = None;
            assert_eq!(mismatches(&damaged), [], "what cannot be decoded is not compared");
        }
        let mut longer = intact.clone();
        longer[3].push(Some(sum(0, 0)));
        assert_eq!(mismatches(&longer), [(3..4, None)]);
    }
}
