//! `ragc listref`: name of the reference sample.

use std::io::Write;

use crate::args::ListArgs;

/// Arguments of `listref`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,
}

/// Prints the name without a line end, as agc does.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    let name = archive.reference_sample()?;
    let mut out = args.list.out()?;
    out.write_all(name)?;
    out.finish()
}
