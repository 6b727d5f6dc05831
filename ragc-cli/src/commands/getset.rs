//! `ragc getset`: whole samples.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use ragc_core::Decompressor;
use ragc_core::extract::SCAN_CACHE_LIMIT;

use crate::commands::text::{OneFile, OneFileArgs, TextArgs};
use crate::out::Out;

/// Arguments of `getset`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    text: TextArgs,

    #[command(flatten)]
    one_file: OneFileArgs,

    /// Archive to read
    archive: PathBuf,

    /// Samples to print, in this order
    #[arg(required = true, value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// Prints the samples; if one does not exist, nothing is printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = Decompressor::open_with_cache(&args.archive, SCAN_CACHE_LIMIT)?;
    let find = |name: &OsString| archive.find_sample(name.as_bytes());
    let samples = args.samples.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let out = Out::open_while_reading(
        &args.archive,
        args.one_file.output.as_deref(),
        args.text.gzip_level,
    )?;
    let mut sink = OneFile::new(out, &args.text);
    archive.stream_samples(&samples, args.text.n_threads(), &mut sink)?;
    sink.finish()
}
