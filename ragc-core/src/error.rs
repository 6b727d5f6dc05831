//! The one error type of the library: what went wrong, and where.
//!
//! A low floor raises an [`Error`] with a [`ErrorKind`] only; every floor above adds what it knows of the place
//! (stream, part, sample, contig, line, file) with the `in_…` and `at_…` methods. A place that is already known is
//! kept, so the innermost, most exact one wins.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Result of the library's fallible operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system reported an error; the text is its message and says what was attempted.
    Io(String),
    /// Bytes are missing: `need` were announced, `have` are there.
    Truncated {
        /// What was being read.
        what: &'static str,
        /// Bytes announced.
        need: u64,
        /// Bytes available.
        have: u64,
    },
    /// The archive breaks a rule of the format.
    Corrupt(String),
    /// What was read is not what was written: its checksum is another one.
    Checksum {
        /// Of what: `"part"`, `"footer"`.
        what: &'static str,
        /// The CRC-32 that is stored.
        expected: u32,
        /// The CRC-32 of what is there.
        found: u32,
    },
    /// A few bytes of the archive stand for so many that nobody can have meant it, or the machine is to be spared.
    TooLarge {
        /// Bytes or symbols that would be decoded at once.
        len: u64,
        /// How many are allowed.
        limit: u64,
    },
    /// What was opened is no archive; the text says what it is: "FASTA text".
    NotArchive(String),
    /// The archive is well-formed but of a kind that this program does not read.
    Unsupported(String),
    /// A sample, contig or stream that does not exist.
    NotFound {
        /// `"sample"`, `"contig"` or `"stream"`.
        what: &'static str,
        /// The name that was asked for.
        name: String,
    },
    /// A state of an archive's file that there is not.
    NoState {
        /// Its number, counted from 1; `None` for the one before the present one.
        number: Option<usize>,
        /// How many there are.
        n_states: usize,
    },
    /// A contig name that occurs in several samples, asked for without a sample.
    Ambiguous {
        /// The contig name that was asked for.
        name: String,
        /// Number of samples that hold it.
        n_samples: usize,
    },
    /// Input that cannot be stored as nucleotide sequences, or that contradicts itself.
    BadInput(String),
    /// Something of the original files that the archive does not keep.
    NotKept(String),
    /// Options that contradict each other or leave their range.
    BadOption(String),
    /// The system has no memory for this. Nothing is known of what was to be decoded: it need not be damaged.
    NoMemory(String),
    /// Whoever wanted the work wants it no longer ([`is_cancelled`](crate::observe::Observer::is_cancelled)).
    Cancelled,
    /// A thread stopped without giving a reason: it panicked.
    WorkerLost,
    /// Something that cannot be; a bug of this library, whatever the input.
    Internal(&'static str),
}

impl ErrorKind {
    /// A word for the kind that stays the same from release to release, for programs in other languages and for logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::Truncated { .. } => "truncated",
            Self::Corrupt(_) => "corrupt",
            Self::Checksum { .. } => "checksum",
            Self::TooLarge { .. } => "too-large",
            Self::NotArchive(_) => "not-archive",
            Self::Unsupported(_) => "unsupported",
            Self::NotFound { .. } | Self::NoState { .. } => "not-found",
            Self::Ambiguous { .. } => "ambiguous",
            Self::BadInput(_) => "bad-input",
            Self::NotKept(_) => "not-kept",
            Self::BadOption(_) => "bad-option",
            Self::NoMemory(_) => "no-memory",
            Self::Cancelled => "cancelled",
            Self::WorkerLost => "worker-lost",
            Self::Internal(_) => "internal",
        }
    }

    /// The kind of `std` that comes closest.
    fn of_io(&self) -> io::ErrorKind {
        match self {
            Self::Truncated { .. } => io::ErrorKind::UnexpectedEof,
            Self::Corrupt(_) | Self::Checksum { .. } | Self::TooLarge { .. } | Self::NotArchive(_) => {
                io::ErrorKind::InvalidData
            }
            Self::Unsupported(_) | Self::NotKept(_) => io::ErrorKind::Unsupported,
            Self::NotFound { .. } | Self::NoState { .. } => io::ErrorKind::NotFound,
            Self::Ambiguous { .. } | Self::BadInput(_) | Self::BadOption(_) => io::ErrorKind::InvalidInput,
            Self::NoMemory(_) => io::ErrorKind::OutOfMemory,
            Self::Io(_) | Self::Cancelled | Self::WorkerLost | Self::Internal(_) => io::ErrorKind::Other,
        }
    }
}

/// Where it went wrong; every field may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// The file that was read or written.
    pub path: Option<PathBuf>,
    /// Name of the stream inside the archive.
    pub stream: Option<String>,
    /// 0-based number of the part inside the stream.
    pub part: Option<u64>,
    /// Name of the sample.
    pub sample: Option<String>,
    /// Name of the contig.
    pub contig: Option<String>,
    /// 1-based line of a text input.
    pub line: Option<u64>,
}

/// A name as messages show it: in quotes, escaped, and cut short if it is long, so that a message can be read.
#[derive(Debug, Clone, Copy)]
pub struct Quoted<'a>(pub &'a str);

/// Longest name that is shown, in characters.
const MAX_SHOWN: usize = 80;

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One more than fits: only so is it known whether a name is cut.
        let escaped: Vec<char> = self.0.escape_debug().take(MAX_SHOWN + 1).collect();
        f.write_str("\"")?;
        for char in escaped.iter().take(MAX_SHOWN) {
            write!(f, "{char}")?;
        }
        f.write_str(match escaped.len() > MAX_SHOWN {
            true => "…\"",
            false => "\"",
        })
    }
}

/// An error of the library: a kind, a place, and the error below it if there was one.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    at: Location,
    source: Option<io::Error>,
    is_of_sink: bool,
}

impl Error {
    /// An error of this kind at an unknown place.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            at: Location::default(),
            source: None,
            is_of_sink: false,
        }))
    }

    /// The archive breaks a rule of the format.
    pub fn corrupt(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Corrupt(what.into()))
    }

    /// Input that cannot be stored.
    pub fn bad_input(why: impl Into<String>) -> Self {
        Self::new(ErrorKind::BadInput(why.into()))
    }

    /// Bytes are missing.
    #[must_use]
    pub(crate) fn truncated(what: &'static str, need: u64, have: u64) -> Self {
        Self::new(ErrorKind::Truncated { what, need, have })
    }

    /// An error of the operating system while doing `what` (`"cannot open"`, `"cannot write"`). A run that was cancelled stays that.
    #[must_use]
    pub fn io(what: &str, source: io::Error) -> Self {
        let inside = source.get_ref().and_then(|inside| inside.downcast_ref::<Self>());
        if inside.is_some_and(|inside| *inside.kind() == ErrorKind::Cancelled) {
            return Self::new(ErrorKind::Cancelled);
        }
        if source.kind() == io::ErrorKind::OutOfMemory {
            return Self::no_memory(format!("this: {what}"));
        }
        let mut error = Self::new(ErrorKind::Io(format!("{what}: {source}")));
        error.0.source = Some(source);
        error
    }

    /// What is written to does not take it.
    pub(crate) fn of_sink(source: io::Error) -> Self {
        let mut error = Self::io("cannot write", source);
        error.0.is_of_sink = true;
        error
    }

    /// Whether a sink did not take what was written to it: its name is not known here, so it is for those who gave the sink to tell ([`Self::in_sink`]).
    #[must_use]
    pub fn is_of_sink(&self) -> bool {
        self.0.is_of_sink
    }

    /// There is no memory for `what`.
    pub fn no_memory(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::NoMemory(what.into()))
    }

    /// Whether bytes are not what was written.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Corrupt(_) | ErrorKind::Truncated { .. } | ErrorKind::Checksum { .. }
        )
    }

    /// The same error once more, if it would be met again: damage stays, and what the system refuses it may grant later.
    pub(crate) fn again(&self) -> Option<Self> {
        let stays = matches!(
            self.0.kind,
            ErrorKind::Corrupt(_)
                | ErrorKind::Truncated { .. }
                | ErrorKind::Checksum { .. }
                | ErrorKind::TooLarge { .. }
        );
        stays.then(|| {
            Self(Box::new(Inner {
                kind: self.0.kind.clone(),
                at: self.0.at.clone(),
                source: None,
                is_of_sink: false,
            }))
        })
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it went wrong.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.0.at
    }

    /// The error of the operating system, if that is what went wrong.
    #[must_use]
    pub fn io_error(&self) -> Option<&io::Error> {
        self.0.source.as_ref()
    }

    /// Adds the file, unless one is known.
    #[must_use]
    pub fn in_file(mut self, path: impl AsRef<Path>) -> Self {
        self.0.at.path.get_or_insert_with(|| path.as_ref().to_path_buf());
        self
    }

    /// Adds the name of the sink, if it was writing to that which failed and no file is known.
    #[must_use]
    pub fn in_sink(self, path: impl AsRef<Path>) -> Self {
        match self.is_of_sink() {
            true => self.in_file(path),
            false => self,
        }
    }

    /// Adds the file that was read, unless it was not reading that failed.
    pub(crate) fn in_source(self, path: impl AsRef<Path>) -> Self {
        match self.is_of_sink() {
            true => self,
            false => self.in_file(path),
        }
    }

    /// Adds the stream, unless one is known.
    #[must_use]
    pub(crate) fn in_stream(mut self, name: &str) -> Self {
        self.0.at.stream.get_or_insert_with(|| name.to_owned());
        self
    }

    /// Adds the 0-based part of the stream, unless one is known.
    #[must_use]
    pub(crate) fn in_part(mut self, part: u64) -> Self {
        self.0.at.part.get_or_insert(part);
        self
    }

    /// Adds the sample, unless one is known.
    #[must_use]
    pub fn in_sample(mut self, name: &str) -> Self {
        self.0.at.sample.get_or_insert_with(|| name.to_owned());
        self
    }

    /// Adds the contig, unless one is known.
    #[must_use]
    pub(crate) fn in_contig(mut self, name: &str) -> Self {
        self.0.at.contig.get_or_insert_with(|| name.to_owned());
        self
    }

    /// Adds the 1-based line, unless one is known.
    #[must_use]
    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.0.at.line.get_or_insert(line);
        self
    }
}

impl std::error::Error for Error {
    /// What is below the error of the operating system. That error itself is part of the text: who prints an error with its
    /// causes would print it twice.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.io_error().and_then(std::error::Error::source)
    }
}

/// For whoever reads through [`std::io`]. The error is inside, with its place.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match error.io_error() {
            Some(source) => source.kind(),
            None => error.kind().of_io(),
        };
        Self::new(kind, error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = &self.0.at;
        if let Some(path) = &at.path {
            write!(f, "{}: ", path.display())?;
        }
        if let Some(line) = at.line {
            write!(f, "line {line}: ")?;
        }
        match (&at.stream, at.part) {
            (Some(stream), Some(part)) => write!(f, "stream {stream} part {part}: ")?,
            (Some(stream), None) => write!(f, "stream {stream}: ")?,
            _ => {}
        }
        match (&at.sample, &at.contig) {
            (Some(sample), Some(contig)) => {
                write!(f, "contig {} of sample {}: ", Quoted(contig), Quoted(sample))?;
            }
            (Some(sample), None) => write!(f, "sample {}: ", Quoted(sample))?,
            (None, Some(contig)) => write!(f, "contig {}: ", Quoted(contig))?,
            (None, None) => {}
        }
        write!(f, "{}", self.0.kind)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(text) => f.write_str(text),
            Self::Truncated { what, need, have } => {
                write!(f, "{what} is cut short: {need} bytes announced, {have} there")
            }
            Self::Corrupt(what) => write!(f, "damaged archive: {what}"),
            Self::Checksum {
                what,
                expected,
                found,
            } => write!(
                f,
                "damaged archive: the {what} has checksum {found:08x} instead of {expected:08x}"
            ),
            Self::TooLarge { len, limit } => write!(
                f,
                "{len} bytes are to be decoded, and for an archive of this size {limit} are allowed: the archive is \
                 damaged, or needs a larger cache"
            ),
            Self::NotArchive(what) => match what.split_once(": ") {
                Some((what, advice)) => write!(f, "this is {what}, not an archive: {advice}"),
                None => write!(f, "this is {what}, not an archive"),
            },
            Self::Unsupported(what) => write!(f, "not supported: {what}"),
            Self::NotFound { what, name } => write!(f, "there is no {what} {}", Quoted(name)),
            Self::NoState { number: None, .. } => f.write_str(
                "there is no change to take back: the file was not changed in place since it was written as a whole",
            ),
            Self::NoState {
                number: Some(number),
                n_states: 1,
            } => write!(f, "there is no state {number}: there is only state 1"),
            Self::NoState {
                number: Some(number),
                n_states,
            } => write!(f, "there is no state {number}: there are {n_states}"),
            Self::Ambiguous { name, n_samples } => {
                write!(
                    f,
                    "contig {} occurs in {n_samples} samples: name one (contig@sample)",
                    Quoted(name)
                )
            }
            Self::BadInput(why) => f.write_str(why),
            Self::BadOption(why) | Self::NotKept(why) => f.write_str(why),
            Self::NoMemory(what) => write!(f, "not enough memory for {what}"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::WorkerLost => f.write_str("a worker thread stopped unexpectedly"),
            Self::Internal(what) => write!(f, "this cannot be, and is a bug: {what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn innermost_place_wins_and_message_is_one_line() {
        let error = Error::corrupt("pack decodes to 3 bytes, 4 declared")
            .in_part(3)
            .in_stream("x7d")
            .in_stream("outer")
            .in_file("a.agc");
        assert_eq!(
            error.to_string(),
            "a.agc: stream x7d part 3: damaged archive: pack decodes to 3 bytes, 4 declared"
        );
    }

    #[test]
    fn long_names_are_cut_in_messages_and_others_shown_as_they_are() {
        for name in ["chr1", "a \"b\" \u{1b}[2J é", &"x".repeat(80), ""] {
            assert_eq!(Quoted(name).to_string(), format!("{name:?}"));
        }
        let long = "x".repeat(65_000);
        let error = Error::bad_input("why").in_contig(&long).in_sample(&long);
        let message = error.to_string();
        assert!(
            message.chars().count() < 200 && message.contains("xxx…\""),
            "{message}"
        );
        assert_eq!(error.location().contig.as_ref(), Some(&long));
    }

    #[test]
    fn an_operating_system_error_is_kept_and_told_once() {
        let error = Error::io("cannot open", io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(error.io_error().unwrap().kind(), io::ErrorKind::NotFound);
        assert_eq!(error.to_string(), "cannot open: entity not found");
        assert!(std::error::Error::source(&error).is_none());
    }

    #[test]
    fn an_error_is_one_of_std_with_all_that_is_known() {
        for (error, kind, code) in [
            (Error::corrupt("x"), io::ErrorKind::InvalidData, "corrupt"),
            (
                Error::truncated("x", 2, 1),
                io::ErrorKind::UnexpectedEof,
                "truncated",
            ),
            (
                Error::io("cannot read", io::ErrorKind::PermissionDenied.into()),
                io::ErrorKind::PermissionDenied,
                "io",
            ),
        ] {
            assert_eq!(error.kind().code(), code);
            let error = error.in_stream("xGd");
            let message = error.to_string();
            let of_std = io::Error::from(error);
            assert_eq!((of_std.kind(), of_std.to_string()), (kind, message));
            let inside = of_std.get_ref().and_then(|error| error.downcast_ref::<Error>());
            assert_eq!(inside.unwrap().location().stream.as_deref(), Some("xGd"));
        }
    }

    #[test]
    fn what_is_below_an_operating_system_error_is_the_source() {
        let below = Error::io("cannot read", io::Error::from(io::ErrorKind::BrokenPipe));
        let middle = Error::io("cannot write", io::Error::other(below));
        let error = Error::io("cannot copy", io::Error::other(middle));
        assert_eq!(
            error.to_string(),
            "cannot copy: cannot write: cannot read: broken pipe"
        );
        assert!(std::error::Error::source(&error).is_none());
    }
}
