//! `ragc info`: what an archive holds and how it was made.

use std::io::Write;

use crate::args::ListArgs;
use crate::json::{self, ArchiveInfo};
use crate::out::Out;

/// Arguments of `info`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the numbers that agc prints, in its words, and behind them what agc does not tell. Archives of version 3 hold no
/// command lines.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.list.open()?;
    let described = json::describe(&archive, args.list.path())?;
    if args.json {
        return json::write(args.list.out()?, &described);
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
    if let Some(described) = described.archive() {
        write_rest(&mut out, described, samples.len())?;
    }
    out.finish()
}

/// Writes what agc does not tell, behind an empty line.
fn write_rest(out: &mut Out, archive: &ArchiveInfo, n_samples: usize) -> anyhow::Result<()> {
    let kept = &archive.kept;
    let packings = kept.packings.iter().map(|(name, n)| format!(", {n} {name}"));
    writeln!(out)?;
    writeln!(out, "No. contigs      : {}", archive.n_contigs)?;
    writeln!(out, "No. bases        : {}", archive.n_bases)?;
    writeln!(out, "File size        : {}", archive.n_bytes)?;
    writeln!(out, "Replaced in it   : {}", archive.n_replaced_bytes)?;
    writeln!(out, "File version     : {}", archive.file_version)?;
    writeln!(out, "Made by          : {}", archive.producer)?;
    writeln!(out, "Checksums        : {}", yes_or_no(archive.has_checksums))?;
    writeln!(out, "Index in front   : {}", yes_or_no(archive.is_streamable))?;
    writeln!(out, "Odd residues     : {}", yes_or_no(kept.odd_residues))?;
    writeln!(
        out,
        "Case kept        : of {} of {n_samples} samples",
        kept.n_with_case
    )?;
    writeln!(
        out,
        "Layout kept      : of {} of {n_samples} samples{}",
        kept.n_with_layout,
        packings.collect::<String>()
    )?;
    Ok(())
}

fn yes_or_no(is_so: bool) -> &'static str {
    match is_so {
        true => "yes",
        false => "no",
    }
}
