//! `ragc info`: what an archive holds and how it was made.

use std::io::Write;
use std::path::PathBuf;

use ragc_core::Decompressor;

use crate::out::Out;

/// Arguments of `info`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Archive to read
    archive: PathBuf,
}

/// Prints the numbers that agc prints, in its words. Archives of version 3 hold no command lines.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = Decompressor::open(&args.archive)?;
    let samples = archive.samples()?;
    let params = archive.params();
    let mut out = Out::open_while_reading(&args.archive, args.output.as_deref(), 0)?;
    writeln!(out, "No. samples      : {}", samples.len())?;
    writeln!(out, "k-mer length     : {}", params.k)?;
    writeln!(out, "Min. match length: {}", params.min_match_len)?;
    writeln!(out, "Segment size     : {}", params.segment_size)?;
    writeln!(out, "Batch size       : {}", params.pack_cardinality)?;
    out.write_all(b"Reference name   : ")?;
    out.write_all(samples.get(0).unwrap_or_default())?;
    out.write_all(b"\nCommand lines:\n")?;
    out.finish()
}
