//! `ragc listref`: name of the reference sample.

use std::io::Write;
use std::path::PathBuf;

use ragc_core::Decompressor;

use crate::out::Out;

/// Arguments of `listref`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Archive to read
    archive: PathBuf,
}

/// Prints the name without a line end, as agc does.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = Decompressor::open(&args.archive)?;
    let name = archive.reference_sample()?;
    let mut out = Out::open_while_reading(&args.archive, args.output.as_deref(), 0)?;
    out.write_all(name)?;
    out.finish()
}
