//! Several parts in one go.

use std::ops::Range;

use crate::bytes::MAX_CONTAINER_INT_LEN;
use crate::container::{ContainerReader, StreamId};

/// Parts that lie no farther apart are read together, with what is between them.
const MAX_GAP: u64 = 4 << 10;

/// What can be read ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetch {
    /// A part of a stream.
    Part(StreamId, usize),
    /// The metadata number of a part, and no more of it.
    Metadata(StreamId, usize),
}

impl ContainerReader {
    /// Reads ahead what is not here already, by one call of the source, neighbours in one range. It waits until it is read with
    /// [`Self::read_part`], and is checked then. What cannot be read ahead is left to that, which reports it.
    pub fn fetch(&self, wanted: impl IntoIterator<Item = Fetch>) {
        let (places, ranges) = self.missing(wanted);
        if ranges.is_empty() {
            return;
        }
        let Ok(read) = self.source.read_ranges(&ranges) else {
            return;
        };
        self.ahead.keep_cut(&places, &ranges, &read);
    }

    /// As [`Self::fetch`], without waiting for what is read: it is on its way when this returns, if the source can do that.
    pub fn begin_to_fetch(&self, wanted: impl IntoIterator<Item = Fetch>) {
        let (places, ranges) = self.missing(wanted);
        if ranges.is_empty() {
            return;
        }
        if let Some(pending) = self.source.begin_ranges(&ranges) {
            self.ahead.expect(places, ranges, pending);
        }
    }

    /// Bytes that had better be on their way while others are used; 0 if the source answers at once.
    #[must_use]
    pub fn lookahead(&self) -> u64 {
        self.source.lookahead()
    }

    /// Where the parts lie that are neither here nor on their way, and the ranges that hold them; both ascend.
    fn missing(&self, wanted: impl IntoIterator<Item = Fetch>) -> (Vec<Range<u64>>, Vec<Range<u64>>) {
        // What is still coming in comes in its own order: to wait for a later part would only hold up an earlier one.
        if !self.source.is_complete() {
            return (Vec::new(), Vec::new());
        }
        let mut places: Vec<Range<u64>> = wanted
            .into_iter()
            .filter_map(|wanted| self.place_of(wanted))
            .filter(|place| !self.ahead.has(place.start))
            .collect();
        // Of a part that is wanted twice, the longer piece.
        places.sort_unstable_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
        places.dedup_by_key(|place| place.start);
        let mut ranges = coalesced(&places);
        self.ahead.leave_end_out(&mut ranges);
        (places, ranges)
    }

    /// Whether a part need not be read from the source any more.
    #[must_use]
    pub fn is_fetched(&self, stream: StreamId, part: usize) -> bool {
        let place = self.place_of(Fetch::Part(stream, part));
        place.is_none_or(|place| self.ahead.has(place.start))
    }

    /// Where it lies in the file, with the longest number that a part can have; nothing for a part that is empty or not there.
    fn place_of(&self, wanted: Fetch) -> Option<Range<u64>> {
        let (Fetch::Part(stream, part) | Fetch::Metadata(stream, part)) = wanted;
        let part = self.footer().parts(stream).get(part)?;
        let len = match wanted {
            Fetch::Part(..) => part.len,
            Fetch::Metadata(..) => 0,
        };
        let end = part.offset + (len + MAX_CONTAINER_INT_LEN as u64);
        (part.len > 0).then(|| part.offset..end.min(self.data_len()))
    }
}

/// Ranges that hold all of these, which ascend.
fn coalesced(places: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for place in places {
        match ranges.last_mut() {
            Some(last) if place.start <= last.end.saturating_add(MAX_GAP) => {
                last.end = last.end.max(place.end)
            }
            _ => ranges.push(place.clone()),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::ContainerWriter;
    use crate::read_at::ReadAt;
    use bytes::Bytes;
    use std::io;
    use std::sync::{Arc, Mutex};

    type Calls = Arc<Mutex<Vec<Vec<Range<u64>>>>>;

    /// Notes what it is asked for: a single range, or several together.
    struct Noting(Vec<u8>, Calls);

    impl ReadAt for Noting {
        fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
            let range = offset..offset + buf.len() as u64;
            self.1.lock().unwrap().push(vec![range]);
            self.0.read_exact_at(offset, buf)
        }

        fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
            self.1.lock().unwrap().push(ranges.to_vec());
            self.0.read_ranges(ranges)
        }

        fn len(&self) -> io::Result<u64> {
            ReadAt::len(&self.0)
        }
    }

    /// Parts of 3,000 bytes of their own number, in one stream, and enough behind them that they are not at the end of the file.
    fn archive() -> (ContainerReader, StreamId, Calls) {
        let mut writer = ContainerWriter::new(Vec::new());
        let stream = writer.register("s");
        for i in 0..9u8 {
            writer.add_part(stream, 7, &[i; 3000]).unwrap();
        }
        let padding = writer.register("padding");
        writer.add_part(padding, 0, &[0; 1 << 16]).unwrap();
        let calls = Calls::default();
        let reader = ContainerReader::open(Noting(writer.finish().unwrap(), Arc::clone(&calls))).unwrap();
        let stream = reader.stream("s").unwrap();
        calls.lock().unwrap().clear();
        (reader, stream, calls)
    }

    #[test]
    fn parts_come_by_one_call_and_neighbours_in_one_range() {
        let (reader, stream, calls) = archive();
        reader.fetch([8, 0, 1, 3, 1].map(|part| Fetch::Part(stream, part)));
        let asked = std::mem::take(&mut *calls.lock().unwrap());
        // Part 2 lies between two that are wanted, and is shorter than the gap that is read over.
        let lens: Vec<Vec<u64>> = asked
            .iter()
            .map(|ranges| ranges.iter().map(|range| range.end - range.start).collect())
            .collect();
        assert_eq!(lens, [vec![4 * 3002 + 7, 3009]]);
        for part in [0, 1, 3, 8] {
            assert!(reader.is_fetched(stream, part));
            let read = reader.read_part(stream, part).unwrap();
            assert_eq!((read.metadata, read.payload()), (7, &[part as u8; 3000][..]));
            assert!(!reader.is_fetched(stream, part));
        }
        assert!(calls.lock().unwrap().is_empty());
        assert_eq!(reader.read_part(stream, 3).unwrap().payload(), [3; 3000]);
        assert_eq!(calls.lock().unwrap().len(), 1);
    }

    #[test]
    fn of_a_part_the_number_alone_can_come() {
        let (reader, stream, calls) = archive();
        reader.fetch([
            Fetch::Metadata(stream, 4),
            Fetch::Metadata(stream, 6),
            Fetch::Part(stream, 6),
        ]);
        let lens = |ranges: &Vec<Range<u64>>| ranges.iter().map(|range| range.end - range.start).sum();
        assert_eq!(
            calls.lock().unwrap().iter().map(lens).collect::<Vec<u64>>(),
            [9 + 3009]
        );
        let whole = reader.read_part(stream, 6).unwrap();
        assert_eq!(whole.payload(), [6; 3000]);
        assert_eq!(calls.lock().unwrap().len(), 1);
        assert_eq!(reader.peek_part_metadata(stream, 4).unwrap(), (7, 3000));
        assert_eq!(calls.lock().unwrap().len(), 1);
    }

    #[test]
    fn what_is_here_and_what_does_not_exist_is_not_asked_for() {
        let (reader, stream, calls) = archive();
        reader.fetch([Fetch::Part(stream, 4)]);
        reader.fetch([Fetch::Part(stream, 4), Fetch::Part(stream, 99)]);
        assert_eq!(calls.lock().unwrap().len(), 1);
        assert!(reader.read_part(stream, 99).is_err());
    }
}
