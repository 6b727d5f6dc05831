//! An archive written anew with its parts in another order, and an index in front.

use std::io::Write;

use crate::container::front::{FrontIndex, Layout, PlacedPart};
use crate::container::{ContainerReader, ContainerWriter, StreamId, names};
use crate::error::{Error, ErrorKind, Result};

/// Streams that tell of a file itself: what is written is another one.
const OF_THE_FILE: [&str; 3] = [names::FRONT_INDEX, names::PREVIOUS, names::SUMS];

/// Writes the parts of an archive in this order, in which each of them comes once; those that tell of the file itself are made anew. The writer
/// has to be finished; what was written can be asked of it before.
///
/// # Errors
/// `Io` when the sink fails; those of [`ContainerReader::read_part`]; `Corrupt` when the order is not one of all parts.
pub(crate) fn arrange<W: Write>(
    from: &ContainerReader,
    order: &[(StreamId, usize)],
    sink: W,
) -> Result<ContainerWriter<W>> {
    let kept: Vec<StreamId> = from.footer().streams().filter(|id| is_kept(from, *id)).collect();
    let front = FrontIndex::of(&layout(from, &kept, order)?)?;
    let mut container = ContainerWriter::new(sink);
    container.skip(front.header())?;
    for stream in &kept {
        container.register(&name(from, *stream)?);
    }
    let (metadata, payload) = front.part()?;
    let stream = container.register(names::FRONT_INDEX);
    container.add_part(stream, metadata, payload)?;
    let mut numbers = vec![Vec::new(); from.footer().n_streams()];
    for (stream, part) in order.iter().filter(|(stream, _)| is_kept(from, *stream)) {
        let new = container.register(&name(from, *stream)?);
        container.copy_part(new, from, *stream, *part)?;
        numbers[stream.index()].push(*part);
    }
    for stream in &kept {
        let new = container.register(&name(from, *stream)?);
        container.number_parts(new, &numbers[stream.index()]);
    }
    if from.has_sums() {
        container.write_sums()?;
    }
    match container.state() == front.state() {
        true => Ok(container),
        false => Err(Error::new(ErrorKind::Internal(
            "parts lie elsewhere than planned",
        ))),
    }
}

fn is_kept(from: &ContainerReader, stream: StreamId) -> bool {
    let name = from.footer().name(stream);
    !OF_THE_FILE.iter().any(|other| other.as_bytes() == name)
}

fn name(from: &ContainerReader, stream: StreamId) -> Result<String> {
    let name = String::from_utf8(from.footer().name(stream).to_vec());
    name.map_err(|_| Error::corrupt("a stream has a name that is no text"))
}

/// What will be written.
fn layout(from: &ContainerReader, kept: &[StreamId], order: &[(StreamId, usize)]) -> Result<Layout> {
    let mut streams = Vec::with_capacity(kept.len() + 2);
    let mut places = vec![None; from.footer().n_streams()];
    for stream in kept {
        places[stream.index()] = Some(streams.len());
        streams.push((name(from, *stream)?, from.n_parts(*stream)));
    }
    streams.push((names::FRONT_INDEX.to_owned(), 1));
    if from.has_sums() {
        streams.push((names::SUMS.to_owned(), 1));
    }
    let placed = order.iter().filter_map(|(stream, part)| {
        let place = places.get(stream.index()).copied().flatten()?;
        Some(placed(from, *stream, *part, place))
    });
    Ok(Layout {
        parts: placed.collect::<Result<_>>()?,
        streams,
        has_sums: from.has_sums(),
    })
}

/// A part that goes into this stream.
fn placed(from: &ContainerReader, stream: StreamId, part: usize, place: usize) -> Result<PlacedPart> {
    let (metadata, len) = from.peek_part_metadata(stream, part)?;
    let (_, sum) = from.place_of_part(stream, part)?;
    Ok(PlacedPart {
        stream: place,
        part,
        len,
        metadata,
        sum: sum.unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::check_end;
    use crate::read_at::ReadAt;
    use std::io;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// As far as it has come, which is all that is read of it.
    struct Incoming(Vec<u8>, AtomicU64);

    impl ReadAt for Incoming {
        fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
            let end = offset.saturating_add(buf.len() as u64);
            match end > self.1.load(Ordering::Relaxed) {
                true => Err(io::ErrorKind::WouldBlock.into()),
                false => self.0.read_exact_at(offset, buf),
            }
        }

        fn len(&self) -> io::Result<u64> {
            ReadAt::len(&self.0)
        }

        fn is_complete(&self) -> bool {
            false
        }
    }

    fn plain(has_sums: bool) -> ContainerReader {
        let mut writer = ContainerWriter::new(Vec::new());
        let (a, b) = (writer.register("a"), writer.register("b"));
        for i in 0..9u8 {
            writer.add_part(a, u64::from(i) << (7 * i), &[i; 300]).unwrap();
        }
        writer.add_part(b, 5, b"").unwrap();
        writer.add_part(b, 5, b"b").unwrap();
        let bytes = match has_sums {
            true => writer.finish_with_sums(),
            false => writer.finish(),
        };
        ContainerReader::open(bytes.unwrap()).unwrap()
    }

    fn arranged(has_sums: bool) -> Vec<u8> {
        let old = plain(has_sums);
        let (a, b) = (old.stream("a").unwrap(), old.stream("b").unwrap());
        let mut order = vec![(b, 1), (b, 0), (a, 8)];
        order.extend((0..8).map(|part| (a, part)));
        let writer = arrange(&old, &order, Vec::new()).unwrap();
        writer.finish().unwrap()
    }

    fn check(new: &ContainerReader, parts: impl Iterator<Item = usize>) {
        let a = new.stream("a").unwrap();
        for part in parts {
            let read = new.read_part(a, part).unwrap();
            assert_eq!(read.metadata, (part as u64) << (7 * part));
            assert_eq!(read.payload(), [part as u8; 300]);
            assert_eq!(new.peek_part_metadata(a, part).unwrap(), (read.metadata, 300));
        }
    }

    #[test]
    fn parts_are_read_by_the_footer_and_while_they_come_by_the_index_in_front() {
        for has_sums in [false, true] {
            let bytes = arranged(has_sums);
            let whole = ContainerReader::open(bytes.clone()).unwrap();
            check(&whole, 0..9);
            let b = whole.stream("b").unwrap();
            assert_eq!(whole.read_part(b, 1).unwrap().payload(), b"b");
            assert_eq!(whole.read_part(b, 0).unwrap().metadata, 0);
            // Exactly what the part needs, and no byte of the next one.
            let front = FrontIndex::read(&bytes).unwrap().unwrap();
            let a = whole.stream("a").unwrap();
            let end = whole.footer().parts(a)[0].offset + 1 + 300;
            assert!(front.len() < end);
            let source = Incoming(bytes.clone(), AtomicU64::new(end));
            let early = ContainerReader::open(source).unwrap();
            assert_eq!(early.has_sums(), has_sums);
            assert_eq!(early.state(), whole.state());
            check(&early, [8, 0].into_iter());
            assert!(early.read_part(a, 1).is_err());
            check_end(&bytes).unwrap();
        }
    }

    #[test]
    fn an_index_that_is_outdated_damaged_or_of_another_file_is_not_believed() {
        let bytes = arranged(true);
        let front = FrontIndex::read(&bytes).unwrap().unwrap().len() as usize;
        for byte in 0..front {
            let mut damaged = bytes.clone();
            damaged[byte] ^= 0x10;
            assert!(!matches!(FrontIndex::read(&damaged), Ok(Some(_))), "{byte}");
            let opened = ContainerReader::open(Incoming(damaged.clone(), AtomicU64::new(u64::MAX)));
            match byte {
                // No archive begins so.
                0 => assert!(opened.is_err()),
                _ => check(&opened.unwrap(), 0..9),
            }
            check_end(&damaged).unwrap();
        }
        for end in 0..bytes.len() {
            let checked = check_end(&bytes[..end]);
            assert_eq!(checked.is_err(), end >= front, "{end}");
        }
        let mut other = bytes.clone();
        let last = other.len() - 9;
        other[last] ^= 1;
        let longer = [&bytes[..], b"more"].concat();
        for changed in [other, longer] {
            let error = check_end(&changed).unwrap_err().to_string();
            assert!(error.contains("not that of the footer"), "{error}");
        }
    }

    #[test]
    fn a_damaged_part_is_told_before_the_end_is_there() {
        let mut bytes = arranged(true);
        let whole = ContainerReader::open(bytes.clone()).unwrap();
        let a = whole.stream("a").unwrap();
        let place = whole.footer().parts(a)[3].offset as usize;
        bytes[place + 9] ^= 1;
        let early = ContainerReader::open(Incoming(bytes, AtomicU64::new(place as u64 + 400))).unwrap();
        let error = early.read_part(a, 3).unwrap_err().to_string();
        assert!(error.contains("checksum"), "{error}");
    }

    #[test]
    fn what_an_index_only_claims_takes_no_memory_and_allows_nothing() {
        let part = |part, len| PlacedPart {
            part,
            len,
            ..PlacedPart::default()
        };
        let layout = Layout {
            streams: vec![("s".to_owned(), 2), (names::FRONT_INDEX.to_owned(), 1)],
            parts: vec![part(0, 1 << 60), part(1, 1 << 61)],
            has_sums: false,
        };
        let front = FrontIndex::of(&layout).unwrap();
        let (number, payload) = front.part().unwrap();
        let mut bytes = front.header().to_vec();
        crate::bytes::put_container_int(&mut bytes, number);
        bytes.extend_from_slice(payload);
        bytes.resize(5000, 0);
        let opened = ContainerReader::open(Incoming(bytes.clone(), AtomicU64::new(5000))).unwrap();
        let stream = opened.stream("s").unwrap();
        assert_eq!(opened.footer().parts(stream)[1].len, 1 << 61);
        assert!(opened.read_part(stream, 0).is_err() && opened.read_part(stream, 1).is_err());
        assert!(opened.known_len() < 1000 && opened.check_unit_len(1 << 30).is_err());
        let error = check_end(&bytes).unwrap_err().to_string();
        assert!(error.contains("it ends behind 5000 of "), "{error}");
    }
}
