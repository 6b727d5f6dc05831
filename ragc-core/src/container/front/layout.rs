//! The parts of a file in the order in which they lie, and the footer that follows from it.
//!
//! # Shape
//! Whether there are checksums, a byte; the number of streams; names, each with NUL; numbers of their parts. Then a column of each of these of all
//! parts: stream, against the one before; part, against the one behind the last of its stream; length; metadata; and the checksums, a
//! `u32` each. Other numbers are LEB128; differences are told as 0, -1, 1, -2 by 0, 1, 2, 3.

use std::iter;

use crate::bytes::{Cursor, container_int_len, put_string, put_varint};
use crate::checksum::Checksum;
use crate::container::{Footer, PartMeta, State, names, sums};
use crate::error::{Error, Result};

/// A part, and what is known of it before it is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PlacedPart {
    /// The place of its stream in the footer.
    pub(crate) stream: usize,
    /// Its place in the stream.
    pub(crate) part: usize,
    /// Bytes of its payload.
    pub(crate) len: u64,
    /// The number attached to it.
    pub(crate) metadata: u64,
    /// CRC-32 of metadata as stored and payload; 0 where there are no checksums.
    pub(crate) sum: u32,
}

/// All streams of an archive, and its parts without the front index and the checksums, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Names and numbers of parts, in the order of the footer.
    pub(crate) streams: Vec<(String, usize)>,
    /// What comes behind the front index.
    pub(crate) parts: Vec<PlacedPart>,
    /// Whether checksums of all of them come last.
    pub(crate) has_sums: bool,
}

/// Where the parts of streams lie, as far as it is known.
struct PartSlots {
    of_streams: Vec<Vec<Option<(PartMeta, PlacedPart)>>>,
    /// Where the next part begins.
    offset: u64,
}

impl PartSlots {
    fn of(streams: &[(String, usize)], offset: u64) -> Self {
        let of_streams = streams.iter().map(|(_, n_parts)| vec![None; *n_parts]);
        Self {
            of_streams: of_streams.collect(),
            offset,
        }
    }

    /// The next part is this one of a stream.
    fn fill(&mut self, stream: usize, number: usize, part: PlacedPart) -> Result<()> {
        let slot = self.of_streams.get_mut(stream);
        let slot = slot.and_then(|parts| parts.get_mut(number));
        let slot = slot.filter(|slot| slot.is_none()).ok_or_else(misplaced)?;
        let meta = PartMeta {
            offset: self.offset,
            len: part.len,
        };
        *slot = Some((meta, part));
        self.offset = end_of(self.offset, part.metadata, part.len)?;
        Ok(())
    }

    /// All parts of all streams, if they are known.
    fn all(self) -> Result<Vec<Vec<(PartMeta, PlacedPart)>>> {
        let all: Option<_> = self
            .of_streams
            .into_iter()
            .map(|parts| parts.into_iter().collect())
            .collect();
        all.ok_or_else(misplaced)
    }
}

/// What follows from a layout.
#[derive(Debug)]
pub(crate) struct Places {
    /// The footer, and its size behind it.
    pub(crate) footer: Vec<u8>,
    /// Bytes in front of the footer.
    pub(crate) data_len: u64,
    /// All parts but the checksums, in the order of the footer.
    pub(crate) parts: Vec<PlacedPart>,
}

impl Places {
    /// The file with this footer.
    pub(crate) fn state(&self) -> State {
        let footer = Checksum::of(&self.footer);
        State {
            len: self.data_len.saturating_add(footer.len),
            footer_crc: footer.crc,
        }
    }
}

impl Layout {
    /// Where everything lies, if this part is the front index and begins at `offset`.
    ///
    /// # Errors
    /// `Corrupt` when a part is told twice or not at all, or they reach past 2^64 bytes.
    pub(crate) fn places(&self, front: PlacedPart, offset: u64) -> Result<Places> {
        let mut slots = PartSlots::of(&self.streams, offset);
        for part in iter::once(&front).chain(&self.parts) {
            slots.fill(part.stream, part.part, *part)?;
        }
        if self.has_sums {
            slots.fill(
                self.stream_of_sums()?,
                0,
                PlacedPart {
                    len: sums::encoded_len(self.parts.len() + 1),
                    ..PlacedPart::default()
                },
            )?;
        }
        let data_len = slots.offset;
        let all = slots.all()?;
        let mut parts: Vec<PlacedPart> = all.iter().flatten().map(|(_, part)| *part).collect();
        parts.truncate(self.parts.len() + 1);
        Ok(Places {
            footer: self.footer(&all),
            data_len,
            parts,
        })
    }

    /// The stream of checksums, if it is the last one and has one part.
    fn stream_of_sums(&self) -> Result<usize> {
        match self.streams.split_last() {
            Some(((name, 1), others)) if name == names::SUMS => Ok(others.len()),
            _ => Err(misplaced()),
        }
    }

    /// The footer, and its size behind it.
    fn footer(&self, places: &[Vec<(PartMeta, PlacedPart)>]) -> Vec<u8> {
        let metas = |parts: &Vec<(PartMeta, PlacedPart)>| parts.iter().map(|(meta, _)| *meta).collect();
        let metas: Vec<Vec<PartMeta>> = places.iter().map(metas).collect();
        let streams = self.streams.iter().zip(&metas);
        let mut footer = Vec::new();
        Footer::write(
            streams.map(|((name, _), parts)| (name.as_str(), parts.as_slice())),
            &mut footer,
        );
        footer
    }

    /// The place of the stream of the front index.
    ///
    /// # Errors
    /// `Corrupt` when there is none.
    pub(crate) fn front_stream(&self) -> Result<usize> {
        let found = self
            .streams
            .iter()
            .position(|(name, _)| name == names::FRONT_INDEX);
        found.ok_or_else(|| Error::corrupt("the index in front does not name its own stream"))
    }

    /// The layout as bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = vec![u8::from(self.has_sums)];
        put_varint(&mut out, self.streams.len() as u64);
        for (name, _) in &self.streams {
            put_string(&mut out, name.as_bytes());
        }
        for (_, n_parts) in &self.streams {
            put_varint(&mut out, *n_parts as u64);
        }
        let mut last = 0;
        for part in &self.parts {
            put_difference(&mut out, part.stream, last);
            last = part.stream;
        }
        let mut next = vec![0; self.streams.len()];
        for part in &self.parts {
            let next = &mut next[part.stream];
            put_difference(&mut out, part.part, *next);
            *next = part.part + 1;
        }
        for part in &self.parts {
            put_varint(&mut out, part.len);
        }
        for part in &self.parts {
            put_varint(&mut out, part.metadata);
        }
        for part in self.parts.iter().filter(|_| self.has_sums) {
            out.extend_from_slice(&part.sum.to_le_bytes());
        }
        out
    }

    /// Reads a layout.
    ///
    /// # Errors
    /// `Truncated` when bytes are missing; `Corrupt` when some are left over or numbers cannot be.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(bytes, "index in front");
        let mut layout = Self {
            has_sums: match cursor.byte()? {
                0 => false,
                1 => true,
                other => return Err(Error::corrupt(format!("the index in front begins with {other}"))),
            },
            ..Self::default()
        };
        let n_streams = cursor.varint()?;
        // Nothing is reserved for the counts: a wrong one runs out of bytes first.
        for _ in 0..n_streams {
            let name = std::str::from_utf8(cursor.string()?);
            let name = name.map_err(|_| Error::corrupt("the index in front has a name that is no text"))?;
            layout.streams.push((name.to_owned(), 0));
        }
        let mut n_parts = 0usize;
        for (_, n) in &mut layout.streams {
            *n = usize::try_from(cursor.varint()?).map_err(|_| misplaced())?;
            n_parts = n_parts.checked_add(*n).ok_or_else(misplaced)?;
        }
        let n_others = 1 + usize::from(layout.has_sums);
        // A part takes a byte in each of four columns.
        let n_parts = n_parts.checked_sub(n_others).filter(|n| *n <= cursor.left() / 4);
        layout.parts = vec![PlacedPart::default(); n_parts.ok_or_else(misplaced)?];
        layout.decode_columns(&mut cursor)?;
        cursor.finish()?;
        Ok(layout)
    }

    fn decode_columns(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let mut last = 0;
        for part in &mut self.parts {
            part.stream = difference(cursor, last)?;
            last = part.stream;
        }
        let mut next = vec![0; self.streams.len()];
        for part in &mut self.parts {
            let next = next.get_mut(part.stream).ok_or_else(misplaced)?;
            part.part = difference(cursor, *next)?;
            *next = part.part.checked_add(1).ok_or_else(misplaced)?;
        }
        for part in &mut self.parts {
            part.len = cursor.varint()?;
        }
        for part in &mut self.parts {
            part.metadata = cursor.varint()?;
        }
        if self.has_sums {
            for part in &mut self.parts {
                part.sum = cursor.u32_le()?;
            }
        }
        Ok(())
    }
}

fn misplaced() -> Error {
    Error::corrupt("the index in front does not tell of each part once")
}

/// The end of a part that begins there.
fn end_of(offset: u64, metadata: u64, len: u64) -> Result<u64> {
    offset
        .checked_add(container_int_len(metadata))
        .and_then(|payload| payload.checked_add(len))
        .ok_or_else(|| Error::corrupt("the index in front tells of parts beyond 2^64 bytes"))
}

fn put_difference(out: &mut Vec<u8>, value: usize, from: usize) {
    let difference = (value as u64).wrapping_sub(from as u64).cast_signed();
    put_varint(out, ((difference << 1) ^ (difference >> 63)).cast_unsigned());
}

fn difference(cursor: &mut Cursor<'_>, from: usize) -> Result<usize> {
    let code = cursor.varint()?;
    let difference = (code >> 1) ^ (code & 1).wrapping_neg();
    usize::try_from((from as u64).wrapping_add(difference)).map_err(|_| misplaced())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        let part = |stream, part, len, metadata, sum| PlacedPart {
            stream,
            part,
            len,
            metadata,
            sum,
        };
        Layout {
            streams: [("b", 1), ("a", 2), (names::FRONT_INDEX, 1), (names::SUMS, 1)]
                .map(|(name, n)| (name.to_owned(), n))
                .to_vec(),
            parts: vec![
                part(1, 1, 0, 0, 9),
                part(0, 0, 300, 256, 10),
                part(1, 0, 5, 7, 11),
            ],
            has_sums: true,
        }
    }

    fn front() -> PlacedPart {
        PlacedPart {
            stream: 2,
            len: 10,
            metadata: 1,
            ..PlacedPart::default()
        }
    }

    #[rustfmt::skip]
    const BYTES: [u8; 59] = [
        1, 4,                                                       // checksums, four streams
        b'b', 0, b'a', 0,
        b'r', b'a', b'g', b'c', b'.', b'f', b'r', b'o', b'n', b't', b'-', b'i', b'n', b'd', b'e', b'x', 0,
        b'r', b'a', b'g', b'c', b'.', b's', b'u', b'm', b's', 0,
        1, 2, 1, 1,                                                 // parts of each
        2, 1, 2,                                                    // streams 1, 0, 1
        2, 0, 3,                                                    // parts 1, 0, 0
        0, 0xAC, 2, 5,                                              // lengths
        0, 0x80, 2, 7,                                              // numbers
        9, 0, 0, 0, 10, 0, 0, 0,                                    // checksums, the last one below
    ];

    #[test]
    fn a_layout_is_written_and_read_back_and_tells_where_parts_lie() {
        let bytes = [&BYTES[..], &[11, 0, 0, 0]].concat();
        assert_eq!(layout().encode(), bytes);
        assert_eq!(Layout::decode(&bytes).unwrap(), layout());
        let places = layout().places(front(), 20).unwrap();
        let footer_len = places.footer.len() - 8;
        let footer = Footer::read(&places.footer[..footer_len], places.data_len).unwrap();
        let parts = |name| footer.parts(footer.find(name).unwrap()).to_vec();
        let meta = |offset, len| PartMeta { offset, len };
        assert_eq!(parts(names::FRONT_INDEX), [meta(20, 10)]);
        assert_eq!(parts("a"), [meta(336, 5), meta(32, 0)]);
        assert_eq!(parts("b"), [meta(33, 300)]);
        assert_eq!(parts(names::SUMS), [meta(343, 4 * 4 + 16)]);
        assert_eq!(places.data_len, 343 + 1 + 32);
        let sums: Vec<u32> = places.parts.iter().map(|part| part.sum).collect();
        assert_eq!(sums, [10, 11, 9, 0]);
    }

    #[test]
    fn every_prefix_and_every_part_that_is_told_twice_is_an_error() {
        let bytes = layout().encode();
        for end in 0..bytes.len() {
            assert!(Layout::decode(&bytes[..end]).is_err(), "{end}");
        }
        for change in [
            |layout: &mut Layout| layout.parts[0].part = 0,
            |layout: &mut Layout| layout.parts[0].part = 2,
            |layout: &mut Layout| layout.parts[1].stream = 4,
            |layout: &mut Layout| layout.parts[1].stream = 3,
            |layout: &mut Layout| layout.parts[1].len = u64::MAX - 30,
            |layout: &mut Layout| layout.streams[3].1 = 2,
            |layout: &mut Layout| layout.streams.swap(0, 3),
            |layout: &mut Layout| layout.parts.truncate(2),
        ] {
            let mut changed = layout();
            change(&mut changed);
            assert!(changed.places(front(), 20).is_err(), "{changed:?}");
        }
        let many = [0, 1, b'x', 0, 255, 255, 255, 255, 255, 255, 255, 255, 127];
        assert!(Layout::decode(&many).is_err());
    }

    proptest::proptest! {
        /// Whatever it is, it is a layout that is written so again, or an error; and it has places, or an error.
        #[test]
        fn any_bytes_are_a_layout_or_an_error(
            start in proptest::collection::vec(0u8..4, 0..12),
            rest in proptest::collection::vec(proptest::num::u8::ANY, 0..60),
        ) {
            let named = [&[1, 2, b'x', 0][..], names::FRONT_INDEX.as_bytes(), &[0, 3, 1], &rest].concat();
            for bytes in [[&start[..], &rest].concat(), named] {
                if let Ok(layout) = Layout::decode(&bytes) {
                    assert_eq!(Layout::decode(&layout.encode()).unwrap(), layout);
                    let _ = layout.places(front(), 20);
                }
            }
        }
    }
}
