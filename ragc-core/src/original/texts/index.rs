//! The last part of a stream of texts: where each of them lies.

use crate::bytes::{Cursor, put_varint};
use crate::container::{ContainerReader, Part, StreamId};
use crate::error::{Error, Result};
use crate::memory;
use crate::original::TextKind;
use crate::zstd;
use std::ops::Range;

/// No part is longer, whoever wrote it.
const MAX_PART_LEN: u64 = 1 << 28;

/// No texts are longer, and none of them.
const MAX_TEXTS_LEN: u64 = 1 << 62;

/// Where the texts of samples lie in all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextsIndex {
    /// Bytes of every part but the last, decoded.
    pub(crate) part_len: u64,
    ends: Vec<TextEnd>,
}

/// Where the text of a sample ends, and whether it has one, in eight bytes: whoever wants one sample reads those of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TextEnd(u64);

impl TextEnd {
    /// The end behind another one of a text of this length and one more, or of none for 0, if that can be told.
    #[inline]
    fn behind(before: u64, code: u64) -> Option<Self> {
        let has_text = u64::from(code > 0);
        let is_too_long = (code | before) >= MAX_TEXTS_LEN;
        (!is_too_long).then(|| Self((before + (code - has_text)) << 1 | has_text))
    }

    fn end(self) -> u64 {
        self.0 >> 1
    }

    fn has_text(self) -> bool {
        self.0 & 1 == 1
    }
}

impl TextsIndex {
    /// The index of no texts.
    pub(crate) fn new(part_len: u64) -> Self {
        Self {
            part_len,
            ends: Vec::new(),
        }
    }

    /// Where the texts of a kind lie in an archive of so many samples; `None` if it has none.
    ///
    /// # Errors
    /// `Corrupt` when they are damaged.
    pub(crate) fn read(
        container: &ContainerReader,
        kind: TextKind,
        n_samples: impl FnOnce() -> Result<usize>,
    ) -> Result<Option<(StreamId, Self)>> {
        let name = kind.stream_name();
        let Some(stream) = container.footer().find(name) else {
            return Ok(None);
        };
        let last = container.n_parts(stream).checked_sub(1);
        let last = last.ok_or_else(|| Error::corrupt("texts without an index").in_stream(name))?;
        let read = || {
            let part = container.read_part(stream, last)?;
            container.check_unit_len(part.metadata)?;
            let index = Self::decode(&part, n_samples()?)?;
            index.check_n_parts(last as u64).map(|()| index)
        };
        match read() {
            Ok(index) => Ok(Some((stream, index))),
            Err(error) => Err(error.in_part(last as u64).in_stream(name)),
        }
    }

    /// Reads the part, a frame, whose metadata is its decoded length. It tells of `n_samples` at most.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged.
    pub(crate) fn decode(part: &Part, n_samples: usize) -> Result<Self> {
        let bytes = zstd::decompress(part.payload(), part.metadata)?;
        let mut cursor = Cursor::new(&bytes, "index of texts");
        let part_len = cursor.varint()?;
        if part_len == 0 || part_len > MAX_PART_LEN {
            return Err(Error::corrupt(format!("texts in parts of {part_len} bytes")));
        }
        let ends = decode_ends(cursor, n_samples)?;
        Ok(Self { part_len, ends })
    }

    /// The bytes of the part before they are compressed.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_varint(&mut bytes, self.part_len);
        for sample in 0..self.ends.len() {
            let text = self.range(sample);
            put_varint(&mut bytes, text.map_or(0, |text| text.end - text.start + 1));
        }
        bytes
    }

    /// Adds the next sample, with the length of its text if it has one; says no when that is too long.
    #[inline]
    pub(crate) fn push(&mut self, len: Option<u64>) -> bool {
        match TextEnd::behind(self.len(), len.map_or(0, |len| len.saturating_add(1))) {
            Some(end) => {
                self.ends.push(end);
                true
            }
            None => false,
        }
    }

    /// Takes samples without a text for those that are missing, up to this number.
    pub(crate) fn fill(&mut self, n_samples: usize) {
        while self.ends.len() < n_samples {
            self.push(None);
        }
    }

    /// Bytes of all texts.
    pub(crate) fn len(&self) -> u64 {
        self.ends.last().map_or(0, |last| last.end())
    }

    /// Whether any sample has a text.
    pub(crate) fn has_texts(&self) -> bool {
        self.ends.iter().any(|end| end.has_text())
    }

    /// Where the text of a sample lies; `None` if it has none, which is not the same as an empty one.
    pub(crate) fn range(&self, sample: usize) -> Option<Range<u64>> {
        let end = *self.ends.get(sample)?;
        let start = sample.checked_sub(1).map_or(0, |before| self.ends[before].end());
        end.has_text().then_some(start..end.end())
    }

    /// The parts in which the text of a sample lies, if it has one.
    pub(crate) fn parts_of(&self, sample: usize) -> Option<Range<u64>> {
        let text = self.range(sample)?;
        Some(text.start / self.part_len..text.end.div_ceil(self.part_len))
    }

    /// The parts in which these bytes of the texts lie, and where in each.
    pub(crate) fn pieces_of(&self, range: Range<u64>) -> impl Iterator<Item = (u64, Range<u64>)> {
        let part_len = self.part_len;
        let mut pos = range.start;
        std::iter::from_fn(move || {
            let (part, start) = (pos / part_len, pos % part_len);
            let end = range.end.saturating_sub(pos).saturating_add(start).min(part_len);
            pos += end - start;
            (start < end).then_some((part, start..end))
        })
    }

    /// Number of parts to which nothing can be added.
    pub(crate) fn n_full_parts(&self) -> usize {
        (self.len() / self.part_len) as usize
    }

    /// Checks that there are as many parts of texts as these need.
    ///
    /// # Errors
    /// `Corrupt` when there are not.
    pub(crate) fn check_n_parts(&self, n_parts: u64) -> Result<()> {
        let needed = self.len().div_ceil(self.part_len);
        if n_parts == needed {
            return Ok(());
        }
        Err(Error::corrupt(format!(
            "{n_parts} parts of texts, {needed} expected"
        )))
    }

    /// Reads and decodes a part of the stream. Errors tell neither stream nor part where the frame is damaged.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged, or out of proportion to the archive.
    pub(crate) fn read_part(
        &self,
        container: &ContainerReader,
        stream: StreamId,
        part: u64,
    ) -> Result<Vec<u8>> {
        let stored = container.read_part(stream, part as usize)?;
        let len = self.len_of_part(part);
        container.check_unit_len(len)?;
        zstd::decompress(stored.payload(), len)
    }

    /// As [`Self::read_part`], as far as this byte of it at least.
    ///
    /// # Errors
    /// As [`Self::read_part`], as far as the part is read.
    pub(crate) fn read_part_through(
        &self,
        container: &ContainerReader,
        stream: StreamId,
        part: u64,
        end: u64,
    ) -> Result<Vec<u8>> {
        let len = self.len_of_part(part);
        if end >= len {
            return self.read_part(container, stream, part);
        }
        let stored = container.read_part(stream, part as usize)?;
        container.check_unit_len(len)?;
        let mut n_seen = 0;
        zstd::decompress_while(stored.payload(), len, |block| {
            n_seen += block.len() as u64;
            n_seen < end
        })
    }

    /// Bytes of a part, decoded.
    pub(crate) fn len_of_part(&self, part: u64) -> u64 {
        let start = part.saturating_mul(self.part_len);
        self.len().saturating_sub(start).min(self.part_len)
    }
}

/// Reads the ends of texts of `n_samples` at most: few steps for each, because whoever wants one sample reads those of all.
fn decode_ends(mut cursor: Cursor<'_>, n_samples: usize) -> Result<Vec<TextEnd>> {
    let mut ends = memory::room(n_samples.min(cursor.left()))?;
    let mut end = 0;
    while cursor.left() > 0 {
        if ends.len() == n_samples {
            return Err(Error::corrupt(format!(
                "texts of more than the {n_samples} samples"
            )));
        }
        let Some(next) = TextEnd::behind(end, cursor.varint()?) else {
            return Err(Error::corrupt("texts of more than 2^62 bytes"));
        };
        end = next.end();
        ends.push(next);
    }
    Ok(ends)
}
