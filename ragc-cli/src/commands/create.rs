//! `ragc create`: FASTA files into a new archive.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::anyhow;
use clap::builder::RangedU64ValueParser;
use ragc_core::compress::{CreateOptions, Input, OddReport, Summary, create, read_list};
use ragc_core::fasta::Source;

use crate::args::parse_size;
use crate::exit::Usage;
use crate::out::Out;
use crate::progress::Progress;

/// Stands for standard input among the files.
const STANDARD_INPUT: &str = "-";

/// Arguments of `create`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write the archive to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Length of the k-mers at which contigs are cut
    #[arg(short = 'k', long, value_name = "BASES", default_value_t = default().k, value_parser = in_range(&CreateOptions::K))]
    kmer_length: u32,

    /// Minimum length of a match in a delta
    #[arg(short = 'l', short_alias = 'm', long, value_name = "BASES", default_value_t = default().min_match, value_parser = in_range(&CreateOptions::MIN_MATCH))]
    min_match_length: u32,

    /// Expected length of segments [default: chosen by the inputs]
    #[arg(short = 's', long, value_name = "BASES", value_parser = in_range(&CreateOptions::SEGMENT_SIZE))]
    segment_size: Option<u32>,

    /// Segments in a pack, and samples in a batch of descriptions [default: chosen by the inputs]
    #[arg(short = 'b', long, value_name = "N", value_parser = in_range(&CreateOptions::PACK_CARDINALITY))]
    batch_size: Option<u32>,

    /// Memory for the match indexes of references; what exceeds it is built again when it is wanted
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = parse_size)]
    memory: u64,

    /// Take the defaults of another program for what is not given
    #[arg(long, value_name = "NAME")]
    preset: Option<Preset>,

    /// Threads that compress [default: one per core]
    #[arg(short = 't', long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// File with the names of FASTA files, one a line, to follow those of the command line
    #[arg(short = 'i', long, value_name = "FILE")]
    input_list: Option<PathBuf>,

    /// Every contig is a sample, named by the first word of its header
    #[arg(short = 'c', long)]
    concatenated: bool,

    /// Choose more splitters in contigs that have none
    #[arg(short = 'a', long)]
    adaptive: bool,

    /// Fraction of k-mers by which segments find groups that they follow, 0 to 0.0625 [default: 0.0625, less for large genomes]
    #[arg(short = 'f', long, value_name = "FRACTION", value_parser = fraction)]
    fallback_fraction: Option<f64>,

    /// Do not store the command line. Accepted for compatibility: version 3 of the format stores none
    #[arg(short = 'd', long)]
    no_command_line: bool,

    /// Name of the sample that is read from standard input ('-')
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,

    /// Tell on standard error what was stored: 1 per archive, 2 per sample as well
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    verbosity: u8,

    /// FASTA files, plain or compressed with gzip, BGZF or zstd, one sample each; '-' is standard input. The first is
    /// the reference sample
    #[arg(value_name = "FASTA", required_unless_present = "input_list")]
    files: Vec<PathBuf>,
}

/// Programs whose defaults can be taken.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Preset {
    /// AGC: segments of 60000, packs of 50
    Agc,
}

fn fraction(text: &str) -> Result<f64, String> {
    let range = CreateOptions::SEED_FRACTION;
    match text.parse() {
        Ok(fraction) if range.contains(&fraction) => Ok(fraction),
        _ => Err(format!(
            "not a number between {} and {}",
            range.start(),
            range.end()
        )),
    }
}

fn default() -> CreateOptions {
    CreateOptions::default()
}

fn in_range(range: &RangeInclusive<u32>) -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(u64::from(*range.start())..=u64::from(*range.end()))
}

/// Compresses; if anything fails, no archive appears.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if args.output.is_none() && std::io::stdout().is_terminal() {
        return Err(
            Usage("an archive is not for a terminal: name a file with -o, or redirect".to_owned()).into(),
        );
    }
    let inputs = inputs(args)?;
    let out = Out::open(args.output.as_deref(), 0)?;
    let progress = Arc::new(Progress::new(n_bytes_to_read(&inputs), args.verbosity > 1));
    let mut sink = out;
    let result = create(&inputs, &options(args), &mut sink, progress.clone());
    progress.clear();
    // Whoever closes the pipe of an archive has half an archive: unlike with text, that is a failure.
    let summary = result.map_err(|error| anyhow!(error.to_string()))?;
    sink.finish().map_err(|error| anyhow!(format!("{error:#}")))?;
    report(&summary, args);
    Ok(())
}

fn options(args: &Args) -> CreateOptions {
    let n_threads = args.threads.or_else(|| thread::available_parallelism().ok());
    let preset = match args.preset {
        Some(Preset::Agc) => CreateOptions::of_agc(),
        None => default(),
    };
    CreateOptions {
        k: args.kmer_length,
        min_match: args.min_match_length,
        segment_size: args.segment_size.or(preset.segment_size),
        pack_cardinality: args.batch_size.or(preset.pack_cardinality),
        seed_fraction: args.fallback_fraction.or(preset.seed_fraction),
        is_adaptive: args.adaptive,
        index_bytes: usize::try_from(args.memory).unwrap_or(usize::MAX),
        is_concatenated: args.concatenated,
        n_threads: n_threads.map_or(1, NonZeroUsize::get),
    }
}

/// What was chosen is told, unless the user has decided everything.
fn parameters_were_chosen(args: &Args) -> bool {
    args.preset.is_none() && (args.segment_size.is_none() || args.batch_size.is_none())
}

/// All input files in their order, each once: a list often names the reference again.
fn inputs(args: &Args) -> anyhow::Result<Vec<Input>> {
    let mut files = args.files.clone();
    if let Some(list) = &args.input_list {
        files.extend(read_list(list)?);
    }
    let mut seen = HashSet::new();
    files.retain(|file| {
        let is_new = seen.insert(file.clone());
        if !is_new {
            eprintln!("ragc: {}: named twice, taken once", file.display());
        }
        is_new
    });
    let reads_standard_input = seen.contains(Path::new(STANDARD_INPUT));
    if args.sample.is_some() && !reads_standard_input {
        return Err(Usage(
            "--sample names what comes from standard input ('-'), which is not read".to_owned(),
        )
        .into());
    }
    if reads_standard_input && args.sample.is_none() && !args.concatenated {
        return Err(
            Usage("standard input ('-') has no name: give its sample one with --sample".to_owned()).into(),
        );
    }
    Ok(files.into_iter().map(|file| input(file, args)).collect())
}

fn input(file: PathBuf, args: &Args) -> Input {
    if file.as_os_str() == STANDARD_INPUT {
        Input {
            source: Source::standard_input(),
            sample: args.sample.clone().unwrap_or_default(),
        }
    } else {
        Input::file(file)
    }
}

/// Bytes of all files; the reference is read twice. `None` if some have no size.
fn n_bytes_to_read(inputs: &[Input]) -> Option<u64> {
    let again = inputs.first();
    inputs.iter().chain(again).map(|input| input.source.size()).sum()
}

fn report(summary: &Summary, args: &Args) {
    if parameters_were_chosen(args) {
        let (segment_size, cardinality) = (summary.params.segment_size, summary.params.pack_cardinality);
        eprintln!("ragc: chosen for these inputs: -s {segment_size} -b {cardinality}");
    }
    if let Some(odd) = &summary.odd {
        eprintln!("ragc: {}", odd_warning(odd));
    }
    if args.verbosity > 0 {
        eprintln!(
            "ragc: {} samples, {} contigs, {} bases in {} groups",
            summary.n_samples, summary.n_contigs, summary.n_bases, summary.n_groups
        );
    }
}

fn odd_warning(odd: &OddReport) -> String {
    format!(
        "warning: {} residues that are no nucleotide code were stored as N; the first is {:?} in {}, line {}, contig {:?}",
        odd.count,
        char::from(odd.residue),
        odd.path.display(),
        odd.line,
        String::from_utf8_lossy(&odd.contig)
    )
}
