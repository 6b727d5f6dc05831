//! `ragc append`: FASTA files into a new archive, behind the samples of an old one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;
use ragc_core::compress::{AppendOptions, Input, Summary, append};
use ragc_core::fasta::Source;
use ragc_core::original::Keep;
use ragc_core::{Decompressor, Error, ErrorKind};

use crate::commands::inputs::InputArgs;
use crate::commands::stats::Figures;
use crate::commands::warnings;
use crate::near::near_file;
use crate::out::Out;
use crate::progress::Progress;
use crate::took::Took;

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
    args.inputs.check_output(args.output.as_deref())?;
    let took = Took::start();
    let files = args.inputs.inputs()?;
    // Renaming over a file that is open leaves what was opened as it was, so the output may have the archive's name.
    let archive = Decompressor::open(&args.archive).map_err(|error| near_file(&args.archive, error))?;
    let labels = || files.iter().flat_map(Input::sources).map(Source::container);
    let mut sink = Out::open_apart_from(labels(), args.output.as_deref())?;
    let stats = args
        .inputs
        .stats(labels().chain([args.archive.as_path()]), args.output.as_deref())?;
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
        let summary = summary.map_err(|error| refusal(&error, &args.archive))?;
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

/// Why nothing was appended; of a damaged archive, how to know more and what to do.
fn refusal(error: &Error, archive: &Path) -> anyhow::Error {
    let is_damage = matches!(
        error.kind(),
        ErrorKind::Corrupt(_) | ErrorKind::Checksum { .. } | ErrorKind::Truncated { .. }
    );
    match is_damage && error.location().path.as_deref() == Some(archive) {
        true => anyhow!(
            "{error}; nothing is appended to that: verify tells all damage, getcol --salvage gives what is intact"
        ),
        false => anyhow!(error.to_string()),
    }
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
