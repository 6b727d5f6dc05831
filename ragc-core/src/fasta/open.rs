//! Opens an input and decompresses it, by content and not by name.

use super::packed::{Packed, Text};
use super::raw_digest::RawDigest;
use super::source::Source;
use crate::error::{Error, Result};
use crate::observe::{Observer, check_wanted};
use std::io::{self, Read};
use std::sync::Arc;

/// Opens a text that may be compressed: with gzip, BGZF, zstd, xz or bzip2, in any number of members. Decompressing may take
/// so much memory.
///
/// `observer` learns of the bytes taken from the source itself, before decompression.
///
/// # Errors
/// `Io` when the source cannot be opened or read.
pub(crate) fn open(source: &Source, observer: &Arc<dyn Observer>, memory: u64) -> Result<Text> {
    open_digested(source, observer, memory, None)
}

/// As [`open`]; `digest` will be that of the source when all of it has been read.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_digested(
    source: &Source,
    observer: &Arc<dyn Observer>,
    memory: u64,
    digest: Option<RawDigest>,
) -> Result<Text> {
    let counted = CountedReader {
        inner: source.open_raw()?,
        observer: Arc::clone(observer),
        digest,
    };
    Packed::new(Box::new(counted) as _, memory).map_err(|error| Error::io("cannot read", error))
}

/// A reader that counts what passes.
struct CountedReader<R> {
    inner: R,
    observer: Arc<dyn Observer>,
    digest: Option<RawDigest>,
}

impl<R: Read> Read for CountedReader<R> {
    /// Reads again when a signal came in between: not every decompressor does.
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            check_wanted(&*self.observer)?;
            match self.inner.read(buf) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(n) => {
                    self.observer.bytes_read(n as u64);
                    if let Some(digest) = &self.digest {
                        digest.push(&buf[..n]);
                    }
                    return Ok(n);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fasta::UNPACK_MEMORY;
    use std::io::Write;

    const TEXT: &[u8] = b">a\nACGT\n>b\nGGCC\n";

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    /// Gives `at_once` bytes at a time, is interrupted before each of them, and fails after `n_left`.
    struct Trouble {
        data: io::Cursor<Vec<u8>>,
        at_once: usize,
        n_left: usize,
        is_interrupted: bool,
    }

    impl Read for Trouble {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.is_interrupted = !self.is_interrupted;
            if self.is_interrupted {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if self.n_left == 0 {
                return Err(io::Error::other("made for a test"));
            }
            let len = buf.len().min(self.at_once).min(self.n_left);
            let n = self.data.read(&mut buf[..len])?;
            self.n_left -= n;
            Ok(n)
        }
    }

    fn read_troubled(data: &[u8], at_once: usize, n_left: usize) -> io::Result<Vec<u8>> {
        let counted = CountedReader {
            inner: Trouble {
                data: io::Cursor::new(data.to_vec()),
                at_once,
                n_left,
                is_interrupted: false,
            },
            observer: Arc::new(crate::observe::Silent),
            digest: None,
        };
        let mut text = Vec::new();
        Packed::new(counted, UNPACK_MEMORY)?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn short_and_interrupted_reads_change_nothing_and_failed_ones_are_errors() {
        for data in [TEXT.to_vec(), gzip(TEXT), zstd::encode_all(TEXT, 3).unwrap()] {
            for at_once in [1, 2, 3, 17, 1000] {
                assert_eq!(read_troubled(&data, at_once, usize::MAX).unwrap(), TEXT);
                for n_left in 0..=data.len() {
                    let error = read_troubled(&data, at_once, n_left).unwrap_err().to_string();
                    assert!(error.contains("made for a test"), "{n_left}: {error}");
                }
            }
        }
    }
}
