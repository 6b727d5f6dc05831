//! The border: a panic of Rust goes no further.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ragc_core::{Error, ErrorKind};

use crate::code;
use crate::failure::Result;
use crate::memory;

/// Does the work of a function; what it returns when that fails is told by the code of the failure.
pub(crate) fn guarded<T>(failed: impl FnOnce(i32) -> T, work: impl FnOnce() -> Result<T>) -> T {
    // What is shared was made for threads that panic: locks are taken over, and values that were not complete are made again.
    let panicked = |_| Err(Error::new(ErrorKind::Internal("a function of the library panicked")).into());
    memory::begin();
    match catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked) {
        Ok(value) => value,
        Err(failure) => failed(failure.tell()),
    }
}

/// Of functions that return a code.
pub(crate) fn status(work: impl FnOnce() -> Result<()>) -> i32 {
    guarded(|code| code, || work().map(|()| code::OK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, last_code, last_text};

    #[test]
    fn a_panic_is_an_error_and_the_last_one_is_told() {
        assert_eq!(status(|| Ok(())), code::OK);
        assert_eq!(
            (last_code(), last_text().is_null()),
            (code::OK, false),
            "nothing has failed yet"
        );
        assert_eq!(status(|| panic!("made for a test")), -18);
        assert_eq!(last_code(), -18);
        assert_eq!(status(|| Err(Failure::argument("with a \0"))), code::BAD_ARGUMENT);
        assert_eq!(last_code(), code::BAD_ARGUMENT);
    }
}
