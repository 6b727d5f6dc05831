//! `ragc getcol`: the whole collection, to one place or to a file per sample.

use std::ffi::OsStr;
use std::fs;
use std::iter;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ragc_core::extract::SampleSink;
use ragc_core::internals::quoted::Quoted;
use ragc_core::{Archive, OpenOptions, SampleNames};

use crate::args::{ArchiveArgs, ExactArgs, StatsOut, TextArgs, place_of};
use crate::commands::salvage;
use crate::damage;
use crate::exit::UsageError;
use crate::fasta::{ExactFiles, Label, NamedFasta, OneFile, OneOutput, Outputs};
use crate::freed_memory;
use crate::out::{Closing, Out};
use crate::tally::WrittenTally;
use crate::watched::{ProgressSink, Screen};

/// Bytes that `--fast` keeps of what was decoded, unless `--cache` says otherwise.
const FAST_CACHE_LIMIT: u64 = 16 * OpenOptions::DEFAULT_CACHE_LIMIT;

/// Arguments of `getcol`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    text: TextArgs,

    /// Keep up to 4 GiB of decoded data instead of 256 MiB, so that less is decoded twice
    #[arg(short = 'f', long)]
    fast: bool,

    /// Write SAMPLE.fa (SAMPLE.fa.gz with -g or --bgzf) for each sample into this directory, which is made if it does not
    /// exist. A sample name with '/' is refused [default: standard output]
    #[arg(short = 'o', long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Take out of a damaged archive what is intact: SAMPLE.fa for each sample, SAMPLE.incomplete.fa if contigs of it are
    /// lost, into this directory. What is lost is told, and is a failure
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "no_reference", "fast", "exact"])]
    salvage: Option<PathBuf>,

    /// Leave out the reference sample
    #[arg(short = 'r', long)]
    no_reference: bool,

    #[command(flatten)]
    exact: ExactArgs,

    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Prints all samples in archive order.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    freed_memory::keep();
    if let Some(folder) = &args.salvage {
        if place_of(&args.salvage).is_none() {
            return Err(UsageError("--salvage writes files: name a folder".to_owned()).into());
        }
        let figures = args.figures(Some(folder))?;
        return salvage::run(&args.archive, &args.text, folder, figures);
    }
    let archive = match args.fast {
        true => args.archive.open_with_default(FAST_CACHE_LIMIT)?,
        false => args.archive.open_to_scan()?,
    };
    let names = archive.samples()?;
    let mut samples = archive.samples_in_output_order()?;
    // The reference sample is the first of the archive.
    samples.retain(|sample| !args.no_reference || *sample > 0);
    let folder = place_of(&args.output);
    let figures = args.figures(folder)?;
    let written = if let Some(folder) = folder {
        check_names(names, &samples)?;
        write_files(args, folder, &archive, &samples)
    } else {
        print_all(args, &archive, &samples)
    };
    let tally = written.map_err(|error| {
        damage::with_advice(
            error,
            args.archive.path(),
            "--salvage DIR gives all that is intact",
        )
    })?;
    figures.finish(&tally)
}

impl Args {
    fn figures(&self, output: Option<&Path>) -> anyhow::Result<StatsOut> {
        let archives = iter::once(self.archive.path());
        self.text.stats.open("getcol", archives, output)
    }
}

fn print_all(args: &Args, archive: &Archive, samples: &[usize]) -> anyhow::Result<WrittenTally> {
    let (text, n_threads) = (&args.text, args.text.threads.n_threads());
    let screen = Screen::of(None, text.verbosity);
    if args.exact.exact {
        let open = || {
            let packing = text.packing.packing(None, n_threads)?;
            Ok(OneOutput(Some(Out::open(None, packing)?)))
        };
        let told = (screen, text.verbosity);
        let (out, tally) = ExactFiles::write(archive, samples, n_threads.get(), open, told)?;
        out.finish()?;
        return Ok(tally);
    }
    let spelling = text.case.spelling(archive, samples.iter().copied())?;
    let mut sink = OneFile::open(args.archive.path(), None, text)?;
    let mut watched = ProgressSink::samples(&mut sink, archive, samples, screen);
    archive
        .stream_samples_once(samples, spelling, n_threads.get(), &mut watched)
        .map_err(|error| text.case.explain(error))?;
    drop(watched);
    sink.finish()
}

fn write_files(
    args: &Args,
    folder: &Path,
    archive: &Archive,
    samples: &[usize],
) -> anyhow::Result<WrittenTally> {
    let (text, n_threads) = (&args.text, args.text.threads.n_threads());
    let open = || {
        fs::create_dir_all(folder).with_context(|| format!("{}: cannot create", folder.display()))?;
        let archive = args.archive.path();
        anyhow::Ok(SampleFolder {
            folder,
            archive,
            text,
            closing: Closing::new(),
        })
    };
    let screen = Screen::of(Some(folder), text.verbosity);
    if args.exact.exact {
        let told = (screen, text.verbosity);
        let (mut written, tally) = ExactFiles::write(archive, samples, n_threads.get(), open, told)?;
        written.closing.end()?;
        return Ok(tally);
    }
    let spelling = text.case.spelling(archive, samples.iter().copied())?;
    let mut sink = FilePerSample {
        folder: open()?,
        current: None,
        label: Label::default(),
        tally: WrittenTally::new(text.verbosity),
        error: None,
    };
    let mut watched = ProgressSink::samples(&mut sink, archive, samples, screen);
    let result = archive.stream_samples_once(samples, spelling, n_threads.get(), &mut watched);
    drop(watched);
    if let Some(error) = sink.error {
        return Err(error);
    }
    result.map_err(|error| text.case.explain(error))?;
    sink.folder.closing.end()?;
    Ok(sink.tally)
}

/// Refuses names that are no file names, before anything is written.
fn check_names(names: &SampleNames, samples: &[usize]) -> anyhow::Result<()> {
    for name in samples.iter().filter_map(|sample| names.get(*sample)) {
        if name.is_empty() || name.contains(&b'/') {
            let name = String::from_utf8_lossy(name);
            bail!(
                "sample {} cannot be the name of a file: extract it with getset, or all samples to standard output",
                Quoted(&name)
            );
        }
    }
    Ok(())
}

/// The folder with a file for each sample.
struct SampleFolder<'a> {
    folder: &'a Path,
    archive: &'a Path,
    text: &'a TextArgs,
    closing: Closing,
}

impl SampleFolder<'_> {
    fn path_of(&self, sample: &[u8]) -> PathBuf {
        // Checked before to hold no '/', so it stays in the folder; the ending makes "." and ".." harmless.
        let mut name = sample.to_vec();
        name.extend_from_slice(if self.text.packing.is_gzip() {
            b".fa.gz"
        } else {
            b".fa"
        });
        self.folder.join(OsStr::from_bytes(&name))
    }
}

impl Outputs for SampleFolder<'_> {
    fn open(&mut self, sample: &[u8]) -> anyhow::Result<Out> {
        let path = self.path_of(sample);
        let packing = self
            .text
            .packing
            .packing(Some(&path), self.text.threads.n_threads())?;
        Out::open_while_reading(self.archive, Some(&path), packing)
    }

    fn close(&mut self, out: Out) -> anyhow::Result<()> {
        self.closing.close(|| out.finish())
    }
}

/// FASTA into a file for each sample.
struct FilePerSample<'a> {
    folder: SampleFolder<'a>,
    current: Option<NamedFasta>,
    /// What is written around the names of contigs.
    label: Label,
    tally: WrittenTally,
    /// Why the extraction was ended from here.
    error: Option<anyhow::Error>,
}

impl FilePerSample<'_> {
    fn open(&self, sample: &[u8]) -> anyhow::Result<NamedFasta> {
        let SampleFolder { archive, text, .. } = self.folder;
        NamedFasta::open(archive, Some(&self.folder.path_of(sample)), text.layout())
    }

    /// Keeps an error with its context and ends the extraction.
    fn keep<T>(&mut self, result: anyhow::Result<T>) -> ragc_core::Result<T> {
        result.map_err(|error| {
            let message = error.to_string();
            self.error = Some(error);
            ragc_core::Error::bad_input(message)
        })
    }
}

impl SampleSink for FilePerSample<'_> {
    fn start_sample(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.tally.start_sample(name);
        if self.folder.text.with_sample {
            self.label = Label::of_sample(name);
        }
        let opened = self.open(name);
        self.current = Some(self.keep(opened)?);
        Ok(())
    }

    fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_contigs += 1;
        let header = self.label.around(name);
        self.current
            .as_mut()
            .map_or(Ok(()), |fasta| fasta.start_contig(&header))
    }

    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_bases += letters.len() as u64;
        self.current
            .as_mut()
            .map_or(Ok(()), |fasta| fasta.letters(letters))
    }

    fn end_sample(&mut self) -> ragc_core::Result<()> {
        match self.current.take() {
            Some(fasta) => {
                let closed = self.folder.closing.close(|| fasta.finish());
                self.keep(closed)
            }
            None => Ok(()),
        }
    }
}
