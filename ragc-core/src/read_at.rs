//! Reading at a position, without a shared file cursor.
//!
//! Threads that query one open archive must not fight over one seek position, so everything that reads an archive
//! asks for bytes by offset.

use crate::memory;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

/// A range that a source has begun to read: called, it waits for its bytes, which are as many as were asked for.
pub type PendingRange = Box<dyn FnOnce() -> io::Result<Bytes> + Send>;

/// A source of bytes that is read by position and does not change meanwhile.
pub trait ReadAt: Send + Sync {
    /// Fills `buf` with the bytes from `offset` on.
    ///
    /// # Errors
    /// `UnexpectedEof` when the source ends before `buf` is full; otherwise what the system reports.
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;

    /// The bytes of several ranges, each of them as long as it was asked for. All are known before the first is read: a source for
    /// which every answer takes its time can ask for them together.
    ///
    /// # Errors
    /// As [`Self::read_exact_at`].
    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        let read = |range: &Range<u64>| {
            let mut bytes = buffer(range)?;
            self.read_exact_at(range.start, &mut bytes)?;
            Ok(bytes.into())
        };
        ranges.iter().map(read).collect()
    }

    /// Bytes that whoever goes through the source had better ask for before they are wanted, in all: what comes while one answer is
    /// waited for. 0 for a source that answers at once.
    fn lookahead(&self) -> u64 {
        0
    }

    /// Begins to read ranges that are wanted soon, in the order in which they are, each to be waited for by itself; nothing if the source cannot do so while
    /// something else is read. Only sources with a [`Self::lookahead`] are asked.
    fn begin_ranges(&self, _ranges: &[Range<u64>]) -> Option<Vec<PendingRange>> {
        None
    }

    /// Lets go of what the source keeps of these bytes, because they are not what was written. Says whether it is worth while to read them once more: where they
    /// came from, they may be intact.
    fn forget(&self, _range: &Range<u64>) -> bool {
        false
    }

    /// The last bytes of the source, if they are here already: those that came with the answer that told its length.
    fn end_at_hand(&self) -> Option<Bytes> {
        None
    }

    /// Length of the source in bytes.
    ///
    /// # Errors
    /// What the system reports.
    fn len(&self) -> io::Result<u64>;

    /// Whether the source holds no bytes.
    ///
    /// # Errors
    /// As [`Self::len`].
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Whether all of it is there. Where it is not, [`Self::len`] waits for the end, and a read for its bytes.
    fn is_complete(&self) -> bool {
        true
    }
}

/// Memory for the bytes of a range.
fn buffer(range: &Range<u64>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let len = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
    memory::ask(|| bytes.try_reserve_exact(len)).map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes.resize(len, 0);
    Ok(bytes)
}

/// Fills a buffer by reads that may give less than was asked for, which is all that Windows has.
#[cfg(any(windows, test))]
fn read_whole(
    mut offset: u64,
    mut buf: &mut [u8],
    mut read: impl FnMut(&mut [u8], u64) -> io::Result<usize>,
) -> io::Result<()> {
    while !buf.is_empty() {
        match read(buf, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => (offset, buf) = (offset + n as u64, &mut buf[n..]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl ReadAt for File {
    #[cfg(unix)]
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, buf, offset)
    }

    #[cfg(windows)]
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let read = |buf: &mut [u8], offset| std::os::windows::fs::FileExt::seek_read(self, buf, offset);
        read_whole(offset, buf, read)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl ReadAt for [u8] {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let bytes = usize::try_from(offset)
            .ok()
            .and_then(|start| self.get(start..start.checked_add(buf.len())?))
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        buf.copy_from_slice(bytes);
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        Ok(<[u8]>::len(self) as u64)
    }
}

/// Ranges of it are not copied.
impl ReadAt for Bytes {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        ReadAt::read_exact_at(&**self, offset, buf)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        let place = |pos: u64| usize::try_from(pos).unwrap_or(usize::MAX);
        let slice = |range: &Range<u64>| {
            let (start, end) = (place(range.start), place(range.end));
            match start <= end && end <= Bytes::len(self) {
                true => Ok(self.slice(start..end)),
                false => Err(io::ErrorKind::UnexpectedEof.into()),
            }
        };
        ranges.iter().map(slice).collect()
    }

    fn len(&self) -> io::Result<u64> {
        ReadAt::len(&**self)
    }
}

impl ReadAt for Vec<u8> {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_exact_at(offset, buf)
    }

    fn len(&self) -> io::Result<u64> {
        ReadAt::len(self.as_slice())
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        (**self).read_exact_at(offset, buf)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        (**self).read_ranges(ranges)
    }

    fn lookahead(&self) -> u64 {
        (**self).lookahead()
    }

    fn begin_ranges(&self, ranges: &[Range<u64>]) -> Option<Vec<PendingRange>> {
        (**self).begin_ranges(ranges)
    }

    fn forget(&self, range: &Range<u64>) -> bool {
        (**self).forget(range)
    }

    fn end_at_hand(&self) -> Option<Bytes> {
        (**self).end_at_hand()
    }

    fn len(&self) -> io::Result<u64> {
        (**self).len()
    }

    fn is_complete(&self) -> bool {
        (**self).is_complete()
    }
}

impl<T: ReadAt + ?Sized> ReadAt for Arc<T> {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        (**self).read_exact_at(offset, buf)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        (**self).read_ranges(ranges)
    }

    fn lookahead(&self) -> u64 {
        (**self).lookahead()
    }

    fn begin_ranges(&self, ranges: &[Range<u64>]) -> Option<Vec<PendingRange>> {
        (**self).begin_ranges(ranges)
    }

    fn forget(&self, range: &Range<u64>) -> bool {
        (**self).forget(range)
    }

    fn end_at_hand(&self) -> Option<Bytes> {
        (**self).end_at_hand()
    }

    fn len(&self) -> io::Result<u64> {
        (**self).len()
    }

    fn is_complete(&self) -> bool {
        (**self).is_complete()
    }
}

impl<T: ReadAt + ?Sized> ReadAt for Box<T> {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        (**self).read_exact_at(offset, buf)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        (**self).read_ranges(ranges)
    }

    fn lookahead(&self) -> u64 {
        (**self).lookahead()
    }

    fn begin_ranges(&self, ranges: &[Range<u64>]) -> Option<Vec<PendingRange>> {
        (**self).begin_ranges(ranges)
    }

    fn forget(&self, range: &Range<u64>) -> bool {
        (**self).forget(range)
    }

    fn end_at_hand(&self) -> Option<Bytes> {
        (**self).end_at_hand()
    }

    fn len(&self) -> io::Result<u64> {
        (**self).len()
    }

    fn is_complete(&self) -> bool {
        (**self).is_complete()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn short_reads_fill_a_buffer_or_end() {
        let bytes = b"0123456789";
        let mut n_reads = 0;
        // Three bytes at once, and every second time a signal comes in between.
        let mut read = |buf: &mut [u8], offset: u64| {
            n_reads += 1;
            if n_reads % 2 == 0 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let left = &bytes[(offset as usize).min(bytes.len())..];
            let n = left.len().min(buf.len()).min(3);
            buf[..n].copy_from_slice(&left[..n]);
            Ok(n)
        };
        let mut buf = [0; 8];
        read_whole(2, &mut buf, &mut read).unwrap();
        assert_eq!(&buf, b"23456789");
        let error = read_whole(3, &mut buf, &mut read).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        let refused = |_: &mut [u8], _| Err(io::ErrorKind::PermissionDenied.into());
        let error = read_whole(0, &mut buf, refused).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    }

    #[test]
    fn slices_and_files_give_the_same_bytes_and_the_same_ends() {
        let bytes = b"0123456789".to_vec();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let shared = Bytes::from(bytes.clone());
        let boxed: Box<dyn ReadAt> = Box::new(bytes.clone());
        let sources: [&dyn ReadAt; 5] = [&bytes, &file, &shared, &boxed, &Arc::new(bytes.as_slice())];
        for source in sources {
            assert_eq!(source.len().unwrap(), 10);
            let mut buf = [0; 3];
            source.read_exact_at(7, &mut buf).unwrap();
            assert_eq!(&buf, b"789");
            assert!(source.read_exact_at(8, &mut buf).is_err());
            assert!(source.read_exact_at(u64::MAX, &mut buf).is_err());
            assert_eq!(
                source.read_ranges(&[1..3, 7..10, 5..5]).unwrap(),
                [&b"12"[..], b"789", b""]
            );
            for past in [8..11, 11..12, u64::MAX - 1..u64::MAX] {
                assert!(source.read_ranges(&[0..1, past]).is_err());
            }
        }
    }
}
