//! `ragc replace`: other files for samples that are there.

use std::collections::HashSet;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use ragc_core::Archive;
use ragc_core::compress::Summary;
use ragc_core::internals::quoted::Quoted;
use ragc_core::internals::syncing::append_to_rest;
use ragc_core::observe::Silent;
use ragc_core::rewrite::{RewriteOptions, Rewritten};

use crate::args::{open_archive, place};
use crate::commands::append::{keep, options};
use crate::commands::change::{ADVICE, tell_rest};
use crate::commands::inputs::InputArgs;
use crate::commands::store::{Claimed, Ready};
use crate::damage;
use crate::exit::UsageError;
use crate::near::with_near;
use crate::out::Scratch;

/// Bytes that are gathered before they are written.
const BUFFER_LEN: usize = 1 << 20;

/// Arguments of `replace`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write the new archive to this file, which appears when it is complete; '-' is standard output [default: in the place of the old
    /// one]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Leave none of the old sequence where other samples refer to it: groups get references out of what stays, and all splitters that occur in
    /// no other sample go
    #[arg(long)]
    purge: bool,

    /// The archive to change, of any file version; the new one is of version 3. Samples that are replaced keep their places
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,

    #[command(flatten)]
    inputs: InputArgs,
}

/// Removes the samples and adds them anew; if anything fails, no archive appears and the old one stays as it was.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    check(&args.inputs)?;
    let output = place(args.output.as_deref().unwrap_or(&args.archive));
    let run = Claimed::new("replace", &args.inputs, output, Some(&args.archive))?;
    let archive = open_archive(&args.archive, &Archive::options())?;
    let run = run.open(None)?;
    let names = replaced(&archive, &run, args.inputs.skips_duplicates())?;
    let mut rest = Scratch::beside(output)?;
    let rewritten = write_rest(args, &archive, &names, &mut rest)?;
    let folder = rest.folder();
    let rest = Archive::from_reader(rest.reader()?)?;
    let options = options(&args.inputs, keep(&archive)?)?;
    let provenance = options
        .provenance
        .clone()
        .map(|run| run.with_removed(rewritten.removed()));
    let options = options.with_provenance(provenance);
    let stored = run.store(options.rules, Some(&rest), |files, output, progress| {
        Ok(append_to_rest(
            &archive, &rest, files, &options, &folder, output, progress,
        )?)
    })?;
    stored.tell(report)?;
    tell_rest(&rewritten);
    Ok(())
}

/// Refuses what would take samples away that nothing replaces.
fn check(inputs: &InputArgs) -> Result<(), UsageError> {
    let why = match inputs.records_name_samples() {
        true => {
            "with -c and --pansn the records name their samples: replace needs files that are one sample each"
        }
        false if inputs.skip_bad_files => {
            "--skip-bad-files would take samples away whose files cannot be stored"
        }
        false => return Ok(()),
    };
    Err(UsageError(why.to_owned()))
}

/// Names of the samples to replace, each of which there must be, and one file for it: a second one could be stored under another name only.
fn replaced(archive: &Archive, run: &Ready<'_>, skips: bool) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut seen = HashSet::new();
    let mut repeated = run.files.iter().filter(|input| !seen.insert(&input.sample));
    if let Some(input) = repeated.next().filter(|_| !skips) {
        bail!("sample {} is given twice", Quoted(&input.sample));
    }
    let names = run.files.iter().map(|input| input.sample.as_bytes());
    names
        .map(|name| match archive.find_sample(name) {
            Ok(_) => Ok(name.to_vec()),
            Err(error) => {
                let error = with_near(archive, error);
                Err(anyhow!("{error}; append adds samples that are not there"))
            }
        })
        .collect()
}

/// Writes the archive without the samples.
fn write_rest(
    args: &Args,
    archive: &Archive,
    names: &[Vec<u8>],
    rest: &mut Scratch,
) -> anyhow::Result<Rewritten> {
    let options = RewriteOptions::default()
        .with_purge(args.purge)
        .with_returning(names.iter().cloned().collect())
        .with_threads(args.inputs.n_threads());
    let mut buffered = BufWriter::with_capacity(BUFFER_LEN, rest);
    let names = names.iter().map(Vec::as_slice);
    let written = options.remove(archive, names, &Silent, &mut buffered);
    let written = written.map_err(|error| failed(&args.archive, error.in_sink(&args.archive)))?;
    let flushed = std::io::Write::flush(&mut buffered);
    flushed.with_context(|| format!("{}: cannot write the file beside it", args.archive.display()))?;
    Ok(written)
}

fn failed(path: &Path, error: ragc_core::Error) -> anyhow::Error {
    damage::with_advice(error.into(), path, ADVICE)
}

fn report(summary: &Summary) {
    note!(
        "{} samples replaced by {} contigs, {} bases; {} groups in all",
        summary.n_samples,
        summary.n_contigs,
        summary.n_bases,
        summary.n_groups
    );
}
