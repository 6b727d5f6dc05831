//! Cuts FASTA text into headers and pieces of sequence lines.

use super::name;
use crate::error::{Error, Result};
use std::io::{self, Read};
use std::ops::Range;

/// Longest header line that is accepted, in bytes.
const MAX_HEADER_LEN: usize = 1 << 20;

/// Bytes read at a time.
const BUFFER_LEN: usize = 1 << 16;

/// A piece of a FASTA text.
#[derive(Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A header line without its `>` and without its end.
    Header {
        /// The text of the line.
        name: &'a [u8],
        /// Its 1-based number.
        line: u64,
    },
    /// Part of a sequence line of the record whose header came last.
    Sequence {
        /// The bytes; never empty, without line ends.
        piece: &'a [u8],
        /// The 1-based number of the line.
        line: u64,
    },
}

/// Streaming FASTA reader.
///
/// Lines end with LF, CR LF, or CR alone. Empty lines mean nothing. A record may have no sequence.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    /// Its own, and not that of a `BufRead`, which would be asked anew for each line.
    buffer: Box<[u8]>,
    /// What of the buffer has been read and is in no token yet.
    ahead: Range<usize>,
    header: Vec<u8>,
    /// 1-based line that is being read.
    line: u64,
    at_line_start: bool,
    after_cr: bool,
    seen_header: bool,
}

impl<R: Read> Reader<R> {
    /// Starts reading at the first byte of a FASTA text.
    pub fn new(input: R) -> Self {
        Self::with_buffer_len(BUFFER_LEN, input)
    }

    /// As [`Self::new`], reading so many bytes at a time, at least one.
    pub fn with_buffer_len(buffer_len: usize, input: R) -> Self {
        Self {
            input,
            buffer: vec![0; buffer_len.max(1)].into_boxed_slice(),
            ahead: 0..0,
            header: Vec::new(),
            line: 1,
            at_line_start: true,
            after_cr: false,
            seen_header: false,
        }
    }

    /// What the text is read from.
    pub fn input(&self) -> &R {
        &self.input
    }

    /// The next token, or `None` at the end.
    ///
    /// # Errors
    /// `Io` when the input cannot be read (a damaged or truncated compressed file is such a case), `BadInput` for text
    /// that is not FASTA; each with its line.
    pub fn next_token(&mut self) -> Result<Option<Token<'_>>> {
        self.next_token_after(|_| {})
    }

    /// As [`Self::next_token`], telling each byte of a line end that is passed on the way.
    ///
    /// # Errors
    /// As [`Self::next_token`].
    pub fn next_token_after(&mut self, mut passed: impl FnMut(u8)) -> Result<Option<Token<'_>>> {
        loop {
            let Some(first) = self.fill()?.first().copied() else {
                return Ok(None);
            };
            match first {
                b'\n' | b'\r' => {
                    passed(first);
                    self.end_line(first);
                }
                b'>' if self.at_line_start => {
                    self.read_header()?;
                    return Ok(Some(Token::Header {
                        name: &self.header,
                        line: self.line,
                    }));
                }
                _ if !self.seen_header => return Err(self.text_before_header(first)),
                _ => break,
            }
        }
        self.at_line_start = false;
        self.after_cr = false;
        let ahead = &self.buffer[self.ahead.clone()];
        let piece = &ahead[..memchr::memchr2(b'\n', b'\r', ahead).unwrap_or(ahead.len())];
        self.ahead.start += piece.len();
        Ok(Some(Token::Sequence {
            piece,
            line: self.line,
        }))
    }

    /// What has been read and is in no token yet; empty at the end of the input only.
    #[inline]
    fn fill(&mut self) -> Result<&[u8]> {
        if self.ahead.is_empty() {
            self.refill()?;
        }
        Ok(&self.buffer[self.ahead.clone()])
    }

    #[cold]
    fn refill(&mut self) -> Result<()> {
        loop {
            match self.input.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(read_error(error).at_line(self.line)),
                Ok(n) => {
                    self.ahead = 0..n;
                    return Ok(());
                }
            }
        }
    }

    /// Passes one byte of a line end; CR LF is one end.
    fn end_line(&mut self, byte: u8) {
        self.ahead.start += 1;
        if !(byte == b'\n' && self.after_cr) {
            self.line += 1;
        }
        self.after_cr = byte == b'\r';
        self.at_line_start = true;
    }

    /// Reads a header line up to its end, which is left in the input.
    fn read_header(&mut self) -> Result<()> {
        self.seen_header = true;
        self.after_cr = false;
        self.at_line_start = false;
        self.header.clear();
        self.ahead.start += 1;
        loop {
            let ahead = self.fill()?;
            let end = memchr::memchr2(b'\n', b'\r', ahead);
            let len = end.unwrap_or(ahead.len());
            let is_end = end.is_some() || ahead.is_empty();
            if self.header.len() + len > MAX_HEADER_LEN {
                return Err(Error::bad_input("a header line is longer than a megabyte").at_line(self.line));
            }
            self.header
                .extend_from_slice(&self.buffer[self.ahead.start..][..len]);
            self.ahead.start += len;
            if is_end {
                break;
            }
        }
        if self.header.is_empty() {
            return Err(Error::bad_input("a record without a name").at_line(self.line));
        }
        match name::control_in(&self.header).filter(|byte| *byte != b'\t') {
            None => Ok(()),
            Some(0) => Err(Error::bad_input("a NUL byte in a header line").at_line(self.line)),
            Some(byte) => {
                let why = format!("a control character ({byte:02X} hex) in a header line");
                Err(Error::bad_input(why).at_line(self.line))
            }
        }
    }

    fn text_before_header(&self, first: u8) -> Error {
        let why = match first {
            b'@' => "this looks like FASTQ; only FASTA can be stored",
            _ => "not FASTA: text before the first header line ('>')",
        };
        Error::bad_input(why).at_line(self.line)
    }
}

fn read_error(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::io("the compressed data are cut short", error),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            Error::io("the compressed data are damaged", error)
        }
        io::ErrorKind::Unsupported => Error::bad_input(error.to_string()),
        _ => Error::io("cannot read", error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Records = Vec<(Vec<u8>, Vec<u8>)>;

    fn records(text: &[u8], buffer_len: usize) -> Result<Records> {
        let mut reader = Reader::with_buffer_len(buffer_len, text);
        let mut records = Records::new();
        while let Some(token) = reader.next_token()? {
            match token {
                Token::Header { name, .. } => records.push((name.to_vec(), Vec::new())),
                Token::Sequence { piece, .. } => {
                    records.last_mut().expect("a header came first").1.extend(piece)
                }
            }
        }
        Ok(records)
    }

    fn pairs(expected: &[(&str, &str)]) -> Records {
        expected
            .iter()
            .map(|(n, s)| (n.as_bytes().to_vec(), s.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn line_ends_blank_lines_and_empty_records() {
        let expected = pairs(&[("a x ", "ACGT"), ("b", ""), ("c>d", "GG"), ("e", "")]);
        for text in [
            ">a x \nAC\nGT\n>b\n>c>d\nGG\n>e",
            "\n\n>a x \r\nAC\r\nGT\r\n\r\n>b\r\n>c>d\r\n\r\nGG\r\n>e\r\n",
            ">a x \rAC\rGT\r>b\r>c>d\rGG\r>e\r",
        ] {
            for buffer_len in 1..20 {
                assert_eq!(
                    records(text.as_bytes(), buffer_len).unwrap(),
                    expected,
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_fasta_is_refused_with_its_line() {
        for (text, message) in [
            ("ACGT\n", "line 1: not FASTA"),
            ("\n\r\nx>y\n", "line 3: not FASTA"),
            ("@r1\nACGT\n+\nIIII\n", "line 1: this looks like FASTQ"),
            (">a\nAC\n>\nGT\n", "line 3: a record without a name"),
            (">a\0b\nAC\n", "line 1: a NUL byte"),
            (">a\tb\n>a\x1B[2Jb\nAC\n", "line 2: a control character (1B hex)"),
            (">a\x7F\nAC\n", "line 1: a control character (7F hex)"),
        ] {
            let error = records(text.as_bytes(), 3).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn lines_are_counted_from_one() {
        let mut reader = Reader::new(&b">a\r\nAC\r\n\r\nGT\r>b"[..]);
        let mut lines = Vec::new();
        while let Some(token) = reader.next_token().unwrap() {
            let (Token::Header { line, .. } | Token::Sequence { line, .. }) = token;
            lines.push(line);
        }
        assert_eq!(lines, [1, 2, 4, 5]);
    }

    proptest! {
        /// needletail reads whole records and is the independent twin here.
        #[test]
        fn agrees_with_needletail(
            expected in proptest::collection::vec(("[a-z][a-z0-9 |]{0,12}", proptest::collection::vec("[ACGTN]{1,9}", 1..4)), 1..5),
            crlf in any::<bool>(),
            buffer_len in 1usize..30,
        ) {
            let end = if crlf { "\r\n" } else { "\n" };
            let text: String = expected.iter()
                .map(|(name, lines)| format!(">{name}{end}{}{end}", lines.join(end)))
                .collect();
            let ours = records(text.as_bytes(), buffer_len).unwrap();
            let mut theirs = Records::new();
            let mut parser = needletail::parse_fastx_reader(std::io::Cursor::new(text.clone().into_bytes())).unwrap();
            while let Some(record) = parser.next() {
                let record = record.unwrap();
                theirs.push((record.id().to_vec(), record.seq().to_vec()));
            }
            prop_assert_eq!(ours, theirs);
        }
    }
}
