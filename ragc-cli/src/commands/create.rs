//! `ragc create`: FASTA files into a new archive.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use ragc_core::Keep;
use ragc_core::compress::{Access, CreateOptions, Summary};

use crate::args::place_of;
use crate::commands::append;
use crate::commands::inputs::InputArgs;
use crate::commands::store::Claimed;
use crate::commands::streamable::with_index_in_front;

/// Arguments of `create`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write the archive to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Length of the k-mers at which contigs are cut
    #[arg(short = 'k', long, value_name = "BASES", default_value_t = default().k, value_parser = in_range(&CreateOptions::K))]
    kmer_length: u32,

    /// Minimum length of a match in a delta [default: 15]
    #[arg(short = 'l', short_alias = 'm', long, value_name = "BASES", value_parser = in_range(&CreateOptions::MIN_MATCH))]
    min_match_length: Option<u32>,

    /// Expected length of segments [default: chosen by the inputs]
    #[arg(short = 's', long, value_name = "BASES", value_parser = in_range(&CreateOptions::SEGMENT_SIZE))]
    segment_size: Option<u32>,

    /// Segments in a pack, and samples in a batch of descriptions [default: chosen by the inputs]
    #[arg(short = 'b', long, value_name = "N", value_parser = in_range(&CreateOptions::PACK_CARDINALITY))]
    batch_size: Option<u32>,

    /// What matters more: that a query decodes little, or that the archive is small [default: balanced]
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "balanced",
        hide_default_value = true
    )]
    access: AccessArg,

    /// Take the defaults of another program for what is not given
    #[arg(long, value_name = "NAME")]
    preset: Option<Preset>,

    /// Store letters in upper case, and nothing of lines and blanks, as AGC does. Said if it changes letters
    #[arg(long, conflicts_with_all = ["keep", "lossless"])]
    fold: bool,

    /// The sample of this name, or in this file, becomes the reference sample [default: the first]
    #[arg(long, value_name = "NAME|FILE")]
    reference: Option<OsString>,

    /// Put the index in front, and parts in the order in which samples need them, so that what reads the archive through a pipe can begin before all of
    /// it is there. It is written twice for that
    #[arg(long)]
    streamable: bool,

    #[command(flatten)]
    inputs: InputArgs,
}

/// Programs whose defaults can be taken.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Preset {
    /// AGC: segments of 60000, packs of 50, matches of 20, case and layout not kept
    Agc,
}

/// What matters more; `-b` rules.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum AccessArg {
    /// Small packs: samples and regions come sooner, out of a larger archive
    Fast,
    /// Packs as large as a query of some milliseconds allows
    Balanced,
    /// Large packs, for what is extracted as a whole
    Small,
}

impl From<AccessArg> for Access {
    fn from(arg: AccessArg) -> Self {
        match arg {
            AccessArg::Fast => Self::Fast,
            AccessArg::Balanced => Self::Balanced,
            AccessArg::Small => Self::Small,
        }
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
    let mut run = Claimed::new("create", &args.inputs, place_of(&args.output), None)?.open(None)?;
    if let Some(reference) = &args.reference {
        run.put_first(reference)?;
    }
    let reference_label = run.first_label();
    let options = options(args)?;
    let stored = run.store(options.rules, None, |files, archive, progress| {
        if !args.streamable {
            return Ok(options.create(files, archive, progress)?);
        }
        let (mut summary, lens) = with_index_in_front(place_of(&args.output), archive, |scratch| {
            options.create(files, scratch, progress)
        })?;
        summary.stream_lens = lens;
        Ok(summary)
    })?;
    tell_choices(args, reference_label, &stored.summary);
    stored.tell(report)
}

fn options(args: &Args) -> anyhow::Result<CreateOptions> {
    let preset = match args.preset {
        Some(Preset::Agc) => CreateOptions::of_agc(),
        None => default(),
    };
    let options = append::options(&args.inputs, default_keep(args))?;
    let seed_fraction = options.seed_fraction.or(preset.seed_fraction);
    Ok(CreateOptions::from(options)
        .with_k(args.kmer_length)
        .with_min_match(args.min_match_length.unwrap_or(preset.min_match))
        .with_segment_size(args.segment_size.or(preset.segment_size))
        .with_pack_cardinality(args.batch_size.or(preset.pack_cardinality))
        .with_access(args.access.into())
        .with_seed_fraction(seed_fraction))
}

/// What is kept if nothing is said of it.
fn default_keep(args: &Args) -> Keep {
    match args.fold || args.preset.is_some() {
        true => Keep::default(),
        false => Keep::ALL,
    }
}

/// Tells the parameters, and which sample is the reference, where the command line does not.
fn tell_choices(args: &Args, reference: Option<PathBuf>, summary: &Summary) {
    if parameters_were_chosen(args) {
        let (segment_size, cardinality) = (summary.params.segment_size, summary.params.pack_cardinality);
        note!("chosen for these inputs: -s {segment_size} -b {cardinality}");
    }
    let is_hidden = args.reference.is_some() || args.inputs.hides_reference();
    if let (true, Some(path), Some(name)) = (is_hidden, reference, &summary.first_sample) {
        let name = String::from_utf8_lossy(name);
        note!("the reference sample is {name:?}, of {}", path.display());
    }
}

/// What was chosen is told, unless the user has decided everything.
fn parameters_were_chosen(args: &Args) -> bool {
    args.preset.is_none() && (args.segment_size.is_none() || args.batch_size.is_none())
}

fn report(summary: &Summary) {
    note!(
        "{} samples, {} contigs, {} bases in {} groups",
        summary.n_samples,
        summary.n_contigs,
        summary.n_bases,
        summary.n_groups
    );
}
