//! Segment descriptors of a batch: five columns, each compressed on its own.
//!
//! ```text
//! raw_len, frame_len (five times)   prefix integers
//! frame 0   n_samples; per sample n_contigs, per contig n_segments
//! frame 1   per segment: group
//! frame 2   per segment: in-group id, coded against the highest so far in its group
//! frame 3   per segment: length, coded against segment size + k
//! frame 4   per segment: 1 if stored reverse-complemented
//! ```
//!
//! # In-group ids
//! Most segments of a group are new items, numbered upwards, or equal to the reference, item 0. So per group the
//! highest id `h` is kept; `h + 1` is coded as 1, 0 as 0, everything else folded around `h + 1`. Before a group has a
//! positive id, ids stand as they are. The state starts anew with each batch.
//!
//! # Source
//! FORMAT.md, "Segment descriptors".

use ahash::AHashMap;

use super::frames::{Effort, search};
use crate::bytes::{Cursor, fold, put_prefix_int, unfold};
use crate::collection::batch::BatchDetails;
use crate::collection::{SampleDesc, SegmentDesc};
use crate::error::{Error, Result};
use crate::memory;
use crate::zstd::{self, Compressor};

const LEVEL: i32 = 19;
const N_COLUMNS: usize = 5;
/// Bytes of the longest prefix integer.
const MAX_INT_LEN: u64 = 5;

/// Length of a segment whose batch was written with `k` as the prediction instead of segment size + k.
///
/// Releases 3.0 to 3.2.1 of AGC do so when they append; the sequences are right, only the stored lengths are not
/// (FORMAT.md, "Lengths of appended samples").
#[must_use]
pub fn repaired_len(raw_len: u32, predicted_len: u64, k: u32) -> u64 {
    unfold(fold(raw_len.into(), predicted_len), k.into())
}

/// Reads a part of `collection-details`, whose metadata is 0. `predicted_len` is segment size + k.
///
/// # Errors
/// `Corrupt` or `Truncated` when it is damaged.
pub fn decode_details(payload: &[u8], predicted_len: u64) -> Result<BatchDetails> {
    let mut cursor = Cursor::new(payload, "segment descriptors");
    let sizes = read_sizes(&mut cursor)?;
    let mut frames = [&[][..]; N_COLUMNS];
    for (frame, (_, frame_len)) in frames.iter_mut().zip(sizes) {
        *frame = cursor.take(frame_len.into())?;
    }
    cursor.finish()?;

    let mut batch = decode_counts(&zstd::decompress(frames[0], sizes[0].0.into())?)?;
    let n_segments = u64::from(batch.contig_ends.last().copied().unwrap_or(0));
    let mut columns: [Vec<u8>; N_COLUMNS] = Default::default();
    for i in 1..N_COLUMNS {
        let raw_len = u64::from(sizes[i].0);
        if raw_len < n_segments || raw_len > n_segments * MAX_INT_LEN {
            return Err(Error::corrupt(format!(
                "a column of {raw_len} bytes for {n_segments} segments"
            )));
        }
        columns[i] = zstd::decompress(frames[i], raw_len)?;
    }
    let mut cursors = columns
        .each_ref()
        .map(|column| Cursor::new(column, "segment descriptors"));
    let [_, groups, ids, lens, orientations] = &mut cursors;
    let mut predictor = IdPredictor::default();
    memory::ask(|| batch.segments.try_reserve_exact(n_segments as usize))
        .map_err(|_| Error::no_memory(format!("{n_segments} segments")))?;
    for _ in 0..n_segments {
        let group = groups.prefix_int()?;
        batch.segments.push(SegmentDesc {
            group,
            in_group_id: predictor.decode(group, ids.prefix_int()?)?,
            raw_len: narrow(unfold(lens.prefix_int()?.into(), predicted_len))?,
            is_rev_comp: orientations.prefix_int()? != 0,
        });
    }
    let [_, columns @ ..] = cursors;
    columns.into_iter().try_for_each(Cursor::finish)?;
    Ok(batch)
}

/// Memory that a part of `collection-details` takes when it is decoded, as far as it tells.
///
/// # Errors
/// `Corrupt` or `Truncated` when it tells nothing.
pub fn details_mem_len(payload: &[u8]) -> Result<u64> {
    let sizes = read_sizes(&mut Cursor::new(payload, "segment descriptors"))?;
    let columns: u64 = sizes.iter().map(|(raw_len, _)| u64::from(*raw_len)).sum();
    // A contig takes a byte of the first column, at least, and a segment a byte of each other.
    let [(n_contigs, _), (n_segments, _), ..] = sizes;
    let contigs = u64::from(n_contigs) * 2 * size_of::<u32>() as u64;
    Ok(columns + contigs + u64::from(n_segments) * size_of::<SegmentDesc>() as u64)
}

/// Decoded and stored size of each column.
fn read_sizes(cursor: &mut Cursor<'_>) -> Result<[(u32, u32); N_COLUMNS]> {
    let mut sizes = [(0, 0); N_COLUMNS];
    for size in &mut sizes {
        *size = (cursor.prefix_int()?, cursor.prefix_int()?);
    }
    Ok(sizes)
}

/// Reads column 0. Every count takes a byte, so there cannot be more contigs than bytes.
fn decode_counts(bytes: &[u8]) -> Result<BatchDetails> {
    let mut cursor = Cursor::new(bytes, "segment counts");
    let mut batch = BatchDetails::default();
    let mut n_segments = 0u32;
    for _ in 0..cursor.count(1)? {
        for _ in 0..cursor.count(1)? {
            n_segments = n_segments
                .checked_add(cursor.prefix_int()?)
                .ok_or_else(|| Error::corrupt("more than 2^32 segments in a batch"))?;
            memory::grow(&mut batch.contig_ends, 1)?;
            batch.contig_ends.push(n_segments);
        }
        memory::grow(&mut batch.sample_ends, 1)?;
        batch.sample_ends.push(batch.contig_ends.len() as u32);
    }
    cursor.finish()?;
    Ok(batch)
}

/// Writes a part of `collection-details`; its metadata is 0. `predicted_len` is segment size + k.
///
/// # Errors
/// `BadInput` when a column or a count exceeds 32 bits.
pub fn encode_details(batch: &[SampleDesc], predicted_len: u64) -> Result<Vec<u8>> {
    encode_details_with(batch, predicted_len, Effort::Best)
}

/// As [`encode_details`], with this effort.
///
/// # Errors
/// As [`encode_details`].
pub fn encode_details_with(batch: &[SampleDesc], predicted_len: u64, effort: Effort) -> Result<Vec<u8>> {
    let mut columns: [Vec<u8>; N_COLUMNS] = Default::default();
    let [counts, groups, ids, lens, orientations] = &mut columns;
    let mut predictor = IdPredictor::default();
    put_prefix_int(counts, fits(batch.len() as u64)?);
    for sample in batch {
        put_prefix_int(counts, fits(sample.contigs.len() as u64)?);
        for contig in &sample.contigs {
            put_prefix_int(counts, fits(contig.segments.len() as u64)?);
            for segment in &contig.segments {
                put_prefix_int(groups, segment.group);
                put_prefix_int(ids, predictor.encode(segment.group, segment.in_group_id)?);
                put_prefix_int(lens, fits(fold(segment.raw_len.into(), predicted_len))?);
                put_prefix_int(orientations, segment.is_rev_comp.into());
            }
        }
    }
    let mut compressor = Compressor::new();
    let (mut sizes, mut frames) = (Vec::new(), Vec::new());
    for column in &columns {
        let frame = compressor.compress_by(column, search(effort.level(LEVEL), column.len()))?;
        put_prefix_int(&mut sizes, fits(column.len() as u64)?);
        put_prefix_int(&mut sizes, fits(frame.len() as u64)?);
        frames.extend_from_slice(frame);
    }
    sizes.append(&mut frames);
    Ok(sizes)
}

fn narrow(value: u64) -> Result<u32> {
    u32::try_from(value)
        .map_err(|_| Error::corrupt(format!("{value} exceeds the 32 bits of a segment descriptor")))
}

fn fits(value: u64) -> Result<u32> {
    u32::try_from(value).map_err(|_| Error::bad_input(format!("{value} exceeds the 32 bits of the format")))
}

/// Groups below this have their highest id in a table; to find it in a table of hashes took much of a query of a large batch
/// (docs/measurements.md, "Details of reading").
const MAX_TABLE_LEN: usize = 1 << 20;

/// Highest in-group id of each group so far in the batch.
#[derive(Debug, Default)]
struct IdPredictor {
    /// By group; 0 where there is none, which is no highest id.
    table: Vec<u32>,
    /// Those of groups that the table is too short for.
    others: AHashMap<u32, u32>,
}

impl IdPredictor {
    fn encode(&mut self, group: u32, id: u32) -> Result<u32> {
        let highest = self.highest(group);
        let code = match u64::from(*highest) + 1 {
            1 => id.into(),
            _ if id == 0 => 0,
            next if u64::from(id) == next => 1,
            next => fold(id.into(), next) + 1,
        };
        *highest = id.max(*highest);
        fits(code)
    }

    fn decode(&mut self, group: u32, code: u32) -> Result<u32> {
        let highest = self.highest(group);
        let next = u64::from(*highest) + 1;
        let id = match code {
            _ if next == 1 => code,
            0 => 0,
            1 => narrow(next)?,
            _ => narrow(unfold(u64::from(code) - 1, next))?,
        };
        *highest = id.max(*highest);
        Ok(id)
    }

    /// The highest id of a group so far; 0 if there is none.
    #[inline]
    fn highest(&mut self, group: u32) -> &mut u32 {
        let place = group as usize;
        if place >= MAX_TABLE_LEN {
            return self.others.entry(group).or_default();
        }
        if place >= self.table.len() {
            self.table.resize(place + 1, 0);
        }
        &mut self.table[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::ContigDesc;
    use proptest::prelude::*;

    #[test]
    fn ids_are_coded_against_the_highest_of_their_group() {
        let ids = [0, 1, 2, 2, 0, 5, 4, 6, 13, 3];
        let codes = [0, 1, 1, 2, 0, 5, 4, 1, 13, 22];
        let (mut encoder, mut decoder) = (IdPredictor::default(), IdPredictor::default());
        for (id, code) in ids.into_iter().zip(codes) {
            assert_eq!(encoder.encode(7, id).unwrap(), code);
            assert_eq!(decoder.decode(7, code).unwrap(), id);
        }
        assert_eq!(encoder.encode(8, 5).unwrap(), 5, "groups are independent");
        let far = MAX_TABLE_LEN as u32;
        assert_eq!(
            [3, 3, 4, 0].map(|id| encoder.encode(far, id).unwrap()),
            [3, 2, 1, 0]
        );
        assert_eq!(encoder.encode(9, u32::MAX).unwrap(), u32::MAX);
        assert!(decoder.decode(10, u32::MAX).is_ok() && decoder.decode(10, 1).is_err());
    }

    fn batch() -> Vec<SampleDesc> {
        let segment = |group, in_group_id, is_rev_comp, raw_len| SegmentDesc {
            group,
            in_group_id,
            is_rev_comp,
            raw_len,
        };
        let contig = |segments| ContigDesc {
            name: b"c".to_vec(),
            segments,
        };
        let first = contig(vec![
            segment(16, 0, false, 17),
            segment(17, 0, true, 117),
            segment(18, 0, false, 50),
        ]);
        let samples = [
            vec![first],
            vec![],
            vec![contig(vec![]), contig(vec![segment(0, 1, false, 5)])],
        ];
        samples
            .map(|contigs| SampleDesc {
                name: b"s".to_vec(),
                contigs,
            })
            .to_vec()
    }

    #[test]
    fn columns_read_and_write_the_same_bytes() {
        let payload = encode_details(&batch(), 117).unwrap();
        let mut cursor = Cursor::new(&payload, "test");
        let sizes: Vec<u32> = (0..10).map(|_| cursor.prefix_int().unwrap()).collect();
        #[rustfmt::skip]
        let columns: [&[u8]; 5] = [
            &[3, 1, 3, 0, 2, 0, 1],             // three samples with 1, 0 and 2 contigs
            &[16, 17, 18, 0],                   // groups
            &[0, 0, 0, 1],                      // ids
            &[0x80, 0x47, 0, 0x80, 5, 0x80, 0x5F], // lengths 199, 0, 133, 223
            &[0, 1, 0, 0],                      // orientations
        ];
        for (column, size) in columns.iter().zip(sizes.chunks(2)) {
            let frame = cursor.take(size[1].into()).unwrap();
            assert_eq!(zstd::decompress(frame, size[0].into()).unwrap(), *column);
        }
        cursor.finish().unwrap();
    }

    #[test]
    fn every_prefix_is_an_error() {
        let payload = encode_details(&batch(), 117).unwrap();
        for end in 0..payload.len() {
            assert!(decode_details(&payload[..end], 117).is_err());
        }
        let decoded = decode_details(&payload, 117).unwrap();
        assert_eq!(
            (decoded.n_samples(), decoded.n_contigs(1), decoded.n_contigs(2)),
            (3, 0, 2)
        );
        assert_eq!(decoded.segments(0, 0), batch()[0].contigs[0].segments);
        assert!(decoded.segments(2, 0).is_empty());
        assert_eq!(decoded.segments(2, 1), decoded.segments_of_sample(2));
    }

    #[test]
    fn lengths_predicted_by_k_alone_are_repaired() {
        let (k, predicted_len) = (31, 531);
        for len in [31u64, 60, 62, 500, 531, 2000] {
            let stored = fold(len, k);
            let read = unfold(stored, predicted_len);
            assert_eq!(repaired_len(read as u32, predicted_len, 31), len);
        }
    }

    proptest! {
        #[test]
        fn descriptors_come_back(
            raw in proptest::collection::vec((0u32..4, 0u32..40, any::<bool>(), any::<u32>()), 0..60),
            predicted_len in 0u64..100_000,
        ) {
            let segments: Vec<SegmentDesc> = raw
                .into_iter()
                .map(|(group, in_group_id, is_rev_comp, raw_len)| SegmentDesc { group, in_group_id, is_rev_comp, raw_len })
                .collect();
            let contigs = segments.chunks(7).map(|part| ContigDesc { name: b"c".to_vec(), segments: part.to_vec() });
            let sample = SampleDesc { name: b"s".to_vec(), contigs: contigs.collect() };
            let payload = encode_details(&[sample], predicted_len).unwrap();
            let back = decode_details(&payload, predicted_len).unwrap();
            prop_assert_eq!(back.segments_of_sample(0), segments);
        }
    }
}
