//! `ragc sync`: an archive becomes what files are.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use ragc_core::compress::{AppendOptions, CreateOptions, Input, Summary, SyncPlan};
use ragc_core::internals::folder::folder_of;
use ragc_core::internals::identity::looked_at;
use ragc_core::observe::Observer;
use ragc_core::provenance::Provenance;
use ragc_core::{Archive, Keep};

use crate::commands::append;
use crate::commands::inputs::InputArgs;
use crate::commands::planned;
use crate::commands::stats::StoringFigures;
use crate::commands::warnings;
use crate::damage;
use crate::exit::UsageError;
use crate::near::near_file;
use crate::out::{Claim, Out};
use crate::progress::ProgressDisplay;
use crate::remote::refuse_url;
use crate::tell;
use crate::took::Took;

/// What is said of a damaged archive.
const ADVICE: &str = "it is left as it was: verify tells all damage, getcol --salvage gives what is intact";

/// Arguments of `sync`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Remove samples that no file has
    #[arg(long)]
    delete: bool,

    /// Change nothing: print what would be done with which sample, and its files
    #[arg(short = 'n', long)]
    dry_run: bool,

    /// Print JSON: every sample, with its files, and by what it is known
    #[arg(long)]
    json: bool,

    /// Do not read files whose sizes and times are those that the archive tells
    #[arg(long)]
    fast: bool,

    /// Write all of the archive anew, also where samples are only added: smaller than what is changed in place
    #[arg(long)]
    rewrite: bool,

    /// The archive, which is made if it is not there
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,

    #[command(flatten)]
    inputs: InputArgs,
}

/// Compares, and changes what has to be changed; if anything fails, the archive stays as it was.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    args.inputs.refuse_other_names()?;
    refuse_url(&args.archive)?;
    if args.archive.as_os_str() == "-" {
        return Err(
            UsageError("sync changes an archive where it lies, and '-' lies nowhere".to_owned()).into(),
        );
    }
    args.inputs.check_output(Some(&args.archive))?;
    let named = args.inputs.inputs_of_folders()?;
    let claim = match args.dry_run {
        true => None,
        false => args.inputs.claim(Some(&args.archive), Some(&args.archive))?,
    };
    let archive = match looked_at(&args.archive)?.is_some() {
        true => Some(Archive::open(&args.archive).map_err(|error| near_file(&args.archive, error))?),
        false => None,
    };
    let progress = Arc::new(ProgressDisplay::new(args.inputs.verbosity > 1));
    let synced = run_on(args, archive.as_ref(), named, claim, &progress);
    progress.clear();
    synced.map_err(|error| damage::with_advice(error, &args.archive, ADVICE))
}

fn run_on(
    args: &Args,
    archive: Option<&Archive>,
    named: Vec<Input>,
    claim: Option<Claim>,
    progress: &Arc<ProgressDisplay>,
) -> anyhow::Result<()> {
    let inputs = args.inputs.unpack(named)?;
    // With --delete an empty list would take all samples away.
    if inputs.is_empty() {
        bail!("there are no input files");
    }
    let keep = keep(archive)?;
    let comparing = AppendOptions::default()
        .with_rules(args.inputs.rules(keep))
        .with_threads(args.inputs.n_threads());
    let observer: Arc<dyn Observer> = progress.clone();
    let plan = comparing.plan_sync(archive, &inputs, args.fast, &observer)?;
    let is_changed = !args.dry_run && !plan.is_empty(args.delete);
    if is_changed {
        change(args, archive, &plan, keep, claim, progress)?;
    }
    progress.clear();
    let told = planned::tell(&plan, archive, how(args));
    match is_changed {
        true => told.context("the archive is what the files are, which cannot be told"),
        false => told,
    }
}

fn how(args: &Args) -> planned::ReportOptions<'_> {
    planned::ReportOptions {
        archive: &args.archive,
        removes_gone: args.delete,
        is_dry_run: args.dry_run,
        is_json: args.json,
        verbosity: args.inputs.verbosity,
    }
}

/// What is kept of new files if nothing is said of it: what the archive keeps, or all where there is nothing yet.
fn keep(archive: Option<&Archive>) -> ragc_core::Result<Keep> {
    match archive {
        Some(archive) if !archive.samples()?.is_empty() => archive.keep(),
        _ => Ok(Keep::ALL),
    }
}

/// Writes what is new: behind the end of the file where samples are only added, else a new archive, which takes the place of the old one when it is
/// complete.
fn change(
    args: &Args,
    archive: Option<&Archive>,
    plan: &SyncPlan,
    keep: Keep,
    claim: Option<Claim>,
    progress: &Arc<ProgressDisplay>,
) -> anyhow::Result<()> {
    let took = Took::start();
    let inputs = || plan.samples().map(|(input, _)| input);
    let labels = || inputs().flat_map(Input::sources).map(|source| source.container());
    let changed = archive.filter(|_| is_changed_in_place(args, plan));
    let mut out = match changed {
        Some(archive) => Out::open_end(labels(), &args.archive, archive, claim)?,
        None => Out::open_archive(labels(), Some(&args.archive), claim)?,
    };
    let stats = args.inputs.stats(labels(), Some(&args.archive))?;
    let options = options(args, keep)?;
    let stored = match changed {
        Some(archive) => options
            .append_behind(archive, &to_store(plan), &mut out, progress.clone())
            .map(Some),
        None => write(args, archive, plan, &options, &mut out, progress),
    };
    let stored = stored.map_err(|error| error.in_sink(&args.archive))?;
    args.inputs.finish(out)?;
    let Some(summary) = &stored else {
        return Ok(());
    };
    progress.clear();
    warnings::warn(summary);
    let figures = StoringFigures {
        command: "sync",
        n_files: plan.to_store().flat_map(Input::sources).count(),
        took,
        summary,
    };
    if args.inputs.verbosity > 0 {
        figures.tell();
    }
    stats.finish(&figures)
}

/// Whether what is new goes behind the end of the file, as `append` writes it there.
fn is_changed_in_place(args: &Args, plan: &SyncPlan) -> bool {
    !args.rewrite && plan.adds_only(args.delete) && args.inputs.can_write_behind(&args.archive)
}

fn to_store(plan: &SyncPlan) -> Vec<Input> {
    plan.to_store().cloned().collect()
}

/// Writes all of the archive; what was stored, if anything was.
fn write(
    args: &Args,
    archive: Option<&Archive>,
    plan: &SyncPlan,
    options: &AppendOptions,
    out: &mut Out,
    progress: &Arc<ProgressDisplay>,
) -> ragc_core::Result<Option<Summary>> {
    let Some(archive) = archive else {
        note!("{}: there is no such archive, it is made", args.archive.display());
        let made = CreateOptions::from(options.clone()).create(&to_store(plan), out, progress.clone())?;
        return Ok(Some(made));
    };
    let scratch = folder_of(&args.archive);
    let synced = options.sync(archive, plan, args.delete, scratch, out, progress.clone())?;
    tell_losses(&synced.dropped_streams, synced.foreign_bases);
    Ok(synced.stored)
}

fn options(args: &Args, keep: Keep) -> anyhow::Result<AppendOptions> {
    Ok(append::options(&args.inputs, keep)?.with_provenance(provenance(args)?))
}

/// Tells what the old archive had and the new one has not, or still has.
fn tell_losses(dropped_streams: &[String], foreign_bases: u64) {
    tell::dropped_streams(dropped_streams);
    if foreign_bases > 0 {
        note!("{foreign_bases} bases of samples that are gone stay, as references that others need");
    }
}

/// What the run says of itself. The next one goes by where samples came from.
fn provenance(args: &Args) -> Result<Option<Provenance>, UsageError> {
    let run = args.inputs.provenance()?;
    Ok(run.map(|run| run.with_sources(true)))
}
