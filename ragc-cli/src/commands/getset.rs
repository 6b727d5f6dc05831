//! `ragc getset`: whole samples.

use std::ffi::OsString;

use crate::args::{ArchiveArgs, ExactArgs, OneFileArgs, SelectArgs, TextArgs};
use crate::fasta::{ExactFiles, OneFile, OneOutput};
use crate::freed_memory;
use crate::out::Out;
use crate::watched::{ProgressSink, Screen};

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
    exact: ExactArgs,

    #[command(flatten)]
    archive: ArchiveArgs,

    /// Samples to print, in this order. A name that no sample has is a PanSN prefix: HG002 means HG002#1 and HG002#2
    #[arg(required_unless_present_any = ["samples_from", "prefix"], value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// Prints the samples; if one does not exist, nothing is printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    freed_memory::keep();
    let archive = args.archive.open_to_scan()?;
    let samples = args.select.select(&archive, &args.samples)?;
    let n_threads = args.text.threads.n_threads();
    let output = args.one_file.output();
    let screen = Screen::of(output, args.text.verbosity);
    let archives = std::iter::once(args.archive.path());
    let figures = args.text.stats.open("getset", archives, output)?;
    if args.exact.exact {
        let open = || {
            let packing = args.text.packing.packing(output, n_threads)?;
            let out = Out::open_while_reading(args.archive.path(), output, packing)?;
            Ok(OneOutput(Some(out)))
        };
        let told = (screen, args.text.verbosity);
        let (out, tally) = ExactFiles::write(&archive, &samples, n_threads.get(), open, told)?;
        out.finish()?;
        return figures.finish(&tally);
    }
    let spelling = args.text.case.spelling(&archive, samples.iter().copied())?;
    let mut sink = OneFile::open(args.archive.path(), output, &args.text)?;
    let mut watched = ProgressSink::samples(&mut sink, &archive, &samples, screen);
    archive
        .stream_samples_once(&samples, spelling, n_threads.get(), &mut watched)
        .map_err(|error| args.text.case.explain(error))?;
    drop(watched);
    figures.finish(&sink.finish()?)
}
