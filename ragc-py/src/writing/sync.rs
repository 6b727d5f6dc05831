//! An archive becomes what files are.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::Archive;
use ragc_core::compress::{AppendOptions, CreateOptions, Evidence, Input, SampleChange, Summary, SyncPlan};
use ragc_core::internals::folder::folder_of;
use ragc_core::internals::identity::{has_other_names, looked_at};
use ragc_core::observe::Observer;

use super::behind::behind;
use super::inputs::{self, Given};
use super::run::WritingRun;
use super::summary;
use crate::errors::Raised;
use crate::watched::{self, Watch};

/// What a synchronization may be told besides.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Syncing {
    delete: bool,
    dry_run: bool,
    trust_stamps: bool,
    rewrite: bool,
}

impl Syncing {
    /// Whether what is new goes behind the end of the archive's file, by one name of which alone half of a change is not read.
    fn is_behind(&self, path: &Path, plan: &SyncPlan) -> bool {
        let has_others = || File::open(path).is_ok_and(|file| has_other_names(&file).unwrap_or(false));
        !self.rewrite && plan.adds_only(self.delete) && !has_others()
    }
}

/// What was found, and what was done.
struct Done {
    plan: SyncPlan,
    stored: Option<Summary>,
}

/// Makes an archive hold what the inputs hold; makes it if it is not there.
#[pyfunction]
#[pyo3(signature = (path, samples, options, progress = None))]
pub(crate) fn sync<'py>(
    py: Python<'py>,
    path: PathBuf,
    samples: Vec<Given>,
    options: &Bound<'py, PyDict>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let run = WritingRun::new(&path, options, "ragc.sync")?.with_sources();
    let syncing: Syncing = options.extract()?;
    let syncing = &syncing;
    let done = watched::run_raising(py, progress.as_ref(), |watch| {
        let lock = match syncing.dry_run {
            true => None,
            false => Some(run.lock(watch)?),
        };
        let archive = match looked_at(&path).raised()?.is_some() {
            true => Some(Archive::open(&path).raised()?),
            false => None,
        };
        let archive = archive.as_ref();
        let rules = run.rules(archive)?;
        let samples = inputs::of_folders(samples).raised()?;
        let inputs = run.inputs(samples, rules, watch)?;
        let options = run.options(rules);
        let observer: Arc<dyn Observer> = watch.clone();
        let plan = options
            .plan_sync(archive, &inputs, syncing.trust_stamps, &observer)
            .raised()?;
        let lock = lock.filter(|_| !plan.is_empty(syncing.delete));
        let stored = match (lock, archive) {
            (None, _) => None,
            (Some(_lock), Some(archive)) if !run.is_read_back() && syncing.is_behind(&path, &plan) => {
                let inputs: Vec<Input> = plan.to_store().cloned().collect();
                Some(behind(archive, &inputs, &options, &path, watch).raised()?)
            }
            (Some(lock), _) => run.write(lock, true, watch, |file| {
                let plan = (&plan, syncing.delete);
                store(archive, plan, options, &path, file, watch)
            })?,
        };
        Ok(Done { plan, stored })
    })?;
    told(py, &done, syncing)
}

/// Writes what the inputs hold.
fn store(
    archive: Option<&Archive>,
    (plan, deletes): (&SyncPlan, bool),
    options: AppendOptions,
    path: &Path,
    file: impl Write + Send,
    watch: &Arc<Watch>,
) -> ragc_core::Result<Option<Summary>> {
    match archive {
        None => {
            let inputs: Vec<Input> = plan.to_store().cloned().collect();
            CreateOptions::from(options)
                .create(&inputs, file, watch.clone())
                .map(Some)
        }
        Some(archive) => {
            let scratch = folder_of(path);
            let synced = options.sync(archive, plan, deletes, scratch, file, watch.clone());
            synced.map(|synced| synced.stored)
        }
    }
}

fn told<'py>(py: Python<'py>, done: &Done, syncing: &Syncing) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    let changes: Vec<(&str, &str, Option<&str>)> = done
        .plan
        .samples()
        .map(|(input, change)| {
            let (change, evidence) = words_of(change);
            (&*input.sample, change, evidence)
        })
        .collect();
    told.set_item("samples", changes)?;
    let gone = done.plan.gone.iter().map(Vec::as_slice);
    told.set_item("gone", summary::list(py, gone)?)?;
    told.set_item(
        "is_changed",
        !syncing.dry_run && !done.plan.is_empty(syncing.delete),
    )?;
    let stored = done.stored.as_ref();
    let stored = stored.map(|stored| summary::of_summary(py, stored)).transpose()?;
    told.set_item("stored", stored)?;
    Ok(told)
}

/// What is with a sample, and by what that is known.
fn words_of(change: SampleChange) -> (&'static str, Option<&'static str>) {
    (change.code(), change.evidence().map(Evidence::code))
}
