//! `ragc info`: what an archive holds and how it was made.

use std::io::Write;

use crate::args::ListArgs;
use crate::json;

/// Arguments of `info`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,

    /// Print JSON, with numbers of contigs and bases
    #[arg(long)]
    json: bool,
}

/// Prints the numbers that agc prints, in its words. Archives of version 3 hold no command lines.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    if args.json {
        return json::write(args.list.out()?, &json::describe(&archive, args.list.path())?);
    }
    let samples = archive.samples()?;
    let params = archive.params();
    let mut out = args.list.out()?;
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
