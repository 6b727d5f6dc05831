//! The front index as it is stored: a header that belongs to no part, and its part.
//!
//! # Shape
//! The header: [`MARK`], a byte of [`STATES`], bytes of the part and of the whole file, a `u64` each. The part: decompressed size of the frame as its
//! metadata; a frame with the layout; the CRC-32 of the two sizes in the header, metadata as stored and frame.

#[cfg(feature = "compress")]
use std::fs::File;
use std::io;
#[cfg(feature = "compress")]
use std::io::{Seek, SeekFrom, Write};

use crate::bytes::{Cursor, container_int_len, put_container_int};
use crate::checksum::Checksum;
use crate::container::front::layout::{Layout, PlacedPart, Places};
use crate::container::tail::Tail;
use crate::container::{State, names};
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::read_at::ReadAt;
use crate::zstd::{self, Compressor};

/// The first bytes of a streamable archive. As every archive it begins with a byte below 9, which no text and no packed file does.
const MARK: [u8; 11] = *b"\0ragc-front";

/// What stands behind the mark: the index tells of the whole file, or a change in place has outdated it.
const STATES: [u8; 2] = [CURRENT, OUTDATED];
const CURRENT: u8 = b'+';
const OUTDATED: u8 = b'-';
/// Where that stands in the file.
const STATE_OFFSET: u64 = MARK.len() as u64;
/// Bytes in front of the part.
const HEADER_LEN: u64 = STATE_OFFSET + 1 + 2 * 8;

/// The most that a frame of columns may decode to, to a byte of it: far more than those of real archives (docs/measurements.md,
/// "An index in front"). A part takes four bytes there and a hundred in memory, so a megabyte may take 200. An index of more is none,
/// and its archive is waited for.
const MAX_GROWTH: u64 = 8;
/// Best of what zstd has where that takes little time (docs/measurements.md, "An index in front").
const LEVEL: i32 = 19;
const QUICK_LEVEL: i32 = 9;
const QUICK_LEN: usize = 4 << 20;

/// Bytes that are read at once of what may never come.
const STEP: u64 = 1 << 20;

/// The index in front of an archive.
#[derive(Debug)]
pub(crate) struct FrontIndex {
    places: Places,
    has_sums: bool,
    /// Header and part.
    stored: Vec<u8>,
}

impl FrontIndex {
    /// The index of a file with this layout.
    ///
    /// # Errors
    /// `Corrupt` when the layout contradicts itself; `NoMemory`.
    pub(crate) fn of(layout: &Layout) -> Result<Self> {
        let bytes = layout.encode();
        let level = if bytes.len() > QUICK_LEN {
            QUICK_LEVEL
        } else {
            LEVEL
        };
        let mut compressor = Compressor::new();
        let frame = compressor.compress(&bytes, level)?;
        let mut part = Vec::with_capacity(frame.len() + 16);
        put_container_int(&mut part, bytes.len() as u64);
        part.extend_from_slice(frame);
        let part_len = part.len() + 4;
        // The checksums of the parts make no difference to where they lie.
        let places = layout.places(front_part(layout, part_len, bytes.len() as u64, 0)?, HEADER_LEN)?;
        let sizes = [part_len as u64, places.state().len]
            .map(u64::to_le_bytes)
            .concat();
        part.extend_from_slice(&own_sum(&sizes, &part).to_le_bytes());
        let stored = [&MARK[..], &[CURRENT], &sizes, &part].concat();
        Self::with_layout(layout, stored, bytes.len() as u64)
    }

    /// Reads the index of a source; `None` if it has none, or an outdated one.
    ///
    /// # Errors
    /// `Io` when the source ends before the index does, or cannot be read; `Corrupt`, `Checksum` when it is damaged.
    pub(crate) fn read(source: &(impl ReadAt + ?Sized)) -> Result<Option<Self>> {
        Self::read_in_state(source, &[CURRENT])
    }

    /// As [`Self::read`], in one of these states.
    fn read_in_state(source: &(impl ReadAt + ?Sized), states: &[u8]) -> Result<Option<Self>> {
        let cannot_read = |error| Error::io("cannot read", error);
        let mut header = [0; HEADER_LEN as usize];
        source.read_exact_at(0, &mut header).map_err(cannot_read)?;
        let (mark, rest) = header.split_at(MARK.len());
        if mark != MARK || !states.contains(&rest[0]) {
            return Ok(None);
        }
        let part_len = Cursor::new(&rest[1..], "index in front").u64_le()?;
        let part = read_as_it_comes(source, HEADER_LEN, part_len).map_err(cannot_read)?;
        let stored = [&header[..], &part].concat();
        Self::decode(stored).map(Some)
    }

    /// Compares the index of a file, outdated or not, with what the file's footer was when it was written.
    ///
    /// # Errors
    /// Those of [`Self::read`]; `Corrupt` when there is none, or that of another file.
    pub(crate) fn check(source: &(impl ReadAt + ?Sized), state: State) -> Result<()> {
        let check = || match Self::read_in_state(source, &STATES)? {
            Some(front) if front.state() == state => Ok(()),
            Some(_) => Err(Error::corrupt("the index in front tells of another footer")),
            None => Err(Error::corrupt(
                "the file does not begin with the mark of an index",
            )),
        };
        check().map_err(|error: Error| error.in_stream(names::FRONT_INDEX))
    }

    fn decode(stored: Vec<u8>) -> Result<Self> {
        let (header, part) = stored.split_at(HEADER_LEN as usize);
        let truncated = || Error::truncated("index in front", 4, part.len() as u64);
        let (rest, own) = part.split_last_chunk::<4>().ok_or_else(truncated)?;
        let found = own_sum(&header[STATE_OFFSET as usize + 1..], rest);
        let expected = u32::from_le_bytes(*own);
        if found != expected {
            return Err(Error::new(ErrorKind::Checksum {
                what: "index in front",
                expected,
                found,
            }));
        }
        let mut cursor = Cursor::new(rest, "index in front");
        let len = cursor.container_int()?;
        let frame = &rest[rest.len() - cursor.left()..];
        if len > (frame.len() as u64).saturating_mul(MAX_GROWTH) {
            return Err(Error::corrupt(format!(
                "an index in front of {} bytes declares {len}",
                frame.len()
            )));
        }
        let layout = Layout::decode(&zstd::decompress(frame, len)?)?;
        let told = told_len(header);
        let front = Self::with_layout(&layout, stored, len)?;
        match front.state().len == told {
            true => Ok(front),
            false => Err(Error::corrupt(format!(
                "the index in front is of a file of {} bytes, and says of {told}",
                front.state().len
            ))),
        }
    }

    fn with_layout(layout: &Layout, stored: Vec<u8>, metadata: u64) -> Result<Self> {
        let part = &stored[HEADER_LEN as usize..];
        let front = front_part(layout, part.len(), metadata, Checksum::of(part).crc)?;
        Ok(Self {
            places: layout.places(front, HEADER_LEN)?,
            has_sums: layout.has_sums,
            stored,
        })
    }

    /// The header.
    pub(crate) fn header(&self) -> &[u8] {
        &self.stored[..HEADER_LEN as usize]
    }

    /// The part: its metadata, and its payload.
    pub(crate) fn part(&self) -> Result<(u64, &[u8])> {
        let part = &self.stored[HEADER_LEN as usize..];
        let mut cursor = Cursor::new(part, "index in front");
        let metadata = cursor.container_int()?;
        Ok((metadata, &part[part.len() - cursor.left()..]))
    }

    /// Bytes of header and part.
    pub(crate) fn len(&self) -> u64 {
        self.stored.len() as u64
    }

    /// The footer that the file ends with, without its size.
    pub(crate) fn footer(&self) -> &[u8] {
        let footer = &self.places.footer;
        footer
            .split_last_chunk::<8>()
            .map_or(footer, |(footer, _size)| footer)
    }

    /// Bytes in front of that.
    pub(crate) fn data_len(&self) -> u64 {
        self.places.data_len
    }

    /// The file that is told of.
    pub(crate) fn state(&self) -> State {
        self.places.state()
    }

    /// Checksums of all parts in the order of the footer, if the archive has some.
    pub(crate) fn sums(&self) -> Option<Vec<u32>> {
        let parts = self.has_sums.then_some(&self.places.parts);
        parts.map(|parts| parts.iter().map(|part| part.sum).collect())
    }

    /// Metadata of all parts in the order of the footer, but for that of the checksums, which is 0.
    pub(crate) fn metadata(&self) -> Vec<u64> {
        let parts = self.places.parts.iter();
        parts
            .map(|part| part.metadata)
            .chain(self.has_sums.then_some(0))
            .collect()
    }
}

/// The part itself, of so many bytes as it is stored.
fn front_part(layout: &Layout, stored_len: usize, metadata: u64, sum: u32) -> Result<PlacedPart> {
    let len = (stored_len as u64).checked_sub(container_int_len(metadata));
    Ok(PlacedPart {
        stream: layout.front_stream()?,
        part: 0,
        len: len.ok_or_else(|| Error::corrupt("the index in front is shorter than its number"))?,
        metadata,
        sum,
    })
}

fn own_sum(sizes: &[u8], rest: &[u8]) -> u32 {
    let mut sum = Checksum::of(sizes);
    sum.add(rest);
    sum.crc
}

/// The length of the file that a header tells.
fn told_len(header: &[u8]) -> u64 {
    header.last_chunk().copied().map_or(0, u64::from_le_bytes)
}

/// Notes in an archive's file of this length whether the index in front, if it has one, tells of all of it. The cursor stays.
///
/// # Errors
/// What the system reports.
#[cfg(feature = "compress")]
pub(crate) fn note_len(file: &File, len: u64) -> io::Result<()> {
    let mut header = [0; HEADER_LEN as usize];
    match ReadAt::read_exact_at(file, 0, &mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
        read => read?,
    }
    let state = if told_len(&header) == len {
        CURRENT
    } else {
        OUTDATED
    };
    match header.starts_with(&MARK) && header[STATE_OFFSET as usize] != state {
        true => write_at(file, STATE_OFFSET, &[state]),
        false => Ok(()),
    }
}

/// Writes at a place of a file, and goes back to where its cursor was: Windows has no writing that lets it stay.
#[cfg(feature = "compress")]
fn write_at(mut file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    let cursor = file.stream_position()?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)?;
    file.seek(SeekFrom::Start(cursor)).map(drop)
}

/// Reads bytes that may never come: memory is taken for them as they come.
///
/// # Errors
/// What the source reports; `OutOfMemory`.
pub(crate) fn read_as_it_comes(
    source: &(impl ReadAt + ?Sized),
    offset: u64,
    len: u64,
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < len {
        let start = bytes.len();
        let step = (len - start as u64).min(STEP.max(start as u64)) as usize;
        // What is not there yet is waited for before memory is taken.
        let place = offset.saturating_add(start as u64);
        source.read_exact_at(place.saturating_add(step as u64 - 1), &mut [0])?;
        memory::ask(|| bytes.try_reserve_exact(step)).map_err(|_| io::ErrorKind::OutOfMemory)?;
        bytes.resize(start + step, 0);
        source.read_exact_at(place, &mut bytes[start..])?;
    }
    Ok(bytes)
}

/// Waits for the end of a source, and compares it with the index at its front, if that is intact and not outdated.
///
/// # Errors
/// `Corrupt` when they do not tell of the same file; `Io` when the source cannot be read.
pub fn check_end(source: &(impl ReadAt + ?Sized)) -> Result<()> {
    let len = source.len().map_err(|error| Error::io("cannot read", error))?;
    let Ok(Some(front)) = FrontIndex::read(source) else {
        return Ok(());
    };
    let told = front.state();
    if len < told.len {
        return Err(Error::corrupt(format!(
            "it ends behind {len} of {} bytes: is the file complete?",
            told.len
        )));
    }
    let is_same =
        len == told.len && Tail::read(&source).is_ok_and(|tail| tail.footer_crc() == told.footer_crc);
    match is_same {
        true => Ok(()),
        false => Err(Error::corrupt(
            "the index in front is not that of the footer: was the file changed while it was read?",
        )),
    }
}
