//! One archive of several.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::compress::MergeOptions;
use ragc_core::internals::identity::is_among;
use ragc_core::{Archive, Error, ErrorKind};

use super::options::{check, duplicates};
use super::{output, summary};
use crate::threads::{Threads, n_threads};
use crate::watched;

/// Bytes of what is decoded that are kept of each archive: a merge goes through them once.
const CACHE_LIMIT: u64 = 64 << 20;

/// What a merge may be told.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Merging {
    recompress: bool,
    duplicates: String,
    memory: Option<usize>,
    threads: Option<Threads>,
    verify: bool,
    force: bool,
    wait: bool,
}

/// Makes one archive of several, which appears when it is complete.
#[pyfunction]
#[pyo3(signature = (path, archives, options, progress = None))]
pub(crate) fn merge<'py>(
    py: Python<'py>,
    path: PathBuf,
    archives: Vec<PathBuf>,
    options: &Bound<'py, PyDict>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    check(options)?;
    let merging: Merging = options.extract()?;
    let (renames, skips) = duplicates(&merging.duplicates)?;
    let options = MergeOptions::default()
        .with_recompression(merging.recompress)
        .with_renamed_duplicates(renames)
        .with_skipped_duplicates(skips)
        .with_memory(merging.memory)
        .with_threads(n_threads(merging.threads));
    let merged = watched::run(py, progress.as_ref(), |watch| {
        let lock = output::lock(&path, merging.wait, watch)?;
        if is_among(&path, archives.iter().map(PathBuf::as_path))? {
            let why = "this is one of the archives that are merged; write to another file";
            return Err(Error::new(ErrorKind::BadOption(why.to_owned())).in_file(&path));
        }
        let n_threads = merging.verify.then(|| n_threads(merging.threads));
        output::write(lock, merging.force, n_threads, watch, |file| {
            options.merge(&open(&archives)?, file, watch.clone())
        })
    })?;
    summary::of_merged(py, &merged)
}

fn open(paths: &[PathBuf]) -> ragc_core::Result<Vec<Arc<Archive>>> {
    let open = |path| Archive::options().cache_limit(CACHE_LIMIT).open(path);
    paths.iter().map(|path| open(path).map(Arc::new)).collect()
}
