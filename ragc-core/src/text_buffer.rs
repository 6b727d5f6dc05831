//! Text on its way to a sink, handed over in large pieces.

use crate::error::{Error, Result};
use std::io::Write;

/// Text is handed to the sink in pieces of about this size.
pub(crate) const BUFFER_LEN: usize = 1 << 16;

/// Gathers text for a sink. Unlike with the writers of the standard library, what is gathered when it is dropped is lost: a run that
/// failed adds nothing more.
#[derive(Debug)]
pub(crate) struct TextBuffer<W> {
    sink: W,
    pub(crate) text: Vec<u8>,
}

impl<W: Write> TextBuffer<W> {
    pub(crate) fn new(sink: W) -> Self {
        Self {
            sink,
            text: Vec::with_capacity(BUFFER_LEN + 256),
        }
    }

    /// Hands the text over if there is much of it.
    ///
    /// # Errors
    /// `Io` when the sink fails.
    pub(crate) fn flush_if_full(&mut self) -> Result<()> {
        if self.text.len() >= BUFFER_LEN {
            self.write_text()
        } else {
            Ok(())
        }
    }

    /// Hands all text over and gives the sink back, which is not flushed.
    ///
    /// # Errors
    /// `Io` when the sink fails.
    pub(crate) fn finish(mut self) -> Result<W> {
        self.write_text()?;
        Ok(self.sink)
    }

    fn write_text(&mut self) -> Result<()> {
        self.sink.write_all(&self.text).map_err(Error::of_sink)?;
        self.text.clear();
        Ok(())
    }
}
