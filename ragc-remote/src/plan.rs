//! Which requests give several ranges, and the ranges out of their answers.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// Ranges that lie no farther apart come by one request, with what is between them. A request costs a server, and us, what
/// about so many bytes do (docs/measurements.md, "From a bucket").
const MAX_GAP: u64 = 32 << 10;

/// A request asks for no more: what is longer comes by several at once, because one connection to a bucket is slower than the line.
const MAX_REQUEST: u64 = 4 << 20;

/// A range of an object, and its bytes.
pub(crate) type Answer = (Range<u64>, Bytes);

/// Requests, ascending, that give all of these ranges.
pub(crate) fn requests(ranges: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut ranges: Vec<Range<u64>> = ranges
        .iter()
        .filter(|range| range.start < range.end)
        .cloned()
        .collect();
    ranges.sort_unstable_by_key(|range| range.start);
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(MAX_GAP) => {
                last.end = last.end.max(range.end)
            }
            _ => joined.push(range),
        }
    }
    joined.into_iter().flat_map(pieces).collect()
}

/// A range in pieces of about equal length.
fn pieces(range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let len = range.end - range.start;
    let n_pieces = len.div_ceil(MAX_REQUEST);
    let piece_len = len.div_ceil(n_pieces);
    (0..n_pieces).map(move |i| {
        let start = range.start + i * piece_len;
        start..range.end.min(start + piece_len)
    })
}

/// The bytes of a range out of answers, whose starts and ends ascend, which may overlap and of which some hold it; `None` if they do not. They are copied only
/// where two answers meet.
pub(crate) fn bytes_of(range: &Range<u64>, answers: &[Answer]) -> Option<Bytes> {
    if range.start >= range.end {
        return Some(Bytes::new());
    }
    let first = answers.partition_point(|(answer, _)| answer.end <= range.start);
    let slice_of = |from: u64, (answer, bytes): &Answer| {
        let end = range.end.min(answer.end);
        bytes.slice((from - answer.start) as usize..(end - answer.start) as usize)
    };
    let (held, _) = answers
        .get(first)
        .filter(|(answer, _)| answer.start <= range.start)?;
    if range.end <= held.end {
        return Some(slice_of(range.start, &answers[first]));
    }
    let mut joined = BytesMut::with_capacity((range.end - range.start) as usize);
    let mut end = range.start;
    for answer in &answers[first..] {
        if answer.0.start > end || end >= range.end {
            break;
        }
        if answer.0.end > end {
            joined.extend_from_slice(&slice_of(end, answer));
            end = answer.0.end;
        }
    }
    (end >= range.end).then(|| joined.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(requests: &[Range<u64>]) -> Vec<Answer> {
        let answer = |range: &Range<u64>| (range.clone(), range.clone().map(|i| i as u8).collect());
        requests.iter().map(answer).collect()
    }

    #[test]
    fn near_ranges_come_together_and_long_ones_in_pieces() {
        let far = MAX_GAP + 100;
        assert_eq!(
            requests(&[10..20, 0..5, 7..7, 20 + far..30 + far]),
            [0..20, 20 + far..30 + far]
        );
        let long = 2 * MAX_REQUEST + 2;
        let pieces = requests(&[5..5 + long, 7..8]);
        assert_eq!(pieces.len(), 3);
        assert_eq!((pieces[0].start, pieces[2].end), (5, 5 + long));
        assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(requests(&[3..3, 9..9]).is_empty());
    }

    #[test]
    fn ranges_come_out_of_one_answer_or_several() {
        let answers = answers(&[10..20, 15..22, 20..25, 40..50]);
        let bytes = |range: Range<u64>| bytes_of(&range, &answers).map(|bytes| bytes.to_vec());
        for range in [10..20, 12..15, 15..25, 19..21, 44..50, 20..20, 30..30] {
            assert_eq!(
                bytes(range.clone()).unwrap(),
                range.map(|i| i as u8).collect::<Vec<_>>()
            );
        }
        for range in [5..12, 20..30, 24..41, 30..41, 48..51, 60..61] {
            assert_eq!(bytes(range), None);
        }
    }
}
