//! `ragc append`: FASTA files into a new archive, behind the samples of an old one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;
use ragc_core::compress::{AppendOptions, Summary, append};
use ragc_core::{Decompressor, Error, ErrorKind};

use crate::commands::inputs::InputArgs;
use crate::commands::{stats, warnings};
use crate::out::Out;
use crate::progress::Progress;

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
    let files = args.inputs.inputs()?;
    // The output may have the archive's name: nobody else writes there until the new one has replaced it, and renaming over a
    // file that is open leaves what was opened as it was.
    let output = args.output.as_deref();
    let claim = args.inputs.claim(output, Some(&args.archive))?;
    let archive = Decompressor::open(&args.archive)?;
    let labels = files.iter().map(|input| input.source.label());
    let mut sink = Out::open_archive(labels, output, claim)?;
    let again = files.iter().filter(|_| args.inputs.skip_bad_files);
    let n_bytes = files.iter().chain(again).map(|input| input.source.size()).sum();
    let progress = Arc::new(Progress::new(n_bytes, args.inputs.verbosity > 1));
    let options = AppendOptions {
        seed_fraction: args.inputs.fallback_fraction,
        raw_contigs: args.inputs.raw_contigs,
        is_adaptive: args.inputs.adaptive,
        memory: args.inputs.memory(),
        rules: args.inputs.rules(),
        has_checksums: args.inputs.has_checksums(),
        has_digests: args.inputs.digests,
        n_threads: args.inputs.n_threads(),
    };
    let sifted = args.inputs.sift(files, Some(&archive), progress.clone());
    let stored = sifted.and_then(|(files, skipped)| {
        let summary = append(&archive, &files, &options, &mut sink, progress.clone());
        // Whoever closes the pipe of an archive has half an archive: unlike with text, that is a failure.
        Ok((summary.map_err(|error| refusal(&error, &args.archive))?, skipped))
    });
    progress.clear();
    let (summary, skipped) = stored?;
    args.inputs.finish(sink)?;
    warnings::warn(&summary);
    if args.inputs.verbosity > 0 {
        report(&summary);
    }
    if args.inputs.stats {
        stats::tell(&summary.times);
    }
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

fn report(summary: &Summary) {
    eprintln!(
        "ragc: {} samples, {} contigs, {} bases added; {} groups in all",
        summary.n_samples, summary.n_contigs, summary.n_bases, summary.n_groups
    );
}
