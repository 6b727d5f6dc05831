//! The end of an archive's file: the footer, its size, and what stands in front of it.

use std::ops::Range;

use bytes::Bytes;

use crate::checksum::Checksum;
use crate::container::sums;
use crate::error::{Error, Result};
use crate::memory;
use crate::read_at::ReadAt;

/// Bytes of the footer's own size at the very end of the file.
const SIZE_LEN: u64 = 8;

/// The end of a file that is read before it is known where the footer begins: one in so many bytes of the file, and never less or more
/// than this. Footer, checksums, samples and parameters of ten of the twelve archives in docs/measurements.md, "Rounds", are in it; with
/// more a region of small archives takes more bytes than it needs.
const FIRST_SHARE: u64 = 256;
const MIN_FIRST_LEN: u64 = 14 << 10;
const MAX_FIRST_LEN: u64 = 1 << 20;

/// A footer that was not read at once is read together with what is in front of it: checksums of the parts, a third of the footer, then small
/// parts and splitters, then names and segments of the last batch, which a region needs next. Of few large genomes all of these have little more bytes than the footer, of
/// many small ones nine times as many and more (docs/measurements.md, "Rounds"). So eight times
/// as much is read if that is little, and five quarters up to more: what is not needed takes no longer than the round that it may save.
const CHECKSUMS_SHARE: u64 = 3;
const MIN_LEN_IN_FRONT: u64 = 4 << 10;
const FEW_BYTES: u64 = 1 << 20;
const MANY_BYTES: u64 = 4 << 20;

/// The end of the file.
pub(super) struct Tail {
    /// The end of the data area, the footer, its size.
    bytes: Bytes,
    /// Where `bytes` begins in the file.
    start: u64,
    /// Where the footer begins in the file.
    data_len: u64,
}

impl Tail {
    /// Reads the end of a file, in one read if the footer is not long for a file of this size, and otherwise in two.
    ///
    /// # Errors
    /// `Truncated` when the footer would start before the file does; `Io` when reading fails.
    pub(super) fn read(source: &impl ReadAt) -> Result<Self> {
        let file_len = source.len().map_err(|e| Error::io("cannot tell the length", e))?;
        let Some(size_start) = file_len.checked_sub(SIZE_LEN) else {
            return Err(Error::truncated("archive", SIZE_LEN, file_len));
        };
        let (start, bytes) = first(source, file_len)?;
        let footer_len = bytes
            .last_chunk()
            .map_or(u64::MAX, |size| u64::from_le_bytes(*size));
        let Some(data_len) = size_start.checked_sub(footer_len) else {
            return Err(Error::truncated("footer", footer_len, size_start));
        };
        let mut tail = Self {
            bytes,
            start,
            data_len,
        };
        if data_len.saturating_sub(sums::TAIL_LEN) < start {
            tail.read_in_front(source, footer_len)?;
        }
        Ok(tail)
    }

    /// Reads what is in front of the footer as well, if a part of it begins at this place, which is not here: others that are needed soon lie
    /// beside it.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) fn reach(&mut self, source: &impl ReadAt, offset: u64) -> Result<()> {
        match offset < self.start {
            true => self.read_in_front(source, self.footer().len() as u64),
            false => Ok(()),
        }
    }

    fn read_in_front(&mut self, source: &impl ReadAt, footer_len: u64) -> Result<()> {
        let start = self.data_len.saturating_sub(len_in_front(footer_len));
        let Some(missing) = self.start.checked_sub(start) else {
            return Ok(());
        };
        let mut front = read(source, start, missing)?;
        front.extend_from_slice(&self.bytes);
        (self.start, self.bytes) = (start, front.into());
        Ok(())
    }

    /// Bytes in front of the footer.
    pub(super) fn data_len(&self) -> u64 {
        self.data_len
    }

    /// Bytes of the whole file.
    pub(super) fn file_len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    /// The checksum of the footer and its size.
    pub(super) fn footer_crc(&self) -> u32 {
        Checksum::of(&self.bytes[self.footer_start()..]).crc
    }

    /// The last bytes of the data area, and where they begin in the file.
    pub(super) fn data_end(&self) -> (u64, Bytes) {
        (self.start, self.bytes.slice(..self.footer_start()))
    }

    /// The footer without its size.
    pub(super) fn footer(&self) -> &[u8] {
        &self.bytes[self.footer_start()..self.bytes.len() - SIZE_LEN as usize]
    }

    /// Compares the footer and its size with their checksum, if there is one.
    ///
    /// # Errors
    /// As [`Self::check_footer`].
    pub(super) fn check_own_sum(&self) -> Result<()> {
        sums::footer_sum(&self.data_end().1).map_or(Ok(()), |expected| self.check_footer(expected))
    }

    /// Where it lies in the file.
    pub(super) fn place(&self) -> Range<u64> {
        self.start..self.file_len()
    }

    /// Compares the footer and its size with their checksum.
    ///
    /// # Errors
    /// `Checksum` when they are not what was written.
    pub(super) fn check_footer(&self, expected: u32) -> Result<()> {
        sums::check("footer", expected, &self.bytes[self.footer_start()..])
    }

    fn footer_start(&self) -> usize {
        (self.data_len - self.start) as usize
    }
}

/// The end of a file of this length, and where it begins: what the source has already, or as much as is likely to do.
fn first(source: &impl ReadAt, file_len: u64) -> Result<(u64, Bytes)> {
    let at_hand = source
        .end_at_hand()
        .filter(|end| (SIZE_LEN..=file_len).contains(&(end.len() as u64)));
    if let Some(end) = at_hand {
        return Ok((file_len - end.len() as u64, end));
    }
    let first_len = (file_len / FIRST_SHARE).clamp(MIN_FIRST_LEN, MAX_FIRST_LEN);
    let start = file_len.saturating_sub(first_len);
    Ok((start, read(source, start, file_len - start)?.into()))
}

/// How much in front of a footer of this length is read with it.
fn len_in_front(footer_len: u64) -> u64 {
    let of_many_samples = footer_len.saturating_mul(8).min(FEW_BYTES);
    let of_few_samples = footer_len.saturating_add(footer_len / 4).min(MANY_BYTES);
    let checksums = footer_len / CHECKSUMS_SHARE;
    of_many_samples
        .max(of_few_samples)
        .max(checksums)
        .max(MIN_LEN_IN_FRONT)
}

fn read(source: &impl ReadAt, offset: u64, len: u64) -> Result<Vec<u8>> {
    let mut bytes = memory::zeroed(buffer_len(len)?)?;
    source
        .read_exact_at(offset, &mut bytes)
        .map_err(|e| Error::io("cannot read", e))?;
    Ok(bytes)
}

/// Bytes that a buffer is to have, if the machine can address so many.
pub(super) fn buffer_len(len: u64) -> Result<usize> {
    usize::try_from(len)
        .map_err(|_| Error::corrupt(format!("{len} bytes do not fit the memory of this machine")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::{ContainerReader, ContainerWriter};
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Counting(Vec<u8>, Arc<AtomicUsize>);

    impl ReadAt for Counting {
        fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.read_exact_at(offset, buf)
        }

        fn len(&self) -> io::Result<u64> {
            ReadAt::len(&self.0)
        }
    }

    #[test]
    fn a_short_footer_takes_one_read_and_a_long_one_two() {
        for (n_streams, n_reads) in [(1, 1), (40, 1), (4000, 2)] {
            let mut writer = ContainerWriter::new(Vec::new());
            for i in 0..n_streams {
                let stream = writer.register(&format!("stream-{i}"));
                writer.add_part(stream, i, b"payload").unwrap();
            }
            let count = Arc::new(AtomicUsize::new(0));
            let reader =
                ContainerReader::open(Counting(writer.finish().unwrap(), Arc::clone(&count))).unwrap();
            assert_eq!(count.load(Ordering::Relaxed), n_reads, "{n_streams} streams");
            let last = reader
                .read_only_part(&format!("stream-{}", n_streams - 1))
                .unwrap();
            assert_eq!((last.metadata, last.payload()), (n_streams - 1, &b"payload"[..]));
            assert_eq!(
                count.load(Ordering::Relaxed),
                n_reads,
                "it lies in front of the footer"
            );
            assert_eq!(reader.read_only_part("stream-0").unwrap().payload(), b"payload");
        }
    }
}
