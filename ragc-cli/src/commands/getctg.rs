//! `ragc getctg`: contigs, or regions of contigs.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use ragc_core::Decompressor;

use crate::commands::text::{OneFile, OneFileArgs, TextArgs};
use crate::out::Out;

/// Arguments of `getctg`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    text: TextArgs,

    #[command(flatten)]
    one_file: OneFileArgs,

    /// Archive to read
    archive: PathBuf,

    /// What to print, in this order: NAME, NAME@SAMPLE, NAME:FROM-TO or NAME@SAMPLE:FROM-TO. Positions count from 0
    /// and both ends are included; without a sample the contig must be in one sample only
    #[arg(required = true, value_name = "CONTIG")]
    contigs: Vec<OsString>,
}

/// Prints the contigs; if one does not exist, nothing is printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = Decompressor::open(&args.archive)?;
    let (mut regions, mut suffixes) = (Vec::new(), Vec::new());
    for query in &args.contigs {
        let found = archive.find(query.as_bytes())?;
        let (range, suffix) = match found.range {
            Some((from, to)) if from > to => {
                let query = query.to_string_lossy();
                eprintln!("ragc: {query}: the range ends before it begins; the whole contig is printed");
                (0..u64::MAX, String::new())
            }
            Some((from, to)) => (from..to.saturating_add(1), format!(":{from}-{to}")),
            None => (0..u64::MAX, String::new()),
        };
        regions.push((found.contig, range));
        suffixes.push(suffix);
    }
    let out = Out::open_while_reading(
        &args.archive,
        args.one_file.output.as_deref(),
        args.text.gzip_level,
    )?;
    let mut sink = OneFile::new(out, &args.text).with_suffixes(suffixes);
    archive.stream_regions(&regions, args.text.n_threads(), &mut sink)?;
    sink.finish()
}
