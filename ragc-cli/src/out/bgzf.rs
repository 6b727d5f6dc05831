//! BGZF: gzip in blocks that can be read from anywhere, deflated on threads of their own.
//!
//! ```text
//! text ─▶ block 0, 3, … ─▶ thread 0 ─┐
//!         block 1, 4, … ─▶ thread 1 ─┼─▶ in turn ─▶ output
//!         block 2, 5, … ─▶ thread 2 ─┘
//! ```
//!
//! The mark of the end is written by [`BgzfWriter::finish`] alone: what is dropped before, by an error or a panic, does not look
//! complete. Without a thread to be had, blocks are deflated where they come from.
//!
//! # Source
//! SAM specification, "The BGZF compression format".

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use ragc_core::internals::memory;
use ragc_core::internals::threads::start_alone;

/// Text of a block: as much as fits in 64 KiB whatever it is.
const TEXT_LEN: usize = BLOCK_LEN - HEADER.len() - TRAILER_LEN - STORED_LEN;
const BLOCK_LEN: usize = 1 << 16;
/// Gzip with an extra field of two bytes, `BC`: the size of the block less one.
const HEADER: [u8; 18] = [
    0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 6, 0, b'B', b'C', 2, 0, 0, 0,
];
/// Checksum and size of the text.
const TRAILER_LEN: usize = 8;
/// Before a text that is stored as it is: the mark of the last block of deflate, the length and its complement.
const STORED_LEN: usize = 5;
/// The empty block that ends a file.
const END: [u8; 28] = [
    0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 6, 0, b'B', b'C', 2, 0, 0x1B, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];
/// Blocks that a thread has, done or not.
const N_WAITING: usize = 4;

/// Writes text as BGZF.
pub(super) struct BgzfWriter<W> {
    out: W,
    level: Compression,
    /// Of the next block.
    text: Vec<u8>,
    threads: Vec<Thread>,
    /// What deflates where there are no threads, once it is needed.
    deflater: Option<Deflater>,
    n_begun: usize,
    n_written: usize,
}

impl<W: Write> BgzfWriter<W> {
    /// A writer with up to so many threads.
    pub(super) fn new(out: W, level: u32, n_threads: NonZeroUsize) -> Self {
        let level = Compression::new(level.min(9));
        Self {
            out,
            level,
            text: Vec::with_capacity(TEXT_LEN),
            threads: (0..n_threads.get()).map_while(|_| Thread::start(level)).collect(),
            deflater: None,
            n_begun: 0,
            n_written: 0,
        }
    }

    /// Writes everything, and the mark of the end.
    pub(super) fn finish(mut self) -> io::Result<W> {
        if !self.text.is_empty() {
            self.begin_block()?;
        }
        while self.n_written < self.n_begun {
            self.write_block()?;
        }
        self.out.write_all(&END)?;
        Ok(self.out)
    }

    /// Sends the text to the thread whose turn it is, when that has room for it.
    fn begin_block(&mut self) -> io::Result<()> {
        if self.threads.is_empty() {
            let deflater = match self.deflater.take() {
                Some(deflater) => deflater,
                None => Deflater::new(self.level)?,
            };
            let block = self.deflater.insert(deflater).block_of(&self.text)?;
            self.text.clear();
            return self.out.write_all(&block);
        }
        if self.n_begun - self.n_written == N_WAITING * self.threads.len() {
            self.write_block()?;
        }
        let text = std::mem::replace(&mut self.text, Vec::with_capacity(TEXT_LEN));
        let turn = self.n_begun % self.threads.len();
        self.threads[turn].texts.send(text).map_err(|_| lost())?;
        self.n_begun += 1;
        Ok(())
    }

    /// Writes the next block, when it is deflated.
    fn write_block(&mut self) -> io::Result<()> {
        let turn = self.n_written % self.threads.len();
        let block = self.threads[turn].blocks.recv().map_err(|_| lost())?;
        self.n_written += 1;
        self.out.write_all(&block?)
    }
}

impl<W: Write> Write for BgzfWriter<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let len = buf.len().min(TEXT_LEN - self.text.len());
        self.text.extend_from_slice(&buf[..len]);
        if self.text.len() == TEXT_LEN {
            self.begin_block()?;
        }
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lost() -> io::Error {
    io::Error::other("a thread that deflates was lost")
}

/// A thread that deflates texts as they come; it ends when nobody sends any more.
struct Thread {
    texts: SyncSender<Vec<u8>>,
    blocks: Receiver<io::Result<Vec<u8>>>,
}

impl Thread {
    fn start(level: Compression) -> Option<Self> {
        let (texts, received) = sync_channel::<Vec<u8>>(N_WAITING);
        let (done, blocks) = sync_channel(N_WAITING);
        let deflate_all = move || {
            let mut deflater = Deflater::new(level);
            for text in received {
                let block = match &mut deflater {
                    Ok(deflater) => deflater.block_of(&text),
                    Err(error) => Err(error.kind().into()),
                };
                if done.send(block).is_err() {
                    return;
                }
            }
        };
        start_alone("deflate", deflate_all).ok()?;
        Some(Self { texts, blocks })
    }
}

/// Makes blocks, with the same tables for all of them.
struct Deflater(Compress);

impl Deflater {
    fn new(level: Compression) -> io::Result<Self> {
        memory::make(|| Self(Compress::new(level, false)))
    }

    fn block_of(&mut self, text: &[u8]) -> io::Result<Vec<u8>> {
        let mut block = Vec::with_capacity(BLOCK_LEN);
        block.extend_from_slice(&HEADER);
        self.0.reset();
        let status = self.0.compress_vec(text, &mut block, FlushCompress::Finish)?;
        // What does not deflate may grow by more than there is room for.
        if status != Status::StreamEnd || block.len() + TRAILER_LEN > BLOCK_LEN {
            block.truncate(HEADER.len());
            let len = text.len() as u16;
            block.push(1);
            block.extend_from_slice(&len.to_le_bytes());
            block.extend_from_slice(&(!len).to_le_bytes());
            block.extend_from_slice(text);
        }
        let len = block.len() + TRAILER_LEN;
        let mut sum = Crc::new();
        sum.update(text);
        block.extend_from_slice(&sum.sum().to_le_bytes());
        block.extend_from_slice(&sum.amount().to_le_bytes());
        block[HEADER.len() - 2..HEADER.len()].copy_from_slice(&((len - 1) as u16).to_le_bytes());
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use flate2::bufread::MultiGzDecoder;
    use std::io::Read;

    fn packed(text: &[u8], level: u32, n_threads: Option<usize>) -> Vec<u8> {
        let n = NonZeroUsize::new(n_threads.unwrap_or(1)).unwrap();
        let mut writer = BgzfWriter::new(Vec::new(), level, n);
        if n_threads.is_none() {
            writer.threads.clear();
        }
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn text_comes_back_and_is_the_same_for_any_number_of_threads() {
        in_time("the threads end", || {
            let mut state = 1u64;
            let noise: Vec<u8> = std::iter::repeat_with(|| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 56) as u8
            })
            .take(20 * TEXT_LEN + 7)
            .collect();
            for text in [&b""[..], b">a\nACGT\n", &noise, &noise[..TEXT_LEN]] {
                for level in [0, 6, 9] {
                    let whole = packed(text, level, None);
                    assert!(whole.ends_with(&END));
                    let mut read = Vec::new();
                    MultiGzDecoder::new(&whole[..]).read_to_end(&mut read).unwrap();
                    assert!(read == text);
                    for n_threads in [1, 3] {
                        assert!(packed(text, level, Some(n_threads)) == whole);
                    }
                }
            }
        });
    }

    #[test]
    fn what_is_dropped_has_no_end() {
        in_time("the threads end", || {
            struct Kept<'a>(&'a mut Vec<u8>);
            impl Write for Kept<'_> {
                fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
                    self.0.write(buf)
                }
                fn flush(&mut self) -> io::Result<()> {
                    Ok(())
                }
            }
            let mut out = Vec::new();
            let mut writer = BgzfWriter::new(Kept(&mut out), 1, NonZeroUsize::MIN);
            writer.write_all(&[b'A'; 9 * TEXT_LEN]).unwrap();
            drop(writer);
            assert!(!out.is_empty() && !out.ends_with(&END));
        });
    }
}
