//! What goes behind the end of an archive's file.

use std::path::Path;
use std::sync::Arc;

use ragc_core::Archive;
use ragc_core::compress::{AppendOptions, Input, Summary};
use ragc_core::in_place::Change;

use crate::watched::{CancellableSink, Watch};

/// Adds samples behind the end of the archive's file, which is cut back if anything fails.
pub(super) fn behind(
    archive: &Archive,
    inputs: &[Input],
    options: &AppendOptions,
    path: &Path,
    watch: &Arc<Watch>,
) -> ragc_core::Result<Summary> {
    let mut change = CancellableSink::new(Change::begin(path, archive)?, watch);
    let stored = options.append_behind(archive, inputs, &mut change, watch.clone())?;
    watch.settle()?;
    change.into_inner().finish()?;
    Ok(stored)
}
