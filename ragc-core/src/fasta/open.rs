//! Opens an input and decompresses it, by content and not by name.

use crate::error::{Error, Result};
use crate::observe::Observer;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes read from a file at a time.
const BUFFER_LEN: usize = 128 << 10;

const GZIP_MAGIC: &[u8] = &[0x1F, 0x8B];
const ZSTD_MAGIC: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
const BZIP2_MAGIC: &[u8] = b"BZh";
const XZ_MAGIC: &[u8] = &[0xFD, b'7', b'z', b'X', b'Z'];

/// Where FASTA text comes from, and what messages call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    origin: Origin,
    label: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    File(PathBuf),
    StandardInput,
}

impl Source {
    /// A file named by its path.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            label: path.clone(),
            origin: Origin::File(path),
        }
    }

    /// Standard input, which can be read once.
    #[must_use]
    pub fn standard_input() -> Self {
        Self {
            origin: Origin::StandardInput,
            label: PathBuf::from("standard input"),
        }
    }

    /// What messages call it.
    #[must_use]
    pub fn label(&self) -> &Path {
        &self.label
    }

    /// Bytes of the file, if it is one with a size.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match &self.origin {
            Origin::File(path) => std::fs::metadata(path)
                .ok()
                .filter(|m| m.is_file())
                .map(|m| m.len()),
            Origin::StandardInput => None,
        }
    }

    /// Whether the source is a file that begins like a compressed one.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        let Origin::File(path) = &self.origin else {
            return false;
        };
        let mut start = [0; 4];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
        read.is_ok() && (start.starts_with(GZIP_MAGIC) || start == ZSTD_MAGIC)
    }

    /// The source itself if it is a file, else a copy of all its bytes in a temporary file: pipes give their bytes
    /// once.
    ///
    /// # Errors
    /// `Io` when the source cannot be read or the copy not be written.
    pub fn read_repeatedly(&self) -> Result<RepeatedSource> {
        if self.size().is_some() {
            return Ok(RepeatedSource {
                source: self.clone(),
                _copy: None,
            });
        }
        let failed = |what: &'static str| move |error| Error::io(what, error);
        let mut copy = tempfile::NamedTempFile::new().map_err(failed("cannot make a temporary copy"))?;
        let mut input = self.open_raw()?;
        io::copy(&mut input, &mut copy).map_err(failed("cannot make a temporary copy"))?;
        Ok(RepeatedSource {
            source: Self {
                origin: Origin::File(copy.path().to_path_buf()),
                label: self.label.clone(),
            },
            _copy: Some(copy),
        })
    }

    fn open_raw(&self) -> Result<Box<dyn Read + Send>> {
        match &self.origin {
            Origin::File(path) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(error) => Err(Error::io("cannot open", error)),
            },
            Origin::StandardInput => Ok(Box::new(io::stdin())),
        }
    }
}

/// A source that may be opened again and again as long as this lives.
#[derive(Debug)]
pub struct RepeatedSource {
    source: Source,
    /// Removed when dropped.
    _copy: Option<tempfile::NamedTempFile>,
}

impl RepeatedSource {
    /// The source to open.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }
}

/// Opens a text that may be compressed: plain, gzip of any number of members (BGZF is one), or zstd.
///
/// `observer` learns of the bytes taken from the source itself, before decompression.
///
/// # Errors
/// `Io` when the source cannot be opened or read, `BadInput` for compressions that are recognised and not supported.
pub fn open(source: &Source, observer: &Arc<dyn Observer>) -> Result<Box<dyn BufRead + Send>> {
    let counted = Counted {
        inner: source.open_raw()?,
        observer: Arc::clone(observer),
    };
    decompress(BufReader::with_capacity(BUFFER_LEN, counted))
}

fn decompress<R: BufRead + Send + 'static>(mut input: R) -> Result<Box<dyn BufRead + Send>> {
    let start = input
        .fill_buf()
        .map_err(|error| Error::io("cannot read", error))?;
    if start.starts_with(GZIP_MAGIC) {
        let gzip = flate2::bufread::MultiGzDecoder::new(input);
        Ok(Box::new(BufReader::with_capacity(BUFFER_LEN, gzip)))
    } else if start.starts_with(ZSTD_MAGIC) {
        let zstd =
            zstd::Decoder::with_buffer(input).map_err(|error| Error::io("cannot start zstd", error))?;
        Ok(Box::new(BufReader::with_capacity(BUFFER_LEN, zstd)))
    } else if start.starts_with(BZIP2_MAGIC) || start.starts_with(XZ_MAGIC) {
        Err(Error::bad_input(
            "compressed with bzip2 or xz, which is not supported: decompress it first",
        ))
    } else {
        Ok(Box::new(input))
    }
}

/// A reader that counts what passes.
struct Counted<R> {
    inner: R,
    observer: Arc<dyn Observer>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.observer.bytes_read(n as u64);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const TEXT: &[u8] = b">a\nACGT\n>b\nGGCC\n";

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn read_all(data: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let mut input = decompress(io::Cursor::new(data)).expect("opens");
        input.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn every_compression_gives_the_same_text() {
        let members = [gzip(&TEXT[..7]), gzip(b""), gzip(&TEXT[7..])].concat();
        let frames = [
            zstd::encode_all(&TEXT[..7], 3).unwrap(),
            zstd::encode_all(&TEXT[7..], 3).unwrap(),
        ]
        .concat();
        for data in [TEXT.to_vec(), gzip(TEXT), members, frames] {
            assert_eq!(read_all(data).unwrap(), TEXT);
        }
    }

    #[test]
    fn every_cut_of_a_compressed_file_is_an_error() {
        for whole in [gzip(TEXT), zstd::encode_all(TEXT, 3).unwrap()] {
            for len in 4..whole.len() {
                assert!(read_all(whole[..len].to_vec()).is_err(), "cut to {len}");
            }
        }
    }

    #[test]
    fn other_compressions_are_refused_by_name() {
        let error = decompress(io::Cursor::new(b"BZh91AY".to_vec()))
            .err()
            .expect("refused");
        assert!(error.to_string().contains("bzip2"));
    }
}
