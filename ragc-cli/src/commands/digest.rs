//! `ragc digest`: the digests by which sequences are known elsewhere, computed from any archive.

use std::ffi::OsString;

use crate::args::{ListArgs, SelectArgs, ThreadArgs};
use crate::watched::Screen;
use crate::{digests, json};

/// Arguments of `digest`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,

    #[command(flatten)]
    threads: ThreadArgs,

    #[command(flatten)]
    select: SelectArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Samples to decode, in this order [default: all]
    #[arg(value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// Decodes the samples and prints their digests.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    let samples = match args.samples.is_empty() && args.select.is_empty() {
        true => (0..archive.samples()?.len()).collect(),
        false => args.select.select(&archive, &args.samples)?,
    };
    // Nothing is printed before the end.
    let screen = Screen::of(Some(args.list.path()), 0);
    let digested = digests::compute(&archive, &samples, args.threads.n_threads().get(), screen)?;
    if args.json {
        return json::list_digests(args.list.out()?, &archive, &digested);
    }
    let mut out = args.list.out()?;
    digests::write(&mut out, &archive, &digested)?;
    out.finish()
}
