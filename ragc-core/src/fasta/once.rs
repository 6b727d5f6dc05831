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

    /// Looks at what comes first, which is still to come afterwards, with the error that it may have met: a reader need not tell it twice. `look`
    /// gives its answer and what it has read.
    pub(super) fn look<T>(&self, look: impl FnOnce(&mut dyn Read) -> (T, Vec<u8>)) -> Result<T> {
        let mut reader = Watched {
            reader: self.take()?,
            failed: None,
        };
        let (answer, begun) = look(&mut reader);
        let Watched { reader, failed } = reader;
        let rest = Failing(failed).chain(reader);
        *lock(&self.0) = Some(Box::new(io::Cursor::new(begun).chain(rest)));
        Ok(answer)
    }
}

/// A reader whose last error is kept.
struct Watched<R> {
    reader: R,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buf);
        read.map_err(|error| {
            let kind = error.kind();
            if kind != io::ErrorKind::Interrupted {
                self.failed = Some(error);
            }
            kind.into()
        })
    }
}

/// Fails once, or is empty.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _buf: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_is_met_while_looking_is_not_lost() {
        let fails_once = || Failing(Some(io::Error::other("the line is gone")));
        let once = Once::new((&b">a\nAC"[..]).chain(fails_once()).chain(&b"GT\n"[..]));
        let look = |reader: &mut dyn Read| {
            let mut begun = Vec::new();
            (reader.read_to_end(&mut begun).is_err(), begun)
        };
        assert!(once.look(look).unwrap());
        let mut text = Vec::new();
        let error = once.take().unwrap().read_to_end(&mut text).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), &text[..]),
            ("the line is gone", &b">a\nAC"[..])
        );

        let once = Once::new(&b">a\nACGT\n"[..]);
        assert!(!once.look(look).unwrap());
        let mut text = Vec::new();
        once.take().unwrap().read_to_end(&mut text).unwrap();
        assert_eq!(text, b">a\nACGT\n");
    }
}
