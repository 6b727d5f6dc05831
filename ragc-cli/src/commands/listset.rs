//! `ragc listset`: names of the samples.

use std::io::Write;
use std::path::PathBuf;

use ragc_core::Decompressor;

use crate::out::Out;

/// Arguments of `listset`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Archive to read
    archive: PathBuf,
}

/// Prints one name per line, in the order of their bytes.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = Decompressor::open(&args.archive)?;
    let names = archive.samples()?;
    let mut out = Out::open_while_reading(&args.archive, args.output.as_deref(), 0)?;
    for name in names.iter_sorted() {
        out.write_all(name)?;
        out.write_all(b"\n")?;
    }
    out.finish()
}
