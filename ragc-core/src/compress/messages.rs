//! What the writer is told by the stages before it.

use super::memory::Counted;
use super::record::RecordEnd;
use crate::collection::{ContigDesc, SegmentDesc};
use crate::group::writer::EncodedPart;
use crate::provenance::SampleSource;
use crate::track::{self, ContigNotes};

/// What a block of the allocator takes beside its content, with what is left free of it.
pub(super) const BLOCK_BYTES: usize = 16;

/// The place of a segment in the collection; all counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SegmentSlot {
    pub(super) sample: u32,
    pub(super) contig: u32,
    pub(super) segment: u32,
}

/// A part of a group.
#[derive(Debug)]
pub(super) struct StoredPart {
    /// The round in which it was completed.
    pub(super) round: u64,
    pub(super) group: u32,
    pub(super) place: PartPlace,
    pub(super) part: EncodedPart,
}

/// What a part is in its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PartPlace {
    /// The reference of a delta group.
    Reference,
    /// A pack, counted from 0.
    Pack(u32),
}

/// A sample whose segments have all been placed.
#[derive(Debug)]
pub(super) struct SampleLayout {
    pub(super) name: Vec<u8>,
    /// Where it came from, if that is to be told.
    pub(super) source: Option<Box<SampleSource>>,
    /// Without room for more: those of drafts wait by the ten thousands.
    pub(super) contigs: Box<[ContigLayout]>,
    /// What it holds until it is part of a batch, and what it will take to write it.
    pub(super) held: Counted,
    pub(super) to_write: Counted,
}

/// A contig whose segments have all been placed.
#[derive(Debug)]
pub(super) struct ContigLayout {
    pub(super) name: Vec<u8>,
    /// What the input calls it, if that name was taken or is none.
    pub(super) original_name: Option<Vec<u8>>,
    /// What the collection is to call it, if it cannot hold the name.
    pub(super) substitute: Option<Vec<u8>>,
    pub(super) n_segments: u32,
    pub(super) record: RecordEnd,
}

impl ContigLayout {
    /// Bytes held, for the limit of the channel.
    pub(super) fn cost(&self) -> usize {
        size_of::<Self>() + self.name.len() + self.record.original.mem_len()
    }

    /// Bytes held until the sample is written, with its name among those that are taken, and its segments, which wait with the
    /// writer.
    pub(super) fn held_bytes(&self) -> usize {
        let name = size_of::<Vec<u8>>() + self.name.len();
        self.cost() + name + self.n_segments as usize * size_of::<Option<SegmentDesc>>() + 8 * BLOCK_BYTES
    }

    /// What tracks are told of it, and have heard.
    pub(super) fn recorded(&self) -> (track::WrittenContig<'_>, &ContigNotes) {
        let contig = track::WrittenContig {
            name: &self.name,
            original_name: self.original_name.as_deref(),
            has_substitute: self.substitute.is_some(),
            original: &self.record.original,
        };
        (contig, &self.record.notes)
    }

    /// Bytes that it will take in a batch that is written.
    pub(super) fn write_bytes(&self) -> usize {
        contig_len(self.name.len(), self.n_segments as usize)
    }
}

/// What the writer is told.
#[derive(Debug)]
pub(super) enum Message {
    /// A part is ready.
    Part(StoredPart),
    /// A segment has its item.
    Segment { slot: SegmentSlot, desc: SegmentDesc },
    /// The stage before has placed the last segment of the next sample, in this round.
    Sample { round: u64, layout: SampleLayout },
    /// One worker has ended the round.
    EndRound { round: u64 },
    /// The stage before has come to its end after this many rounds.
    Finish { n_rounds: u64 },
}

/// Bytes of a contig with so long a name and so many segments.
pub(super) fn contig_len(name_len: usize, n_segments: usize) -> usize {
    size_of::<ContigDesc>() + name_len + n_segments * size_of::<SegmentDesc>() + 2 * BLOCK_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Drafts have tens of thousands of contigs that wait at once: what few of them have belongs behind a pointer.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn a_contig_that_waits_is_small() {
        // Of the notes, those of the example track are there in tests only.
        let len = size_of::<ContigLayout>() - size_of::<ContigNotes>() + 32;
        assert!(len <= 312, "{len}");
    }
}
