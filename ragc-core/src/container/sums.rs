//! Checksums of parts: one of each, one of the footer, and one of all these together.
//!
//! They are the last part of the data area, stored as it is, so that their place and length are known before the footer
//! is written, and the footer can be among what they are taken of.
//!
//! # Shape
//! A `u32` for each part of all other streams in the order of the footer, of its metadata as stored and its payload; one
//! of the footer and its size; one of this part up to here, its metadata included; the eight bytes of [`MARK`]. All
//! CRC-32.
//!
//! A reader finds the mark in front of the footer even if the footer has lost the name of the stream, and takes
//! that for damage; the other way round, too.
//!
//! # Source
//! FORMAT.md, "`ragc.sums`".

use crate::bytes::Cursor;
use crate::checksum::Checksum;
use crate::container::PartMeta;
use crate::error::{Error, ErrorKind, Result};
use crate::memory;

/// Stands directly in front of the footer of an archive with checksums.
pub(super) const MARK: [u8; 8] = *b"ragcsums";

/// Bytes behind the checksums of the parts: that of the footer, the own one, the mark.
pub(super) const TAIL_LEN: u64 = 4 + 4 + MARK.len() as u64;

/// The metadata of the part, as stored: none.
pub(super) const METADATA: [u8; 1] = [0];

/// Bytes of the payload for so many parts.
pub(super) const fn encoded_len(n_parts: usize) -> u64 {
    n_parts as u64 * 4 + TAIL_LEN
}

/// The payload, from the checksums of all parts, and the footer with its size.
pub(super) fn encode(parts: impl Iterator<Item = u32>, footer: &[u8]) -> Vec<u8> {
    let mut out = METADATA.to_vec();
    let footer = Checksum::of(footer).crc;
    for sum in parts.chain([footer]) {
        out.extend_from_slice(&sum.to_le_bytes());
    }
    let own = Checksum::of(&out).crc;
    out.extend_from_slice(&own.to_le_bytes());
    out.extend_from_slice(&MARK);
    out.split_off(METADATA.len())
}

/// The checksum of the footer, if an archive whose data area ends with these bytes has checksums.
pub(super) fn footer_sum(data_end: &[u8]) -> Option<u32> {
    let tail = data_end.strip_suffix(&MARK)?;
    let (sums, _own) = tail.split_last_chunk::<4>()?;
    sums.last_chunk().copied().map(u32::from_le_bytes)
}

/// The checksums of all parts of an archive.
#[derive(Debug)]
pub(super) struct PartSums(Vec<u32>);

impl PartSums {
    /// Those that the index in front tells.
    pub(super) fn told(sums: Vec<u32>) -> Self {
        Self(sums)
    }

    /// Checks where the footer says that they lie: at the end of the data area, of the right length for `n_parts` others.
    ///
    /// # Errors
    /// `Corrupt` if they lie elsewhere.
    pub(super) fn check_place(place: &[PartMeta], n_parts: usize, data_len: u64) -> Result<()> {
        let expected = PartMeta {
            offset: data_len.saturating_sub(METADATA.len() as u64 + encoded_len(n_parts)),
            len: encoded_len(n_parts),
        };
        match place {
            [place] if *place == expected => Ok(()),
            _ => Err(Error::corrupt(
                "the checksums do not lie in front of the footer, or are not those of all parts",
            )),
        }
    }

    /// Reads the metadata as stored and the payload.
    ///
    /// # Errors
    /// `Checksum` when they contradict themselves; `Corrupt` or `Truncated` when they are something else.
    pub(super) fn decode(stored: &[u8]) -> Result<Self> {
        let mark = || Error::corrupt("the mark of checksums is missing");
        let rest = stored.strip_suffix(&MARK).ok_or_else(mark)?;
        let truncated = || Error::truncated("checksums", TAIL_LEN, stored.len() as u64);
        let (rest, own) = rest.split_last_chunk::<4>().ok_or_else(truncated)?;
        check("list of checksums", u32::from_le_bytes(*own), rest)?;
        let (parts, _footer) = rest.split_last_chunk::<4>().ok_or_else(truncated)?;
        let mut cursor = Cursor::new(parts, "checksums");
        cursor.container_int()?;
        let mut sums = memory::room(cursor.left() / 4)?;
        while cursor.left() > 0 {
            sums.push(cursor.u32_le()?);
        }
        Ok(Self(sums))
    }

    /// The checksum of a part by its number among all parts of the footer.
    pub(super) fn of(&self, part: usize) -> Option<u32> {
        self.0.get(part).copied()
    }

    /// Checks a part by its number among all parts of the footer.
    ///
    /// # Errors
    /// `Checksum` when it is not what was written.
    pub(super) fn check(&self, part: usize, stored: &[u8]) -> Result<()> {
        // The sums themselves come last and have none in the list; they were checked when they were read.
        self.0.get(part).map_or(Ok(()), |sum| check("part", *sum, stored))
    }
}

/// Compares bytes with their checksum.
///
/// # Errors
/// `Checksum` when they differ.
pub(super) fn check(what: &'static str, expected: u32, bytes: &[u8]) -> Result<()> {
    let found = Checksum::of(bytes).crc;
    match found == expected {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Checksum {
            what,
            expected,
            found,
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::{ContainerReader, ContainerWriter};
    use crate::read_at::ReadAt;

    #[rustfmt::skip]
    const ARCHIVE: [u8; 73] = [
        2, 1, 0, b'a', b'b',            // metadata 256, payload "ab"
        0,                              // metadata of an empty part
        0,                              // metadata of the checksums
        0x8A, 0x99, 0x04, 0xDB,         // CRC-32 of 02 01 00 "ab"
        0x8D, 0xEF, 0x02, 0xD2,         // CRC-32 of 00
        0x35, 0x2F, 0x08, 0xA4,         // CRC-32 of the footer and its size
        0x3C, 0x5E, 0xCA, 0xD6,         // CRC-32 from the metadata of the checksums to here
        b'r', b'a', b'g', b'c', b's', b'u', b'm', b's',
        1, 3,                           // three streams
        b's', 0, 1, 2, 0,               // "s": two parts
        0, 1, 2,                        // at 0, 2 bytes
        1, 5, 0,                        // at 5, empty
        b'e', 0, 0, 0,                  // "e": no parts
        b'r', b'a', b'g', b'c', b'.', b's', b'u', b'm', b's', 0,
        1, 1, 0,                        // one part
        1, 6, 1, 24,                    // at 6, 24 bytes
        34, 0, 0, 0, 0, 0, 0, 0,        // size of the footer
    ];

    fn written() -> Vec<u8> {
        let mut writer = ContainerWriter::new(Vec::new());
        let s = writer.register("s");
        writer.register("e");
        writer.add_part(s, 256, b"ab").unwrap();
        writer.add_part(s, 77, b"").unwrap();
        writer.finish_with_sums().unwrap()
    }

    /// Opens an archive and reads all its parts in both ways.
    fn read_all(bytes: Vec<u8>) -> Result<()> {
        let archive = ContainerReader::open(bytes)?;
        for stream in archive.footer().streams() {
            for part in 0..archive.n_parts(stream) {
                let read = archive.read_part(stream, part)?;
                let expected = (read.metadata, read.payload().len() as u64);
                assert_eq!(archive.read_part_metadata(stream, part)?, expected);
            }
        }
        Ok(())
    }

    #[test]
    fn checksums_stand_in_front_of_the_footer() {
        let bytes = written();
        assert_eq!(bytes, ARCHIVE);
        read_all(bytes).unwrap();
    }

    #[test]
    fn every_flipped_bit_and_every_prefix_is_an_error() {
        for bit in 0..ARCHIVE.len() * 8 {
            let mut bytes = ARCHIVE;
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(read_all(bytes.to_vec()).is_err(), "{bit}");
        }
        for end in 0..ARCHIVE.len() {
            assert!(read_all(ARCHIVE[..end].to_vec()).is_err(), "{end}");
        }
    }

    #[test]
    fn damage_is_told_with_its_place_and_the_rest_can_be_read() {
        let flipped = |byte: usize| {
            let mut bytes = ARCHIVE.to_vec();
            bytes[byte] ^= 1;
            bytes
        };
        let error = read_all(flipped(4)).unwrap_err().to_string();
        assert!(
            error.starts_with("stream s part 0: damaged archive: the part has checksum "),
            "{error}"
        );
        for (byte, what) in [
            (7, "stream ragc.sums: "),
            (33, "damaged archive: the footer "),
            (30, "stream ragc.sums"),
        ] {
            let (archive, damage) = ContainerReader::open_damaged(flipped(byte)).unwrap();
            let damage = damage.unwrap().to_string();
            assert!(damage.starts_with(what), "{damage}");
            assert_eq!(archive.has_sums(), byte == 33);
        }
    }

    #[test]
    fn an_archive_without_checksums_is_opened_by_its_footer_alone() {
        let mut writer = ContainerWriter::new(Vec::new());
        let s = writer.register("s");
        writer.add_part(s, 0, &MARK[..7]).unwrap();
        let bytes = writer.finish().unwrap();
        assert!(ReadAt::len(&bytes).unwrap() < 40);
        assert!(!ContainerReader::open(bytes).unwrap().has_sums());
    }
}
