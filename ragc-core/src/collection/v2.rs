//! The collection of file version 2: names and numbers of segments in one frame, segments in batches.
//!
//! ```text
//! collection-main      samples per batch, n_samples
//!                      per sample: name, n_contigs; per contig: name, n_segments
//!                      n_lines, and per line: command, time
//! collection-details   per batch of samples: groups, in-group ids, lengths, orientations; one column after the other,
//!                      the first three coded against the segment before in the same contig
//! ```
//!
//! The batches of samples here are longer than the packs of groups, so the stream tells their size itself.
//!
//! # Source
//! FORMAT.md, "Version 2".

use std::ops::Range;

use crate::bytes::{Cursor, unfold};
use crate::collection::batch::{AllNames, BatchDetails, SampleNames, Strings};
use crate::collection::{CommandLine, SegmentDesc, decode_command_lines};
use crate::error::{Error, Result};
use crate::{memory, zstd};

/// Bytes that a sample or a contig takes at least: the end of its name and a count.
const MIN_ENTRY_LEN: u64 = 2;
const N_COLUMNS: u64 = 4;

/// All that the `collection-main` stream holds.
#[derive(Debug, Clone, Default)]
pub struct Main {
    /// Samples whose segments share a part of `collection-details`.
    pub batch_len: u32,
    /// Names of the samples.
    pub samples: SampleNames,
    /// Names of all contigs, as one batch.
    pub names: AllNames,
    /// How the archive was made.
    pub command_lines: Vec<CommandLine>,
    /// Per contig of the collection, the number of its segments.
    n_segments: Vec<u32>,
    /// Per sample, the number of contigs up to its end.
    sample_ends: Vec<u32>,
}

impl Main {
    /// Samples of a batch. Empty when there is no such batch.
    fn samples_of(&self, batch: usize) -> Range<usize> {
        let start = batch.saturating_mul(self.batch_len as usize);
        let end = start.saturating_add(self.batch_len as usize);
        start.min(self.sample_ends.len())..end.min(self.sample_ends.len())
    }

    pub(crate) fn mem_len(&self) -> usize {
        self.names.mem_len() + (self.n_segments.capacity() + self.sample_ends.capacity()) * 4
    }
}

/// Reads the `collection-main` stream; `raw_len` is the metadata of its part.
///
/// # Errors
/// `Corrupt` or `Truncated` when it is damaged, or two samples share a name.
pub fn decode_main(raw_len: u64, payload: &[u8]) -> Result<Main> {
    decode_main_within(raw_len, payload, u64::MAX)
}

/// As [`decode_main`]; names may take `max_len` bytes together, each with 64 bytes more.
///
/// # Errors
/// As [`decode_main`], and `TooLarge`.
pub fn decode_main_within(raw_len: u64, payload: &[u8], max_len: u64) -> Result<Main> {
    let bytes = zstd::decompress(payload, raw_len)?;
    let mut cursor = Cursor::new(&bytes, "collection");
    let batch_len = cursor.prefix_int()?;
    if batch_len == 0 {
        return Err(Error::corrupt("batches of no samples"));
    }
    let (mut samples, mut names) = (Strings::within(max_len), Strings::within(max_len));
    let (mut n_segments, mut sample_ends) = (Vec::new(), Vec::new());
    for _ in 0..cursor.count(MIN_ENTRY_LEN)? {
        samples.push(cursor.string()?)?;
        for _ in 0..cursor.count(MIN_ENTRY_LEN)? {
            names.push(cursor.string()?)?;
            memory::grow(&mut n_segments, 1)?;
            n_segments.push(cursor.prefix_int()?);
        }
        memory::grow(&mut sample_ends, 1)?;
        sample_ends.push(n_segments.len() as u32);
    }
    let command_lines = decode_command_lines(&mut cursor)?;
    cursor.finish()?;
    Ok(Main {
        batch_len,
        samples: SampleNames::new(samples)?,
        names: AllNames::new(names, memory::copied(&sample_ends)?),
        command_lines,
        n_segments,
        sample_ends,
    })
}

/// Reads a part of `collection-details`; `raw_len` is its metadata.
///
/// # Errors
/// `Corrupt` or `Truncated` when it is damaged, or holds another number of segments than `main` tells.
pub fn decode_details(main: &Main, batch: usize, raw_len: u64, payload: &[u8]) -> Result<BatchDetails> {
    let bytes = zstd::decompress(payload, raw_len)?;
    let mut details = empty_contigs(main, main.samples_of(batch))?;
    let n = details.contig_ends.last().copied().unwrap_or(0) as usize;
    // Each segment takes a byte in each column, so memory is bounded by the bytes that are there.
    if n as u64 * N_COLUMNS > bytes.len() as u64 {
        return Err(Error::truncated(
            "segment descriptors",
            n as u64 * N_COLUMNS,
            bytes.len() as u64,
        ));
    }
    let mut cursor = Cursor::new(&bytes, "segment descriptors");
    let groups = decode_column(&mut cursor, &details.contig_ends)?;
    let ids = decode_column(&mut cursor, &details.contig_ends)?;
    let lens = decode_column(&mut cursor, &details.contig_ends)?;
    memory::grow(&mut details.segments, n)?;
    for ((group, in_group_id), raw_len) in groups.into_iter().zip(ids).zip(lens) {
        details.segments.push(SegmentDesc {
            group,
            in_group_id,
            is_rev_comp: cursor.prefix_int()? != 0,
            raw_len,
        });
    }
    cursor.finish()?;
    Ok(details)
}

/// Samples and contigs of a batch, with no segments in them yet.
fn empty_contigs(main: &Main, samples: Range<usize>) -> Result<BatchDetails> {
    let start = |sample: usize| {
        sample
            .checked_sub(1)
            .map_or(0, |before| main.sample_ends[before] as usize)
    };
    let first = start(samples.start);
    let mut details = BatchDetails::default();
    let mut end = 0u32;
    let n_segments = &main.n_segments[first..start(samples.end)];
    details.contig_ends = memory::room(n_segments.len())?;
    for n_segments in n_segments {
        end = end
            .checked_add(*n_segments)
            .ok_or_else(|| Error::corrupt("more than 2^32 segments in a batch"))?;
        details.contig_ends.push(end);
    }
    let ends = main.sample_ends[samples].iter();
    details.sample_ends = memory::collected(ends.map(|end| end - first as u32))?;
    Ok(details)
}

/// A column of integers, each coded against the one before it in its contig.
fn decode_column(cursor: &mut Cursor<'_>, contig_ends: &[u32]) -> Result<Vec<u32>> {
    let mut column = memory::room(contig_ends.last().copied().unwrap_or(0) as usize)?;
    for end in contig_ends {
        let mut before = 0;
        while column.len() < *end as usize {
            let value = unfold(cursor.prefix_int()?.into(), u64::from(before));
            before = u32::try_from(value)
                .map_err(|_| Error::corrupt(format!("{value} exceeds the 32 bits of a segment")))?;
            column.push(before);
        }
    }
    Ok(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zstd::Compressor;

    #[rustfmt::skip]
    const MAIN: &[u8] = &[
        2, 3,                           // two samples a batch, three samples
        b'r', 0, 1, b'c', 0, 1,
        b's', 0, 2, b'c', 0, 2, b'd', 0, 0,
        b't', 0, 1, b'e', 0, 1,
        1, b'a', 0, b'z', 0,            // one command line
    ];
    #[rustfmt::skip]
    const DETAILS: &[u8] = &[
        16, 16, 1,                      // groups 16; 16, then fold(15, 16)
        0, 3, 2,                        // ids 0; 3, 4
        50, 60, 120,                    // lengths 50; 60, 120
        0, 1, 0,                        // orientations
    ];

    fn frame(bytes: &[u8]) -> Vec<u8> {
        Compressor::new().compress(bytes, 1).unwrap().to_vec()
    }

    fn main(bytes: &[u8]) -> Result<Main> {
        decode_main(bytes.len() as u64, &frame(bytes))
    }

    fn details(main: &Main, batch: usize, bytes: &[u8]) -> Result<BatchDetails> {
        decode_details(main, batch, bytes.len() as u64, &frame(bytes))
    }

    #[test]
    fn columns_begin_anew_with_each_contig() {
        let main = main(MAIN).unwrap();
        assert_eq!(main.samples.len(), 3);
        assert_eq!(main.names.of_sample(1).unwrap().name(1), b"d");
        assert_eq!(main.command_lines[0].time, b"z");
        let batch = details(&main, 0, DETAILS).unwrap();
        let fields = |sample, contig| -> Vec<_> {
            let segments = batch.segments(sample, contig).iter();
            segments
                .map(|s| (s.group, s.in_group_id, s.raw_len, s.is_rev_comp))
                .collect()
        };
        assert_eq!(fields(0, 0), [(16, 0, 50, false)]);
        assert_eq!(fields(1, 0), [(16, 3, 60, true), (15, 4, 120, false)]);
        assert_eq!(fields(1, 1), []);
        assert_eq!(
            details(&main, 1, &[7, 1, 9, 0]).unwrap().segments(0, 0)[0].raw_len,
            9
        );
        assert_eq!(details(&main, 2, &[]).unwrap().n_samples(), 0);
    }

    #[test]
    fn damage_is_an_error() {
        for end in 0..MAIN.len() {
            assert!(main(&MAIN[..end]).is_err(), "{end}");
        }
        assert!(main(&[0, 0, 0]).is_err());
        let main = main(MAIN).unwrap();
        for end in 0..DETAILS.len() {
            assert!(details(&main, 0, &DETAILS[..end]).is_err(), "{end}");
        }
        assert!(details(&main, 0, &[DETAILS, &[0]].concat()).is_err());
        assert!(details(&main, 1, &[]).is_err());
    }
}
