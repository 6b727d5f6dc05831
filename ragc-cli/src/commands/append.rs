//! `ragc append`: FASTA files into a new archive, behind the samples of an old one.

use std::path::{Path, PathBuf};

use ragc_core::Archive;
use ragc_core::Keep;
use ragc_core::compress::{AppendOptions, Summary};
use ragc_core::internals::identity::is_same_file;

use crate::args::{open_archive, place_of};
use crate::commands::inputs::InputArgs;
use crate::commands::store::Claimed;
use crate::damage;

/// What is said of a damaged archive.
const ADVICE: &str =
    "nothing is appended to that: verify tells all damage, getcol --salvage gives what is intact";

/// Arguments of `append`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write the new archive to this file, which appears when it is complete; if it is the old one, that is changed in place [default: standard
    /// output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write what is new behind the end of the archive's file, which takes time and bytes for what is added alone
    #[arg(long, conflicts_with_all = ["output", "rewrite", "verify"])]
    in_place: bool,

    /// Write all of the archive anew, also in the place of the old one: smaller than what is changed in place
    #[arg(long)]
    rewrite: bool,

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
    let output = match args.in_place {
        true => Some(args.archive.as_path()),
        false => place_of(&args.output),
    };
    let run = Claimed::new("append", &args.inputs, output, Some(&args.archive))?;
    let archive = open_archive(&args.archive, &Archive::options())?;
    let is_changed = is_changed_in_place(args, output);
    let run = run.open(is_changed.then_some((args.archive.as_path(), &archive)))?;
    let options = options(&args.inputs, keep(&archive)?)?;
    let stored = run.store(options.rules, Some(&archive), |files, output, progress| {
        let appended = match is_changed {
            true => options.append_behind(&archive, files, output, progress),
            false => options.append(&archive, files, output, progress),
        };
        appended.map_err(|error| damage::with_advice(error.into(), &args.archive, ADVICE))
    })?;
    stored.tell(report)
}

/// Whether the archive's own file is changed. A file with several names is refused then if that is what was asked for.
fn is_changed_in_place(args: &Args, output: Option<&Path>) -> bool {
    let is_same = |output| is_same_file(output, &args.archive).unwrap_or(false);
    let may_be = || args.in_place || args.inputs.can_write_behind(&args.archive);
    !args.rewrite && output.is_some_and(is_same) && may_be()
}

pub(super) fn options(inputs: &InputArgs, keep: Keep) -> anyhow::Result<AppendOptions> {
    Ok(AppendOptions::default()
        .with_seed_fraction(inputs.fallback_fraction)
        .with_raw_contigs(inputs.raw_contigs)
        .with_adaptive(inputs.adaptive)
        .with_memory(inputs.memory())
        .with_rules(inputs.rules(keep))
        .with_checksums(inputs.has_checksums())
        .with_digests(inputs.digests)
        .with_provenance(inputs.provenance()?)
        .with_threads(inputs.n_threads()))
}

/// What is kept of the new files if nothing is said of it: what the archive keeps; all of it in one without samples, as `create` does.
pub(super) fn keep(archive: &Archive) -> ragc_core::Result<Keep> {
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
