//! Arguments of `faidx`, and what it does.

use std::ffi::OsString;
use std::ops::Range;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use anyhow::bail;
use ragc_core::Archive;

use crate::address::{ContigRange, Counting, Resolver, tell_other_forms};
use crate::args::{
    ArchiveArgs, CaseArgs, PackingArgs, SelectArgs, StatsArgs, TextLayout, ThreadArgs, line_width, place_of,
    read_lines,
};
use crate::commands::faidx::asked::AskedRegion;
use crate::commands::faidx::bed::read_bed;
use crate::commands::faidx::sink::{RegionSink, Stretches};
use crate::commands::faidx::strand::StrandMarks;
use crate::commands::faidx::table::table_of;
use crate::exit::UsageError;
use crate::fasta::NamedFasta;
use crate::out::{Out, OutputPacking};
use crate::tally::WrittenTally;
use crate::tell;
use crate::watched::{ProgressSink, Screen};

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

    /// Also the regions of this BED file (0-based, half-open; '-' in the sixth column is the reverse complement); - is
    /// standard input
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,

    /// Print the reverse complement; of regions on the reverse strand of a BED file the forward one
    #[arg(short = 'i', long)]
    reverse_complement: bool,

    /// Mark the strand in the name: rc adds /rc to reversed ones, no adds nothing, sign adds (+) or (-),
    /// custom,FORWARD,REVERSE adds these texts
    #[arg(long, value_name = "TYPE", default_value = "rc", value_parser = StrandMarks::parse)]
    mark_strand: StrandMarks,

    /// Print where the contigs of SAMPLEs, of all without any, lie in the file that getset or getcol writes of them, as a
    /// .fai table: name, bases, offset, bases per line, bytes per line
    #[arg(long, conflicts_with_all = ["region_file", "bed", "reverse_complement", "go_on", "bgzf", "index", "gzip_level", "case", "upper", "stats"])]
    fai: bool,

    /// With --fai: of the file that getset --with-sample writes
    #[arg(long, requires = "fai")]
    with_sample: bool,

    /// Tell on standard error what was written, and of regions that reach beyond their contigs
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    verbosity: u8,

    #[command(flatten)]
    stats: StatsArgs,

    #[command(flatten)]
    case: CaseArgs,

    #[command(flatten)]
    packing: PackingArgs,

    #[command(flatten)]
    threads: ThreadArgs,

    #[command(flatten)]
    archive: ArchiveArgs,

    /// Regions to print, in this order: NAME, NAME:FROM-TO, NAME:FROM-, NAME:-TO, {NAME}:FROM-TO. Positions count from
    /// 1 and both ends are included. NAME is SAMPLE#CONTIG, or CONTIG if one sample only has it. CONTIG@SAMPLE:FROM-TO
    /// counts from 0, as with getctg. With --fai: samples
    #[arg(required_unless_present_any = ["region_file", "bed", "fai"], value_name = "REGION")]
    regions: Vec<OsString>,
}

/// Prints the regions; if one does not exist, nothing is printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mut tally = WrittenTally::new(args.verbosity);
    let archive = args.archive.open()?;
    if args.fai {
        return print_table(args, &archive);
    }
    let asked = asked(args)?;
    let mut stretches = plan(args, &archive, &asked)?;
    tally.n_contigs = stretches.n_regions();
    tally.n_bases = stretches.n_bases();
    let archives = std::iter::once(args.archive.path());
    let figures = args.stats.open("faidx", archives, place_of(&args.output))?;
    let samples = stretches.regions.iter().map(|(contig, _)| contig.sample);
    let spelling = args.case.spelling(&archive, samples)?;
    let layout = TextLayout {
        packing: &args.packing,
        line_width: line_width(args.length.unwrap_or(DEFAULT_LINE_WIDTH)),
        n_threads: args.threads.n_threads(),
    };
    let fasta = NamedFasta::open(args.archive.path(), place_of(&args.output), layout)?;
    let mut sink = RegionSink::new(fasta, &mut stretches);
    let n_threads = args.threads.n_threads().get();
    let screen = Screen::of(place_of(&args.output), 0);
    let mut watched = ProgressSink::regions(&mut sink, &archive, &stretches.regions, screen);
    archive
        .stream_regions(&stretches.regions, spelling, n_threads, &mut watched)
        .map_err(|error| args.case.explain(error))?;
    drop(watched);
    sink.finish()?;
    figures.finish(&tally)
}

fn print_table(args: &Args, archive: &Archive) -> anyhow::Result<()> {
    let samples = match args.regions.is_empty() {
        true => archive.samples_in_output_order()?,
        false => SelectArgs::default().select(archive, &args.regions)?,
    };
    let width = line_width(args.length.unwrap_or(GETSET_LINE_WIDTH));
    let table = table_of(archive, &samples, width as u64, args.with_sample)?;
    let mut out = Out::open_while_reading(args.archive.path(), place_of(&args.output), OutputPacking::Plain)?;
    table.write(&mut out)?;
    out.finish()?;
    table.warn_of_repeats(None);
    Ok(())
}

/// All regions asked for: those of the command line, of the region file, of the BED file.
fn asked(args: &Args) -> anyhow::Result<Vec<AskedRegion>> {
    let lists = [&args.region_file, &args.bed];
    let is_piped = |list: &&PathBuf| list.as_os_str() == "-";
    if lists.into_iter().flatten().filter(is_piped).count() > 1 {
        let why = "standard input ('-') can be one list only";
        return Err(UsageError(why.to_owned()).into());
    }
    let mut asked: Vec<AskedRegion> = args
        .regions
        .iter()
        .map(|text| AskedRegion::Text(text.clone().into_vec()))
        .collect();
    if let Some(path) = &args.region_file {
        asked.extend(read_lines(path)?.into_iter().map(AskedRegion::Text));
    }
    if let Some(path) = &args.bed {
        asked.extend(read_bed(path)?);
    }
    Ok(asked)
}

/// What to take from the archive.
fn plan(args: &Args, archive: &Archive, asked: &[AskedRegion]) -> anyhow::Result<Stretches> {
    let resolver = Resolver::new(archive, Counting::From1)?;
    let resolved = resolver.resolve(&asked.iter().map(AskedRegion::address).collect::<Vec<_>>())?;
    if !args.go_on
        && let Some(Err(why)) = resolved.iter().find(|region| region.is_err())
    {
        bail!(
            "{}: {}",
            args.archive.path().display(),
            resolver.explain(why, true)
        );
    }
    let mut stretches = Stretches::default();
    let mut other_forms = Vec::new();
    let mut absent = Vec::new();
    for (asked, found) in asked.iter().zip(resolved) {
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                absent.push(why);
                continue;
            }
        };
        other_forms.extend(found.other_form);
        let is_reverse = args.reverse_complement != asked.is_reverse();
        let mark = args.mark_strand.of(is_reverse).as_bytes();
        for region in found.regions {
            let label = asked.label(&found.address);
            let range = clamp(args, archive, &region, asked, &label)?;
            stretches.push(region.contig, &range, [&label, mark].concat(), is_reverse);
        }
    }
    tell::first(
        &absent,
        |why| warning!("{}", resolver.explain(why, false)),
        |n_more| warning!("{n_more} more regions are not there"),
    );
    tell_other_forms(&other_forms);
    Ok(stretches)
}

/// What there is of a region. Contigs are only as long as they are: one that reaches farther is cut, which -v tells.
fn clamp(
    args: &Args,
    archive: &Archive,
    region: &ContigRange,
    asked: &AskedRegion,
    label: &[u8],
) -> ragc_core::Result<Range<u64>> {
    let len = archive.contig_len_of(region.contig)?;
    let wanted = match asked {
        AskedRegion::Bed { range, .. } => Some(range),
        AskedRegion::Text(_) => region.range.as_ref(),
    };
    let Range { start, end } = wanted.cloned().unwrap_or(0..u64::MAX);
    let range = start.min(len)..end.min(len);
    let what = match end {
        _ if range.is_empty() => "zero length",
        u64::MAX => return Ok(range),
        end if end > len => "truncated",
        _ => return Ok(range),
    };
    if args.verbosity > 0 {
        note!("{what} sequence: {}", String::from_utf8_lossy(label));
    }
    Ok(range)
}
