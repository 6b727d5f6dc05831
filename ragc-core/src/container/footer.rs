//! The footer: where each part of each stream lies in the file.

use crate::bytes::{Cursor, put_container_int, put_string};
use crate::container::StreamId;
use crate::error::{Error, Result};
use crate::memory;

/// Where a part lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartMeta {
    /// File offset of the part's metadata number, which its payload follows.
    pub offset: u64,
    /// Bytes of the payload; the metadata number is not counted.
    pub len: u64,
}

/// All streams of an archive, in file order, with the places of their parts.
///
/// # Shape
/// `n_streams`, then per stream: name and NUL, `n_parts`, `raw_len` (unused, written as 0), and (`offset`, `len`) per
/// part; all container integers.
///
/// # Source
/// FORMAT.md, "Container".
#[derive(Debug, Clone, Default)]
pub struct Footer {
    /// All names, one after the other.
    names: Vec<u8>,
    /// All parts, stream by stream.
    parts: Vec<PartMeta>,
    streams: Vec<StreamEnds>,
    /// Streams in the order of their names.
    by_name: Vec<u32>,
}

/// Where a stream's name and parts end in the columns of [`Footer`]; they start where the previous ones end.
#[derive(Debug, Clone, Copy, Default)]
struct StreamEnds {
    name: usize,
    parts: usize,
}

impl Footer {
    /// Reads a footer; parts are checked to lie in the first `data_len` bytes of the file.
    ///
    /// # Errors
    /// `Truncated` when the footer ends early; `Corrupt` when bytes are left over, two streams share a name, or a part
    /// reaches into the footer.
    pub fn read(bytes: &[u8], data_len: u64) -> Result<Self> {
        let mut cursor = Cursor::new(bytes, "footer");
        let mut footer = Self::default();
        let n_streams = cursor.container_int()?;
        // Nothing is reserved for the counts: a wrong one runs out of bytes first.
        for _ in 0..n_streams {
            let name = cursor.string()?;
            memory::grow(&mut footer.names, name.len())?;
            footer.names.extend_from_slice(name);
            let n_parts = cursor.container_int()?;
            let _raw_len = cursor.container_int()?;
            for _ in 0..n_parts {
                let part = PartMeta {
                    offset: cursor.container_int()?,
                    len: cursor.container_int()?,
                };
                // The metadata takes at least one byte. An empty part may point anywhere.
                let end = part
                    .offset
                    .checked_add(1)
                    .and_then(|payload| payload.checked_add(part.len));
                if part.len > 0 && end.is_none_or(|end| end > data_len) {
                    return Err(Error::corrupt(format!(
                        "footer: a part of {} bytes at byte {} reaches past the data area of {data_len} bytes",
                        part.len, part.offset
                    )));
                }
                memory::grow(&mut footer.parts, 1)?;
                footer.parts.push(part);
            }
            memory::grow(&mut footer.streams, 1)?;
            footer.streams.push(StreamEnds {
                name: footer.names.len(),
                parts: footer.parts.len(),
            });
        }
        cursor.finish()?;
        footer.sort_names()?;
        Ok(footer)
    }

    /// Appends a footer of the streams given, and its size.
    pub fn write<'a>(streams: impl ExactSizeIterator<Item = (&'a str, &'a [PartMeta])>, out: &mut Vec<u8>) {
        let start = out.len();
        put_container_int(out, streams.len() as u64);
        for (name, parts) in streams {
            put_string(out, name.as_bytes());
            put_container_int(out, parts.len() as u64);
            put_container_int(out, 0);
            for part in parts {
                put_container_int(out, part.offset);
                put_container_int(out, part.len);
            }
        }
        let len = (out.len() - start) as u64;
        out.extend_from_slice(&len.to_le_bytes());
    }

    fn sort_names(&mut self) -> Result<()> {
        let n_streams =
            u32::try_from(self.streams.len()).map_err(|_| Error::corrupt("footer: too many streams"))?;
        let mut by_name = memory::collected((0..n_streams as usize).map(|id| id as u32))?;
        by_name.sort_unstable_by_key(|id| self.name_bytes(*id));
        if let Some(pair) = by_name
            .windows(2)
            .find(|pair| self.name_bytes(pair[0]) == self.name_bytes(pair[1]))
        {
            let name = String::from_utf8_lossy(self.name_bytes(pair[0]));
            return Err(Error::corrupt(format!("footer: two streams are named {name:?}")));
        }
        self.by_name = by_name;
        Ok(())
    }

    fn start(&self, id: u32) -> StreamEnds {
        (id as usize)
            .checked_sub(1)
            .map_or(StreamEnds::default(), |before| self.streams[before])
    }

    fn name_bytes(&self, id: u32) -> &[u8] {
        &self.names[self.start(id).name..self.streams[id as usize].name]
    }

    /// Number of streams.
    #[must_use]
    pub fn n_streams(&self) -> usize {
        self.streams.len()
    }

    /// Number of parts of all streams.
    #[must_use]
    pub fn n_parts(&self) -> usize {
        self.parts.len()
    }

    /// Place of a stream's first part among the parts of all streams.
    pub(super) fn first_part(&self, stream: StreamId) -> usize {
        self.start(stream.0).parts
    }

    /// All streams, in file order.
    pub fn streams(&self) -> impl ExactSizeIterator<Item = StreamId> + use<> {
        (0..self.by_name.len() as u32).map(StreamId)
    }

    /// The stream of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<StreamId> {
        let found = self
            .by_name
            .binary_search_by(|id| self.name_bytes(*id).cmp(name.as_bytes()));
        found.ok().map(|place| StreamId(self.by_name[place]))
    }

    /// Name of a stream.
    #[must_use]
    pub fn name(&self, stream: StreamId) -> &[u8] {
        self.name_bytes(stream.0)
    }

    /// Parts of a stream, in order.
    #[must_use]
    pub fn parts(&self, stream: StreamId) -> &[PartMeta] {
        &self.parts[self.start(stream.0).parts..self.streams[stream.index()].parts]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rustfmt::skip]
    const FOOTER: [u8; 22] = [
        1, 2,                   // two streams
        b'x', b'0', b'd', 0,    // name
        1, 2, 0,                // two parts, raw size
        1, 1, 1, 5,             // offset 1, 5 bytes
        2, 1, 0, 1, 3,          // offset 256, 3 bytes
        b'p', 0,                // name
        0, 0,                   // no parts, raw size
    ];

    #[test]
    fn reads_and_writes_the_same_bytes() {
        let footer = Footer::read(&FOOTER, 260).unwrap();
        let stream = footer.find("x0d").unwrap();
        assert_eq!(
            footer.parts(stream),
            [PartMeta { offset: 1, len: 5 }, PartMeta { offset: 256, len: 3 }]
        );
        assert_eq!(footer.name(footer.find("p").unwrap()), b"p");
        assert!(footer.find("").is_none());
        let mut out = Vec::new();
        let streams: Vec<(&str, &[PartMeta])> = footer
            .streams()
            .map(|id| (std::str::from_utf8(footer.name(id)).unwrap(), footer.parts(id)))
            .collect();
        Footer::write(streams.into_iter(), &mut out);
        assert_eq!(out[..FOOTER.len()], FOOTER);
        assert_eq!(out[FOOTER.len()..], 22u64.to_le_bytes());
    }

    #[test]
    fn every_prefix_and_every_part_outside_is_an_error() {
        for end in 0..FOOTER.len() {
            assert!(Footer::read(&FOOTER[..end], 260).is_err());
        }
        assert!(Footer::read(&FOOTER, 259).is_err());
        let same_names = [1, 2, b'p', 0, 0, 0, b'p', 0, 0, 0];
        assert!(Footer::read(&same_names, 0).is_err());
        let many = [
            8, 255, 255, 255, 255, 255, 255, 255, 255, b'p', 0, 8, 255, 255, 255, 255, 255, 255, 255, 255,
        ];
        assert!(Footer::read(&many, 0).is_err());
    }
}
