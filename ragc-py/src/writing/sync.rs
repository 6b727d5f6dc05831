//! An archive becomes what files are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::compress::{
    self, Evidence, Input, InputRules, SampleChange, Summary, SyncOptions, SyncPlan, Synced, plan_sync,
};
use ragc_core::internals::folder::folder_of;
use ragc_core::observe::Observer;
use ragc_core::{Archive, Keep};

use super::append::keep;
use super::inputs::{self, Given};
use super::options::Storing;
use super::{output, provenance, summary};
use crate::errors::Raised;
use crate::watched::{self, Watch};

/// What a synchronization may be told besides.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Syncing {
    delete: bool,
    dry_run: bool,
    trust_stamps: bool,
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
    let storing: Storing = options.extract()?;
    let syncing: Syncing = options.extract()?;
    storing.rules(Keep::ALL)?;
    let run = Run {
        path: &path,
        storing: &storing,
        syncing: &syncing,
    };
    let done = watched::run_raising(py, progress.as_ref(), |watch| run.sync(samples, watch))?;
    told(py, &done, &syncing)
}

struct Run<'a> {
    path: &'a Path,
    storing: &'a Storing,
    syncing: &'a Syncing,
}

impl Run<'_> {
    fn sync(&self, samples: Vec<Given>, watch: &Arc<Watch>) -> PyResult<Done> {
        let lock = match self.syncing.dry_run {
            true => None,
            false => Some(output::lock(self.path, self.storing.wait, watch).raised()?),
        };
        let archive = match self.path.exists() {
            true => Some(Archive::open(self.path).raised()?),
            false => None,
        };
        let archive = archive.as_ref();
        let kept = archive.map_or(Ok(Keep::ALL), keep).raised()?;
        let rules = self.storing.rules(kept)?;
        let inputs = inputs::inputs(samples, rules, self.path, watch).raised()?;
        let options = SyncOptions::default()
            .with_rules(rules)
            .with_trusted_stamps(self.syncing.trust_stamps)
            .with_threads(self.storing.n_threads());
        let observer: Arc<dyn Observer> = watch.clone();
        let plan = plan_sync(archive, &inputs, &options, &observer).raised()?;
        let lock = lock.filter(|_| !plan.is_empty(self.syncing.delete));
        let stored = match lock {
            None => None,
            Some(lock) => {
                let mut file = output::begin(lock, true, watch).raised()?;
                let stored = self.store(archive, &plan, rules, &mut file, watch)?;
                output::finish(file, watch).raised()?;
                stored
            }
        };
        Ok(Done { plan, stored })
    }

    fn store(
        &self,
        archive: Option<&Archive>,
        plan: &SyncPlan,
        rules: InputRules,
        file: impl std::io::Write + Send,
        watch: &Arc<Watch>,
    ) -> PyResult<Option<Summary>> {
        let provenance = provenance::provenance(self.storing.provenance, "ragc.sync")?;
        let provenance = provenance.map(|run| run.with_sources(true));
        let Some(archive) = archive else {
            let inputs: Vec<Input> = plan.to_store().cloned().collect();
            let options = self.storing.create(rules, provenance);
            return compress::create(&inputs, &options, file, watch.clone())
                .map(Some)
                .raised();
        };
        let options = self.storing.append(rules, provenance);
        let deletes = self.syncing.delete;
        let scratch = folder_of(self.path);
        let synced: ragc_core::Result<Synced> =
            compress::sync(archive, plan, deletes, &options, scratch, file, watch.clone());
        Ok(synced.raised()?.stored)
    }
}

fn told<'py>(py: Python<'py>, done: &Done, syncing: &Syncing) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    let changes: Vec<(&str, &str, Option<&str>)> = done
        .plan
        .samples
        .iter()
        .map(|planned| {
            let (change, evidence) = words_of(planned.change);
            (&*planned.input.sample, change, evidence)
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
    let word = |evidence| match evidence {
        Evidence::Stamps => "stamps",
        Evidence::Digest => "digest",
        Evidence::Content => "content",
    };
    match change {
        SampleChange::New => ("new", None),
        SampleChange::Changed(evidence) => ("changed", Some(word(evidence))),
        SampleChange::Unchanged(evidence) => ("unchanged", Some(word(evidence))),
    }
}
