//! `ragc append`: FASTA files into a new archive, behind the samples of an old one.

use std::path::PathBuf;

use ragc_core::Archive;
use ragc_core::Keep;
use ragc_core::compress::{AppendOptions, Summary, append};

use crate::args::place_of;
use crate::commands::inputs::InputArgs;
use crate::commands::store::Claimed;
use crate::damage;
use crate::near::near_file;

/// What is said of a damaged archive.
const ADVICE: &str =
    "nothing is appended to that: verify tells all damage, getcol --salvage gives what is intact";

/// Arguments of `append`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write the new archive to this file, which appears when it is complete; it may be the old one [default: standard
    /// output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The archive to add to, of file version 3
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,

    #[command(flatten)]
    inputs: InputArgs,
}

/// Compresses; if anything fails, no archive appears and the old one stays as it was.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    // The output may have the archive's name: nobody else writes there until the new one has replaced it, and renaming over a
    // file that is open leaves what was opened as it was.
    let run = Claimed::new(
        "append",
        &args.inputs,
        place_of(&args.output),
        Some(&args.archive),
    )?;
    let archive = Archive::open(&args.archive).map_err(|error| near_file(&args.archive, error))?;
    let run = run.open()?;
    let options = options(args, keep(&archive)?)?;
    let stored = run.store(options.rules, Some(&archive), |files, output, progress| {
        append(&archive, files, &options, output, progress)
            .map_err(|error| damage::with_advice(error.into(), &args.archive, ADVICE))
    })?;
    stored.tell(report)
}

fn options(args: &Args, keep: Keep) -> anyhow::Result<AppendOptions> {
    Ok(AppendOptions::default()
        .with_seed_fraction(args.inputs.fallback_fraction)
        .with_raw_contigs(args.inputs.raw_contigs)
        .with_adaptive(args.inputs.adaptive)
        .with_memory(args.inputs.memory())
        .with_rules(args.inputs.rules(keep))
        .with_checksums(args.inputs.has_checksums())
        .with_digests(args.inputs.digests)
        .with_provenance(args.inputs.provenance()?)
        .with_threads(args.inputs.n_threads()))
}

/// What is kept of the new files if nothing is said of it: what the archive keeps; all of it in one without samples, as `create` does.
fn keep(archive: &Archive) -> ragc_core::Result<Keep> {
    match archive.samples()?.is_empty() {
        true => Ok(Keep::ALL),
        false => archive.keep(),
    }
}

fn report(summary: &Summary) {
    note!(
        "{} samples, {} contigs, {} bases added; {} groups in all",
        summary.n_samples,
        summary.n_contigs,
        summary.n_bases,
        summary.n_groups
    );
}
