//! Where an output goes.

use std::path::{Path, PathBuf};

/// The file, or the folder, that is asked for; `None` is standard output, and so is `-`. `./-` is a file.
pub(crate) fn place_of(output: &Option<PathBuf>) -> Option<&Path> {
    output.as_deref().and_then(place)
}

/// The same of what has to be named.
pub(crate) fn place(output: &Path) -> Option<&Path> {
    (output.as_os_str() != "-").then_some(output)
}
