//! `ragc getctg`: contigs, or regions of contigs.

use std::ffi::OsString;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;

use anyhow::bail;
use ragc_core::Archive;
use ragc_core::extract::ContigId;
use ragc_core::short_name;

use crate::address::{self, AddressText, ContigRange, Counting, Resolved, Resolver};
use crate::args::{ArchiveArgs, OneFileArgs, SelectArgs, TextArgs};
use crate::fasta::{Label, OneFile};
use crate::freed_memory;
use crate::watched::{ProgressSink, Screen};

/// Arguments of `getctg`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    text: TextArgs,

    #[command(flatten)]
    one_file: OneFileArgs,

    #[command(flatten)]
    select: SelectArgs,

    #[command(flatten)]
    archive: ArchiveArgs,

    /// What to print, in this order: NAME, NAME@SAMPLE, NAME:FROM-TO or NAME@SAMPLE:FROM-TO. Positions count from 0
    /// and both ends are included. SAMPLE#NAME:FROM-TO counts from 1, as with faidx. Braces end a name:
    /// {NAME}@{SAMPLE}:FROM-TO. A SAMPLE that does not exist is a PanSN prefix: c@HG002 means c of HG002#1 and of
    /// HG002#2. Without one the contig must be in one sample only or, with --samples-from and --prefix, is taken from
    /// each of their samples that has it
    #[arg(required = true, value_name = "CONTIG")]
    contigs: Vec<OsString>,
}

/// Prints the contigs; if one does not exist, nothing is printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    freed_memory::keep();
    let archive = args.archive.open()?;
    let regions = regions(args, &archive)?;
    let ranges = regions.iter().map(|region| {
        let range = region.range.clone().unwrap_or(0..u64::MAX);
        (region.contig, range)
    });
    let ranges: Vec<_> = ranges.collect();
    let labels = regions.iter().map(|region| label(args, &archive, region));
    let labels = labels.collect::<ragc_core::Result<Vec<_>>>()?;
    let samples = regions.iter().map(|region| region.contig.sample);
    let spelling = args.text.case.spelling(&archive, samples)?;
    let output = args.one_file.output();
    let archives = std::iter::once(args.archive.path());
    let figures = args.text.stats.open("getctg", archives, output)?;
    let mut sink = OneFile::open(args.archive.path(), output, &args.text)?.with_labels(labels);
    let screen = Screen::of(output, args.text.verbosity);
    let mut watched = ProgressSink::regions(&mut sink, &archive, &ranges, screen);
    archive
        .stream_regions(
            &ranges,
            spelling,
            args.text.threads.n_threads().get(),
            &mut watched,
        )
        .map_err(|error| args.text.case.explain(error))?;
    drop(watched);
    figures.finish(&sink.finish()?)?;
    if args.text.verbosity > 0 {
        regions.iter().try_for_each(|region| tell_end(&archive, region))?;
    }
    Ok(())
}

/// The regions that are asked for. What is to be told of an address is told at once, since it may explain an error.
fn regions(args: &Args, archive: &Archive) -> anyhow::Result<Vec<ContigRange>> {
    let selected = match args.select.is_empty() {
        true => None,
        false => Some(args.select.select(archive, &[])?),
    };
    let resolver = Resolver::new(archive, Counting::From0)?.with_several_samples(selected);
    let asked = args.contigs.iter().map(|text| AddressText {
        text: text.as_bytes(),
        is_name: false,
    });
    let resolved = resolver.resolve(&asked.collect::<Vec<_>>())?;
    let mut regions = Vec::new();
    let mut other_forms = Vec::new();
    for found in resolved {
        let found = match found {
            Ok(found) => found,
            Err(why) => bail!(
                "{}: {}",
                args.archive.path().display(),
                resolver.explain(&why, true)
            ),
        };
        tell_absent(&found);
        other_forms.extend(found.other_form);
        for ContigRange { contig, range } in found.regions {
            let range = range.map(|range| with_end(archive, contig, range)).transpose()?;
            regions.push(ContigRange { contig, range });
        }
    }
    address::tell_other_forms(&other_forms);
    Ok(regions)
}

/// Ends an open range with its contig.
fn with_end(archive: &Archive, contig: ContigId, range: Range<u64>) -> ragc_core::Result<Range<u64>> {
    let end = match range.end {
        u64::MAX => archive.contig_len_of(contig)?.max(range.start + 1),
        end => end,
    };
    Ok(range.start..end)
}

fn label(args: &Args, archive: &Archive, region: &ContigRange) -> ragc_core::Result<Label> {
    let sample = archive.samples()?.get(region.contig.sample).unwrap_or_default();
    Ok(match (args.text.with_sample, &region.range) {
        (false, None) => Label::default(),
        (false, Some(range)) => Label::of_range(range),
        (true, None) => Label::of_sample(sample),
        (true, Some(range)) => Label::of_sample_and_range(sample, range),
    })
}

fn tell_absent(found: &Resolved) {
    let n_without = found.n_asked - found.regions.len();
    if n_without > 0 {
        let name = String::from_utf8_lossy(&found.name);
        note!("{n_without} of {} samples have no contig {name:?}", found.n_asked);
    }
}

/// Tells of a range that reaches beyond its contig.
fn tell_end(archive: &Archive, region: &ContigRange) -> ragc_core::Result<()> {
    let Some(range) = &region.range else {
        return Ok(());
    };
    let len = archive.contig_len_of(region.contig)?;
    if range.end > len {
        let sample = archive.samples()?.get(region.contig.sample).unwrap_or_default();
        let name = archive.contig_name(region.contig)?;
        note!(
            "{}@{}:{}-{}: the contig has {len} bases; what lies behind them is left out",
            String::from_utf8_lossy(short_name(&name)),
            String::from_utf8_lossy(sample),
            range.start,
            range.end - 1
        );
    }
    Ok(())
}
