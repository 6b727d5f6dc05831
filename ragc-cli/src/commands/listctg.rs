//! `ragc listctg`: names of the contigs of samples.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

use crate::args::ListArgs;
use crate::near::with_near;
use crate::{digests, json};

/// Arguments of `listctg`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,

    /// Print JSON, with the length of each contig
    #[arg(long)]
    json: bool,

    /// Add lengths and the digests that are stored: of samples the seqcol digest, of contigs refget and MD5
    #[arg(long)]
    digests: bool,

    /// Samples whose contigs are printed, in this order
    #[arg(required = true, value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// Prints the name of each sample, then its contigs after three blanks. If a sample does not exist, nothing is
/// printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    let find = |name: &OsString| {
        archive
            .find_sample(name.as_bytes())
            .map_err(|e| with_near(&archive, e))
    };
    let places = args.samples.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    if args.digests {
        let digested = digests::stored(&archive, &places)?;
        if args.json {
            return json::list_digests(args.list.out()?, &archive, &digested);
        }
        let mut out = args.list.out()?;
        digests::write(&mut out, &archive, &digested)?;
        return out.finish();
    }
    if args.json {
        return json::list_contigs(args.list.out()?, &archive, &places);
    }
    let mut out = args.list.out()?;
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
