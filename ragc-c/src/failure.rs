//! Why a call failed, and the last failure of each thread.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::io;

use ragc_core::{Error, ErrorKind};

use crate::code;

/// Why a call failed.
#[derive(Debug)]
pub(crate) struct Failure {
    code: i32,
    text: String,
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// The caller has given what cannot be.
    pub(crate) fn argument(text: impl Into<String>) -> Self {
        Self {
            code: code::BAD_ARGUMENT,
            text: text.into(),
        }
    }

    /// An error of this kind that has a text of its own.
    pub(crate) fn of_kind(kind: &ErrorKind, text: impl Into<String>) -> Self {
        Self {
            code: code::of(kind),
            text: text.into(),
        }
    }

    /// Makes it the last failure of this thread, and gives its code.
    pub(crate) fn tell(self) -> i32 {
        let text = CString::new(self.text.replace('\0', "\\0")).unwrap_or_default();
        // While a thread ends it has no last failure any more, and nobody who could ask.
        let _ = LAST.try_with(|last| *last.borrow_mut() = (self.code, text));
        self.code
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::of_kind(error.kind(), error.to_string())
    }
}

/// Of what was read out of an archive: the error of the library is inside.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.downcast::<Error>() {
            Ok(error) => error.into(),
            Err(error) => Error::io("cannot read", error).into(),
        }
    }
}

thread_local! {
    static LAST: RefCell<(i32, CString)> = RefCell::new((code::OK, CString::default()));
}

/// Code of the last failure of this thread.
pub(crate) fn last_code() -> i32 {
    LAST.try_with(|last| last.borrow().0).unwrap_or(code::OK)
}

/// Text of the last failure of this thread, which stays where it is until the next one.
pub(crate) fn last_text() -> *const c_char {
    LAST.try_with(|last| last.borrow().1.as_ptr())
        .unwrap_or(c"".as_ptr())
}
