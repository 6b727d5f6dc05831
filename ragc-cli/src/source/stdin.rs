//! Standard input can be read once.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::UsageError;

/// By this name a redirected file is opened anew.
pub(crate) const STDIN_FILE: &str = "/dev/stdin";
/// Names of standard input.
const NAMES: [&str; 4] = ["-", STDIN_FILE, "/dev/fd/0", "/proc/self/fd/0"];

static IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// Whether a path is standard input by another name.
pub(crate) fn is_stdin(path: &Path) -> bool {
    NAMES.iter().any(|name| path.as_os_str() == *name)
}

/// Takes standard input, for the archive or for a list.
///
/// # Errors
/// When it is taken already.
pub(crate) fn claim_stdin() -> Result<(), UsageError> {
    match IS_TAKEN.swap(true, Ordering::Relaxed) {
        false => Ok(()),
        true => Err(UsageError(
            "standard input is asked for twice: one of the two has to come from a file".to_owned(),
        )),
    }
}
