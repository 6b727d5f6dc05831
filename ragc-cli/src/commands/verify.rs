//! `ragc verify`: whether an archive is intact, and what is left of it if not.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use ragc_core::extract::Report;

use crate::args::{ArchiveArgs, ThreadArgs};
use crate::damage;
use crate::json;
use crate::out::{Out, Packing};
use crate::progress::Progress;

/// Lines of damage that are printed at most; one more tells how many are left out.
const MAX_LINES: usize = 1000;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    threads: ThreadArgs,

    /// Print what was found as JSON, described in docs/json.md
    #[arg(long)]
    json: bool,

    /// Tell on standard error how many parts, groups and items were read
    #[arg(short = 'v', long, value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    verbosity: u8,

    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Reads and decodes everything. Damage is told line by line, then how much is intact.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let path = args.archive.path();
    let (archive, damage) = damage::open(&args.archive)?;
    let progress = Arc::new(Progress::of_steps());
    let mut report = archive.verify(args.threads.n_threads().get(), &*progress);
    progress.clear();
    damage::check_memory(&report)?;
    damage.into_iter().for_each(|damage| report.add_damage(damage));
    if args.verbosity > 0 {
        let Report {
            n_parts,
            n_groups,
            n_items,
            ..
        } = report;
        note!("{n_parts} parts, {n_groups} groups, {n_items} items");
    }
    if args.json {
        json::write(
            Out::open(None, Packing::Plain)?,
            &json::verification(&archive, &report),
        )?;
    }
    if !report.is_intact() {
        let summary = damage::summary(&report);
        damage::print(&archive, report, path, MAX_LINES);
        bail!("{}: damaged: {summary}", path.display());
    }
    if !args.json {
        let mut out = Out::open(None, Packing::Plain)?;
        writeln!(out, "{}", intact(path, &report))?;
        out.finish()?;
    }
    Ok(())
}

fn intact(path: &Path, report: &Report) -> String {
    let compared = match (report.has_part_sums, report.has_sequence_sums) {
        (true, true) => "compared with the checksums of parts and sequences",
        (true, false) => "compared with the checksums of parts",
        (false, true) => "compared with the checksums of sequences",
        (false, false) => "decoded; there are no checksums to compare with",
    };
    format!(
        "{}: intact: {} samples, {} contigs, {} bases, {compared}",
        path.display(),
        report.n_samples.unwrap_or(0),
        report.n_contigs,
        report.n_bases
    )
}
