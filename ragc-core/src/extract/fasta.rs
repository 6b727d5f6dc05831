//! Wrapped FASTA text.

use std::io::Write;

use crate::error::{Error, Result};
use crate::extract::SampleSink;
use crate::text_buffer::{BUFFER_LEN, TextBuffer};

/// Symbols per line unless something else is asked for.
pub(crate) const DEFAULT_LINE_WIDTH: usize = 80;

/// Writes contigs as FASTA: `>` and the name, then lines of a fixed width, each ended by LF.
///
/// # Finish
/// The last line is only written by [`Self::finish`].
#[derive(Debug)]
pub struct FastaWriter<W> {
    out: TextBuffer<W>,
    line_width: usize,
    /// Symbols on the current line; a line that is full is still open.
    column: usize,
}

impl<W: Write> FastaWriter<W> {
    /// Starts a text of lines of `line_width` symbols; 0 is taken for 1.
    pub fn new(sink: W, line_width: usize) -> Self {
        Self {
            out: TextBuffer::new(sink),
            line_width: line_width.max(1),
            column: 0,
        }
    }

    /// Starts a contig: ends the one before and writes the header line.
    ///
    /// # Errors
    /// `Io` when the sink fails.
    pub fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        self.end_line();
        self.out.text.push(b'>');
        self.out.text.extend_from_slice(name);
        self.out.text.push(b'\n');
        self.out.flush_if_full()
    }

    /// Appends letters to the current contig.
    ///
    /// # Errors
    /// `Io` when the sink fails.
    pub fn letters(&mut self, mut letters: &[u8]) -> Result<()> {
        while !letters.is_empty() {
            if self.column == self.line_width {
                self.end_line();
            }
            let n = letters.len().min(self.line_width - self.column).min(BUFFER_LEN);
            let (line, rest) = letters.split_at(n);
            self.out.text.extend_from_slice(line);
            self.column += n;
            letters = rest;
            self.out.flush_if_full()?;
        }
        Ok(())
    }

    /// Ends the last line, flushes the sink and gives it back.
    ///
    /// # Errors
    /// `Io` when the sink fails.
    pub fn finish(mut self) -> Result<W> {
        self.end_line();
        let mut sink = self.out.finish()?;
        sink.flush().map_err(Error::of_sink)?;
        Ok(sink)
    }

    fn end_line(&mut self) {
        if self.column > 0 {
            self.out.text.push(b'\n');
            self.column = 0;
        }
    }
}

/// FASTA of samples, one after the other, with the names of contigs as headers.
#[derive(Debug)]
pub(crate) struct FastaSink<W> {
    fasta: FastaWriter<W>,
}

impl<W: Write> FastaSink<W> {
    pub(crate) fn new(out: W, line_width: usize) -> Self {
        Self {
            fasta: FastaWriter::new(out, line_width),
        }
    }

    pub(crate) fn finish(self) -> Result<W> {
        self.fasta.finish()
    }
}

impl<W: Write + Send> SampleSink for FastaSink<W> {
    fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        self.fasta.start_contig(name)
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.fasta.letters(letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_and_ended() {
        let mut fasta = FastaWriter::new(Vec::new(), 4);
        fasta.start_contig(b"a b").unwrap();
        fasta.letters(b"ACG").unwrap();
        fasta.letters(b"TNR").unwrap();
        fasta.start_contig(b"empty").unwrap();
        fasta.start_contig(b"full").unwrap();
        fasta.letters(b"UUUUUUUU").unwrap();
        assert_eq!(
            fasta.finish().unwrap(),
            b">a b\nACGT\nNR\n>empty\n>full\nUUUU\nUUUU\n"
        );
    }

    #[test]
    fn a_very_long_line_is_not_held_in_memory() {
        let mut fasta = FastaWriter::new(Vec::new(), usize::MAX);
        fasta.start_contig(b"x").unwrap();
        fasta.letters(&vec![b'A'; 5 * BUFFER_LEN]).unwrap();
        assert!(fasta.out.text.len() < 2 * BUFFER_LEN);
        assert_eq!(fasta.finish().unwrap().len(), 3 + 5 * BUFFER_LEN + 1);
    }
}
