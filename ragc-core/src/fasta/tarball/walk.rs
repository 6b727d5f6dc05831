//! Stretches of a text that can be read front to back only, for several readers.

use crate::error::Result;
use crate::fasta::packed::{Packed, Text};
use crate::fasta::reader::read_error;
use crate::fasta::stored::Stored;
use crate::lock::lock;
use crate::sync::{Arc, Condvar, Mutex, PoisonError};
use std::fmt;
use std::io::{self, Read};

/// The text of what is stored.
pub(super) fn open_text(stored: &Stored, memory: u64) -> Result<Text> {
    Packed::new(stored.open()?, memory).map_err(read_error)
}

/// The walks through one text. A stretch is read by the walk that is before it; who wants a later one waits for those who
/// read or want earlier ones, so that nobody has to begin again.
///
/// Readers that wait for each other for other reasons must want stretches in their order, or there is a circle.
#[derive(Debug, Clone)]
pub(super) struct Walks(Arc<SharedText>);

#[derive(Debug)]
struct SharedText {
    stored: Stored,
    memory: u64,
    state: Mutex<Turns>,
    has_changed: Condvar,
}

#[derive(Debug, Default)]
struct Turns {
    /// A walk that nobody uses.
    idle: Option<TextWalk>,
    /// Where stretches begin that are wanted or being read.
    wanted: Vec<u64>,
}

/// A text, read up to a place.
struct TextWalk {
    text: Text,
    position: u64,
}

impl Walks {
    /// Walks through the text of what can be read repeatedly. Decompressing it may take so much memory.
    pub(super) fn new(stored: Stored, memory: u64) -> Self {
        Self(Arc::new(SharedText {
            stored,
            memory,
            state: Mutex::default(),
            has_changed: Condvar::new(),
        }))
    }

    /// The `len` bytes from `offset` on, when it is their turn.
    pub(super) fn read(&self, offset: u64, len: u64) -> Result<TarStretch> {
        let idle = self.wait_for_turn(offset);
        let mut stretch = TarStretch {
            walks: self.clone(),
            offset,
            end: offset.saturating_add(len),
            walk: idle,
        };
        if stretch.walk.is_none() {
            stretch.walk = Some(TextWalk {
                text: open_text(&self.0.stored, self.0.memory)?,
                position: 0,
            });
        }
        Ok(stretch)
    }

    /// Waits until nobody wants anything before `offset`; gives a walk that has not come so far.
    fn wait_for_turn(&self, offset: u64) -> Option<TextWalk> {
        let mut state = lock(&self.0.state);
        state.wanted.push(offset);
        let is_early = |state: &mut Turns| state.wanted.iter().any(|other| *other < offset);
        let waited = self.0.has_changed.wait_while(state, is_early);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.idle.take_if(|walk| walk.position <= offset)
    }

    /// Takes a walk back.
    fn give_back(&self, offset: u64, walk: Option<TextWalk>) {
        let mut state = lock(&self.0.state);
        if let Some(place) = state.wanted.iter().position(|other| *other == offset) {
            state.wanted.swap_remove(place);
        }
        // Of several the last one used, from which most likely is gone on.
        if walk.is_some() {
            state.idle = walk;
        }
        self.0.has_changed.notify_all();
    }
}

impl fmt::Debug for TextWalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextWalk({})", self.position)
    }
}

/// A stretch of the text, being read.
pub(super) struct TarStretch {
    walks: Walks,
    offset: u64,
    end: u64,
    /// `None` when it has failed.
    walk: Option<TextWalk>,
}

impl Read for TarStretch {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Some(walk) = &mut self.walk else {
            return Ok(0);
        };
        let read = walk.skip_to(self.offset).and_then(|()| walk.read(self.end, buf));
        if read.is_err() {
            // What has failed goes no further.
            self.walk = None;
        }
        read
    }
}

impl Drop for TarStretch {
    fn drop(&mut self) {
        self.walks.give_back(self.offset, self.walk.take());
    }
}

impl TextWalk {
    fn skip_to(&mut self, offset: u64) -> io::Result<()> {
        if self.position < offset {
            let n = offset - self.position;
            let n_skipped = io::copy(&mut (&mut self.text).take(n), &mut io::sink())?;
            self.position += n_skipped;
            if n_skipped < n {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }

    /// Reads what comes before `end`.
    fn read(&mut self, end: u64, buf: &mut [u8]) -> io::Result<usize> {
        let len = buf
            .len()
            .min(usize::try_from(end.saturating_sub(self.position)).unwrap_or(usize::MAX));
        if len == 0 {
            return Ok(0);
        }
        let n = self.text.read(&mut buf[..len])?;
        self.position += n as u64;
        match n {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => Ok(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use crate::fasta::UNPACK_MEMORY;
    use crate::sync::thread;

    const LEN: usize = 100_000;

    fn walks() -> (Walks, Vec<u8>) {
        let text: Vec<u8> = (0..LEN as u32).flat_map(u32::to_le_bytes).collect();
        let packed = zstd::encode_all(&text[..], 1).unwrap();
        (
            Walks::new(Stored::copy_of(&packed[..]).unwrap(), UNPACK_MEMORY),
            text,
        )
    }

    fn read(walks: &Walks, offset: usize, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        walks
            .read(offset as u64, len as u64)
            .unwrap()
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn stretches_are_read_in_any_order() {
        let (walks, text) = walks();
        for (offset, len) in [
            (1000, 500),
            (1500, 0),
            (1500, 70_000),
            (10, 30),
            (399_999, 1),
            (0, 400_000),
        ] {
            assert_eq!(read(&walks, offset, len).unwrap(), text[offset..offset + len]);
        }
        // A reader that stops early.
        let mut some = [0; 10];
        walks.read(50, 1000).unwrap().read_exact(&mut some).unwrap();
        assert_eq!(some, text[50..60]);
        assert_eq!(read(&walks, 70, 10).unwrap(), text[70..80]);
        assert!(read(&walks, 399_999, 2).is_err());
        assert!(read(&walks, 500_000, 2).is_err());
        assert_eq!(read(&walks, 5, 10).unwrap(), text[5..15]);
    }

    #[test]
    fn several_threads_read_neighbours() {
        in_time("all has been read", || {
            let (walks, text) = walks();
            let (walks, text) = (&walks, &text);
            thread::scope(|scope| {
                for first in 0..3 {
                    scope.spawn(move || {
                        for number in (first..100).step_by(3) {
                            let range = number * 4000..(number + 1) * 4000;
                            assert_eq!(read(walks, range.start, 4000).unwrap(), text[range]);
                        }
                    });
                }
            });
        });
    }
}
