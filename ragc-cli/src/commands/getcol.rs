//! `ragc getcol`: the whole collection, to one place or to a file per sample.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ragc_core::collection::SampleNames;
use ragc_core::extract::{DEFAULT_CACHE_LIMIT, SCAN_CACHE_LIMIT, SampleSink};

use crate::args::{ArchiveArgs, TextArgs};
use crate::fasta::{Label, NamedFasta, OneFile, Tally};

/// Bytes that `--fast` keeps of what was decoded, unless `--cache` says otherwise.
const FAST_CACHE_LIMIT: u64 = 16 * DEFAULT_CACHE_LIMIT;

/// Arguments of `getcol`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    text: TextArgs,

    /// Keep up to 4 GiB of decoded data instead of 24 MiB, so that less is decoded twice
    #[arg(short = 'f', long)]
    fast: bool,

    /// Write SAMPLE.fa (SAMPLE.fa.gz with -g or --bgzf) for each sample into this directory, which is made if it does not
    /// exist. A sample name with '/' is refused [default: standard output]
    #[arg(short = 'o', long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Leave out the reference sample
    #[arg(short = 'r', long)]
    no_reference: bool,

    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Prints all samples in archive order.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let cache_limit = if args.fast {
        FAST_CACHE_LIMIT
    } else {
        SCAN_CACHE_LIMIT
    };
    let archive = args.archive.open_with_default(cache_limit)?;
    let names = archive.samples()?;
    let mut samples = archive.samples_in_output_order()?;
    // The reference sample is the first of the archive.
    samples.retain(|sample| !args.no_reference || *sample > 0);
    let n_threads = args.text.threads.n_threads().get();
    match &args.output {
        None => {
            let mut sink = OneFile::open(args.archive.path(), None, &args.text)?;
            archive.stream_samples(&samples, n_threads, &mut sink)?;
            sink.finish()
        }
        Some(folder) => {
            check_names(names, &samples)?;
            fs::create_dir_all(folder).with_context(|| format!("{}: cannot create", folder.display()))?;
            let mut sink = FilePerSample {
                folder,
                archive: args.archive.path(),
                args: &args.text,
                current: None,
                label: Label::default(),
                tally: Tally::new(args.text.verbosity),
                error: None,
            };
            let result = archive.stream_samples(&samples, n_threads, &mut sink);
            if let Some(error) = sink.error {
                return Err(error);
            }
            result?;
            sink.tally.report();
            Ok(())
        }
    }
}

/// Refuses names that are no file names, before anything is written.
fn check_names(names: &SampleNames, samples: &[usize]) -> anyhow::Result<()> {
    for name in samples.iter().filter_map(|sample| names.get(*sample)) {
        if name.is_empty() || name.contains(&b'/') {
            let name = String::from_utf8_lossy(name);
            bail!(
                "sample {name:?} cannot be the name of a file: extract it with getset, or all samples to standard output"
            );
        }
    }
    Ok(())
}

/// FASTA into a file for each sample.
struct FilePerSample<'a> {
    folder: &'a Path,
    archive: &'a Path,
    args: &'a TextArgs,
    current: Option<NamedFasta>,
    /// What is written around the names of contigs.
    label: Label,
    tally: Tally,
    /// Why the extraction was ended from here.
    error: Option<anyhow::Error>,
}

impl FilePerSample<'_> {
    fn open(&self, sample: &[u8]) -> anyhow::Result<NamedFasta> {
        // Checked above to hold no '/', so it stays in the folder; the ending makes "." and ".." harmless.
        let mut name = sample.to_vec();
        name.extend_from_slice(if self.args.packing.is_gzip() {
            b".fa.gz"
        } else {
            b".fa"
        });
        let path = self.folder.join(OsStr::from_bytes(&name));
        NamedFasta::open(self.archive, Some(&path), self.args.layout())
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
        if self.tally.verbosity > 1 {
            eprintln!("ragc: sample {}", String::from_utf8_lossy(name));
        }
        if self.args.with_sample {
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
                let finished = fasta.finish();
                self.keep(finished)
            }
            None => Ok(()),
        }
    }
}
