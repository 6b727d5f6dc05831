//! Reading a container: opening by its tail, then parts by position.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

use crate::bytes::{Cursor, MAX_CONTAINER_INT_LEN, container_int_len};
use crate::container::ahead::Ahead;
use crate::container::front::{FrontIndex, read_as_it_comes};
use crate::container::sums::{self, PartSums};
use crate::container::tail::{Tail, buffer_len};
use crate::container::{Footer, PartMeta, State, StreamId, foreign, names};
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::read_at::ReadAt;

/// An open container. All methods take `&self` and read by position, so threads may share it.
pub struct ContainerReader {
    pub(super) source: Box<dyn ReadAt>,
    pub(super) ahead: Ahead,
    footer: Footer,
    /// Bytes in front of the footer.
    data_len: u64,
    state: State,
    /// Tells it from all others that are open.
    handle: u64,
    sums: Option<PartSums>,
    /// Metadata of all parts in the order of the footer, if the index in front has told them.
    metadata: Option<Vec<u64>>,
    /// Bytes of the file that are there for sure, whatever it tells of itself.
    known_len: u64,
    /// The most that any unit may decode to.
    max_unit_len: u64,
}

/// Readers that were opened so far.
static N_OPENED: AtomicU64 = AtomicU64::new(0);

/// Growth of a unit by decoding that nobody has to justify: sequences without variety excepted, nothing real comes near.
const MAX_GROWTH: u64 = 64;
/// What a unit of the smallest archive may decode to: a segment of ragc, with room to spare.
const MIN_UNIT_LIMIT: u64 = 64 << 20;

/// Items of a pack to a byte of the archive. Those of real packs differ from each other, and take bytes and not bits.
const MAX_ITEMS_PER_BYTE: u64 = 16;
/// Items that the smallest archive may have in a pack.
const MIN_ITEM_LIMIT: u64 = 1 << 22;

/// One part: its metadata number and its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The number attached to the part; its meaning depends on the stream.
    pub metadata: u64,
    /// Metadata as stored and the payload, as they came from the file.
    bytes: Bytes,
    payload_start: usize,
}

impl Part {
    fn empty() -> Self {
        Self {
            metadata: 0,
            bytes: Bytes::new(),
            payload_start: 0,
        }
    }

    /// The bytes of the part.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.bytes[self.payload_start..]
    }
}

impl ContainerReader {
    /// Opens an archive. A source that is still coming in is opened by the index at its front, if it has one; any other is waited for.
    ///
    /// # Errors
    /// `NotArchive` when the file is of another kind; `Corrupt` when the footer is missing or breaks a rule; `Checksum` when
    /// it is damaged; `Io` when reading fails.
    ///
    /// # Cost
    /// One positioned read at the end of the file, or two if the footer is long, and sometimes one of the checksums; memory
    /// proportional to the number of parts, and for what was read.
    pub fn open(source: impl ReadAt + 'static) -> Result<Self> {
        if !source.is_complete() {
            foreign::check_start(&source)?;
            // A damaged one is none: the footer need not be.
            if let Ok(Some(front)) = FrontIndex::read(&source) {
                return Self::open_by_front(source, &front);
            }
        }
        match Self::open_damaged(source)? {
            (archive, None) => Ok(archive),
            (_, Some(damage)) => Err(damage),
        }
    }

    /// Opens an archive by the index at its front. What that tells and is not there yet allows nothing to be larger.
    fn open_by_front(source: impl ReadAt + 'static, front: &FrontIndex) -> Result<Self> {
        Ok(Self {
            source: Box::new(source),
            ahead: Ahead::new((u64::MAX, Bytes::new()), 0),
            footer: Footer::read(front.footer(), front.data_len())?,
            data_len: front.data_len(),
            state: front.state(),
            handle: N_OPENED.fetch_add(1, Ordering::Relaxed),
            sums: front.sums().map(PartSums::told),
            metadata: Some(front.metadata()),
            known_len: front.len(),
            max_unit_len: max_unit_len(front.len()),
        })
    }

    /// Where its bytes come from.
    pub(crate) fn source(&self) -> &dyn ReadAt {
        &*self.source
    }

    /// Opens an archive even if its footer or its checksums are damaged, as long as the footer can be read, and tells the
    /// damage. For whoever wants to know what is left: without checksums parts are not compared with them.
    ///
    /// # Errors
    /// As [`Self::open`], when there is no footer.
    pub fn open_damaged(source: impl ReadAt + 'static) -> Result<(Self, Option<Error>)> {
        if !source.is_complete() {
            foreign::check_start(&source)?;
        }
        let (mut tail, footer) = tail_of(&source).map_err(|e| foreign::explain(&source, e))?;
        if source.lookahead() > 0
            && let Some([sums, ..]) = footer.find(names::SUMS).map(|stream| footer.parts(stream))
        {
            tail.reach(&source, sums.offset)?;
        }
        let mut archive = Self {
            ahead: Ahead::new(tail.data_end(), source.lookahead()),
            source: Box::new(source),
            footer,
            data_len: tail.data_len(),
            state: State {
                len: tail.file_len(),
                footer_crc: tail.footer_crc(),
            },
            handle: N_OPENED.fetch_add(1, Ordering::Relaxed),
            sums: None,
            metadata: None,
            known_len: tail.data_len(),
            max_unit_len: max_unit_len(tail.data_len()),
        };
        let damage = archive.read_sums(&tail).err();
        Ok((archive, damage))
    }

    /// Lets units decode to this many bytes, if that is more than the size of the archive allows them.
    pub fn allow_units(&mut self, len: u64) {
        self.max_unit_len = self.max_unit_len.max(len);
    }

    /// Bytes in front of the footer.
    #[must_use]
    pub fn data_len(&self) -> u64 {
        self.data_len
    }

    /// Bytes that are there for sure: of what is still coming in, no more than the index at its front takes.
    #[must_use]
    pub fn known_len(&self) -> u64 {
        self.known_len
    }

    /// What the file is now, as far as its end tells.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// Tells it from all other readers of the program.
    pub(super) fn handle(&self) -> u64 {
        self.handle
    }

    /// Where a part lies, and its checksum if the archive has such.
    ///
    /// # Errors
    /// `Corrupt` when the stream has no such part.
    pub(super) fn place_of_part(&self, stream: StreamId, part: usize) -> Result<(PartMeta, Option<u32>)> {
        let place = self
            .part_meta(stream, part)
            .map_err(|e| self.place(e, stream, part))?;
        let sum = self
            .sums
            .as_ref()
            .and_then(|sums| sums.of(self.footer.first_part(stream) + part));
        Ok((place, sum))
    }

    /// How many items a pack may have, whatever their size: each takes memory and time, also an empty one.
    #[must_use]
    pub fn max_items(&self) -> u64 {
        self.known_len
            .saturating_mul(MAX_ITEMS_PER_BYTE)
            .max(MIN_ITEM_LIMIT)
    }

    /// The most that any unit may decode to.
    #[must_use]
    pub fn max_unit_len(&self) -> u64 {
        self.max_unit_len
    }

    /// Checks what a unit declares that it decodes to, before memory is taken for it: a damaged or hostile archive of a
    /// few kilobytes can declare gigabytes.
    ///
    /// # Errors
    /// `TooLarge` when that is out of all proportion to the archive.
    pub fn check_unit_len(&self, len: u64) -> Result<()> {
        let limit = self.max_unit_len;
        match len <= limit {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::TooLarge { len, limit })),
        }
    }

    /// In place of an error of reading what every archive has, what the file is.
    pub(crate) fn explain(&self, error: Error) -> Error {
        foreign::explain(&*self.source, error)
    }

    /// Compares the index in front with the footer, if the footer tells of one.
    ///
    /// # Errors
    /// `Corrupt` when they differ; as [`Self::read_part`].
    pub(crate) fn check_front_index(&self) -> Result<()> {
        match self.footer.find(names::FRONT_INDEX) {
            Some(stream) => FrontIndex::check(&*self.source, self.state).inspect_err(|_| {
                let parts = self.footer.parts(stream).iter();
                parts.for_each(|part| _ = self.source.forget(&place_of(*part)));
            }),
            None => Ok(()),
        }
    }

    /// Whether the archive has checksums.
    #[must_use]
    pub fn has_sums(&self) -> bool {
        self.sums.is_some()
    }

    /// The streams and the places of their parts.
    #[must_use]
    pub fn footer(&self) -> &Footer {
        &self.footer
    }

    /// The stream of this name.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn stream(&self, name: &str) -> Result<StreamId> {
        self.footer.find(name).ok_or_else(|| {
            Error::new(ErrorKind::NotFound {
                what: "stream",
                name: name.to_owned(),
            })
        })
    }

    /// Number of parts of a stream.
    #[must_use]
    pub fn n_parts(&self, stream: StreamId) -> usize {
        self.footer.parts(stream).len()
    }

    /// Reads a part. An empty part has metadata 0, whatever the file holds at its offset.
    ///
    /// # Errors
    /// `Corrupt` when the stream has no such part or its metadata is no integer; `Checksum` when it is not what was
    /// written, even when it is read once more where the source says so; `Io` when reading fails.
    ///
    /// # Cost
    /// One positioned read, or none if the part was fetched or lies at the end of the file.
    pub fn read_part(&self, stream: StreamId, part: usize) -> Result<Part> {
        self.read_part_at(stream, part)
            .map_err(|e| self.place(e, stream, part))
    }

    /// Reads the metadata number of a part, and tells the length of its payload.
    ///
    /// # Errors
    /// As [`Self::read_part`].
    ///
    /// # Cost
    /// Of an archive without checksums, no more than the number is read; otherwise the whole part.
    pub fn read_part_metadata(&self, stream: StreamId, part: usize) -> Result<(u64, u64)> {
        match self.has_sums() {
            true => {
                let read = self.read_part(stream, part)?;
                let place = self.footer.parts(stream)[part];
                // Who asks for its length often wants the part.
                self.ahead.keep([(place.offset, read.bytes.clone())].into_iter());
                Ok((read.metadata, place.len))
            }
            false => self.peek_part_metadata(stream, part),
        }
    }

    /// As [`Self::read_part_metadata`], without a look at the checksums: for estimates, where a wrong number costs no more than
    /// time.
    ///
    /// # Errors
    /// As [`Self::read_part`].
    ///
    /// # Cost
    /// Some bytes are read.
    pub fn peek_part_metadata(&self, stream: StreamId, part: usize) -> Result<(u64, u64)> {
        let read = || {
            let meta = self.part_meta(stream, part)?;
            if meta.len == 0 {
                return Ok((0, 0));
            }
            if let Some(told) = self.told_metadata(stream, part) {
                return Ok((told, meta.len));
            }
            let bytes = match self.ahead.look(meta.offset) {
                Some(bytes) => bytes,
                None => self.read_bytes(meta.offset, 0)?,
            };
            Ok((Cursor::new(&bytes, "part").container_int()?, meta.len))
        };
        read().map_err(|e| self.place(e, stream, part))
    }

    /// Reads the only part of a stream.
    ///
    /// # Errors
    /// `NotFound` without the stream; `Corrupt` when it does not have exactly one part; as [`Self::read_part`].
    pub fn read_only_part(&self, name: &str) -> Result<Part> {
        let stream = self.stream(name)?;
        match self.n_parts(stream) {
            1 => self.read_part(stream, 0),
            n => Err(Error::corrupt(format!("{n} parts instead of one")).in_stream(name)),
        }
    }

    fn place(&self, error: Error, stream: StreamId, part: usize) -> Error {
        error
            .in_part(part as u64)
            .in_stream(&String::from_utf8_lossy(self.footer.name(stream)))
    }

    fn part_meta(&self, stream: StreamId, part: usize) -> Result<PartMeta> {
        let parts = self.footer.parts(stream);
        let meta = parts.get(part).copied();
        meta.ok_or_else(|| Error::corrupt(format!("the stream has only {} parts", parts.len())))
    }

    /// The metadata number that the index in front has told of a part.
    fn told_metadata(&self, stream: StreamId, part: usize) -> Option<u64> {
        let told = self.metadata.as_ref()?;
        told.get(self.footer.first_part(stream) + part).copied()
    }

    fn read_part_at(&self, stream: StreamId, part: usize) -> Result<Part> {
        self.read_as(stream, part, Ok)
    }

    /// Reads a part, and makes something of it. What is damaged is read once more if the source says so: it may have kept what came damaged.
    fn read_as<T>(&self, stream: StreamId, part: usize, make: impl Fn(Part) -> Result<T>) -> Result<T> {
        let meta = self.part_meta(stream, part)?;
        if meta.len == 0 && !self.has_sums() {
            return make(Part::empty());
        }
        let made = |bytes| self.checked(stream, part, bytes).and_then(&make);
        let place = place_of(meta);
        let damaged = match made(self.stored(stream, part, meta)?) {
            Err(error) if error.is_damage() && self.source.forget(&place) => error,
            other => return other,
        };
        let most = meta.len.saturating_add(MAX_CONTAINER_INT_LEN as u64);
        let again = self
            .read_source(meta.offset, most.min(self.data_len.saturating_sub(meta.offset)))
            .and_then(|bytes| made(bytes.into()));
        again.map_err(|_| {
            self.source.forget(&place);
            damaged
        })
    }

    /// The bytes of a part, and maybe some behind them.
    fn stored(&self, stream: StreamId, part: usize, meta: PartMeta) -> Result<Bytes> {
        let Some(metadata) = self.told_metadata(stream, part) else {
            return self.read_bytes(meta.offset, meta.len);
        };
        let len = container_int_len(metadata).saturating_add(meta.len);
        let read = read_as_it_comes(&*self.source, meta.offset, len);
        Ok(read.map_err(|e| Error::io("cannot read", e))?.into())
    }

    /// A part of its bytes, as far as they are what was written.
    fn checked(&self, stream: StreamId, part: usize, mut bytes: Bytes) -> Result<Part> {
        let meta = self.part_meta(stream, part)?;
        let mut cursor = Cursor::new(&bytes, "part");
        let metadata = cursor.container_int()?;
        cursor.take(meta.len)?;
        let end = bytes.len() - cursor.left();
        bytes.truncate(end);
        if let Some(told) = self.told_metadata(stream, part)
            && meta.len > 0
            && told != metadata
        {
            let why = format!("the index in front tells of the number {told}, and it has {metadata}");
            return Err(Error::corrupt(why));
        }
        if let Some(sums) = &self.sums {
            sums.check(self.footer.first_part(stream) + part, &bytes)?;
        }
        if meta.len == 0 {
            return Ok(Part::empty());
        }
        Ok(Part {
            metadata,
            payload_start: end - meta.len as usize,
            bytes,
        })
    }

    /// Reads the checksums, if there are any, and compares the footer with its own.
    fn read_sums(&mut self, tail: &Tail) -> Result<()> {
        let of_footer = sums::footer_sum(&tail.data_end().1);
        let footer = of_footer.map_or(Ok(()), |expected| tail.check_footer(expected));
        let sums = match self.footer.find(names::SUMS) {
            Some(stream) => self.decode_sums(stream).map(Some),
            None if of_footer.is_some() => Err(Error::corrupt("the footer does not name the checksums")),
            None => Ok(None),
        };
        match sums {
            Ok(sums) => {
                self.sums = sums;
                footer
            }
            // A damaged footer is why the checksums are not found.
            Err(error) => footer.and(Err(error.in_stream(names::SUMS))),
        }
    }

    fn decode_sums(&self, stream: StreamId) -> Result<PartSums> {
        let place = self.footer.parts(stream);
        let n_before = self.footer.first_part(stream);
        if n_before + place.len() < self.footer.n_parts() {
            return Err(Error::corrupt("parts come behind the checksums"));
        }
        PartSums::check_place(place, n_before, self.data_len)?;
        self.read_as(stream, 0, |part| PartSums::decode(&part.bytes))
    }

    /// A part's metadata number, which is at most `MAX_CONTAINER_INT_LEN` long, and `len` bytes after it, but never of the footer. The
    /// footer was checked on opening, so `len` is not larger than the file.
    fn read_bytes(&self, offset: u64, len: u64) -> Result<Bytes> {
        let most = len.saturating_add(MAX_CONTAINER_INT_LEN as u64);
        let most = most.min(self.data_len.saturating_sub(offset));
        // An empty part may be told to lie anywhere.
        if most == 0 {
            return Ok(Bytes::new());
        }
        if let Some(mut bytes) = self.ahead.take(offset, len + 1) {
            bytes.truncate(most as usize);
            return Ok(bytes);
        }
        let (end_start, end) = self.ahead.end_behind(offset, most).unzip();
        let from_source = end_start.map_or(most, |start| start - offset);
        let mut bytes = memory::room(buffer_len(most)?)?;
        bytes.resize(from_source as usize, 0);
        self.read_into(offset, &mut bytes)?;
        if let Some(end) = end {
            bytes.extend_from_slice(&end[..(most - from_source) as usize]);
        }
        Ok(bytes.into())
    }

    /// Bytes that nobody has read ahead.
    fn read_source(&self, offset: u64, len: u64) -> Result<Vec<u8>> {
        let mut bytes = memory::zeroed(buffer_len(len)?)?;
        self.read_into(offset, &mut bytes)?;
        Ok(bytes)
    }

    fn read_into(&self, offset: u64, bytes: &mut [u8]) -> Result<()> {
        let read = self.source.read_exact_at(offset, bytes);
        read.map_err(|e| Error::io("cannot read", e))
    }
}

/// The end of a file, and its footer. What is damaged is read once more if the source says so.
fn tail_of(source: &impl ReadAt) -> Result<(Tail, Footer)> {
    let tail = Tail::read(source)?;
    let footer = Footer::read(tail.footer(), tail.data_len());
    let is_intact = |tail: &Tail, footer: &Result<Footer>| footer.is_ok() && tail.check_own_sum().is_ok();
    if is_intact(&tail, &footer) || !source.forget(&tail.place()) {
        return Ok((tail, footer?));
    }
    let again = Tail::read(source)?;
    let footer_again = Footer::read(again.footer(), again.data_len());
    if !is_intact(&again, &footer_again) {
        source.forget(&again.place());
    }
    Ok((again, footer_again?))
}

/// Where a part lies in the file, with the longest number that it can have.
fn place_of(part: PartMeta) -> Range<u64> {
    let len = part.len.saturating_add(MAX_CONTAINER_INT_LEN as u64);
    part.offset..part.offset.saturating_add(len)
}

/// What a unit may decode to in an archive of so many bytes.
fn max_unit_len(len: u64) -> u64 {
    len.saturating_mul(MAX_GROWTH).max(MIN_UNIT_LIMIT)
}

impl std::fmt::Debug for ContainerReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContainerReader")
            .field("n_streams", &self.footer.n_streams())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::ContainerWriter;
    use std::sync::Arc;

    #[rustfmt::skip]
    const ARCHIVE: [u8; 31] = [
        2, 1, 0, b'a', b'b',            // metadata 256, payload "ab"
        0,                              // metadata of an empty part
        1, 2,                           // two streams
        b's', 0, 1, 2, 0,               // "s": two parts
        0, 1, 2,                        // at 0, 2 bytes
        1, 5, 0,                        // at 5, empty
        b'e', 0, 0, 0,                  // "e": no parts
        17, 0, 0, 0, 0, 0, 0, 0,        // size of the footer
    ];

    #[test]
    fn reads_what_the_writer_writes() {
        let mut writer = ContainerWriter::new(Vec::new());
        let s = writer.register("s");
        let e = writer.register("e");
        assert_eq!(writer.register("s"), s);
        writer.add_part(s, 256, b"ab").unwrap();
        writer.add_part(s, 77, b"").unwrap();
        let bytes = writer.finish().unwrap();
        assert_eq!(bytes, ARCHIVE);
        let reader = ContainerReader::open(bytes).unwrap();
        assert_eq!(reader.stream("e").unwrap(), e);
        assert_eq!(reader.n_parts(e), 0);
        let part = reader.read_part(s, 0).unwrap();
        assert_eq!((part.metadata, part.payload()), (256, &b"ab"[..]));
        assert_eq!(reader.read_part_metadata(s, 0).unwrap(), (256, 2));
        let part = reader.read_part(s, 1).unwrap();
        assert_eq!((part.metadata, part.payload()), (0, &b""[..]));
        assert!(reader.read_part(s, 2).is_err());
        assert!(reader.read_only_part("s").is_err());
        assert!(reader.stream("x").is_err());
    }

    #[test]
    fn every_prefix_is_an_error() {
        let bytes = ARCHIVE;
        for end in 0..bytes.len() {
            assert!(ContainerReader::open(bytes[..end].to_vec()).is_err(), "{end}");
        }
    }

    #[test]
    fn metadata_that_reaches_over_the_part_is_an_error() {
        let mut bytes = ARCHIVE.to_vec();
        bytes[0] = 4;
        let reader = ContainerReader::open(bytes).unwrap();
        let error = reader.read_part(StreamId(0), 0).unwrap_err();
        assert!(error.to_string().starts_with("stream s part 0: "), "{error}");
    }

    /// Gives damaged bytes until it is told to forget them, and as often again as it is poisoned.
    struct Poisoned {
        bytes: Vec<u8>,
        place: usize,
        n_left: std::sync::Mutex<usize>,
    }

    impl ReadAt for Poisoned {
        fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
            ReadAt::read_exact_at(&self.bytes, offset, buf)?;
            let is_damaged = *self.n_left.lock().unwrap() > 0;
            let place = (self.place as u64)
                .checked_sub(offset)
                .map(|place| place as usize);
            if let Some(byte) = place.and_then(|place| buf.get_mut(place)).filter(|_| is_damaged) {
                *byte ^= 1;
            }
            Ok(())
        }

        fn forget(&self, range: &Range<u64>) -> bool {
            let mut n_left = self.n_left.lock().unwrap();
            let is_of_it = range.contains(&(self.place as u64));
            *n_left = n_left.saturating_sub(usize::from(is_of_it));
            true
        }

        fn len(&self) -> std::io::Result<u64> {
            ReadAt::len(&self.bytes)
        }
    }

    #[test]
    fn what_a_source_has_kept_damaged_is_read_anew() {
        let mut writer = ContainerWriter::new(Vec::new());
        for name in ["one", "two"] {
            let stream = writer.register(name);
            writer.add_part(stream, 7, &[3; 100]).unwrap();
        }
        let bytes = writer.finish_with_sums().unwrap();
        let read = |archive: &Arc<Poisoned>| -> Result<()> {
            let archive = ContainerReader::open(Arc::clone(archive))?;
            archive.read_only_part("one")?;
            archive.read_only_part("two").map(drop)
        };
        // The size of the footer is at the end of it, and nothing tells where a footer begins that is elsewhere.
        for place in 0..bytes.len() - 8 {
            let poisoned = |n_times: usize| {
                Arc::new(Poisoned {
                    bytes: bytes.clone(),
                    place,
                    n_left: n_times.into(),
                })
            };
            read(&poisoned(1)).unwrap_or_else(|error| panic!("{place}: {error}"));
            // What is damaged again is let go of again, and the next one reads it.
            let twice = poisoned(2);
            assert!(read(&twice).is_err(), "{place}");
            read(&twice).unwrap_or_else(|error| panic!("{place}: {error}"));
        }
    }
}
