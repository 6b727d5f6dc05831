//! Writes the texts of a stream.

use crate::container::{ContainerWriter, StreamId};
use crate::error::Result;
use crate::original::TextKind;
use crate::original::texts::TextsIndex;
use crate::zstd::Compressor;
use std::io::Write;

/// Bytes of a part. Twice as much would take twice the memory here and twice the time to read one text.
pub(super) const PART_LEN: usize = 16 << 20;

/// Texts of samples on their way to the parts of a stream, which is made when there is the first text.
#[derive(Debug)]
pub(crate) struct TextsWriter {
    kind: TextKind,
    index: TextsIndex,
    open: Vec<u8>,
    compressor: Compressor,
}

impl TextsWriter {
    /// Starts the stream of this kind.
    pub(crate) fn new(kind: TextKind) -> Self {
        Self::behind(kind, TextsIndex::new(PART_LEN as u64), Vec::new())
    }

    /// Goes on behind parts that are in the stream already, and what is in the last part if that is not full.
    pub(crate) fn behind(kind: TextKind, index: TextsIndex, open: Vec<u8>) -> Self {
        Self {
            kind,
            index,
            open,
            compressor: Compressor::new(),
        }
    }

    /// Adds the text of a sample, by the place of the sample. Places ascend; those left out have none.
    pub(crate) fn push<W: Write>(
        &mut self,
        sample: usize,
        mut text: &[u8],
        archive: &mut ContainerWriter<W>,
    ) -> Result<()> {
        self.index.fill(sample);
        self.index.push(Some(text.len() as u64));
        let part_len = self.index.part_len as usize;
        while self.open.len() + text.len() >= part_len {
            let (front, rest) = text.split_at(part_len - self.open.len());
            self.open.extend_from_slice(front);
            self.write_open(archive)?;
            text = rest;
        }
        self.open.extend_from_slice(text);
        Ok(())
    }

    /// Writes what is left, and the index. Without any text there will be no stream.
    pub(crate) fn finish<W: Write>(mut self, archive: &mut ContainerWriter<W>) -> Result<()> {
        if !self.index.has_texts() {
            return Ok(());
        }
        if !self.open.is_empty() {
            self.write_open(archive)?;
        }
        self.open = self.index.encode();
        self.write_open(archive)
    }

    fn write_open<W: Write>(&mut self, archive: &mut ContainerWriter<W>) -> Result<()> {
        let stream: StreamId = archive.register(self.kind.stream_name());
        let frame = self.compressor.compress_long(&self.open)?;
        archive.add_part(stream, self.open.len() as u64, frame)?;
        self.open.clear();
        Ok(())
    }
}
