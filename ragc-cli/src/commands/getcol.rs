//! `ragc getcol`: the whole collection, to one place or to a file per sample.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ragc_core::Decompressor;
use ragc_core::collection::SampleNames;
use ragc_core::extract::{DEFAULT_CACHE_LIMIT, SCAN_CACHE_LIMIT, SampleSink};

use crate::commands::text::{NamedFasta, OneFile, Tally, TextArgs};
use crate::out::Out;

/// Bytes that `--fast` keeps of what was decoded.
const FAST_CACHE_LIMIT: u64 = 16 * DEFAULT_CACHE_LIMIT;

/// Arguments of `getcol`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    text: TextArgs,

    /// Keep up to 4 GiB of decoded data instead of 24 MiB, so that less is decoded twice
    #[arg(short = 'f', long)]
    fast: bool,

    /// Write SAMPLE.fa (SAMPLE.fa.gz with -g) for each sample into this directory, which is made if it does not
    /// exist. A sample name with '/' is refused [default: standard output]
    #[arg(short = 'o', long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Leave out the reference sample
    #[arg(short = 'r', long)]
    no_reference: bool,

    /// Archive to read
    archive: PathBuf,
}

/// Prints all samples in archive order.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let cache_limit = if args.fast {
        FAST_CACHE_LIMIT
    } else {
        SCAN_CACHE_LIMIT
    };
    let archive = Decompressor::open_with_cache(&args.archive, cache_limit)?;
    let names = archive.samples()?;
    let mut samples = archive.samples_in_output_order()?;
    // The reference sample is the first of the archive.
    samples.retain(|sample| !args.no_reference || *sample > 0);
    match &args.output {
        None => {
            let mut sink = OneFile::new(
                Out::open_while_reading(&args.archive, None, args.text.gzip_level)?,
                &args.text,
            );
            archive.stream_samples(&samples, args.text.n_threads(), &mut sink)?;
            sink.finish()
        }
        Some(folder) => {
            check_names(names, &samples)?;
            fs::create_dir_all(folder).with_context(|| format!("{}: cannot create", folder.display()))?;
            let mut sink = FilePerSample {
                folder,
                archive: &args.archive,
                args: &args.text,
                current: None,
                tally: Tally::new(args.text.verbosity),
                error: None,
            };
            let result = archive.stream_samples(&samples, args.text.n_threads(), &mut sink);
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
    tally: Tally,
    /// Why the extraction was ended from here.
    error: Option<anyhow::Error>,
}

impl FilePerSample<'_> {
    fn open(&self, sample: &[u8]) -> anyhow::Result<NamedFasta> {
        // Checked above to hold no '/', so it stays in the folder; the ending makes "." and ".." harmless.
        let mut name = sample.to_vec();
        name.extend_from_slice(if self.args.gzip_level > 0 {
            b".fa.gz"
        } else {
            b".fa"
        });
        let path = self.folder.join(OsStr::from_bytes(&name));
        let out = Out::open_while_reading(self.archive, Some(&path), self.args.gzip_level)?;
        Ok(NamedFasta::new(out, self.args))
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
        let opened = self.open(name);
        self.current = Some(self.keep(opened)?);
        Ok(())
    }

    fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_contigs += 1;
        self.current
            .as_mut()
            .map_or(Ok(()), |fasta| fasta.start_contig(name))
    }

    fn symbols(&mut self, codes: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_bases += codes.len() as u64;
        self.current.as_mut().map_or(Ok(()), |fasta| fasta.symbols(codes))
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
