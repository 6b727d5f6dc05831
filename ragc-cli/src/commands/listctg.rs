//! `ragc listctg`: names of the contigs of samples.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use ragc_core::Decompressor;

use crate::out::Out;

/// Arguments of `listctg`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Archive to read
    archive: PathBuf,

    /// Samples whose contigs are printed, in this order
    #[arg(required = true, value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// Prints the name of each sample, then its contigs after three blanks. If a sample does not exist, nothing is
/// printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = Decompressor::open(&args.archive)?;
    for sample in &args.samples {
        archive.find_sample(sample.as_bytes())?;
    }
    let mut out = Out::open_while_reading(&args.archive, args.output.as_deref(), 0)?;
    for sample in &args.samples {
        out.write_all(sample.as_bytes())?;
        out.write_all(b"\n")?;
        for contig in archive.contigs(sample.as_bytes())?.iter() {
            out.write_all(b"   ")?;
            out.write_all(contig)?;
            out.write_all(b"\n")?;
        }
    }
    out.finish()
}
