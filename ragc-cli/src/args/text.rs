//! How and where sequences are printed.

use std::path::{Path, PathBuf};

use crate::args::packing::TextLayout;
use crate::args::{CaseArgs, PackingArgs, StatsArgs, ThreadArgs, place_of};

/// Options of every command that prints samples or contigs.
#[derive(Debug, clap::Args)]
pub(crate) struct TextArgs {
    #[command(flatten)]
    pub(crate) packing: PackingArgs,

    /// Bases per line; 0 writes a record in one line
    #[arg(short = 'l', long, value_name = "BASES", default_value_t = 80, value_parser = clap::value_parser!(u32).range(0..=2_000_000_000))]
    line_length: u32,

    #[command(flatten)]
    pub(crate) threads: ThreadArgs,

    /// Tell on standard error what was written: 1 per command, 2 per sample or contig as well
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub(crate) verbosity: u8,

    #[command(flatten)]
    pub(crate) stats: StatsArgs,

    /// Begin each header line with the sample: >SAMPLE#CONTIG
    #[arg(long)]
    pub(crate) with_sample: bool,

    #[command(flatten)]
    pub(crate) case: CaseArgs,
}

impl TextArgs {
    /// How the text is laid out.
    pub(crate) fn layout(&self) -> TextLayout<'_> {
        TextLayout {
            packing: &self.packing,
            line_width: line_width(self.line_length),
            n_threads: self.threads.n_threads(),
        }
    }
}

/// Bases per line, of which 0 stands for any number.
pub(crate) fn line_width(length: u32) -> usize {
    match length {
        0 => usize::MAX >> 1,
        length => length as usize,
    }
}

/// Options of the commands that print to one place.
#[derive(Debug, clap::Args)]
pub(crate) struct OneFileArgs {
    /// Write to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Do not read ahead in the archive. Accepted for compatibility: ragc never reads more than a query needs
    #[arg(short = 'p', long)]
    no_prefetch: bool,

    /// Stream the output. Accepted for compatibility: ragc always streams, in bounded memory
    #[arg(short = 's', long)]
    streaming: bool,
}

impl OneFileArgs {
    /// The file to write to, if it is not standard output.
    pub(crate) fn output(&self) -> Option<&Path> {
        place_of(&self.output)
    }
}
