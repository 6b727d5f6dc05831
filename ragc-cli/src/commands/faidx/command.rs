//! Arguments of `faidx`, and what it does.

use std::ffi::OsString;
use std::ops::Range;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use anyhow::bail;
use ragc_core::Decompressor;

use crate::args::{ArchiveArgs, CaseArgs, PackingArgs, SelectArgs, ThreadArgs, place_of, read_lines};
use crate::commands::faidx::bed::read_bed;
use crate::commands::faidx::resolve::{Asked, Region, resolve};
use crate::commands::faidx::sink::{RegionSink, Stretches};
use crate::commands::faidx::strand::StrandMarks;
use crate::commands::faidx::table::table_of;
use crate::fasta::{Layout, NamedFasta};
use crate::out::{Out, Packing};

/// Bases per line, as samtools has it.
const DEFAULT_LINE_WIDTH: u32 = 60;
/// Bases per line of `getset`.
const GETSET_LINE_WIDTH: u32 = 80;

/// Arguments of `faidx`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Bases per line; 0 writes a region in one line [default: 60; with --fai 80, as getset]
    #[arg(short = 'n', long, value_name = "BASES", value_parser = clap::value_parser!(u32).range(0..=2_000_000_000))]
    length: Option<u32>,

    /// Go on after a region that does not exist, which is told and left out
    #[arg(short = 'c', long = "continue")]
    go_on: bool,

    /// Also the regions of this file, one per line; - is standard input
    #[arg(short = 'r', long, value_name = "FILE")]
    region_file: Option<PathBuf>,

    /// Also the regions of this BED file (0-based, half-open); columns after the third are not used
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,

    /// Print the reverse complement
    #[arg(short = 'i', long)]
    reverse_complement: bool,

    /// Mark the strand in the name: rc adds /rc to reversed ones, no adds nothing, sign adds (+) or (-),
    /// custom,FORWARD,REVERSE adds these texts
    #[arg(long, value_name = "TYPE", default_value = "rc", value_parser = StrandMarks::parse)]
    mark_strand: StrandMarks,

    /// Print where the contigs of SAMPLEs lie in the file that getset writes of them, as a .fai table: name, bases,
    /// offset, bases per line, bytes per line
    #[arg(long, conflicts_with_all = ["region_file", "bed", "reverse_complement", "go_on", "bgzf", "index", "gzip_level", "case"])]
    fai: bool,

    /// With --fai: of the file that getset --with-sample writes
    #[arg(long, requires = "fai")]
    with_sample: bool,

    #[command(flatten)]
    case: CaseArgs,

    #[command(flatten)]
    packing: PackingArgs,

    #[command(flatten)]
    threads: ThreadArgs,

    #[command(flatten)]
    archive: ArchiveArgs,

    /// Regions to print, in this order: NAME, NAME:FROM-TO, NAME:FROM-, NAME:-TO, {NAME}:FROM-TO. Positions count from
    /// 1 and both ends are included. NAME is SAMPLE#CONTIG, or CONTIG if one sample only has it. With --fai: samples
    #[arg(required_unless_present_any = ["region_file", "bed"], value_name = "REGION")]
    regions: Vec<OsString>,
}

/// Prints the regions; if one does not exist, nothing is printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archive = args.archive.open()?;
    if args.fai {
        return print_table(args, &archive);
    }
    let asked = asked(args)?;
    let mut stretches = plan(args, &archive, &asked)?;
    let samples = stretches.regions.iter().map(|(contig, _)| contig.sample);
    let spelling = args.case.spelling(&archive, samples)?;
    let layout = Layout {
        packing: &args.packing,
        line_width: line_width(args.length.unwrap_or(DEFAULT_LINE_WIDTH)),
        n_threads: args.threads.n_threads(),
    };
    let fasta = NamedFasta::open(args.archive.path(), place_of(&args.output), layout)?;
    let mut sink = RegionSink::new(fasta, args.reverse_complement, &mut stretches);
    archive.stream_regions(
        &stretches.regions,
        spelling,
        args.threads.n_threads().get(),
        &mut sink,
    )?;
    sink.finish()
}

fn print_table(args: &Args, archive: &Decompressor) -> anyhow::Result<()> {
    let samples = SelectArgs::default().select(archive, &args.regions)?;
    let width = line_width(args.length.unwrap_or(GETSET_LINE_WIDTH));
    let table = table_of(archive, &samples, width as u64, args.with_sample)?;
    let mut out = Out::open_while_reading(args.archive.path(), place_of(&args.output), Packing::Plain)?;
    table.write(&mut out)?;
    out.finish()
}

/// 0 stands for lines without limit.
fn line_width(length: u32) -> usize {
    match length {
        0 => usize::MAX >> 1,
        length => length as usize,
    }
}

/// All regions asked for: those of the command line, of the region file, of the BED file.
fn asked(args: &Args) -> anyhow::Result<Vec<Asked>> {
    let mut asked: Vec<Asked> = args
        .regions
        .iter()
        .map(|text| Asked::Text(text.clone().into_vec()))
        .collect();
    if let Some(path) = &args.region_file {
        asked.extend(read_lines(path)?.into_iter().map(Asked::Text));
    }
    if let Some(path) = &args.bed {
        asked.extend(read_bed(path)?);
    }
    Ok(asked)
}

/// What to take from the archive. Contigs are only as long as they are: a region that reaches farther is cut, and that
/// is told.
fn plan(args: &Args, archive: &Decompressor, asked: &[Asked]) -> anyhow::Result<Stretches> {
    let mut stretches = Stretches::default();
    let mark = args.mark_strand.of(args.reverse_complement).as_bytes();
    let resolved = resolve(archive, asked)?;
    if !args.go_on
        && let Some(Err(why)) = resolved.iter().find(|region| region.is_err())
    {
        bail!(
            "{}: {}",
            args.archive.path().display(),
            why.message(Some(archive))
        );
    }
    for (asked, region) in asked.iter().zip(resolved) {
        match region {
            Ok(region) => {
                let header = [&asked.label(), mark].concat();
                stretches.push(&clamp(archive, region, asked)?, header, args.reverse_complement);
            }
            Err(why) => eprintln!("ragc: {}", why.message(None)),
        }
    }
    Ok(stretches)
}

fn clamp(archive: &Decompressor, region: Region, asked: &Asked) -> ragc_core::Result<Region> {
    let len = archive.contig_len_of(region.contig)?;
    let Range { start, end } = region.range;
    let range = start.min(len)..end.min(len);
    let warn = |what: &str| {
        eprintln!(
            "ragc: {what} sequence: {}",
            String::from_utf8_lossy(&asked.label())
        )
    };
    if range.is_empty() {
        warn("zero length");
    } else if end > len && end != u64::MAX {
        warn("truncated");
    }
    Ok(Region { range, ..region })
}
