//! `ragc listset`: names of the samples.

use std::io::Write;

use crate::args::ListArgs;
use crate::json;

/// Arguments of `listset`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,

    /// Print JSON, with numbers of contigs and bases
    #[arg(long)]
    json: bool,
}

/// Prints one name per line, in the order of their bytes.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    if args.json {
        return json::write(args.list.out()?, &json::list_samples(&archive)?);
    }
    let names = archive.samples()?;
    let mut out = args.list.out()?;
    for name in names.iter_sorted() {
        out.write_all(name)?;
        out.write_all(b"\n")?;
    }
    out.finish()
}
