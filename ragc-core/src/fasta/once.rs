//! Text of a reader, which can be read once.

use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};

use crate::error::{Error, Result};
use crate::lock::lock;

/// A reader until somebody takes it.
#[derive(Clone)]
pub(super) struct Once(Arc<Mutex<Option<Box<dyn Read + Send>>>>);

impl Once {
    pub(super) fn new(reader: impl Read + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::new(reader)))))
    }

    /// The reader.
    ///
    /// # Errors
    /// `BadInput` when it has been taken.
    pub(super) fn take(&self) -> Result<Box<dyn Read + Send>> {
        let reader = lock(&self.0).take();
        reader.ok_or_else(|| Error::bad_input("a reader can be read once, and was"))
    }

    /// Looks at what comes first, which is still to come afterwards. `look` gives its answer and what it has read.
    pub(super) fn look<T>(&self, look: impl FnOnce(&mut dyn Read) -> (T, Vec<u8>)) -> Result<T> {
        let mut reader = self.take()?;
        let (answer, begun) = look(&mut reader);
        *lock(&self.0) = Some(Box::new(io::Cursor::new(begun).chain(reader)));
        Ok(answer)
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Once").finish_non_exhaustive()
    }
}

impl PartialEq for Once {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Once {}
