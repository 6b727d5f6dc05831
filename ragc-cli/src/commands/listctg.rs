//! `ragc listctg`: names of the contigs of samples.

use std::ffi::OsString;
use std::io::Write;

use ragc_core::Archive;
use ragc_core::internals::printable::in_one_column;
use ragc_core::short_name;

use crate::args::{ListArgs, SelectArgs};
use crate::out::Out;
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

    /// Print a table: name up to the first blank, length, sample; with --digests refget and MD5 as well
    #[arg(long, conflicts_with = "json")]
    tsv: bool,

    #[command(flatten)]
    select: SelectArgs,

    /// Samples whose contigs are printed, in this order [default: all]
    #[arg(value_name = "SAMPLE")]
    samples: Vec<OsString>,
}

/// Prints the name of each sample, then its contigs after three blanks. If a sample does not exist, nothing is
/// printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    let places = args.select.select_or_all(&archive, &args.samples)?;
    if args.digests {
        let digested = digests::stored(&archive, &places)?;
        if args.json {
            return json::list_digests(args.list.out()?, &archive, &digested);
        }
        let mut out = args.list.out()?;
        match args.tsv {
            true => digests::write_table(&mut out, &archive, &digested)?,
            false => digests::write(&mut out, &archive, &digested)?,
        }
        return out.finish();
    }
    if args.json {
        return json::list_contigs(args.list.out()?, &archive, &places);
    }
    let mut out = args.list.out()?;
    for place in places {
        match args.tsv {
            true => write_rows(&mut out, &archive, place)?,
            false => write_names(&mut out, &archive, place)?,
        }
    }
    out.finish()
}

fn write_names(out: &mut Out, archive: &Archive, place: usize) -> anyhow::Result<()> {
    let sample = archive.samples()?.get(place).unwrap_or_default();
    out.write_all(sample)?;
    out.write_all(b"\n")?;
    for contig in archive.contigs(sample)?.iter() {
        out.write_all(b"   ")?;
        out.write_all(contig)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn write_rows(out: &mut Out, archive: &Archive, place: usize) -> anyhow::Result<()> {
    let sample = archive.samples()?.get(place).unwrap_or_default();
    let lengths = archive.contig_lens(place)?;
    for (header, len) in archive.contigs(sample)?.iter().zip(lengths) {
        out.write_all(&in_one_column(short_name(header)))?;
        write!(out, "\t{len}\t")?;
        out.write_all(&in_one_column(sample))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
