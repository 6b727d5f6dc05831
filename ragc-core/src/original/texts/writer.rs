//! Writes the texts of a stream.

use crate::container::ContainerWriter;
use crate::error::Result;
use crate::original::TextKind;
use crate::original::texts::TextsIndex;
use crate::zstd::Compressor;
use std::io::Write;

/// Bytes of parts in a stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartLens {
    /// Where texts share nothing: what a query decodes beside the text that it asks for.
    pub(super) short: u64,
    /// Otherwise. Twice as much would take twice the memory here and twice the time to read one text.
    pub(super) long: u64,
}

const LENS: PartLens = PartLens {
    short: 1 << 16,
    long: 16 << 20,
};

/// Short parts hold nothing that a search would find.
const SHORT_PART_LEVEL: i32 = 3;

/// Texts of samples on their way to the parts of a stream, which is made when there is the first text.
///
/// Parts are long unless what would be the first of them, or all texts if they are less, keeps three quarters of its length as
/// a frame. Masks of masked genomes do if no two are alike: then a frame is no more than a code for bytes, and as good in short
/// parts. Until that is known nothing is written, and an archive with less is begun anew by those who add to it.
#[derive(Debug)]
pub(crate) struct TextsWriter {
    kind: TextKind,
    lens: PartLens,
    index: TextsIndex,
    /// Whether the length of parts stays as it is.
    is_settled: bool,
    open: Vec<u8>,
    compressor: Compressor,
}

impl TextsWriter {
    /// Starts the stream of this kind.
    pub(crate) fn new(kind: TextKind) -> Self {
        Self::behind(kind, TextsIndex::new(LENS.long), Vec::new())
    }

    /// Number of parts that stay as they are when texts are added to these.
    pub(crate) fn n_kept_parts(index: &TextsIndex) -> usize {
        LENS.n_kept_parts(index)
    }

    /// Goes on behind the parts that stay as they are, and what is in those behind them.
    pub(crate) fn behind(kind: TextKind, index: TextsIndex, open: Vec<u8>) -> Self {
        Self::with_lens(LENS, kind, index, open)
    }

    pub(super) fn with_lens(lens: PartLens, kind: TextKind, mut index: TextsIndex, open: Vec<u8>) -> Self {
        let is_settled = lens.settle(&index);
        if !is_settled {
            index.part_len = lens.long;
        }
        Self {
            kind,
            lens,
            index,
            is_settled,
            open,
            compressor: Compressor::new(),
        }
    }

    /// Adds the text of a sample, by the place of the sample. Places ascend; those left out have none.
    pub(crate) fn push<W: Write>(
        &mut self,
        sample: usize,
        mut text: &[u8],
        container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        self.index.fill(sample);
        self.index.push(Some(text.len() as u64));
        while let Some((front, rest)) = text.split_at_checked(self.room()) {
            self.open.extend_from_slice(front);
            self.write_open(container)?;
            text = rest;
        }
        self.open.extend_from_slice(text);
        Ok(())
    }

    /// Bytes that make the open part full.
    fn room(&self) -> usize {
        self.index.part_len as usize - self.open.len()
    }

    /// Writes what is left, and the index. Without any text there will be no stream.
    pub(crate) fn finish<W: Write>(mut self, container: &mut ContainerWriter<W>) -> Result<()> {
        if !self.index.has_texts() {
            return Ok(());
        }
        if !self.open.is_empty() {
            self.write_open(container)?;
        }
        self.is_settled = true;
        let index = self.index.encode();
        self.write_long(&index, container).map(drop)
    }

    /// Writes the open part, or all in short parts if it is the first and that is as good.
    fn write_open<W: Write>(&mut self, container: &mut ContainerWriter<W>) -> Result<()> {
        let mut open = std::mem::take(&mut self.open);
        if self.index.part_len <= self.lens.short || !self.write_long(&open, container)? {
            self.index.part_len = self.index.part_len.min(self.lens.short);
            self.write_short(&open, container)?;
        }
        self.is_settled = true;
        open.clear();
        self.open = open;
        Ok(())
    }

    /// Writes a long part, unless that settles the length of parts and short ones are as good.
    fn write_long<W: Write>(&mut self, part: &[u8], container: &mut ContainerWriter<W>) -> Result<bool> {
        let len = part.len() as u64;
        let frame = self.compressor.compress_long(part)?;
        if !self.is_settled && len > self.lens.short && frame.len() as u64 > len / 4 * 3 {
            return Ok(false);
        }
        let stream = container.register(self.kind.stream_name());
        container.add_part(stream, len, frame)?;
        Ok(true)
    }

    fn write_short<W: Write>(&mut self, parts: &[u8], container: &mut ContainerWriter<W>) -> Result<()> {
        let stream = container.register(self.kind.stream_name());
        for part in parts.chunks(self.index.part_len as usize) {
            let frame = self.compressor.compress(part, SHORT_PART_LEVEL)?;
            container.add_part(stream, part.len() as u64, frame)?;
        }
        Ok(())
    }
}

impl PartLens {
    /// Whether these texts settle how long parts are.
    fn settle(self, index: &TextsIndex) -> bool {
        index.len() >= self.long
    }

    pub(super) fn n_kept_parts(self, index: &TextsIndex) -> usize {
        match self.settle(index) {
            true => index.n_full_parts(),
            false => 0,
        }
    }
}
