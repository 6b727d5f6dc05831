//! `ragc listset`: names of the samples.

use std::io::Write;

use ragc_core::Archive;
use ragc_core::internals::original::Packing;
use ragc_core::internals::printable::{in_one_column, text_of};
use ragc_core::internals::provenance::{SampleSource, SourceFile, Sources};

use crate::args::{ListArgs, SelectArgs};
use crate::clock;
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

    /// Print a table: name, contigs, bases, how the file was packed, '.' if its layout is not kept; then the file that it came from, its
    /// size, time and XXH3 digest, '.' for what is not known, with commas between several
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
    let sources = match args.tsv {
        true => archive.sources()?.unwrap_or_default(),
        false => Sources::default(),
    };
    for sample in samples {
        let name = names.get(sample).unwrap_or_default();
        match args.tsv {
            true => {
                out.write_all(&in_one_column(name))?;
                write_columns(&mut out, &archive, sample)?;
                write_source(&mut out, sources.of(sample))?;
            }
            false => out.write_all(name)?,
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

/// Writes what is told of the files of a sample: a column each of paths, sizes, times and digests.
fn write_source(out: &mut Out, source: Option<&SampleSource>) -> anyhow::Result<()> {
    let files = source.map(|source| source.files.as_slice()).unwrap_or_default();
    let columns: [fn(&SourceFile) -> Option<String>; 4] = [
        |file| Some(path_of(file)),
        |file| file.size.map(|size| size.to_string()),
        |file| file.modified.map(clock::of_nanoseconds),
        SourceFile::xxh3_hex,
    ];
    for column in columns {
        let known = files.iter().map(|file| column(file).unwrap_or_else(unknown));
        let known: Vec<String> = known.collect();
        let text = if known.is_empty() {
            unknown()
        } else {
            known.join(",")
        };
        out.write_all(b"\t")?;
        out.write_all(&in_one_column(text.as_bytes()))?;
    }
    Ok(())
}

/// The path of a file; that of one in a tar archive behind a colon, as messages have it.
fn path_of(file: &SourceFile) -> String {
    let path = text_of(&file.path);
    match &file.member {
        Some(member) => format!("{path}:{}", text_of(member)),
        None => path.into_owned(),
    }
}

fn unknown() -> String {
    ".".to_owned()
}
