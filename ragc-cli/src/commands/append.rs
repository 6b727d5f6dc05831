//! `ragc append`: FASTA files into a new archive, behind the samples of an old one.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;
use ragc_core::Decompressor;
use ragc_core::compress::{AppendOptions, Input, Summary, append};
use ragc_core::fasta::Source;
use ragc_core::original::Keep;

use crate::args::place_of;
use crate::commands::inputs::InputArgs;
use crate::commands::stats::Figures;
use crate::commands::warnings;
use crate::damage;
use crate::near::near_file;
use crate::out::Out;
use crate::progress::Progress;
use crate::took::Took;

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
    let output = place_of(&args.output);
    args.inputs.check_output(output)?;
    let took = Took::start();
    let files = args.inputs.inputs()?;
    // The output may have the archive's name: nobody else writes there until the new one has replaced it, and renaming over a
    // file that is open leaves what was opened as it was.
    let claim = args.inputs.claim(output, Some(&args.archive))?;
    let archive = Decompressor::open(&args.archive).map_err(|error| near_file(&args.archive, error))?;
    let labels = || files.iter().flat_map(Input::sources).map(Source::container);
    let mut sink = Out::open_archive(labels(), output, claim)?;
    let stats = args
        .inputs
        .stats(labels().chain([args.archive.as_path()]), output)?;
    let files = args.inputs.unpack(files)?;
    let progress = Arc::new(Progress::new(args.inputs.verbosity > 1));
    let options = AppendOptions {
        seed_fraction: args.inputs.fallback_fraction,
        raw_contigs: args.inputs.raw_contigs,
        is_adaptive: args.inputs.adaptive,
        memory: args.inputs.memory(),
        rules: args.inputs.rules(keep(&archive)?),
        has_checksums: args.inputs.has_checksums(),
        has_digests: args.inputs.digests,
        n_threads: args.inputs.n_threads(),
    };
    let sifted = args
        .inputs
        .sift(files, options.rules, Some(&archive), progress.clone());
    let stored = sifted.and_then(|(files, skipped)| {
        let summary = append(&archive, &files, &options, &mut sink, progress.clone());
        // Whoever closes the pipe of an archive has half an archive: unlike with text, that is a failure.
        let summary = summary
            .map_err(|error| anyhow!(damage::with_advice(error.into(), &args.archive, ADVICE).to_string()))?;
        let n_files = files.iter().flat_map(Input::sources).count();
        Ok((summary, n_files, skipped))
    });
    progress.clear();
    let (summary, n_files, skipped) = stored?;
    args.inputs.finish(sink)?;
    warnings::warn(&summary);
    let figures = Figures {
        command: "append",
        n_files,
        took,
        summary: &summary,
    };
    if args.inputs.verbosity > 0 {
        report(&summary);
        figures.tell();
    }
    stats.finish(&figures)?;
    skipped.report()
}

/// What is kept of the new files if nothing is said of it: what the archive keeps; all of it in one without samples, as `create` does.
fn keep(archive: &Decompressor) -> ragc_core::Result<Keep> {
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
