//! Which requests give several ranges, and the ranges out of their answers.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// Ranges that lie no farther apart come by one request, with what is between them. A request costs a server, and us, what
/// about so many bytes do (docs/measurements.md, "From a bucket").
const MAX_GAP: u64 = 32 << 10;

/// A request asks for no more: what is longer comes by several at once, because one connection to a bucket is slower than the line.
const MAX_REQUEST: u64 = 4 << 20;

/// A range of an object, and its bytes.
pub(crate) type ServerAnswer = (Range<u64>, Bytes);

/// The numbers of ranges, none of them longer than a request may be, that each request gives, ascending by place; requests in the order of the first of each.
pub(crate) fn requests(ranges: &[Range<u64>]) -> Vec<Vec<usize>> {
    let mut numbers: Vec<usize> = (0..ranges.len()).collect();
    numbers.sort_unstable_by_key(|&number| ranges[number].start);
    let mut requests: Vec<Vec<usize>> = Vec::new();
    let mut joined: Range<u64> = 0..0;
    for number in numbers {
        let range = &ranges[number];
        let is_near = range.start <= joined.end.saturating_add(MAX_GAP);
        match requests.last_mut() {
            Some(last) if is_near && range.end.saturating_sub(joined.start) <= MAX_REQUEST => {
                last.push(number);
                joined.end = joined.end.max(range.end);
            }
            _ => {
                joined = range.clone();
                requests.push(vec![number]);
            }
        }
    }
    requests.sort_by_cached_key(|numbers| numbers.iter().copied().min());
    requests
}

/// A range in pieces of about equal length that a request may have; none of an empty one.
pub(crate) fn pieces(range: &Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let Range { start, end } = *range;
    let len = end.saturating_sub(start);
    let n_pieces = len.div_ceil(MAX_REQUEST);
    let piece_len = len.div_ceil(n_pieces.max(1));
    (0..n_pieces).map(move |i| start + i * piece_len..end.min(start + (i + 1) * piece_len))
}

/// The bytes of a range out of answers, whose starts and ends ascend, which may overlap and of which some hold it; `None` if they do not. They are copied only
/// where two answers meet.
pub(crate) fn bytes_of(range: &Range<u64>, answers: &[ServerAnswer]) -> Option<Bytes> {
    if range.start >= range.end {
        return Some(Bytes::new());
    }
    let first = answers.partition_point(|(answer, _)| answer.end <= range.start);
    let slice_of = |from: u64, (answer, bytes): &ServerAnswer| {
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

    fn answers(ranges: &[Range<u64>]) -> Vec<ServerAnswer> {
        let answer = |range: &Range<u64>| (range.clone(), range.clone().map(|i| i as u8).collect());
        ranges.iter().map(answer).collect()
    }

    #[test]
    fn near_ranges_come_together_in_the_order_in_which_they_are_wanted() {
        let far = 10 * MAX_GAP;
        let ranges = [
            far..far + 5,
            0..10,
            far + 5 + MAX_GAP..far + 6 + MAX_GAP,
            3 * far..3 * far + 1,
            3..20,
            far + 7 + 2 * MAX_GAP..far + 8 + 2 * MAX_GAP,
        ];
        assert_eq!(requests(&ranges), [vec![0, 2], vec![1, 4], vec![3], vec![5]]);
        assert!(requests(&[]).is_empty());
    }

    #[test]
    fn no_request_is_too_long() {
        let half = MAX_REQUEST / 2;
        let ranges = [0..half, half..MAX_REQUEST, MAX_REQUEST..MAX_REQUEST + 1];
        assert_eq!(requests(&ranges), [vec![0, 1], vec![2]]);
        let long = 5..5 + 2 * MAX_REQUEST + 2;
        let pieces_of: Vec<_> = pieces(&long).collect();
        assert_eq!(pieces_of.len(), 3);
        assert_eq!((pieces_of[0].start, pieces_of[2].end), (long.start, long.end));
        assert!(pieces_of.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(
            pieces_of
                .iter()
                .all(|piece| piece.end - piece.start <= MAX_REQUEST)
        );
        assert_eq!(pieces(&(7..7)).count(), 0);
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
