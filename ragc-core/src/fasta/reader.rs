//! Cuts FASTA text into headers and pieces of sequence lines.

use super::line_start;
use crate::alphabet::is_blank;
use crate::error::{Error, Result};
use crate::file_kind::{self, FileKind};
use crate::name;
use std::io::{self, Read};
use std::ops::Range;

/// Longest header line that is accepted, in bytes.
const MAX_HEADER_LEN: usize = 1 << 20;

/// Bytes read at a time.
const BUFFER_LEN: usize = 1 << 16;

/// The least: what has to be seen of a line to know what it is.
const MIN_BUFFER_LEN: usize = 4;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

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
/// Lines end with LF, CR LF, or CR alone. Empty lines, lines that begin with `;` or `#` (comments, in the old sense of
/// FASTA) and byte order marks mean nothing. A record may have no sequence.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    /// Its own, and not that of a `BufRead`, which would be asked anew for each line.
    buffer: Box<[u8]>,
    /// What of the buffer has been read and is in no token yet.
    ahead: Range<usize>,
    header: Vec<u8>,
    in_header: bool,
    /// The first bytes, to tell what this is if it is no FASTA.
    start: Vec<u8>,
    /// 1-based line that is being read.
    line: u64,
    at_line_start: bool,
    /// Of a line of which nothing else has been read.
    after_blank: bool,
    after_cr: bool,
    has_line_feeds: bool,
    /// The first that a carriage return has ended without a line feed behind it.
    first_bare_line: Option<u64>,
    seen_header: bool,
    /// Ends the piece before.
    last_residue: u8,
    comments: Comments,
}

/// Lines that were passed as comments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comments {
    /// How many there were.
    pub count: u64,
    /// The 1-based number of the first.
    pub first_line: u64,
}

impl<R: Read> Reader<R> {
    /// Starts reading at the first byte of a FASTA text.
    pub fn new(input: R) -> Self {
        Self::with_buffer_len(BUFFER_LEN, input)
    }

    /// As [`Self::new`], reading so many bytes at a time, at least a few.
    #[doc(hidden)]
    pub fn with_buffer_len(buffer_len: usize, input: R) -> Self {
        Self {
            input,
            buffer: vec![0; buffer_len.max(MIN_BUFFER_LEN)].into_boxed_slice(),
            ahead: 0..0,
            header: Vec::new(),
            in_header: false,
            start: Vec::new(),
            line: 1,
            at_line_start: true,
            after_blank: false,
            after_cr: false,
            has_line_feeds: false,
            first_bare_line: None,
            seen_header: false,
            last_residue: 0,
            comments: Comments::default(),
        }
    }

    /// What the text is read from.
    pub fn input(&self) -> &R {
        &self.input
    }

    /// Whether an error came while a header line was read: it does not belong to the record before.
    pub fn is_in_header(&self) -> bool {
        self.in_header
    }

    /// The error about a text without a record.
    pub fn no_record(&self) -> Error {
        other_kind(&self.start).unwrap_or_else(|| Error::bad_input("there is no sequence record in it"))
    }

    /// Comments so far.
    pub fn comments(&self) -> Comments {
        self.comments
    }

    /// The first line, counted from 1, that ends with a carriage return alone, if others end with a line feed: such a one may stand within a line, of which
    /// what follows is then a line of its own. Of all that was read.
    pub fn odd_line_end(&self) -> Option<u64> {
        let last = || self.after_cr.then(|| self.line - 1);
        let bare = self.first_bare_line.or_else(last);
        bare.filter(|_| self.has_line_feeds)
    }

    /// The next token, or `None` at the end.
    ///
    /// # Errors
    /// `Io` when the input cannot be read (a damaged or truncated compressed file is such a case), `BadInput` for text
    /// that is not FASTA; each with its line.
    pub fn next_token(&mut self) -> Result<Option<Token<'_>>> {
        self.next_token_after(|_| {})
    }

    /// As [`Self::next_token`], telling each byte that is passed on the way: of line ends, comments, blanks before a line.
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
                b'>' if self.at_line_start && !self.after_blank => {
                    self.read_header()?;
                    return Ok(Some(Token::Header {
                        name: &self.header,
                        line: self.line,
                    }));
                }
                _ if self.at_line_start && !first.is_ascii_alphabetic() => {
                    if !self.pass_start_of_line(first, &mut passed)? {
                        break;
                    }
                }
                _ if !self.seen_header => return Err(self.text_before_header()),
                _ => break,
            }
        }
        self.at_line_start = false;
        self.leave_line_end();
        let ahead = &self.buffer[self.ahead.clone()];
        let piece = &ahead[..memchr::memchr2(b'\n', b'\r', ahead).unwrap_or(ahead.len())];
        self.ahead.start += piece.len();
        self.last_residue = piece[piece.len() - 1];
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
        self.ahead = 0..0;
        self.read_behind().map(|_| ())
    }

    /// Reads behind what is ahead.
    fn read_behind(&mut self) -> Result<usize> {
        loop {
            match self.input.read(&mut self.buffer[self.ahead.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(read_error(error).at_line(self.line)),
                Ok(n) => {
                    let new = &self.buffer[self.ahead.end..][..n];
                    let n_wanted = file_kind::START_LEN.saturating_sub(self.start.len());
                    self.start.extend_from_slice(&new[..n.min(n_wanted)]);
                    self.ahead.end += n;
                    return Ok(n);
                }
            }
        }
    }

    /// Passes one byte of a line end; CR LF is one end.
    fn end_line(&mut self, byte: u8) {
        self.ahead.start += 1;
        self.has_line_feeds |= byte == b'\n';
        if !(byte == b'\n' && self.after_cr) {
            self.leave_line_end();
            self.line += 1;
        }
        self.after_cr = byte == b'\r';
        self.at_line_start = true;
        self.after_blank = false;
    }

    /// Nothing more belongs to the end of the line before.
    #[inline]
    fn leave_line_end(&mut self) {
        if self.after_cr {
            self.first_bare_line.get_or_insert(self.line - 1);
            self.after_cr = false;
        }
    }

    /// Passes what means nothing where a line starts: a blank, a comment, a byte order mark. `false` if there is none of
    /// these, but a line of a sequence.
    #[cold]
    fn pass_start_of_line(&mut self, first: u8, passed: &mut impl FnMut(u8)) -> Result<bool> {
        match first {
            blank if is_blank(blank) => {
                passed(blank);
                self.ahead.start += 1;
                self.after_blank = true;
            }
            b';' | b'#' => self.pass_comment(passed)?,
            _ if self.peek(BYTE_ORDER_MARK.len())?.starts_with(BYTE_ORDER_MARK) => {
                BYTE_ORDER_MARK.iter().for_each(|byte| passed(*byte));
                self.ahead.start += BYTE_ORDER_MARK.len();
            }
            _ if !self.seen_header => return Err(self.text_before_header()),
            _ => {
                let follows_gap = self.last_residue == b'-';
                line_start::check(self.peek(line_start::LEN)?, follows_gap)
                    .map_err(|error| error.at_line(self.line))?;
                return Ok(false);
            }
        }
        self.leave_line_end();
        Ok(true)
    }

    /// Passes a line up to its end, which is left in the input.
    fn pass_comment(&mut self, passed: &mut impl FnMut(u8)) -> Result<()> {
        if self.comments.count == 0 {
            self.comments.first_line = self.line;
        }
        self.comments.count += 1;
        loop {
            let ahead = self.fill()?;
            let end = memchr::memchr2(b'\n', b'\r', ahead);
            let len = end.unwrap_or(ahead.len());
            ahead[..len].iter().for_each(|byte| passed(*byte));
            let is_end = end.is_some() || ahead.is_empty();
            self.ahead.start += len;
            if is_end {
                return Ok(());
            }
        }
    }

    /// The next `n` bytes at least, `n` being few; less only at the end.
    fn peek(&mut self, n: usize) -> Result<&[u8]> {
        while self.ahead.len() < n {
            let have = self.ahead.len();
            self.buffer.copy_within(self.ahead.clone(), 0);
            self.ahead = 0..have;
            let n_read = self.read_behind()?;
            if n_read == 0 {
                break;
            }
        }
        Ok(&self.buffer[self.ahead.clone()])
    }

    /// Reads a header line up to its end, which is left in the input.
    fn read_header(&mut self) -> Result<()> {
        self.seen_header = true;
        self.in_header = true;
        self.last_residue = 0;
        self.leave_line_end();
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
        match name::control_in_contig(&self.header) {
            None => {
                self.in_header = false;
                Ok(())
            }
            Some(0) => {
                let error = other_kind(self.start_of_text());
                let error = error.unwrap_or_else(|| Error::bad_input("a NUL byte in a header line"));
                Err(error.at_line(self.line))
            }
            Some(byte) => {
                let why = format!("a control character ({byte:02X} hex) in a header line");
                Err(Error::bad_input(why).at_line(self.line))
            }
        }
    }

    /// The start of the text, by which its kind is told: as much of it as that takes, whatever the buffer holds. For errors only, since
    /// what is ahead is given up.
    #[cold]
    fn start_of_text(&mut self) -> &[u8] {
        while self.start.len() < file_kind::START_LEN {
            self.ahead = 0..0;
            if !matches!(self.read_behind(), Ok(1..)) {
                break;
            }
        }
        &self.start
    }

    /// The error about a text that does not begin with a header.
    #[cold]
    fn text_before_header(&mut self) -> Error {
        let error = other_kind(self.start_of_text());
        let error =
            error.unwrap_or_else(|| Error::bad_input("not FASTA: text before the first header line ('>')"));
        error.at_line(self.line)
    }
}

/// The error about a text that begins like another kind of file.
fn other_kind(start: &[u8]) -> Option<Error> {
    let kind = FileKind::of(start).filter(|kind| !kind.is_fasta())?;
    let advice = kind.advice_for_fasta();
    let advice = advice.map_or_else(String::new, |advice| format!(" ({advice})"));
    let name = kind.name;
    Some(Error::bad_input(format!(
        "this looks like {name}{advice}; only FASTA can be stored"
    )))
}

/// The error of a read that failed: of the system, or of what unpacks.
pub(super) fn read_error(error: io::Error) -> Error {
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
    fn what_a_text_looks_like_does_not_depend_on_the_buffer() {
        let sam = b"#\n>\0\x01\t22\t9\t22\t9\t0\t22\t9\t7\t7\t7\t7\n";
        for text in [sam.as_slice(), &sam[3..]] {
            let whole = records(text, 1 << 16).unwrap_err().to_string();
            for buffer_len in 1..20 {
                assert_eq!(records(text, buffer_len).unwrap_err().to_string(), whole);
            }
        }
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
            ("\n##gff-version 3\nx\ty\n", "line 3: this looks like GFF"),
            (">a\0b\nAC\n", "line 1: a NUL byte"),
            (">a\tb\n>a\x1B[2Jb\nAC\n", "line 2: a control character (1B hex)"),
            (">a\x7F\nAC\n", "line 1: a control character (7F hex)"),
            // A tab in front of it hides nothing.
            (">a\tb\x1B[2Jb\nAC\n", "line 1: a control character (1B hex)"),
            (">a\u{9B}2Jb\nAC\n", "line 1: a control character (9B hex)"),
        ] {
            let error = records(text.as_bytes(), 3).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn a_line_end_that_is_none_of_the_others_is_noticed() {
        for (text, odd) in [
            (">a b\nAC\nGT\n", None),
            (">a\r\nAC\r\n\r\nGT\r\n", None),
            (">a\rAC\rGT\r", None),
            (">a\r\rAC", None),
            (">a\r more\nAC\n", Some(1)),
            (">a\nAC\rGT\n", Some(2)),
            (">a\n\r\nAC\r\r\n", Some(3)),
            (">a\nAC\r", Some(2)),
            (">a\n;x\r>b\n", Some(2)),
            (">a\r>b\nAC", Some(1)),
        ] {
            for buffer_len in [4, 5, 1 << 10] {
                let mut reader = Reader::with_buffer_len(buffer_len, text.as_bytes());
                while reader.next_token().unwrap().is_some() {}
                assert_eq!(reader.odd_line_end(), odd, "{text:?}");
            }
        }
    }

    #[test]
    fn comments_blanks_and_byte_order_marks_mean_nothing() {
        let text = "\u{feff}; made by hand\r\n  \n>a\n;one\nAC\n# two > three\n ;ACGT\n GT\n\u{feff}>b\n;\n;\rGG\n;ACGT";
        for buffer_len in 1..40 {
            let mut reader = Reader::with_buffer_len(buffer_len, text.as_bytes());
            let mut passed = Vec::new();
            let mut kept: Vec<(u64, Vec<u8>)> = Vec::new();
            while let Some(token) = reader.next_token_after(|byte| passed.push(byte)).unwrap() {
                match token {
                    Token::Header { name, line } => kept.push((line, name.to_vec())),
                    Token::Sequence { piece, line } => match kept.last_mut() {
                        Some(last) if last.0 == line => last.1.extend_from_slice(piece),
                        _ => kept.push((line, piece.to_vec())),
                    },
                }
            }
            let kept: Vec<(u64, &[u8])> = kept.iter().map(|(line, text)| (*line, &text[..])).collect();
            let expected: [(u64, &[u8]); 5] = [(3, b"a"), (5, b"AC"), (8, b"GT"), (9, b"b"), (12, b"GG")];
            assert_eq!(kept, expected);
            let n_kept: usize = kept.iter().map(|(_, text)| text.len()).sum();
            assert_eq!(passed.len() + n_kept + 2, text.len());
            let Comments { count, first_line } = reader.comments();
            assert_eq!((count, first_line), (7, 1));
        }
    }

    #[test]
    fn lines_that_are_no_sequence_are_refused_with_the_reason() {
        for (text, reason) in [
            (">a\nAC\n--\n>b\n", "line 3: a line '--'"),
            (">a\nAC\n--", "line 3: a line '--'"),
            (">a\nAC\n--\r\nAC\n", "line 3: a line '--'"),
            (">a\n        1 acgt\n", "line 2: a line that begins with a number"),
            (">a\n1acgt\n", "line 2: a line that begins with a number"),
            (">a\nAC\n//\n", "line 3: a line that begins with '/'"),
            (">a\nAC\n+\nII\n", "line 3: a line that begins with '+'"),
            (">a\nAC\n</pre>\n", "line 3: a line that begins with '<'"),
            (">a\nAC\n  ~\n&x\n", "line 4: a line that begins with '&'"),
        ] {
            for buffer_len in [1, 5, 100] {
                let error = records(text.as_bytes(), buffer_len).unwrap_err().to_string();
                assert!(error.starts_with(reason), "{text:?}: {error}");
            }
        }
        for text in [">a\nAC-\n--\n--\n", ">a\n---\n-A\n-\n", ">a\n*\n.A\n~\n?\n!\n"] {
            let expected: Vec<u8> = text.bytes().skip(3).filter(|byte| *byte != b'\n').collect();
            assert_eq!(records(text.as_bytes(), 1).unwrap(), [(b"a".to_vec(), expected)]);
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
