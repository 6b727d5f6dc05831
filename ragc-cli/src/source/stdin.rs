//! Standard input can be read once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::UsageError;

static IS_TAKEN: AtomicBool = AtomicBool::new(false);

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
