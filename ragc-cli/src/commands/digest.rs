//! `ragc digest`: the digests by which sequences are known elsewhere, computed from any archive.

use std::ffi::OsString;

use crate::args::{ListArgs, SelectArgs, StatsArgs, ThreadArgs};
use crate::tally::WrittenTally;
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
    stats: StatsArgs,

    #[command(flatten)]
    select: SelectArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Print a table of contigs alone: name up to the first blank, length, sample, refget, MD5
    #[arg(long, conflicts_with = "json")]
    tsv: bool,

    /// Tell on standard error what was decoded
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    verbosity: u8,

    /// Samples to decode, in this order [default: all]
    #[arg(value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// Decodes the samples and prints their digests.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mut tally = WrittenTally::new(args.verbosity);
    let archive = args.list.open()?;
    let samples = match args.samples.is_empty() && args.select.is_empty() {
        true => (0..archive.samples()?.len()).collect(),
        false => args.select.select(&archive, &args.samples)?,
    };
    let archives = std::iter::once(args.list.path());
    let figures = args.stats.open("digest", archives, args.list.output())?;
    // Nothing is printed before the end.
    let screen = Screen::of(Some(args.list.path()), 0);
    let digested = digests::compute(&archive, &samples, args.threads.n_threads().get(), screen)?;
    let mut out = args.list.out()?;
    match (args.json, args.tsv) {
        (true, _) => json::list_digests(out, &archive, &digested)?,
        (_, true) => {
            digests::write_table(&mut out, &archive, &digested)?;
            out.finish()?;
        }
        _ => {
            digests::write(&mut out, &archive, &digested)?;
            out.finish()?;
        }
    }
    for (sample, contigs) in digested
        .iter()
        .filter(|_| args.verbosity > 0 || figures.are_written())
    {
        tally.n_contigs += contigs.len() as u64;
        tally.n_bases += archive.contig_lens(*sample)?.iter().sum::<u64>();
    }
    figures.finish(&tally)
}
