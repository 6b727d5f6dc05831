//! Tries with some of the inputs which way of storing them takes less space: as they are, or as deltas.
//!
//! Which of the two wins is hard to tell without doing it. A delta copies from one reference, a raw pack from everything in it;
//! deltas are shorter where genomes differ in little, and where they have references of their own in common: HIV-1 takes half as much as it is,
//! SARS-CoV-2 less as deltas (docs/measurements.md, "Trials").

use super::excerpt::{Excerpt, Genome};
use super::input::Input;
use super::options::{CreateOptions, InputRules, SamplesBy};
use super::read::{self, Reading};
use crate::error::Result;
use crate::fasta::Source;
use crate::observe::Uncounted;
use crate::threads::{Started, start};
use std::sync::Arc;
use std::thread;

/// Bases that are tried.
const TRIAL_BASES: u64 = 1 << 20;

/// Genomes that are tried, if there are so many. Few say little about many, and many take time to open.
const N_GENOMES: (u64, u64) = (8, 128);

/// Twentieths of what deltas add, below which contigs are stored as they are: they take longer to compress, more is decoded to read
/// one of them, and of many genomes that differ in little deltas gain more than a sample shows. Collections that differ in little lie above, though all
/// of SARS-CoV-2 takes far less as deltas than its sample says (docs/measurements.md, "Trials").
const MAX_RAW_SHARE: u64 = 15;

/// The same where what is added differs in much: collections that do lie below, and all of them take less space as they are (docs/measurements.md, "Trials").
const MAX_DIVERGENT_SHARE: u64 = 19;

/// Bases of the second half to a byte that it adds, below which it differs in much.
const DIVERGENT: u64 = 64;

/// Bases to a byte that deltas of the first half add to the first sample, above which it differs in so little that nothing is compressed as it is to compare with: that takes
/// most of the time of a trial (docs/measurements.md, "Trials").
const CLOSE: u64 = 64;

/// Bases in a byte of a reference.
const BASES_PER_BYTE: u64 = 4;

/// What an archive of some inputs has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measured {
    pub(super) n_bytes: u64,
    pub(super) n_segments: u64,
}

/// Measures an archive of these inputs. It is made by a stage above, which asks for this trial itself.
pub(super) type MeasureArchive = fn(&[Input], &CreateOptions) -> Result<Measured>;

/// Some of the samples, and of each the beginning.
pub(super) struct Trial {
    inputs: Vec<Input>,
    /// An input holds several samples; each record is taken for one.
    is_concatenated: bool,
    /// Bases of each.
    lens: Vec<u64>,
    n_contigs: u64,
    n_first: u64,
}

impl Trial {
    /// Takes samples that lie evenly among all `n_all`. `excerpt` gives the first symbols of the one with this number, up to so many;
    /// what cannot be read twice, or not at all, it leaves out: the run itself will tell.
    ///
    /// # Errors
    /// `Io` when there is no place for a copy; those of `excerpt`.
    pub(super) fn of(
        genome: Genome,
        n_all: usize,
        samples_by: SamplesBy,
        mut excerpt: impl FnMut(usize, usize) -> Result<Option<Excerpt>>,
    ) -> Result<Self> {
        let wished = (TRIAL_BASES / genome.len.max(1)).clamp(N_GENOMES.0, N_GENOMES.1);
        let n_inputs = (wished as usize).min(n_all);
        // A contig that is cut short would seem to be a short one.
        let most = (TRIAL_BASES as usize / n_inputs).max(genome.longest_contig as usize);
        let mut trial = Self {
            inputs: Vec::with_capacity(n_inputs),
            is_concatenated: samples_by != SamplesBy::Input,
            lens: Vec::with_capacity(n_inputs),
            n_contigs: 0,
            n_first: 0,
        };
        // Every other one first, so that the first half lies evenly among all as well.
        for i in (0..n_inputs).step_by(2).chain((1..n_inputs).step_by(2)) {
            if let Some(excerpt) = excerpt(i * n_all / n_inputs, most)? {
                trial.add(excerpt, n_inputs)?;
            }
        }
        Ok(trial)
    }

    /// As [`Self::of`], of the inputs of a new archive.
    ///
    /// # Errors
    /// `Io` when there is no place for a copy.
    pub(super) fn of_inputs(
        reference: &Input,
        inputs: &[Input],
        genome: Genome,
        reading: &Reading,
    ) -> Result<Self> {
        let reading = &quiet(reading);
        let excerpt = |number, most| {
            let input = match number {
                0 => reference,
                other => &inputs[other],
            };
            Ok(excerpt_of_input(input, reading, most))
        };
        Self::of(genome, inputs.len(), reading.rules.samples_by, excerpt)
    }

    fn add(&mut self, excerpt: Excerpt, n_inputs: usize) -> Result<()> {
        let (text, contig_lens) = excerpt.finish();
        let n_bases = contig_lens.iter().sum::<usize>() as u64;
        if self.inputs.is_empty() {
            let is_only = self.is_concatenated || n_inputs == 1;
            let n_first = contig_lens.first().copied().unwrap_or(0) as u64;
            self.n_first = if is_only { n_first } else { n_bases };
        }
        self.lens.push(n_bases);
        self.n_contigs += contig_lens.len() as u64;
        let sample = self.inputs.len().to_string();
        let source = Source::text(&text, &sample)?;
        self.inputs.push(Input::named(sample, source));
        Ok(())
    }

    /// Compresses the sample both ways, and half of it: what the second half adds is what further inputs will take. Where all lies in
    /// one file the first record is left out instead. If contigs are better stored as they are than in segments of this size, gives the bases of an item of
    /// theirs, on average.
    ///
    /// # Errors
    /// `Io`, and those of zstd.
    pub(super) fn raw_item_len(
        &self,
        segment_size: u32,
        options: &CreateOptions,
        measure: MeasureArchive,
    ) -> Result<Option<u64>> {
        if self.n_contigs < 2 {
            return Ok(None);
        }
        let (raw, deltas) = (self.as_they_are(options), self.as_deltas(segment_size, options));
        let n_before = self.n_before(&deltas, measure)?;
        if self.is_close(n_before, &deltas, measure)? {
            return Ok(None);
        }
        let added_raw = || self.added(self.n_before(&raw, measure)?, &raw, measure);
        let added_deltas = || self.added(n_before, &deltas, measure);
        let (raw, deltas) = match options.n_threads {
            1 => (added_raw(), added_deltas()),
            _ => thread::scope(|scope| {
                let raw = start(scope, "try", added_raw);
                let deltas = added_deltas();
                (raw.and_then(Started::join), deltas)
            }),
        };
        // What one cannot have beside the other, threads and memory, it may have alone.
        let raw = raw.or_else(|_| added_raw());
        let deltas = deltas.or_else(|_| added_deltas());
        let (raw, deltas) = (raw?, deltas?);
        let max_share = match raw.n_bytes * DIVERGENT > self.n_bases() / 2 {
            true => MAX_DIVERGENT_SHARE,
            false => MAX_RAW_SHARE,
        };
        let is_less = raw.n_bytes * 20 < deltas.n_bytes * max_share;
        Ok(is_less.then(|| self.n_bases() / raw.n_segments.max(1)))
    }

    /// Of these segment sizes the one with which the sample takes least space as deltas, of equal ones the smallest; of a single contig the first.
    ///
    /// # Errors
    /// `Io`, and those of zstd.
    pub(super) fn best_segment_size(
        &self,
        sizes: &[u32],
        options: &CreateOptions,
        measure: MeasureArchive,
    ) -> Result<u32> {
        let mut best = (u64::MAX, sizes[0]);
        if sizes.len() > 1 && self.n_contigs > 1 {
            for &size in sizes {
                let n_bytes = measure(&self.inputs, &self.as_deltas(size, options))?.n_bytes;
                best = best.min((n_bytes, size));
            }
        }
        Ok(best.1)
    }

    /// Whether the first half, which takes so many bytes as deltas and is more than a sample, adds next to nothing to the first sample.
    fn is_close(&self, n_before: u64, deltas: &CreateOptions, measure: MeasureArchive) -> Result<bool> {
        let n_half = self.first_half().len();
        if n_half < 2 {
            return Ok(false);
        }
        let n_bases: u64 = self.lens[1..n_half].iter().sum();
        let first = measure(&self.inputs[..1], deltas)?.n_bytes;
        Ok(n_before.saturating_sub(first) * CLOSE < n_bases)
    }

    /// The bytes that all take beside the `n_before` of the first half, and the segments of all.
    fn added(&self, n_before: u64, options: &CreateOptions, measure: MeasureArchive) -> Result<Measured> {
        let all = measure(&self.inputs, options)?;
        Ok(Measured {
            n_bytes: all.n_bytes.saturating_sub(n_before),
            ..all
        })
    }

    /// The bytes of the first half; of one input about those of its first record.
    fn n_before(&self, options: &CreateOptions, measure: MeasureArchive) -> Result<u64> {
        match self.inputs.len() {
            0 | 1 => Ok(self.n_first / BASES_PER_BYTE),
            _ => Ok(measure(self.first_half(), options)?.n_bytes),
        }
    }

    fn n_bases(&self) -> u64 {
        self.lens.iter().sum()
    }

    fn first_half(&self) -> &[Input] {
        &self.inputs[..self.inputs.len().div_ceil(2)]
    }

    fn as_deltas(&self, segment_size: u32, options: &CreateOptions) -> CreateOptions {
        CreateOptions {
            raw_contigs: Some(false),
            segment_size: Some(segment_size),
            ..self.trial_options(options)
        }
    }

    fn as_they_are(&self, options: &CreateOptions) -> CreateOptions {
        CreateOptions {
            raw_contigs: Some(true),
            ..self.trial_options(options)
        }
    }

    fn trial_options(&self, options: &CreateOptions) -> CreateOptions {
        CreateOptions {
            has_checksums: false,
            has_digests: false,
            rules: InputRules {
                samples_by: match self.is_concatenated {
                    true => SamplesBy::ShortName,
                    false => SamplesBy::Input,
                },
                takes_any_residues: true,
                renames_duplicates: true,
                ..InputRules::default()
            },
            ..options.clone()
        }
    }
}

/// Reading ahead of the run, which will tell what is to be told.
pub(super) fn quiet(reading: &Reading) -> Reading {
    Reading {
        rules: InputRules {
            takes_any_residues: true,
            ..reading.rules
        },
        provenance: None,
        observer: Arc::new(Uncounted(Arc::clone(&reading.observer))),
    }
}

/// The first symbols of an input that can be read twice.
pub(super) fn excerpt_of_input(input: &Input, reading: &Reading, most: usize) -> Option<Excerpt> {
    input.size()?;
    read::excerpt(input, reading, most).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::create::measure;
    use crate::kmer::mix;
    use crate::observe::Silent;
    use std::fs;
    use tempfile::TempDir;

    const LEN: u64 = 6000;
    const SEGMENT_SIZE: u32 = 20_000;

    /// A genome in which one base of 3000 differs from the first.
    fn close(number: u64) -> Vec<u8> {
        let differs = |i: &u64| number > 0 && mix(number << 32 | i).is_multiple_of(3000);
        let code = |i: u64| mix(i) & 3 ^ u64::from(differs(&i));
        letters(code)
    }

    /// A genome that has each stretch from one of four ancestors, which differ in every fifth base.
    fn mosaic(number: u64) -> Vec<u8> {
        let ancestor = |i: u64| mix((number << 32) | (i / 100)) & 3;
        let differs = |i: u64| mix(ancestor(i) << 50 | i).is_multiple_of(5);
        let code = |i: u64| mix(i) & 3 ^ u64::from(differs(i));
        letters(code)
    }

    fn letters(code: impl Fn(u64) -> u64) -> Vec<u8> {
        (0..LEN).map(|i| b"ACGT"[code(i) as usize]).collect()
    }

    fn reading() -> Reading {
        Reading {
            rules: InputRules::default(),
            provenance: None,
            observer: Arc::new(Silent),
        }
    }

    /// A file for each text of records.
    fn inputs(dir: &TempDir, files: &[Vec<Vec<u8>>]) -> Vec<Input> {
        let write = |(number, records): (usize, &Vec<Vec<u8>>)| {
            let path = dir.path().join(format!("{number}.fa"));
            let text = records.iter().enumerate();
            let text: Vec<u8> = text
                .flat_map(|(i, codes)| [format!(">{i}\n").as_bytes(), codes, b"\n"].concat())
                .collect();
            fs::write(&path, text).unwrap();
            Input::file(path)
        };
        files.iter().enumerate().map(write).collect()
    }

    fn trial(inputs: &[Input]) -> Trial {
        let genome = Genome {
            len: LEN,
            longest_contig: LEN,
        };
        Trial::of_inputs(&inputs[0], inputs, genome, &reading()).unwrap()
    }

    #[test]
    fn what_is_far_apart_is_stored_as_it_is_and_what_is_close_is_not() {
        let dir = tempfile::tempdir().unwrap();
        for (genome, prefers_raw) in [(mosaic as fn(u64) -> Vec<u8>, true), (close, false)] {
            let files: Vec<_> = (0..12).map(|number| vec![genome(number)]).collect();
            let trial = trial(&inputs(&dir, &files));
            for n_threads in [1, 2] {
                let options = CreateOptions {
                    n_threads,
                    ..CreateOptions::default()
                };
                assert_eq!(
                    trial
                        .raw_item_len(SEGMENT_SIZE, &options, measure)
                        .unwrap()
                        .is_some(),
                    prefers_raw
                );
            }
        }
    }

    #[test]
    fn what_is_close_is_not_compressed_as_it_is() {
        let only_deltas: MeasureArchive = |inputs, options| {
            assert_eq!(options.raw_contigs, Some(false));
            measure(inputs, options)
        };
        let dir = tempfile::tempdir().unwrap();
        let files: Vec<_> = (0..12).map(|number| vec![close(number)]).collect();
        let trial = trial(&inputs(&dir, &files));
        let options = CreateOptions::default();
        assert_eq!(
            trial.raw_item_len(SEGMENT_SIZE, &options, only_deltas).unwrap(),
            None
        );
    }

    #[test]
    fn of_segment_sizes_the_one_that_takes_least_is_chosen() {
        const LONG: u64 = 30_000;
        let genome = |number: u64, has_inverted_ends: bool| {
            let code = |i: u64| {
                let differs = number > 0 && mix(number << 32 | i).is_multiple_of(300);
                match has_inverted_ends && i >= LONG - LONG / 4 {
                    true => 3 - (mix(LONG - 1 - i) & 3),
                    false => mix(i) & 3 ^ u64::from(differs),
                }
            };
            (0..LONG).map(|i| b"ACGT"[code(i) as usize]).collect::<Vec<u8>>()
        };
        for (has_inverted_ends, best) in [(false, LONG as u32), (true, LONG as u32 / 3)] {
            let dir = tempfile::tempdir().unwrap();
            let files: Vec<_> = (0..8)
                .map(|number| vec![genome(number, has_inverted_ends)])
                .collect();
            let inputs = inputs(&dir, &files);
            let genome = Genome {
                len: LONG,
                longest_contig: LONG,
            };
            let trial = Trial::of_inputs(&inputs[0], &inputs, genome, &reading()).unwrap();
            let sizes = [LONG as u32 / 3, LONG as u32];
            let chosen = trial.best_segment_size(&sizes, &CreateOptions::default(), measure);
            assert_eq!(chosen.unwrap(), best);
        }
    }

    #[test]
    fn inputs_lie_evenly_among_all_every_other_one_first() {
        let dir = tempfile::tempdir().unwrap();
        // A genome as long as the trial: it takes the fewest.
        let record = |number: usize| vec![vec![b'A'; TRIAL_BASES as usize / 8 - 1 - number]];
        let inputs = inputs(&dir, &(0..16).map(record).collect::<Vec<_>>());
        let genome = Genome {
            len: TRIAL_BASES,
            longest_contig: 1,
        };
        let trial = Trial::of_inputs(&inputs[0], &inputs, genome, &reading()).unwrap();
        let sizes: Vec<u64> = trial
            .inputs
            .iter()
            .filter_map(|input| input.source.size())
            .collect();
        let numbers: Vec<u64> = sizes.iter().map(|size| sizes[0] - size).collect();
        assert_eq!(numbers, [0, 4, 8, 12, 2, 6, 10, 14]);
    }

    #[test]
    fn one_contig_is_never_tried_and_bad_files_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let mut one = inputs(&dir, &[vec![close(0)]]);
        assert!(
            trial(&one)
                .raw_item_len(SEGMENT_SIZE, &CreateOptions::default(), measure)
                .unwrap()
                .is_none()
        );
        one.push(Input::file(dir.path().join("absent.fa")));
        let trial = trial(&one);
        assert_eq!((trial.inputs.len(), trial.n_bases()), (1, LEN));
    }
}
