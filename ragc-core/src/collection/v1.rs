//! The collection of file version 1: everything in one frame.
//!
//! ```text
//! n_samples
//! per sample    name, n_contigs
//!   per contig    name, n_segments
//!     per segment   group, in-group id, length: zigzag of the difference to the segment before; orientation
//! n_lines, and per line: command, time
//! ```
//!
//! # Source
//! FORMAT.md, "Version 1".

use crate::bytes::Cursor;
use crate::collection::batch::{AllNames, BatchDetails, SampleNames, Strings};
use crate::collection::{CommandLine, SegmentDesc, decode_command_lines};
use crate::error::{Error, Result};
use crate::{memory, zstd};

/// Bytes that a sample or a contig takes at least: the end of its name and a count.
const MIN_ENTRY_LEN: u64 = 2;
/// Bytes that a segment takes at least: four integers.
const MIN_SEGMENT_LEN: u64 = 4;

/// All that the `collection-desc` stream holds.
#[derive(Debug, Clone, Default)]
pub struct Collection {
    /// Names of the samples.
    pub samples: SampleNames,
    /// Names of all contigs, as one batch.
    pub names: AllNames,
    /// Segments of all contigs, as one batch.
    pub details: BatchDetails,
    /// How the archive was made.
    pub command_lines: Vec<CommandLine>,
}

/// Reads the `collection-desc` stream; `raw_len` is the metadata of its part.
///
/// # Errors
/// `Corrupt` or `Truncated` when it is damaged, or two samples share a name.
pub fn decode_collection(raw_len: u64, payload: &[u8]) -> Result<Collection> {
    decode_collection_within(raw_len, payload, u64::MAX)
}

/// As [`decode_collection`]; names may take `max_len` bytes together, each with 64 bytes more.
///
/// # Errors
/// As [`decode_collection`], and `TooLarge`.
pub fn decode_collection_within(raw_len: u64, payload: &[u8], max_len: u64) -> Result<Collection> {
    let bytes = zstd::decompress(payload, raw_len)?;
    let mut cursor = Cursor::new(&bytes, "collection");
    let mut samples = Strings::within(max_len);
    let (mut names, mut name_ends) = (Strings::within(max_len), Vec::new());
    let mut details = BatchDetails::default();
    for _ in 0..cursor.count(MIN_ENTRY_LEN)? {
        samples.push(cursor.string()?)?;
        for _ in 0..cursor.count(MIN_ENTRY_LEN)? {
            names.push(cursor.string()?)?;
            decode_segments(&mut cursor, &mut details.segments)?;
            memory::grow(&mut details.contig_ends, 1)?;
            details.contig_ends.push(end(&details.segments)?);
        }
        memory::grow(&mut name_ends, 1)?;
        memory::grow(&mut details.sample_ends, 1)?;
        name_ends.push(names.len() as u32);
        details.sample_ends.push(details.contig_ends.len() as u32);
    }
    let command_lines = decode_command_lines(&mut cursor)?;
    cursor.finish()?;
    Ok(Collection {
        samples: SampleNames::new(samples)?,
        names: AllNames::new(names, name_ends),
        details,
        command_lines,
    })
}

fn end(segments: &[SegmentDesc]) -> Result<u32> {
    u32::try_from(segments.len()).map_err(|_| Error::corrupt("more than 2^32 segments in a collection"))
}

fn decode_segments(cursor: &mut Cursor<'_>, segments: &mut Vec<SegmentDesc>) -> Result<()> {
    let mut before = [0; 3];
    for _ in 0..cursor.count(MIN_SEGMENT_LEN)? {
        for value in &mut before {
            *value = add_zigzag(*value, cursor.prefix_int()?)?;
        }
        let [group, in_group_id, raw_len] = before;
        memory::grow(segments, 1)?;
        segments.push(SegmentDesc {
            group,
            in_group_id,
            is_rev_comp: cursor.prefix_int()? != 0,
            raw_len,
        });
    }
    Ok(())
}

/// `value` and the difference that `code` stands for: 0, -1, 1, -2, 2 and so on.
fn add_zigzag(value: u32, code: u32) -> Result<u32> {
    let half = code / 2;
    let sum = match code % 2 {
        0 => value.checked_add(half),
        _ => value.checked_sub(half).and_then(|value| value.checked_sub(1)),
    };
    sum.ok_or_else(|| Error::corrupt(format!("a difference leaves the 32 bits of a segment at {value}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zstd::Compressor;

    #[rustfmt::skip]
    const COLLECTION: &[u8] = &[
        2,                                  // samples
        b's', 0, 2,                         // sample and its contigs
        b'c', b' ', b'x', 0, 2,             // contig and its segments
        32, 0, 100, 0,                      // group 16, item 0, length 50
        1, 4, 3, 1,                         // group 15, item 2, length 48, reverse complement
        b'd', 0, 0,                         // a contig without segments
        b't', 0, 1,                         // sample and its contigs
        b'c', 0, 1,
        4, 2, 6, 0,                         // differences begin anew: group 2, item 1, length 3
        1, b'a', b'g', b'c', 0, 0,          // one command line without a time
    ];

    fn decode(bytes: &[u8]) -> Result<Collection> {
        let frame = Compressor::new().compress(bytes, 1).unwrap().to_vec();
        decode_collection(bytes.len() as u64, &frame)
    }

    #[test]
    fn differences_begin_anew_with_each_contig() {
        let collection = decode(COLLECTION).unwrap();
        assert_eq!(
            collection.samples.iter().collect::<Vec<_>>(),
            [&b"s"[..], &b"t"[..]]
        );
        let names = collection.names.of_sample(0).unwrap();
        assert!(names.iter().eq([&b"c x"[..], &b"d"[..]]));
        let fields = |sample, contig| -> Vec<_> {
            let segments = collection.details.segments(sample, contig).iter();
            segments
                .map(|s| (s.group, s.in_group_id, s.raw_len, s.is_rev_comp))
                .collect()
        };
        assert_eq!(fields(0, 0), [(16, 0, 50, false), (15, 2, 48, true)]);
        assert_eq!(fields(0, 1), []);
        assert_eq!(fields(1, 0), [(2, 1, 3, false)]);
        assert_eq!(collection.command_lines[0].command, b"agc");
    }

    #[test]
    fn damage_is_an_error() {
        for end in 0..COLLECTION.len() {
            assert!(decode(&COLLECTION[..end]).is_err(), "{end}");
        }
        assert!(decode(&[COLLECTION, &[0]].concat()).is_err());
        // A group below 0.
        assert!(decode(&[1, b's', 0, 1, b'c', 0, 1, 1, 0, 0, 0, 0]).is_err());
        assert!(add_zigzag(u32::MAX, 2).is_err());
    }
}
