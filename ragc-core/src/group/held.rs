//! The deltas of an open pack, held in little memory.
//!
//! A group's pack stays open until it is full, which for most collections means until the end, so all deltas of a
//! collection are held at once. Those of different samples are alike: what is older is kept as zstd frames, and eight
//! frames become one, in which more of what is alike is found.

use crate::error::Result;
use crate::group::ITEM_END;
use crate::group::writer::PartEncoder;
use crate::zstd;

/// Plain bytes that become a frame.
const CHUNK_LEN: usize = 1 << 13;

/// Frames of one size that become a larger one. With four every byte is compressed four times and not three, and the peak is
/// the same (docs/measurements.md, "Details of making archives").
const MERGED: usize = 8;

/// A frame of this many plain bytes is not merged any more.
const MAX_CHUNK_LEN: usize = 1 << 19;

/// Items one after the other, each with its separator.
#[derive(Debug, Default)]
pub(super) struct HeldItems {
    /// Complete items in frames, the oldest and largest first.
    chunks: Vec<HeldChunk>,
    /// The items behind them.
    tail: Vec<u8>,
    /// Bytes of the frames, and of what is in them.
    n_frame_bytes: usize,
    n_framed: usize,
}

#[derive(Debug)]
struct HeldChunk {
    /// Plain bytes.
    len: usize,
    /// How often it has been merged.
    level: u32,
    frame: Box<[u8]>,
}

impl HeldItems {
    /// Adds an item.
    ///
    /// # Errors
    /// Those of zstd.
    pub(super) fn push(&mut self, item: &[u8], encoder: &mut PartEncoder) -> Result<()> {
        if self.tail.len() + item.len() > CHUNK_LEN && !self.tail.is_empty() {
            let tail = std::mem::take(&mut self.tail);
            self.hold(HeldChunk::new(&tail, 0, encoder)?);
            self.merge(encoder)?;
        }
        self.push_plain(item);
        Ok(())
    }

    /// Adds an item to those that are held as they are.
    pub(super) fn push_plain(&mut self, item: &[u8]) {
        self.tail.extend_from_slice(item);
        self.tail.push(ITEM_END);
    }

    /// Gives all items with their separators, and forgets them.
    ///
    /// # Errors
    /// Those of zstd.
    pub(super) fn take(&mut self) -> Result<Vec<u8>> {
        (self.n_frame_bytes, self.n_framed) = (0, 0);
        let mut bytes = join(self.chunks.drain(..))?;
        bytes.append(&mut std::mem::take(&mut self.tail));
        Ok(bytes)
    }

    /// Bytes held.
    pub(super) fn mem_len(&self) -> usize {
        self.n_frame_bytes + self.tail.capacity()
    }

    /// Bytes of all items with their separators.
    pub(super) fn plain_len(&self) -> usize {
        self.n_framed + self.tail.len()
    }

    fn hold(&mut self, chunk: HeldChunk) {
        self.n_framed += chunk.len;
        self.n_frame_bytes += chunk.frame.len();
        self.chunks.push(chunk);
    }

    /// Merges the last frames as long as there are enough of one level.
    fn merge(&mut self, encoder: &mut PartEncoder) -> Result<()> {
        while let Some(last) = self.chunks.last() {
            let level = last.level;
            let n_alike = self
                .chunks
                .iter()
                .rev()
                .take_while(|chunk| chunk.level == level)
                .count();
            if n_alike < MERGED || last.len >= MAX_CHUNK_LEN {
                break;
            }
            let alike = self.chunks.split_off(self.chunks.len() - n_alike);
            self.n_frame_bytes -= alike.iter().map(|chunk| chunk.frame.len()).sum::<usize>();
            self.n_framed -= alike.iter().map(|chunk| chunk.len).sum::<usize>();
            let bytes = join(alike.into_iter())?;
            self.hold(HeldChunk::new(&bytes, level + 1, encoder)?);
        }
        Ok(())
    }
}

impl HeldChunk {
    fn new(bytes: &[u8], level: u32, encoder: &mut PartEncoder) -> Result<Self> {
        Ok(Self {
            len: bytes.len(),
            level,
            frame: encoder.held(bytes)?.into(),
        })
    }
}

/// The plain bytes of chunks.
fn join(chunks: impl Iterator<Item = HeldChunk>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for chunk in chunks {
        bytes.extend_from_slice(&zstd::decompress(&chunk.frame, chunk.len as u64)?);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_out_as_they_went_in() {
        let mut encoder = PartEncoder::new();
        let mut held = HeldItems::default();
        let mut expected = Vec::new();
        for i in 0..2000 {
            let item = format!("0,{i}.{}", "ACGT".repeat(i % 300)).into_bytes();
            held.push(&item, &mut encoder).unwrap();
            expected.extend_from_slice(&item);
            expected.push(ITEM_END);
        }
        // 1.2 MB: frames of three sizes, fewer than eight of each, unless they are the largest.
        assert!(held.chunks.len() < 3 * MERGED && held.chunks[0].level == 2);
        assert_eq!(held.plain_len(), expected.len());
        assert!(held.mem_len() < expected.len() / 10);
        assert_eq!(held.take().unwrap(), expected);
        assert!(held.take().unwrap().is_empty());
        assert_eq!((held.plain_len(), held.mem_len()), (0, 0));
        held.push(b"C", &mut encoder).unwrap();
        assert_eq!(held.take().unwrap(), b"C\xFF");
    }
}
