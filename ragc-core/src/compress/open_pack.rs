//! An open pack of a worker, whose bytes count against the limit of memory.

use super::memory::{Counted, Memory};
use crate::error::Result;
use crate::group::pack::{ClosedPack, DeltaPack, RawPack};
use crate::group::writer::PartEncoder;
use std::cmp::Reverse;

/// What packs of raw groups and of delta groups have in common.
pub(super) trait CountedPack {
    /// Bytes held.
    fn mem_len(&self) -> usize;

    /// Bytes that it takes to write it, beside what it holds.
    fn write_len(&self) -> usize;

    fn close(&mut self, encoder: &mut PartEncoder) -> Result<Option<ClosedPack>>;
}

impl CountedPack for RawPack {
    fn mem_len(&self) -> usize {
        self.mem_len()
    }

    /// As plain text, and tables and answers for its matches.
    fn write_len(&self) -> usize {
        self.plain_len() / 2 * 3
    }

    fn close(&mut self, encoder: &mut PartEncoder) -> Result<Option<ClosedPack>> {
        self.close(encoder)
    }
}

impl CountedPack for DeltaPack {
    fn mem_len(&self) -> usize {
        self.mem_len()
    }

    /// As plain text, more than once while it is put together, and a buffer that is as long.
    fn write_len(&self) -> usize {
        self.plain_len() / 2 * 5
    }

    fn close(&mut self, encoder: &mut PartEncoder) -> Result<Option<ClosedPack>> {
        self.close(encoder)
    }
}

/// A pack whose bytes are counted.
pub(super) struct OpenPack<P> {
    pack: P,
    held: Counted,
}

impl<P: CountedPack> OpenPack<P> {
    /// A pack that is empty, or holds what it held in an archive.
    pub(super) fn new(pack: P, memory: &Memory) -> Self {
        let mut held = memory.held();
        held.set(pack.mem_len());
        Self { pack, held }
    }

    /// Has something added to it; `to_write` counts what it takes to write the longest pack.
    pub(super) fn add<T>(&mut self, to_write: &mut Counted, add: impl FnOnce(&mut P) -> T) -> T {
        to_write.raise(self.pack.write_len());
        let added = add(&mut self.pack);
        to_write.raise(self.pack.write_len());
        self.held.set(self.pack.mem_len());
        added
    }

    /// To be written by whichever worker is free.
    pub(super) fn last(self, group: u32) -> LastPack
    where
        P: Send + 'static,
    {
        LastPack {
            group,
            pack: Box::new(self.pack),
            _held: self.held,
        }
    }
}

/// Packs that take longer to write are greater; of equal ones that of the first group.
pub(super) type WriteOrder = (usize, Reverse<u32>);

/// A pack to which nothing more is added.
pub(super) struct LastPack {
    pub(super) group: u32,
    pack: Box<dyn CountedPack + Send>,
    _held: Counted,
}

impl LastPack {
    /// Bytes held.
    pub(super) fn mem_len(&self) -> usize {
        self.pack.mem_len()
    }

    /// The pack as it is stored, unless an archive has it already.
    ///
    /// # Errors
    /// `Io`, and those of zstd.
    pub(super) fn close(mut self, encoder: &mut PartEncoder) -> Result<Option<ClosedPack>> {
        self.pack.close(encoder)
    }

    pub(super) fn order(&self) -> WriteOrder {
        (self.pack.write_len(), Reverse(self.group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::Pack as Stored;

    #[test]
    fn what_a_pack_holds_is_counted_from_when_it_is_opened() {
        let memory = Memory::new(None, 1);
        let (mut encoder, mut to_write) = (PartEncoder::new(), memory.to_write());
        let stored = Stored::new([&[b'A'; 5000][..], b"\xFF"].concat()).unwrap();
        let mut open = OpenPack::new(DeltaPack::reopen(3, 0, &stored), &memory);
        let reopened = memory.n_held();
        assert!(reopened >= 5001, "{reopened}");
        open.add(&mut to_write, |pack| pack.add(&[b'C'; 2000], &mut encoder))
            .unwrap();
        assert!(memory.n_held() >= 7002);
        for item in [b"D", b"E"] {
            open.add(&mut to_write, |pack| pack.add(item, &mut encoder))
                .unwrap();
        }
        assert!(memory.n_held() < 1000, "the full pack is closed");
        let _raw = OpenPack::new(RawPack::reopen(3, 0, stored), &memory);
        assert!(memory.n_held() >= 5001);
    }
}
