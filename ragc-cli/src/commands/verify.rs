//! `ragc verify`: whether archives are intact, and what is left of them if not.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use ragc_core::Archive;
use ragc_core::extract::Report;

use crate::args::{ArchiveArgs, BlockCacheArgs, StatsArgs, ThreadArgs, parse_size, place_of};
use crate::damage;
use crate::exit::Unreadable;
use crate::json;
use crate::out::Out;
use crate::progress::ProgressDisplay;
use crate::remote::{ArchivePlace, archive_place};
use crate::tally::WrittenTally;
use crate::took::Took;

/// Lines of damage that are printed of an archive at most; one more tells how many are left out.
const MAX_LINES: usize = 1000;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    threads: ThreadArgs,

    #[command(flatten)]
    stats: StatsArgs,

    /// Print what was found as JSON, a line for each archive, described in docs/json.md
    #[arg(long)]
    json: bool,

    /// Write all that is found to this file, damage as well [default: what is intact to standard output, damage to standard
    /// error]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Tell on standard error how many parts, groups and items were read
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    verbosity: u8,

    /// Keep up to this many bytes of what was decoded, so that less is decoded twice: 64M, 1G [default: 256M]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    cache: Option<u64>,

    /// Keep up to this many bytes of an archive that comes through a pipe in memory, and the rest in a temporary file: 64M, 1G
    /// [default: 256M]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    memory: Option<u64>,

    #[command(flatten)]
    blocks: BlockCacheArgs,

    /// Archives to read; - is standard input. The exit status is 0 if all are intact, 1 if one is damaged, else 3 if one cannot be read or is no
    /// archive
    #[arg(value_name = "ARCHIVE", required = true, value_parser = archive_place())]
    archives: Vec<ArchivePlace>,
}

/// What became of an archive that is not intact, in a line.
enum NotIntact {
    Damaged(anyhow::Error),
    Unreadable(anyhow::Error),
}

/// Reads and decodes everything. Damage is told line by line, then how much is intact.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let archives = args.archives.iter().map(ArchivePlace::path);
    let mut out = Out::open_report(archives.clone(), place_of(&args.output))?;
    let figures = args.stats.open("verify", archives, place_of(&args.output))?;
    // What is told is told of each archive.
    let mut tally = WrittenTally::new(0);
    let mut troubles = Vec::new();
    for archive in &args.archives {
        if let Some(trouble) = verify(args, archive, &mut out, &mut tally)? {
            if args.archives.len() > 1 {
                error!("{}", trouble.message());
            }
            troubles.push(trouble);
        }
    }
    out.finish()?;
    figures.finish(&tally)?;
    sum_up(args.archives.len(), troubles)
}

/// Verifies one archive and writes what was found.
fn verify(
    args: &Args,
    place: &ArchivePlace,
    out: &mut Out,
    tally: &mut WrittenTally,
) -> anyhow::Result<Option<NotIntact>> {
    let path = place.path();
    let took = Took::start();
    let opened = damage::open(&ArchiveArgs::of(place, args.cache, args.memory, &args.blocks));
    let (archive, damage) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            let trouble = match error.is_damage() {
                true => NotIntact::Damaged(error.into()),
                false => NotIntact::Unreadable(error.into()),
            };
            note(args, out, &trouble, path)?;
            return Ok(Some(trouble));
        }
    };
    let progress = ProgressDisplay::of_steps("verifying");
    let mut report = archive.verify(args.threads.n_threads().get(), &progress);
    progress.clear();
    damage::check_memory(&report, path)?;
    damage.into_iter().for_each(|damage| report.add_damage(damage));
    tally.n_contigs += report.n_contigs;
    tally.n_bases += report.n_bases;
    if args.verbosity > 0 {
        tell_counts(&report, took);
    }
    if args.json {
        json::write_line(out, &json::verification(path, &archive, &report))?;
    }
    tell(args, path, &archive, report, out)
}

/// Tells what was found in words, where they are wanted.
fn tell(
    args: &Args,
    path: &Path,
    archive: &Archive,
    report: Report,
    out: &mut Out,
) -> anyhow::Result<Option<NotIntact>> {
    if report.is_intact() {
        if !args.json {
            writeln!(out, "{}", intact(path, &report))?;
        }
        return Ok(None);
    }
    let message = format!("{}: damaged: {}", path.display(), damage::summary(&report));
    if args.output.is_none() {
        damage::print(archive, report, path, MAX_LINES);
    } else if !args.json {
        for line in damage::lines(archive, report, path, MAX_LINES) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "{message}")?;
    }
    Ok(Some(NotIntact::Damaged(anyhow!(message))))
}

/// Writes that there is nothing to be verified, where all that is found is written.
fn note(args: &Args, out: &mut Out, trouble: &NotIntact, path: &Path) -> anyhow::Result<()> {
    let message = trouble.message();
    if args.json {
        json::write_line(out, &json::no_verification(path, message))?;
    } else if args.output.is_some() {
        writeln!(out, "{message}")?;
    }
    Ok(())
}

impl NotIntact {
    fn message(&self) -> String {
        match self {
            Self::Damaged(error) | Self::Unreadable(error) => error.to_string(),
        }
    }
}

/// The result of the command: damage first, since an archive that cannot be read may be another time.
fn sum_up(n_archives: usize, mut troubles: Vec<NotIntact>) -> anyhow::Result<()> {
    let n_damaged = troubles
        .iter()
        .filter(|trouble| matches!(trouble, NotIntact::Damaged(_)))
        .count();
    let n_unreadable = troubles.len() - n_damaged;
    let message = format!("of {n_archives} archives {n_damaged} are damaged, {n_unreadable} cannot be read");
    match (troubles.pop(), n_archives) {
        (None, _) => Ok(()),
        (Some(NotIntact::Damaged(error)), 1) => Err(error),
        (Some(NotIntact::Unreadable(error)), 1) => Err(Unreadable(error.to_string()).into()),
        _ if n_damaged > 0 => bail!(message),
        _ => Err(Unreadable(message).into()),
    }
}

fn tell_counts(report: &Report, took: Took) {
    let Report {
        n_parts,
        n_groups,
        n_items,
        n_bases,
        ..
    } = report;
    note!("{n_parts} parts, {n_groups} groups, {n_items} items");
    note!("{}", took.words(*n_bases));
}

fn intact(path: &Path, report: &Report) -> String {
    let compared = match (report.has_part_sums, report.has_sequence_sums) {
        (true, true) => "compared with the checksums of parts and sequences",
        (true, false) => "compared with the checksums of parts",
        (false, true) => "compared with the checksums of sequences",
        (false, false) => "decoded; there are no checksums to compare with",
    };
    let digests = match report.has_digests {
        true => ", and compared with digests",
        false => "",
    };
    format!(
        "{}: intact: {} samples, {} contigs, {} bases, {compared}{digests}",
        path.display(),
        report.n_samples.unwrap_or(0),
        report.n_contigs,
        report.n_bases
    )
}
