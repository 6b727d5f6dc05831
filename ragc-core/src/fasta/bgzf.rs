//! BGZF, which tells whether it is complete.
//!
//! It is gzip in members of at most 64 KiB, so a file that is cut between two of them is good gzip. The last member of
//! a complete file is empty and always the same. samtools warns when it is missing and goes on; here it is an error.

use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, Read};

/// The empty member that ends a file (SAM specification, "End-of-file marker").
const END: [u8; 28] = [
    0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 6, 0, b'B', b'C', 2, 0, 0x1B, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// Bytes by which BGZF is told from other gzip.
pub(super) const START_LEN: u64 = 16;

/// Whether a file that starts so is BGZF: gzip with an extra field, of which the first is named `BC`.
pub(super) fn is_bgzf(start: &[u8]) -> bool {
    let has_extra_field = start.get(3).is_some_and(|flags| flags & 4 != 0);
    start.starts_with(&END[..3]) && has_extra_field && start.get(12..16) == Some(&END[12..16])
}

/// Decompresses BGZF; its end is an error unless the end block has been seen.
pub(super) struct BgzfReader<R>(MultiGzDecoder<Tail<R>>);

impl<R: BufRead> BgzfReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self(MultiGzDecoder::new(Tail {
            input,
            last: [0; END.len()],
        }))
    }
}

impl<R: BufRead> Read for BgzfReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(buf)?;
        if n == 0 && !buf.is_empty() && self.0.get_ref().last != END {
            let why = "the empty block that ends every BGZF file is missing";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
        }
        Ok(n)
    }
}

/// A reader that knows the last bytes that were taken from it.
struct Tail<R> {
    input: R,
    last: [u8; END.len()],
}

impl<R: BufRead> Read for Tail<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Tail<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        // These bytes are in the buffer: nothing is read.
        if let Ok(buf) = self.input.fill_buf() {
            let taken = &buf[..n.min(buf.len())];
            let taken = &taken[taken.len().saturating_sub(END.len())..];
            self.last.rotate_left(taken.len());
            self.last[END.len() - taken.len()..].copy_from_slice(taken);
        }
        self.input.consume(n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufReader, Write};

    fn bgzf(text: &[u8]) -> Vec<u8> {
        let mut writer = noodles_bgzf::io::Writer::new(Vec::new());
        for block in text.chunks(7) {
            writer.write_all(block).unwrap();
            writer.flush().unwrap();
        }
        writer.finish().unwrap()
    }

    fn read(file: &[u8], buffer_len: usize) -> io::Result<Vec<u8>> {
        assert!(is_bgzf(file));
        let mut text = Vec::new();
        BgzfReader::new(BufReader::with_capacity(buffer_len, file)).read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn every_cut_is_an_error_between_blocks_as_well() {
        let text = b">a\nACGTACGTACGT\n";
        let whole = bgzf(text);
        for len in START_LEN as usize..whole.len() {
            let error = read(&whole[..len], 64).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{len}");
        }
        for buffer_len in [1, 5, 27, 28, 29, 1000] {
            assert_eq!(read(&whole, buffer_len).unwrap(), text);
            assert_eq!(
                read(&[&whole[..], &whole].concat(), buffer_len).unwrap(),
                text.repeat(2)
            );
        }
        assert_eq!(read(&END, 9).unwrap(), b"");
    }

    #[test]
    fn other_gzip_is_told_apart() {
        assert!(!is_bgzf(b""));
        assert!(!is_bgzf(&END[..15]));
        let mut gzip = END;
        gzip[12] = b'R';
        assert!(!is_bgzf(&gzip));
        gzip = END;
        gzip[3] = 0;
        assert!(!is_bgzf(&gzip));
    }
}
