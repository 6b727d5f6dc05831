//! More samples in an archive.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::compress::{AppendOptions, Input, Summary};
use ragc_core::in_place::Change;
use ragc_core::internals::identity::is_same_file;
use ragc_core::{Archive, Keep, compress};

use super::inputs::{self, Given};
use super::options::Storing;
use super::{output, provenance, summary};
use crate::errors::Raised;
use crate::watched::{self, Watch, Watched};

/// Where the archive with the new samples goes.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Going {
    output: Option<PathBuf>,
    rewrite: bool,
    force: bool,
}

/// Adds samples to an archive: behind the end of its file, or in a new one.
#[pyfunction]
#[pyo3(signature = (path, samples, options, progress = None))]
pub(crate) fn append<'py>(
    py: Python<'py>,
    path: PathBuf,
    samples: Vec<Given>,
    options: &Bound<'py, PyDict>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let storing: Storing = options.extract()?;
    let going: Going = options.extract()?;
    let provenance = provenance::provenance(storing.provenance, "ragc.append")?;
    // Words are checked before anything is waited for.
    storing.rules(Keep::ALL)?;
    let stored = watched::run_raising(py, progress.as_ref(), |watch| {
        let output = going.output.as_deref().unwrap_or(&path);
        let lock = output::lock(output, storing.wait, watch).raised()?;
        let archive = Archive::open(&path).raised()?;
        let rules = storing.rules(keep(&archive).raised()?)?;
        let appending = Appending {
            archive: &archive,
            options: storing.append(rules, provenance),
            watch,
        };
        let inputs = inputs::inputs(samples, rules, output, watch).raised()?;
        let is_same = is_same_file(output, &path);
        match is_same && !going.rewrite {
            true => appending.behind(&inputs, &path).raised(),
            false => {
                let file = output::begin(lock, going.force || is_same, watch).raised()?;
                appending.anew(&inputs, file).raised()
            }
        }
    })?;
    summary::of_summary(py, &stored)
}

/// What is kept of new samples if nothing is said: what is kept of the others.
pub(super) fn keep(archive: &Archive) -> ragc_core::Result<Keep> {
    match archive.samples()?.is_empty() {
        true => Ok(Keep::ALL),
        false => archive.keep(),
    }
}

/// A run on an open archive.
struct Appending<'a> {
    archive: &'a Archive,
    options: AppendOptions,
    watch: &'a Arc<Watch>,
}

impl Appending<'_> {
    /// Behind the end of its file, which is cut back if anything fails.
    fn behind(&self, inputs: &[Input], path: &Path) -> ragc_core::Result<Summary> {
        let mut change = Watched::new(Change::begin(path, self.archive)?, self.watch);
        let watch = Arc::clone(self.watch);
        let stored = compress::append_behind(self.archive, inputs, &self.options, &mut change, watch)?;
        self.watch.check()?;
        change.into_inner().finish()?;
        Ok(stored)
    }

    /// Into a new file.
    fn anew(
        &self,
        inputs: &[Input],
        mut file: Watched<ragc_core::archive_file::ArchiveFile>,
    ) -> ragc_core::Result<Summary> {
        let watch = Arc::clone(self.watch);
        let stored = compress::append(self.archive, inputs, &self.options, &mut file, watch)?;
        output::finish(file, self.watch)?;
        Ok(stored)
    }
}
