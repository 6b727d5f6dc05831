//! The end of an archive's file: the footer, its size, and what stands in front of it.

use crate::archive::sums;
use crate::error::{Error, Result};
use crate::read_at::ReadAt;

/// Bytes of the footer's own size at the very end of the file.
const SIZE_LEN: u64 = 8;

/// The end of the file.
pub(super) struct Tail {
    /// The end of the data area, the footer, its size.
    bytes: Vec<u8>,
    /// Where the footer begins in `bytes`.
    footer_start: usize,
    /// Where the footer begins in the file.
    data_len: u64,
}

impl Tail {
    /// Reads the end of a file: first the size of the footer, then as much as that says.
    ///
    /// # Errors
    /// `Truncated` when the footer would start before the file does; `Io` when reading fails.
    pub(super) fn read(source: &impl ReadAt) -> Result<Self> {
        let file_len = source.len().map_err(|e| Error::io("cannot tell the length", e))?;
        let Some(size_start) = file_len.checked_sub(SIZE_LEN) else {
            return Err(Error::truncated("archive", SIZE_LEN, file_len));
        };
        let size = read(source, size_start, SIZE_LEN)?;
        let footer_len = size
            .first_chunk()
            .map_or(u64::MAX, |size| u64::from_le_bytes(*size));
        let Some(data_len) = size_start.checked_sub(footer_len) else {
            return Err(Error::truncated("footer", footer_len, size_start));
        };
        let start = data_len.saturating_sub(sums::TAIL_LEN);
        let mut bytes = read(source, start, size_start - start)?;
        bytes.extend_from_slice(&size);
        Ok(Self {
            bytes,
            footer_start: (data_len - start) as usize,
            data_len,
        })
    }

    /// Bytes in front of the footer.
    pub(super) fn data_len(&self) -> u64 {
        self.data_len
    }

    /// The last bytes of the data area: as many as tell of checksums, if there are so many.
    pub(super) fn data_end(&self) -> &[u8] {
        &self.bytes[..self.footer_start]
    }

    /// The footer without its size.
    pub(super) fn footer(&self) -> &[u8] {
        &self.bytes[self.footer_start..self.bytes.len() - SIZE_LEN as usize]
    }

    /// Compares the footer and its size with their checksum.
    ///
    /// # Errors
    /// `Checksum` when they are not what was written.
    pub(super) fn check_footer(&self, expected: u32) -> Result<()> {
        sums::check("footer", expected, &self.bytes[self.footer_start..])
    }
}

fn read(source: &impl ReadAt, offset: u64, len: u64) -> Result<Vec<u8>> {
    let mut bytes = vec![0; super::reader::buffer_len(len)?];
    source
        .read_exact_at(offset, &mut bytes)
        .map_err(|e| Error::io("cannot read", e))?;
    Ok(bytes)
}
