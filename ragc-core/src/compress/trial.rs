//! Tries with some of the inputs which way of storing them takes less space: as they are, or as deltas.
//!
//! Which of the two wins is hard to tell without doing it. A delta copies from one reference, a raw pack from everything in it;
//! deltas are shorter where genomes differ in little, and where they have references of their own in common. 500 genomes of
//! HIV-1 take 377 kB as deltas and 181 kB as they are, 5,000 of SARS-CoV-2 245 and 260 kB.

use super::create::create;
use super::input::Input;
use super::options::{CreateOptions, InputRules};
use super::read::{self, Reading};
use super::run::{join, spawn};
use crate::error::Result;
use crate::fasta::Source;
use crate::observe::Silent;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread;

/// Bases that are tried.
const TRIAL_BASES: u64 = 1 << 20;

/// Genomes that are tried, if there are so many. Few say little about many, and many take time to open.
const N_GENOMES: (u64, u64) = (8, 128);

/// Twentieths of what deltas add, below which contigs are stored as they are: they take longer to compress, more is decoded to read
/// one of them, and of many genomes that differ in little deltas gain more than a sample shows. SARS-CoV-2, LPA, mpox and H5N1 give
/// 16 to 29 at less than 1/20 bit a base; all 5,000 SARS-CoV-2 take 450 kB as they are and 265 kB as deltas.
const MAX_RAW_SHARE: u64 = 15;

/// The same where what is added differs in much. HIV-1, dengue, influenza, plastids, coliphages and alleles give 12 to 18 at 1/6 bit a
/// base and more, and all of them take less space as they are.
const MAX_DIVERGENT_SHARE: u64 = 18;

/// Bases of the second half to a byte that it adds, below which it differs in much.
const DIVERGENT: u64 = 64;

/// Bases in a byte of a reference.
const BASES_PER_BYTE: u64 = 4;

/// A sample of the inputs, and of each the beginning.
pub(super) struct Trial {
    inputs: Vec<Input>,
    is_concatenated: bool,
    n_bases: u64,
    n_contigs: u64,
    n_first: u64,
}

impl Trial {
    /// Takes inputs that lie evenly among all. What cannot be read twice, or not at all, is left out: the run itself will tell.
    ///
    /// # Errors
    /// `Io` when there is no place for a copy.
    pub(super) fn of(
        reference: &Source,
        inputs: &[Input],
        genome_len: u64,
        longest_contig: u64,
        reading: &Reading,
    ) -> Result<Self> {
        let silent = &Reading {
            rules: InputRules {
                takes_any_residues: true,
                ..reading.rules
            },
            observer: Arc::new(Silent),
        };
        let wished = (TRIAL_BASES / genome_len.max(1)).clamp(N_GENOMES.0, N_GENOMES.1);
        let n_inputs = (wished as usize).min(inputs.len());
        // A contig that is cut short would seem to be a short one.
        let most = (TRIAL_BASES as usize / n_inputs).max(longest_contig as usize);
        let mut trial = Self {
            inputs: Vec::with_capacity(n_inputs),
            is_concatenated: reading.rules.is_concatenated,
            n_bases: 0,
            n_contigs: 0,
            n_first: 0,
        };
        // Every other one first, so that the first half lies evenly among all as well.
        for i in (0..n_inputs).step_by(2).chain((1..n_inputs).step_by(2)) {
            let source = match i * inputs.len() / n_inputs {
                0 => reference,
                other => &inputs[other].source,
            };
            if source.size().is_some() {
                trial.add(source, silent, most, n_inputs)?;
            }
        }
        Ok(trial)
    }

    fn add(&mut self, source: &Source, reading: &Reading, most: usize, n_inputs: usize) -> Result<()> {
        let mut text = Vec::new();
        let Ok(records) = read::copy_start(source, reading, most, &mut text) else {
            return Ok(());
        };
        let n_bases = records.iter().sum::<usize>() as u64;
        if self.inputs.is_empty() {
            let is_only = self.is_concatenated || n_inputs == 1;
            let n_first = records.first().copied().unwrap_or(0) as u64;
            self.n_first = if is_only { n_first } else { n_bases };
        }
        self.n_bases += n_bases;
        self.n_contigs += records.len() as u64;
        let sample = self.inputs.len().to_string();
        self.inputs.push(Input {
            source: Source::text(&text, &sample)?,
            sample,
        });
        Ok(())
    }

    /// Bases of a contig, on average.
    pub(super) fn mean_contig(&self) -> u64 {
        self.n_bases / self.n_contigs.max(1)
    }

    /// Compresses the sample both ways, and half of it: what the second half adds is what further inputs will take. Where all lies in
    /// one file the first record is left out instead.
    ///
    /// # Errors
    /// `Io`, and those of zstd.
    pub(super) fn prefers_raw(&self, options: &CreateOptions) -> Result<bool> {
        if self.n_contigs < 2 {
            return Ok(false);
        }
        let (raw, deltas) = match options.n_threads {
            1 => (self.added(options, true), self.added(options, false)),
            _ => thread::scope(|scope| {
                let raw = spawn(scope, "try", || self.added(options, true))?;
                let deltas = self.added(options, false);
                Ok((join(raw), deltas))
            })?,
        };
        let (raw, deltas) = (raw?, deltas?);
        let max_share = match raw * DIVERGENT > self.n_bases / 2 {
            true => MAX_DIVERGENT_SHARE,
            false => MAX_RAW_SHARE,
        };
        Ok(raw * 20 < deltas * max_share)
    }

    /// What the second half of the sample adds to the first, in bytes.
    fn added(&self, options: &CreateOptions, is_raw: bool) -> Result<u64> {
        let all = self.size(&self.inputs, options, is_raw)?;
        let before = match self.inputs.len() {
            0 | 1 => self.n_first / BASES_PER_BYTE,
            n => self.size(&self.inputs[..n.div_ceil(2)], options, is_raw)?,
        };
        Ok(all.saturating_sub(before))
    }

    fn size(&self, inputs: &[Input], options: &CreateOptions, is_raw: bool) -> Result<u64> {
        let options = CreateOptions {
            raw_contigs: Some(is_raw),
            has_checksums: false,
            has_digests: false,
            rules: InputRules {
                is_concatenated: self.is_concatenated,
                takes_any_residues: true,
                renames_duplicates: true,
                ..InputRules::default()
            },
            ..options.clone()
        };
        let mut size = Size(0);
        create(inputs, &options, &mut size, Arc::new(Silent))?;
        Ok(size.0)
    }
}

/// Counts what is written to it.
struct Size(u64);

impl Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
