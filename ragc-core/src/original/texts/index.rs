//! The last part of a stream of texts: where each of them lies.

use crate::bytes::{Cursor, put_varint};
use crate::container::{ContainerReader, Part, StreamId};
use crate::error::{Error, Result};
use crate::original::TextKind;
use crate::zstd;
use std::ops::Range;

/// No part is longer, whoever wrote it.
const MAX_PART_LEN: u64 = 1 << 28;

/// Where the texts of samples lie in all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextsIndex {
    /// Bytes of every part but the last, decoded.
    pub(crate) part_len: u64,
    /// For each sample the end of its text, and whether it has one.
    ends: Vec<(u64, bool)>,
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
        let mut index = Self::new(part_len);
        while cursor.left() > 0 {
            if index.n_samples() == n_samples {
                return Err(Error::corrupt(format!(
                    "texts of more than the {n_samples} samples"
                )));
            }
            let len = cursor.varint()?;
            if !index.push(len.checked_sub(1)) {
                return Err(Error::corrupt("texts of more than 2^64 bytes"));
            }
        }
        Ok(index)
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
    pub(crate) fn push(&mut self, len: Option<u64>) -> bool {
        let end = self.len().checked_add(len.unwrap_or(0));
        self.ends.extend(end.map(|end| (end, len.is_some())));
        end.is_some()
    }

    /// Takes samples without a text for those that are missing, up to this number.
    pub(crate) fn fill(&mut self, n_samples: usize) {
        while self.ends.len() < n_samples {
            self.push(None);
        }
    }

    /// Bytes of all texts.
    pub(crate) fn len(&self) -> u64 {
        self.ends.last().map_or(0, |(end, _)| *end)
    }

    /// Number of samples that the index tells of.
    pub(crate) fn n_samples(&self) -> usize {
        self.ends.len()
    }

    /// Whether any sample has a text.
    pub(crate) fn has_texts(&self) -> bool {
        self.ends.iter().any(|(_, has_text)| *has_text)
    }

    /// Where the text of a sample lies; `None` if it has none, which is not the same as an empty one.
    pub(crate) fn range(&self, sample: usize) -> Option<Range<u64>> {
        let (end, has_text) = *self.ends.get(sample)?;
        let start = sample.checked_sub(1).map_or(0, |before| self.ends[before].0);
        has_text.then_some(start..end)
    }

    /// The parts in which the text of a sample lies, if it has one.
    pub(crate) fn parts_of(&self, sample: usize) -> Option<Range<u64>> {
        let text = self.range(sample)?;
        Some(text.start / self.part_len..text.end.div_ceil(self.part_len))
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

    /// Bytes of a part, decoded.
    pub(crate) fn len_of_part(&self, part: u64) -> u64 {
        let start = part.saturating_mul(self.part_len);
        self.len().saturating_sub(start).min(self.part_len)
    }
}
