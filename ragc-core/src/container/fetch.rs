//! Several parts in one go.

use std::cmp::Reverse;
use std::ops::Range;

use ahash::AHashMap;

use crate::bytes::MAX_CONTAINER_INT_LEN;
use crate::container::neighbours::Neighbours;
use crate::container::{ContainerReader, StreamId};

/// Of what is on its way no more is waited for together: a part that is wanted now comes before what lies behind it.
const MAX_WAITED_FOR: u64 = 256 << 10;

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
        let missing = self.missing(wanted, u64::MAX);
        if missing.is_empty() {
            return;
        }
        let Ok(read) = self.source.read_ranges(&ranges_of(&missing)) else {
            return;
        };
        self.ahead.keep_read(missing.iter().zip(&read));
    }

    /// As [`Self::fetch`], without waiting for what is read: it is on its way when this returns, if the source can do that, what is
    /// wanted first in front.
    pub fn begin_to_fetch(&self, wanted: &[Fetch]) {
        let mut missing = self.missing(wanted.iter().copied(), MAX_WAITED_FOR);
        if missing.is_empty() {
            return;
        }
        let turns = wanted.iter().enumerate().rev();
        let turns: AHashMap<u64, usize> = turns
            .filter_map(|(turn, wanted)| Some((self.place_of(*wanted)?.start, turn)))
            .collect();
        missing.sort_by_cached_key(|neighbours| neighbours.first_turn(&turns));
        if let Some(pending) = self.source.begin_ranges(&ranges_of(&missing)) {
            let begun = missing.into_iter().zip(pending);
            begun.for_each(|(neighbours, pending)| self.ahead.expect(neighbours, pending));
        }
    }

    /// Bytes that had better be on their way while others are used; 0 if the source answers at once.
    #[must_use]
    pub fn lookahead(&self) -> u64 {
        self.source.lookahead()
    }

    /// Parts that are neither here nor on their way, neighbours together, which ascend.
    fn missing(&self, wanted: impl IntoIterator<Item = Fetch>, most: u64) -> Vec<Neighbours> {
        // What is still coming in comes in its own order: to wait for a later part would only hold up an earlier one.
        if !self.source.is_complete() {
            return Vec::new();
        }
        let mut places: Vec<Range<u64>> = wanted
            .into_iter()
            .filter_map(|wanted| self.place_of(wanted))
            .filter(|place| !self.ahead.has(place.start))
            .collect();
        // Of a part that is wanted twice, the longer piece.
        places.sort_unstable_by_key(|place| (place.start, Reverse(place.end)));
        places.dedup_by_key(|place| place.start);
        let mut found = coalesced(places, most);
        self.ahead.leave_end_out(&mut found);
        found
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

/// These places, which ascend, neighbours together as far as they take no more than `most`.
fn coalesced(places: Vec<Range<u64>>, most: u64) -> Vec<Neighbours> {
    let mut found: Vec<Neighbours> = Vec::new();
    for place in places {
        match found.last_mut() {
            Some(last) if last.is_near(&place) && place.end.saturating_sub(last.range.start) <= most => {
                last.add(place);
            }
            _ => found.push(Neighbours::new(place)),
        }
    }
    found
}

fn ranges_of(all: &[Neighbours]) -> Vec<Range<u64>> {
    all.iter().map(|neighbours| neighbours.range.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::ContainerWriter;
    use crate::read_at::{PendingRange, ReadAt};
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

    /// A source whose ranges come when they are waited for.
    struct Slow(Noting);

    impl ReadAt for Slow {
        fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
            self.0.read_exact_at(offset, buf)
        }

        fn lookahead(&self) -> u64 {
            1 << 20
        }

        fn begin_ranges(&self, ranges: &[Range<u64>]) -> Option<Vec<PendingRange>> {
            let read = self.0.read_ranges(ranges).ok()?;
            Some(
                read.into_iter()
                    .map(|bytes| Box::new(|| Ok(bytes)) as PendingRange)
                    .collect(),
            )
        }

        fn len(&self) -> io::Result<u64> {
            ReadAt::len(&self.0)
        }
    }

    #[test]
    fn what_is_wanted_first_is_asked_for_first_and_comes_by_itself() {
        let mut writer = ContainerWriter::new(Vec::new());
        let stream = writer.register("s");
        for i in 0..200 {
            writer.add_part(stream, i, &[i as u8; 3000]).unwrap();
        }
        let calls = Calls::default();
        let source = Slow(Noting(writer.finish().unwrap(), Arc::clone(&calls)));
        let reader = ContainerReader::open(source).unwrap();
        calls.lock().unwrap().clear();
        // The second hundred side by side, with one of the first in front and behind.
        let turns = [vec![40], (100..199).collect::<Vec<_>>(), vec![7]].concat();
        let wanted: Vec<Fetch> = turns.iter().map(|&part| Fetch::Part(stream, part)).collect();
        reader.begin_to_fetch(&wanted);
        let asked = std::mem::take(&mut *calls.lock().unwrap()).remove(0);
        let starts: Vec<u64> = asked.iter().map(|range| range.start).collect();
        let parts = reader.footer().parts(stream);
        assert_eq!(asked.len(), 4, "{asked:?}");
        assert_eq!((starts[0], starts[1]), (parts[40].offset, parts[100].offset));
        assert_eq!(starts[3], parts[7].offset);
        assert!(
            asked
                .iter()
                .all(|range| range.end - range.start <= MAX_WAITED_FOR)
        );
        for part in turns {
            assert!(reader.is_fetched(stream, part));
            assert_eq!(reader.read_part(stream, part).unwrap().metadata, part as u64);
        }
        assert!(calls.lock().unwrap().is_empty());
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
