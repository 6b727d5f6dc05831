//! `ragc getset`: whole samples.

use std::ffi::OsString;

use crate::args::{ArchiveArgs, OneFileArgs, SelectArgs, TextArgs};
use crate::fasta::OneFile;

/// Arguments of `getset`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    text: TextArgs,

    #[command(flatten)]
    one_file: OneFileArgs,

    #[command(flatten)]
    select: SelectArgs,

    #[command(flatten)]
    archive: ArchiveArgs,

    /// Samples to print, in this order. A name that no sample has is a PanSN prefix: HG002 means HG002#1 and HG002#2
    #[arg(required_unless_present_any = ["samples_from", "prefix"], value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// Prints the samples; if one does not exist, nothing is printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.archive.open()?;
    let samples = args.select.select(&archive, &args.samples)?;
    let mut sink = OneFile::open(args.archive.path(), args.one_file.output.as_deref(), &args.text)?;
    archive.stream_samples(&samples, args.text.threads.n_threads().get(), &mut sink)?;
    sink.finish()
}
