//! `ragc merge`: several archives become one.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;
use ragc_core::Archive;
use ragc_core::compress::{MergeOptions, Merged};
use ragc_core::internals::printable::text_of;
use ragc_core::internals::quoted::Quoted;
use serde::Serialize;

use crate::args::{n_threads, open_archive, parse_size, place_of};
use crate::commands::inputs::refuse_terminal;
use crate::commands::provenance;
use crate::commands::stats::Stats;
use crate::damage;
use crate::exit::UsageError;
use crate::json::RunDocument;
use crate::out::{Claim, Claiming, Out};
use crate::progress::ProgressDisplay;
use crate::tell;
use crate::took::{Took, peak_memory};

/// What is said of a damaged archive.
const ADVICE: &str =
    "nothing is made of that: verify tells all damage, getcol --salvage gives what is intact";

/// Bytes that each archive keeps of what was decoded: items that lie side by side share a pack.
const CACHE_LIMIT: u64 = 64 << 20;

/// Arguments of `merge`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write the new archive to this file, which appears when it is complete [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Decode the samples of all archives but the first and compress them again: for archives of different k, minimum match length or
    /// segment size
    #[arg(long)]
    recompress: bool,

    /// Give a sample whose name another one has, with another content, another name: NAME.2, NAME.3, … Told when it happens
    #[arg(long)]
    rename_duplicates: bool,

    /// Leave out samples whose names others have, with another content; told when it happens
    #[arg(long, conflicts_with = "rename_duplicates")]
    skip_duplicates: bool,

    /// Do not store the command line, and when it ran
    #[arg(short = 'd', long, alias = "no-command-line")]
    no_provenance: bool,

    /// Threads that work, 8 per core at most [default: one per core]
    #[arg(short = 't', long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// Memory to take at most, about, which references at two bits a base and open packs have to fit in [default: what serves well]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    memory: Option<u64>,

    /// Read the new archive back and decode all of it before it takes its name
    #[arg(long, requires = "output")]
    verify: bool,

    /// Replace an archive that has the name of the output already
    #[arg(long)]
    force: bool,

    /// Fail at once, rather than wait, while another command is writing an archive of this name
    #[arg(long)]
    no_wait: bool,

    /// Tell on standard error what became of the archives
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    verbosity: u8,

    /// Tell on standard error what the archive is made of; --stats=FILE writes that to this file as JSON, described in docs/json.md
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    stats: Option<OsString>,

    /// The archives, of file version 3, in the order of their samples; one that is named twice is taken once
    #[arg(value_name = "ARCHIVE", required = true)]
    archives: Vec<PathBuf>,
}

/// Merges; if anything fails, no archive appears, and the old ones stay as they are in any case.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let output = place_of(&args.output);
    refuse_terminal(output)?;
    let took = Took::start();
    let how = Claiming {
        continues: None,
        is_forced: args.force,
        waits: !args.no_wait,
    };
    let claim = output.map_or(Ok(None), |output| Claim::of(output, how))?;
    let labels = || args.archives.iter().map(PathBuf::as_path);
    let mut out = Out::open_archive(labels(), output, claim)?;
    let figures = Stats::open(args.stats.as_deref(), labels(), output)?;
    let archives = open(&args.archives)?;
    let progress = Arc::new(ProgressDisplay::new(false));
    let merged = options(args)?.merge(&archives, &mut out, Arc::clone(&progress) as _);
    progress.clear();
    let merged = merged.map_err(|error| advised(error.in_sink(out.name()), &args.archives))?;
    let finished = match args.verify {
        true => out.finish_after(|path| damage::read_back(path, n_threads(args.threads).get())),
        false => out.finish(),
    };
    // Whoever closes the pipe of an archive has half an archive: unlike with text, that is a failure.
    finished.map_err(|error| anyhow!(format!("{error:#}")))?;
    tell(&merged);
    if args.verbosity > 0 {
        report(&merged, took);
    }
    figures.tell(&document(&merged, took), || table(&merged))
}

/// Opens them, each once.
fn open(paths: &[PathBuf]) -> anyhow::Result<Vec<Arc<Archive>>> {
    let mut seen = HashSet::new();
    let (once, again): (Vec<_>, Vec<_>) = paths.iter().partition(|path| seen.insert(*path));
    tell::first(
        again,
        |path| warning!("{}: named twice, taken once", path.display()),
        |n_more| warning!("{n_more} more archives are named twice"),
    );
    let open = |path: &PathBuf| {
        Ok(Arc::new(open_archive(
            path,
            &Archive::options().cache_limit(CACHE_LIMIT),
        )?))
    };
    once.into_iter().map(open).collect()
}

fn options(args: &Args) -> Result<MergeOptions, UsageError> {
    let memory = args.memory;
    Ok(MergeOptions::default()
        .with_provenance(provenance::unless(args.no_provenance)?)
        .with_recompression(args.recompress)
        .with_renamed_duplicates(args.rename_duplicates)
        .with_skipped_duplicates(args.skip_duplicates)
        .with_memory(memory.map(|memory| usize::try_from(memory).unwrap_or(usize::MAX)))
        .with_threads(n_threads(args.threads).get()))
}

/// An error, with what to do about it if an archive is damaged. It is no longer one of a pipe.
fn advised(error: ragc_core::Error, archives: &[PathBuf]) -> anyhow::Error {
    let path = error.location().path.clone();
    let damaged = archives.iter().find(|archive| Some(*archive) == path.as_ref());
    let error = anyhow::Error::from(error);
    let error = match damaged {
        Some(path) => damage::with_advice(error, path, ADVICE),
        None => error,
    };
    anyhow!(error.to_string())
}

/// Tells what is stored otherwise than it was.
fn tell(merged: &Merged) {
    tell::first(
        &merged.renamed,
        |(from, to)| {
            let (from, to) = (text_of(from), text_of(to));
            note!("sample {} is stored as {}", Quoted(&from), Quoted(&to));
        },
        |n_more| note!("{n_more} more names were taken and have got a number behind them"),
    );
    tell::first(
        &merged.skipped,
        |name| {
            let name = text_of(name);
            note!("sample {} was left out: another one has its name", Quoted(&name));
        },
        |n_more| note!("{n_more} more samples were left out because of their names"),
    );
    tell::dropped_streams(&merged.dropped_streams);
}

fn report(merged: &Merged, took: Took) {
    let Merged {
        n_samples,
        n_same,
        n_groups,
        n_groups_joined,
        n_groups_dissolved,
        ..
    } = merged;
    note!(
        "{n_samples} samples, {n_same} more were there twice; {n_groups} groups, {n_groups_joined} joined and {n_groups_dissolved} dissolved"
    );
    note!("{:.2} s; {} bytes", took.time().as_secs_f64(), n_bytes(merged));
}

fn n_bytes(merged: &Merged) -> u64 {
    merged.stream_lens.values().sum()
}

/// What `--stats` tells.
fn table(merged: &Merged) -> String {
    let lines = merged.stream_lens.iter();
    let line = |(name, len): (&String, &u64)| format!("{name:24} {len:>12}\n");
    lines.map(line).collect()
}

/// What `--stats=FILE` writes.
#[derive(Serialize)]
struct MergeRun<'a> {
    command: &'static str,
    n_samples: usize,
    n_same: usize,
    n_groups: usize,
    n_groups_joined: u64,
    n_groups_dissolved: u64,
    n_bytes: u64,
    bytes_by_stream: &'a BTreeMap<String, u64>,
    seconds: f64,
    peak_memory: Option<u64>,
}

fn document(merged: &Merged, took: Took) -> RunDocument<MergeRun<'_>> {
    RunDocument::of(MergeRun {
        command: "merge",
        n_samples: merged.n_samples,
        n_same: merged.n_same,
        n_groups: merged.n_groups,
        n_groups_joined: merged.n_groups_joined,
        n_groups_dissolved: merged.n_groups_dissolved,
        n_bytes: n_bytes(merged),
        bytes_by_stream: &merged.stream_lens,
        seconds: took.time().as_secs_f64(),
        peak_memory: peak_memory(),
    })
}
