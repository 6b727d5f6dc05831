//! Opens an input and decompresses it, by content and not by name.

use super::bgzf::{self, BgzfReader};
use super::source::Source;
use crate::error::{Error, Result};
use crate::memory;
use crate::observe::Observer;
use crate::original::Packing;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

/// Bytes read from a file at a time.
const BUFFER_LEN: usize = 64 << 10;

pub(super) const GZIP_MAGIC: &[u8] = &[0x1F, 0x8B];
pub(super) const ZSTD_MAGIC: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
const BZIP2_MAGIC: &[u8] = b"BZh";
const XZ_MAGIC: &[u8] = &[0xFD, b'7', b'z', b'X', b'Z'];

/// The text of an input.
pub type Text = Box<dyn Read + Send>;

/// Opens a text that may be compressed: plain, gzip of any number of members, BGZF, or zstd of any number of frames.
///
/// Tells how it was packed as well. `observer` learns of the bytes taken from the source itself, before decompression.
///
/// # Errors
/// `Io` when the source cannot be opened or read, `BadInput` for compressions that are recognised and not supported.
pub fn open(source: &Source, observer: &Arc<dyn Observer>) -> Result<(Packing, Text)> {
    let counted = Counted {
        inner: source.open_raw()?,
        observer: Arc::clone(observer),
    };
    decompress(BufReader::with_capacity(BUFFER_LEN, counted))
}

fn decompress<R: BufRead + Send + 'static>(mut input: R) -> Result<(Packing, Text)> {
    let mut start = Vec::new();
    let read = input.by_ref().take(bgzf::START_LEN).read_to_end(&mut start);
    read.map_err(|error| Error::io("cannot read", error))?;
    let is = |magic: &[u8]| start.starts_with(magic);
    let (is_bgzf, is_gzip, is_zstd) = (bgzf::is_bgzf(&start), is(GZIP_MAGIC), is(ZSTD_MAGIC));
    let is_unsupported = is(BZIP2_MAGIC) || is(XZ_MAGIC);
    let input = io::Cursor::new(start).chain(input);
    let cannot_start = |error| Error::io("cannot decompress", error);
    Ok(if is_bgzf {
        let bgzf = memory::make(|| BgzfReader::new(input)).map_err(cannot_start)?;
        (Packing::Bgzf, Box::new(bgzf))
    } else if is_gzip {
        let gzip = memory::make(|| flate2::bufread::MultiGzDecoder::new(input)).map_err(cannot_start)?;
        (Packing::Gzip, Box::new(gzip))
    } else if is_zstd {
        let zstd = memory::make(|| zstd::Decoder::with_buffer(input));
        let zstd = zstd.and_then(|made| made).map_err(cannot_start)?;
        (Packing::Zstd, Box::new(ZstdReader(zstd)))
    } else if is_unsupported {
        let why = "compressed with bzip2 or xz, which is not supported: decompress it first";
        return Err(Error::bad_input(why));
    } else {
        (Packing::Plain, Box::new(input))
    })
}

/// Decompresses zstd. What zstd complains of comes as "other" errors, and is told from those of the system here.
struct ZstdReader<R: BufRead>(zstd::Decoder<'static, R>);

impl<R: BufRead> Read for ZstdReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf).map_err(|error| match error.kind() {
            io::ErrorKind::Other => io::Error::new(io::ErrorKind::InvalidData, error),
            _ => error,
        })
    }
}

/// A reader that counts what passes.
struct Counted<R> {
    inner: R,
    observer: Arc<dyn Observer>,
}

impl<R: Read> Read for Counted<R> {
    /// Reads again when a signal came in between: not every decompressor does.
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.inner.read(buf) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(n) => {
                    self.observer.bytes_read(n as u64);
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
    use std::io::Write;

    const TEXT: &[u8] = b">a\nACGT\n>b\nGGCC\n";

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn read_all(data: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let (_, mut input) = decompress(io::Cursor::new(data)).expect("opens");
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

    fn read_troubled(data: &[u8], at_once: usize, n_left: usize) -> Result<Vec<u8>> {
        let counted = Counted {
            inner: Trouble {
                data: io::Cursor::new(data.to_vec()),
                at_once,
                n_left,
                is_interrupted: false,
            },
            observer: Arc::new(crate::observe::Silent),
        };
        let mut text = Vec::new();
        let read = decompress(BufReader::with_capacity(64, counted))?
            .1
            .read_to_end(&mut text);
        read.map_err(|error| Error::io("cannot read", error))?;
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

    #[test]
    fn other_compressions_are_refused_by_name() {
        let error = decompress(io::Cursor::new(b"BZh91AY".to_vec()))
            .err()
            .expect("refused");
        assert!(error.to_string().contains("bzip2"));
    }
}
