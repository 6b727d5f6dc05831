//! `ragc listset`: names of the samples.

use std::io::Write;

use ragc_core::Archive;
use ragc_core::Packing;

use crate::args::{ListArgs, SelectArgs};
use crate::json;
use crate::out::Out;

/// Arguments of `listset`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,

    #[command(flatten)]
    select: SelectArgs,

    /// Print JSON, with numbers of contigs and bases
    #[arg(long)]
    json: bool,

    /// Print a table: name, contigs, bases, and how the file was packed, '.' if its layout is not kept
    #[arg(long, conflicts_with = "json")]
    tsv: bool,
}

/// Prints one sample per line, in the order of the bytes of their names.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    let samples = samples(args, &archive)?;
    if args.json {
        return json::write(args.list.out()?, &json::list_samples(&archive, &samples)?);
    }
    let names = archive.samples()?;
    let mut out = args.list.out()?;
    for sample in samples {
        out.write_all(names.get(sample).unwrap_or_default())?;
        if args.tsv {
            write_columns(&mut out, &archive, sample)?;
        }
        out.write_all(b"\n")?;
    }
    out.finish()
}

/// Places of the samples to list, each once.
fn samples(args: &Args, archive: &Archive) -> anyhow::Result<Vec<usize>> {
    let names = archive.samples()?;
    if args.select.is_empty() {
        return Ok(names.places_sorted().collect());
    }
    let mut samples = args.select.select(archive, &[])?;
    samples.sort_by_key(|sample| names.get(*sample));
    samples.dedup();
    Ok(samples)
}

fn write_columns(out: &mut Out, archive: &Archive, sample: usize) -> anyhow::Result<()> {
    let lengths = archive.contig_lens(sample)?;
    let packing = archive.packing_of(sample)?.map_or(".", Packing::name);
    let n_bases: u64 = lengths.iter().sum();
    write!(out, "\t{}\t{n_bases}\t{packing}", lengths.len())?;
    Ok(())
}
