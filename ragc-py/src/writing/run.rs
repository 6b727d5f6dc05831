//! What the runs that store samples have in common.

use std::path::Path;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::archive_file::{ArchiveFile, ArchiveLock};
use ragc_core::compress::{AppendOptions, Input, InputRules};
use ragc_core::provenance::Provenance;
use ragc_core::{Archive, Keep};

use super::inputs::{self, Given};
use super::options::{self, Storing};
use super::{output, provenance};
use crate::errors::Raised;
use crate::watched::{CancellableSink, Watch};

/// A run that writes an archive to a file.
pub(super) struct WritingRun<'a> {
    output: &'a Path,
    storing: Storing,
    provenance: Option<Provenance>,
}

impl<'a> WritingRun<'a> {
    /// The run that was asked for by this function of Python: what was said is checked before anything is waited for.
    pub(super) fn new(output: &'a Path, options: &Bound<'_, PyDict>, function: &str) -> PyResult<Self> {
        options::check(options)?;
        let storing: Storing = options.extract()?;
        storing.rules(Keep::ALL)?;
        Ok(Self {
            output,
            provenance: provenance::provenance(storing.provenance, function)?,
            storing,
        })
    }

    /// As it is, but the archive tells of all samples where they came from.
    pub(super) fn with_sources(mut self) -> Self {
        self.provenance = self.provenance.map(|run| run.with_sources(true));
        self
    }

    /// Whether the archive is read back before it has its name.
    pub(super) fn is_read_back(&self) -> bool {
        self.storing.verify
    }

    pub(super) fn n_threads(&self) -> usize {
        self.storing.n_threads()
    }

    /// The right to write the archive, once nobody else writes it.
    pub(super) fn lock(&self, watch: &Watch) -> PyResult<ArchiveLock> {
        output::lock(self.output, self.storing.wait, watch).raised()
    }

    /// What is asked of inputs that go behind the samples of `archive`, if there is one. If nothing is said of it, what is kept of them is what is
    /// kept of these.
    pub(super) fn rules(&self, archive: Option<&Archive>) -> PyResult<InputRules> {
        self.storing.rules(match archive {
            Some(archive) if !archive.samples().raised()?.is_empty() => archive.keep().raised()?,
            _ => Keep::ALL,
        })
    }

    /// The samples, none of which is in the file that is written.
    pub(super) fn inputs(
        &self,
        samples: Vec<Given>,
        rules: InputRules,
        watch: &Arc<Watch>,
    ) -> PyResult<Vec<Input>> {
        inputs::inputs(samples, rules, self.output, watch).raised()
    }

    pub(super) fn options(&self, rules: InputRules) -> AppendOptions {
        self.storing.options(rules, self.provenance.clone())
    }

    /// A new archive, which has its name when it is complete and intact.
    pub(super) fn write<T>(
        &self,
        lock: ArchiveLock,
        is_forced: bool,
        watch: &Arc<Watch>,
        store: impl FnOnce(&mut CancellableSink<ArchiveFile>) -> ragc_core::Result<T>,
    ) -> PyResult<T> {
        let n_threads = self.is_read_back().then_some(self.n_threads());
        output::write(lock, is_forced, n_threads, watch, store).raised()
    }
}
