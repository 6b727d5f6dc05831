//! What `sync` does, or would do, with each sample.

use std::io::Write;
use std::path::Path;

use ragc_core::Archive;
use ragc_core::compress::{Evidence, Input, SampleChange, SyncPlan};
use ragc_core::internals::printable::{in_one_column, text_of};
use ragc_core::internals::provenance::Sources;
use serde::Serialize;

use crate::json::{self, SCHEMA};
use crate::out::{Out, OutputPacking};

/// How a plan is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReportOptions<'a> {
    pub(super) archive: &'a Path,
    pub(super) removes_gone: bool,
    pub(super) is_dry_run: bool,
    pub(super) is_json: bool,
    pub(super) verbosity: u8,
}

/// A sample, what is done with it, and its files.
#[derive(Debug, Serialize)]
struct SyncedSample {
    name: String,
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_by: Option<&'static str>,
    files: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
struct ChangeCounts {
    new: usize,
    changed: usize,
    unchanged: usize,
    removed: usize,
    gone: usize,
}

#[derive(Debug, Serialize)]
struct Sync {
    path: String,
    is_dry_run: bool,
    counts: ChangeCounts,
    samples: Vec<SyncedSample>,
}

#[derive(Debug, Serialize)]
struct PlanDocument {
    schema: u32,
    sync: Sync,
}

/// Prints what is to be printed on standard output, and says how many samples there were of each kind.
pub(super) fn tell(plan: &SyncPlan, archive: Option<&Archive>, how: ReportOptions<'_>) -> anyhow::Result<()> {
    let samples = samples(plan, archive, how)?;
    let counts = count(&samples);
    if how.is_dry_run || how.verbosity > 0 {
        note!("{}", summary(&counts));
    }
    if how.is_json {
        let document = PlanDocument {
            schema: SCHEMA,
            sync: Sync {
                path: how.archive.display().to_string(),
                is_dry_run: how.is_dry_run,
                counts,
                samples,
            },
        };
        return json::write(Out::open(None, OutputPacking::Plain)?, &document);
    }
    if !how.is_dry_run {
        return Ok(());
    }
    let mut out = Out::open(None, OutputPacking::Plain)?;
    for SyncedSample {
        name, change, files, ..
    } in samples.iter().filter(|told| told.change != UNCHANGED)
    {
        let column = |text: &String| in_one_column(text.as_bytes()).into_owned();
        let files: Vec<Vec<u8>> = files.iter().map(column).collect();
        let row = [change.as_bytes(), &column(name), &files.join(&b'\t')];
        out.write_all(&row.join(&b'\t'))?;
        out.write_all(b"\n")?;
    }
    out.finish()
}

const NEW: &str = "new";
const CHANGED: &str = "changed";
const UNCHANGED: &str = "unchanged";
const REMOVED: &str = "removed";
const GONE: &str = "gone";

fn samples(
    plan: &SyncPlan,
    archive: Option<&Archive>,
    how: ReportOptions<'_>,
) -> anyhow::Result<Vec<SyncedSample>> {
    let mut told: Vec<SyncedSample> = plan.samples().map(of_files).collect();
    if let Some(archive) = archive.filter(|_| !plan.gone.is_empty()) {
        let sources = archive.sources()?.unwrap_or_default();
        let change = if how.removes_gone { REMOVED } else { GONE };
        for name in &plan.gone {
            let place = archive.samples()?.find(name);
            told.push(SyncedSample {
                name: text_of(name).into_owned(),
                change,
                known_by: None,
                files: place.map(|place| files_of(&sources, place)).unwrap_or_default(),
            });
        }
    }
    Ok(told)
}

fn of_files((input, change): (&Input, SampleChange)) -> SyncedSample {
    let label = |source: &ragc_core::fasta::Source| {
        text_of(source.label().as_os_str().as_encoded_bytes()).into_owned()
    };
    SyncedSample {
        name: input.sample.clone(),
        change: change.code(),
        known_by: change.evidence().map(Evidence::code),
        files: input.sources().map(label).collect(),
    }
}

/// Files that a sample was made of, as the archive tells.
fn files_of(sources: &Sources, sample: usize) -> Vec<String> {
    let files = sources.of(sample).map(|source| source.files.iter());
    let files = files.into_iter().flatten();
    files.map(|file| text_of(&file.path).into_owned()).collect()
}

fn count(samples: &[SyncedSample]) -> ChangeCounts {
    let mut counts = ChangeCounts::default();
    for told in samples {
        *match told.change {
            NEW => &mut counts.new,
            CHANGED => &mut counts.changed,
            UNCHANGED => &mut counts.unchanged,
            REMOVED => &mut counts.removed,
            GONE => &mut counts.gone,
            // A word that this program does not know yet.
            _ => continue,
        } += 1;
    }
    counts
}

fn summary(counts: &ChangeCounts) -> String {
    let ChangeCounts {
        new,
        changed,
        unchanged,
        removed,
        gone,
    } = counts;
    let kept = match gone {
        0 => String::new(),
        _ => format!("; {gone} more that no file has stay (--delete removes such)"),
    };
    format!("{new} new, {changed} changed, {removed} removed, {unchanged} unchanged samples{kept}")
}
