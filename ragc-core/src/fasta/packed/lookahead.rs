//! A buffer before an input, in which one can look ahead.

use std::io::{self, Read};
use std::ops::Range;

/// Bytes read at a time.
const BUFFER_LEN: usize = 64 << 10;

/// Reads through a buffer, and shows what comes next.
#[derive(Debug)]
pub(super) struct Peekable<R> {
    input: R,
    buffer: Box<[u8]>,
    /// What of the buffer has not been taken.
    ahead: Range<usize>,
}

impl<R: Read> Peekable<R> {
    /// Looks `n` bytes ahead; enough for whoever then reads with a buffer of his own.
    pub(super) fn of_start(input: R, n: usize) -> Self {
        Self {
            input,
            buffer: vec![0; n].into_boxed_slice(),
            ahead: 0..0,
        }
    }

    /// Reads many bytes at a time from now on.
    pub(super) fn widened(mut self) -> Self {
        let mut buffer = std::mem::take(&mut self.buffer).into_vec();
        buffer.resize(BUFFER_LEN, 0);
        Self {
            buffer: buffer.into_boxed_slice(),
            ..self
        }
    }

    /// The next `n` bytes at least, which the buffer must hold; less only at the end.
    pub(super) fn peek(&mut self, n: usize) -> io::Result<&[u8]> {
        while self.ahead.len() < n {
            if self.ahead.start > 0 {
                self.buffer.copy_within(self.ahead.clone(), 0);
                self.ahead = 0..self.ahead.len();
            }
            match self.input.read(&mut self.buffer[self.ahead.end..])? {
                0 => break,
                n_read => self.ahead.end += n_read,
            }
        }
        Ok(&self.buffer[self.ahead.clone()])
    }

    /// What comes next; empty at the end only.
    pub(super) fn fill(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    /// Takes bytes that have been shown.
    pub(super) fn consume(&mut self, n: usize) {
        self.ahead.start = self.ahead.end.min(self.ahead.start + n);
    }
}

impl<R: Read> Read for Peekable<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.ahead.is_empty() && buf.len() >= self.buffer.len() {
            return self.input.read(buf);
        }
        let ahead = self.fill()?;
        let n = ahead.len().min(buf.len());
        buf[..n].copy_from_slice(&ahead[..n]);
        self.consume(n);
        Ok(n)
    }
}
