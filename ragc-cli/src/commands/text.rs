//! What the commands that print sequences have in common.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use ragc_core::extract::{FastaWriter, SampleSink};

use crate::out::Out;

/// Options of every command that prints sequences.
#[derive(Debug, clap::Args)]
pub(crate) struct TextArgs {
    /// Gzip the output at this level; 0 leaves it plain
    #[arg(short = 'g', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=9))]
    pub(crate) gzip_level: u32,

    /// Bases per line
    #[arg(short = 'l', long, value_name = "BASES", default_value_t = 80, value_parser = clap::value_parser!(u32).range(1..=2_000_000_000))]
    pub(crate) line_length: u32,

    /// Threads that decode ahead of the output [default: one per core]
    #[arg(short = 't', long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Tell on standard error what was written: 1 per command, 2 per sample or contig as well
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub(crate) verbosity: u8,
}

impl TextArgs {
    /// Number of threads to use.
    pub(crate) fn n_threads(&self) -> usize {
        let asked = self.threads.or_else(|| thread::available_parallelism().ok());
        asked.map_or(1, NonZeroUsize::get)
    }
}

/// Options of the commands that print to one place.
#[derive(Debug, clap::Args)]
pub(crate) struct OneFileArgs {
    /// Write to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Do not read ahead in the archive. Accepted for compatibility: ragc never reads more than a query needs
    #[arg(short = 'p', long)]
    pub(crate) no_prefetch: bool,

    /// Stream the output. Accepted for compatibility: ragc always streams, in bounded memory
    #[arg(short = 's', long)]
    pub(crate) streaming: bool,
}

/// Counts what is written, for `-v`.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) verbosity: u8,
    pub(crate) n_contigs: u64,
    pub(crate) n_bases: u64,
}

impl Tally {
    /// A count that is told at this verbosity.
    pub(crate) fn new(verbosity: u8) -> Self {
        Self {
            verbosity,
            ..Self::default()
        }
    }

    /// Tells the sum of the command.
    pub(crate) fn report(&self) {
        if self.verbosity > 0 {
            eprintln!("ragc: {} contigs, {} bases", self.n_contigs, self.n_bases);
        }
    }
}

/// FASTA into an output whose name its errors tell.
#[derive(Debug)]
pub(crate) struct NamedFasta {
    fasta: FastaWriter<Out>,
    name: PathBuf,
}

impl NamedFasta {
    pub(crate) fn new(out: Out, args: &TextArgs) -> Self {
        let name = out.name().to_path_buf();
        Self {
            fasta: FastaWriter::new(out, args.line_length as usize),
            name,
        }
    }

    pub(crate) fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.fasta.start_contig(name).map_err(|e| e.in_file(&self.name))
    }

    pub(crate) fn symbols(&mut self, codes: &[u8]) -> ragc_core::Result<()> {
        self.fasta.symbols(codes).map_err(|e| e.in_file(&self.name))
    }

    /// Ends the text and gives a file its name.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        self.fasta.finish().map_err(|e| e.in_file(&self.name))?.finish()
    }
}

/// FASTA of everything into one output.
#[derive(Debug)]
pub(crate) struct OneFile {
    fasta: NamedFasta,
    tally: Tally,
    /// What to add to the name of each contig to come.
    suffixes: std::vec::IntoIter<String>,
}

impl OneFile {
    pub(crate) fn new(out: Out, args: &TextArgs) -> Self {
        let fasta = NamedFasta::new(out, args);
        Self {
            fasta,
            tally: Tally::new(args.verbosity),
            suffixes: Vec::new().into_iter(),
        }
    }

    /// Adds a text to the name of each contig, in order.
    pub(crate) fn with_suffixes(mut self, suffixes: Vec<String>) -> Self {
        self.suffixes = suffixes.into_iter();
        self
    }

    /// Ends the text and gives a file its name.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        self.fasta.finish()?;
        self.tally.report();
        Ok(())
    }
}

impl SampleSink for OneFile {
    fn start_sample(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        if self.tally.verbosity > 1 {
            eprintln!("ragc: sample {}", String::from_utf8_lossy(name));
        }
        Ok(())
    }

    fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_contigs += 1;
        match self.suffixes.next() {
            Some(suffix) => self.fasta.start_contig(&[name, suffix.as_bytes()].concat()),
            None => self.fasta.start_contig(name),
        }
    }

    fn symbols(&mut self, codes: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_bases += codes.len() as u64;
        self.fasta.symbols(codes)
    }

    fn end_sample(&mut self) -> ragc_core::Result<()> {
        Ok(())
    }
}
