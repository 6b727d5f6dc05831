//! References and packs out of the archive.
//!
//! Both are stored plain, with metadata 0, or compressed, with the size as metadata and one marker byte after the zstd
//! frame: 00, or 01 for a reference whose frame holds the tuple form.
//!
//! # Source
//! FORMAT.md, "Storage of packs" and "Storage of references".

use crate::alphabet;
use crate::container::names::GroupNaming;
use crate::container::{ContainerReader, Part};
use crate::error::{Error, Result};
use crate::group::ITEM_END;
use crate::sequence::Sequence;
use crate::{memory, tuple, zstd};

const PLAIN_FRAME: u8 = 0;
const TUPLE_FRAME: u8 = 1;

/// A decompressed pack, or its beginning.
#[derive(Debug, Clone)]
pub struct Pack {
    bytes: Vec<u8>,
    /// Where each item's end marker stands.
    ends: Vec<u32>,
    /// There may be items behind the last one that is here.
    is_start: bool,
}

impl Pack {
    /// Cuts a pack into items.
    ///
    /// # Errors
    /// `Corrupt` when it does not end with an item's end, or exceeds 4 GiB; `NoMemory`.
    pub fn new(bytes: Vec<u8>) -> Result<Self> {
        let mut ends = memory::room(memchr::memchr_iter(ITEM_END, &bytes).count())?;
        ends.extend(ends_in(&bytes, 0));
        Self::cut(bytes, ends)
    }

    /// A whole pack whose items end there.
    fn cut(bytes: Vec<u8>, ends: Vec<u32>) -> Result<Self> {
        if bytes.last() != Some(&ITEM_END) || u32::try_from(bytes.len()).is_err() {
            return Err(Error::corrupt("a pack does not end with an item's end"));
        }
        Ok(Self {
            bytes,
            ends,
            is_start: false,
        })
    }

    /// Decodes a frame up to the item of `last_slot`, or to its end if that comes before.
    ///
    /// Items are counted block by block, while what was decoded is still in the processor's cache.
    fn decode_through(frame: &[u8], len: u64, last_slot: u32, max_items: u64) -> Result<Self> {
        let mut ends = Vec::new();
        let (mut n_seen, mut room) = (0, Ok(()));
        let bytes = zstd::decompress_while(frame, len, |block| {
            room = memory::grow(&mut ends, memchr::memchr_iter(ITEM_END, block).count());
            if room.is_ok() {
                ends.extend(ends_in(block, n_seen));
            }
            n_seen += block.len();
            room.is_ok() && ends.len() <= last_slot as usize && ends.len() as u64 <= max_items
        })?;
        room?;
        if ends.len() as u64 > max_items {
            return Err(Error::corrupt(format!(
                "a pack of more than {max_items} items in an archive of this size"
            )));
        }
        if bytes.len() as u64 == len {
            return Self::cut(bytes, ends);
        }
        Ok(Self {
            bytes,
            ends,
            is_start: true,
        })
    }

    /// Whether this is only the beginning of a pack: an item that is not here may be in it after all.
    #[must_use]
    pub fn is_start(&self) -> bool {
        self.is_start
    }

    /// Number of items.
    #[must_use]
    pub fn n_items(&self) -> usize {
        self.ends.len()
    }

    /// The item of a slot, without its end marker.
    #[must_use]
    pub fn item(&self, slot: u32) -> Option<&[u8]> {
        let slot = slot as usize;
        let end = *self.ends.get(slot)? as usize;
        let start = slot
            .checked_sub(1)
            .map_or(0, |before| self.ends[before] as usize + 1);
        Some(&self.bytes[start..end])
    }

    /// All items, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len() as u32).filter_map(|slot| self.item(slot))
    }

    /// The pack as it was decompressed: items, each with its end marker.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn mem_len(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4
    }
}

/// Where items end in bytes that stand at `offset` of a pack.
fn ends_in(bytes: &[u8], offset: usize) -> impl Iterator<Item = u32> {
    memchr::memchr_iter(ITEM_END, bytes).map(move |end| (offset + end) as u32)
}

/// Some items of a pack, without the others.
#[derive(Debug, Clone)]
pub struct PickedItems {
    bytes: Vec<u8>,
    /// Ascending.
    slots: Vec<u32>,
    /// Where the item of each slot ends.
    ends: Vec<u32>,
}

impl PickedItems {
    /// Picks the items of these slots, which ascend. Slots that the pack does not have are left out.
    ///
    /// # Errors
    /// `NoMemory`.
    pub fn new(pack: &Pack, slots: &[u32]) -> Result<Self> {
        let items = || slots.iter().filter_map(|slot| Some((*slot, pack.item(*slot)?)));
        let mut picked = Self {
            bytes: memory::room(items().map(|(_, item)| item.len()).sum())?,
            slots: memory::room(slots.len())?,
            ends: memory::room(slots.len())?,
        };
        for (slot, item) in items() {
            picked.bytes.extend_from_slice(item);
            picked.slots.push(slot);
            picked.ends.push(picked.bytes.len() as u32);
        }
        Ok(picked)
    }

    /// The item of a slot that was picked, without its end marker.
    #[must_use]
    pub fn item(&self, slot: u32) -> Option<&[u8]> {
        let i = self.slots.binary_search(&slot).ok()?;
        let start = i.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.bytes[start as usize..self.ends[i] as usize])
    }
}

/// Reads a pack of a group.
///
/// # Errors
/// `TooLarge` for what [`ContainerReader::check_unit_len`] refuses; `Corrupt` when it is damaged, or holds another number of items than its
/// place asks for: `pack_cardinality`, or for the last pack up to that many.
pub fn read_pack(
    container: &ContainerReader,
    naming: GroupNaming,
    group: u32,
    pack: u32,
    pack_cardinality: u32,
) -> Result<Pack> {
    read_pack_through(container, naming, group, pack, pack_cardinality, u32::MAX)
}

/// Reads a pack of a group, and decodes it up to the item of `last_slot`.
///
/// # Errors
/// As [`read_pack`]; damage behind the block that has the end of that item is not noticed.
pub fn read_pack_through(
    container: &ContainerReader,
    naming: GroupNaming,
    group: u32,
    pack: u32,
    pack_cardinality: u32,
    last_slot: u32,
) -> Result<Pack> {
    let name = naming.delta_stream(group);
    let stream = container.stream(&name)?;
    let part = container.read_part(stream, pack as usize)?;
    let is_last = pack as usize + 1 == container.n_parts(stream);
    container
        .check_unit_len(part.metadata)
        .and_then(|()| decode_pack(&part, last_slot, container.max_items()))
        .and_then(|pack| check_cardinality(pack, pack_cardinality, is_last))
        .map_err(|e| e.in_part(pack.into()).in_stream(&name))
}

fn decode_pack(part: &Part, last_slot: u32, max_items: u64) -> Result<Pack> {
    if part.metadata == 0 {
        return Pack::new(memory::copied(part.payload())?);
    }
    let (frame, marker) = split_marker(part.payload())?;
    if marker != PLAIN_FRAME {
        return Err(Error::corrupt(format!("a pack has marker {marker:02X}")));
    }
    Pack::decode_through(frame, part.metadata, last_slot, max_items)
}

fn check_cardinality(pack: Pack, pack_cardinality: u32, is_last: bool) -> Result<Pack> {
    let (n, full) = (pack.n_items(), pack_cardinality as usize);
    if pack.is_start || n == full || (is_last && n < full) {
        Ok(pack)
    } else {
        Err(Error::corrupt(format!("a pack of {n} items, {full} expected")))
    }
}

/// Reads the reference of a group.
///
/// # Errors
/// `TooLarge` for what [`ContainerReader::check_unit_len`] refuses; `Corrupt` when it is damaged, empty, or holds something else than symbols.
pub fn read_reference(container: &ContainerReader, naming: GroupNaming, group: u32) -> Result<Sequence> {
    let name = naming.reference_stream(group);
    let part = container.read_only_part(&name)?;
    container
        .check_unit_len(part.metadata)
        .and_then(|()| decode_reference(&part))
        .map_err(|e| e.in_part(0).in_stream(&name))
}

/// Number of symbols of a group's reference, without decoding it.
///
/// # Errors
/// As [`read_reference`], as far as the part's number tells.
pub fn reference_len(container: &ContainerReader, naming: GroupNaming, group: u32) -> Result<u64> {
    let name = naming.reference_stream(group);
    match decoded_len(container.read_part_metadata(container.stream(&name)?, 0)?) {
        0 => Err(Error::corrupt("an empty reference").in_part(0).in_stream(&name)),
        len => Ok(len),
    }
}

/// Bytes of a pack, without decoding it; not compared with checksums.
///
/// # Errors
/// As [`read_pack`], as far as the part's number tells.
pub fn peek_pack_len(container: &ContainerReader, naming: GroupNaming, group: u32, pack: u32) -> Result<u64> {
    let stream = container.stream(&naming.delta_stream(group))?;
    Ok(decoded_len(container.peek_part_metadata(stream, pack as usize)?))
}

/// What a part decodes to, by its number and the length of its payload: parts with metadata 0 are stored as they are.
fn decoded_len((metadata, len): (u64, u64)) -> u64 {
    if metadata == 0 { len } else { metadata }
}

fn decode_reference(part: &Part) -> Result<Sequence> {
    let n = part.metadata;
    if n == 0 {
        return if part.payload().is_empty() {
            Err(Error::corrupt("an empty reference"))
        } else {
            from_symbols(part.payload())
        };
    }
    let (frame, marker) = split_marker(part.payload())?;
    match marker {
        PLAIN_FRAME => from_symbols(&zstd::decompress(frame, n)?),
        TUPLE_FRAME => {
            let tuples = zstd::decompress_at_most(frame, tuple::max_len(n))?;
            // The tuples are in memory and hold at most four symbols a byte, so `n` is checked before it is used.
            tuple::unpack_sequence(&tuples, usize::try_from(n).unwrap_or(usize::MAX))
        }
        _ => Err(Error::corrupt(format!("a reference has marker {marker:02X}"))),
    }
}

fn from_symbols(codes: &[u8]) -> Result<Sequence> {
    alphabet::check_codes(codes)?;
    Sequence::try_from_codes(codes)
}

fn split_marker(payload: &[u8]) -> Result<(&[u8], u8)> {
    match payload.split_last() {
        Some((marker, frame)) => Ok((frame, *marker)),
        None => Err(Error::truncated("compressed part", 1, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::ContainerWriter;
    use crate::zstd::Compressor;
    use GroupNaming::Base64 as BASE64;

    fn archive(stream: &str, parts: &[(u64, &[u8])]) -> ContainerReader {
        let mut writer = ContainerWriter::new(Vec::new());
        let id = writer.register(stream);
        for (metadata, payload) in parts {
            writer.add_part(id, *metadata, payload).unwrap();
        }
        ContainerReader::open(writer.finish().unwrap()).unwrap()
    }

    fn frame(bytes: &[u8], marker: u8) -> Vec<u8> {
        let mut payload = Compressor::new().compress(bytes, 1).unwrap().to_vec();
        payload.push(marker);
        payload
    }

    #[test]
    fn packs_are_cut_at_the_end_of_each_item() {
        const PACK: &[u8] = &[0x7F, 0xFF, 0, 1, 2, 3, 4, 0xFF, 0xFF];
        let pack = Pack::new(PACK.to_vec()).unwrap();
        assert_eq!(pack.n_items(), 3);
        assert_eq!(pack.item(1), Some(&[0, 1, 2, 3, 4][..]));
        assert_eq!((pack.item(2), pack.item(3)), (Some(&[][..]), None));
        let picked = PickedItems::new(&pack, &[1, 2, 9]).unwrap();
        assert_eq!((picked.item(0), picked.item(9)), (None, None));
        assert_eq!((picked.item(1), picked.item(2)), (pack.item(1), pack.item(2)));
        let compressed = frame(PACK, 0);
        for (parts, ok) in [
            (vec![(0, PACK)], true),
            (vec![(9, &compressed[..])], true),
            (vec![(8, &compressed)], false),
            (vec![(9, &compressed[..compressed.len() - 1])], false),
            (vec![(0, &PACK[..7])], false),
            (vec![(0, PACK), (0, PACK)], false),
        ] {
            assert_eq!(
                read_pack(&archive("x0d", &parts), BASE64, 0, 0, 4).is_ok(),
                ok,
                "{parts:02X?}"
            );
        }
        assert!(read_pack(&archive("x0d", &[(0, PACK)]), BASE64, 0, 0, 2).is_err());
        assert!(read_pack(&archive("x0d", &[(0, PACK)]), BASE64, 0, 1, 4).is_err());
        assert!(read_pack(&archive("x0d", &[]), BASE64, 1, 0, 4).is_err());
    }

    #[test]
    fn a_pack_is_decoded_through_the_item_that_is_wanted() {
        // 150 items of 3,000 symbols in four blocks.
        let item = |i: usize| -> Vec<u8> {
            (0..3000)
                .map(|place| (place * place / (i + 1) % 4) as u8)
                .collect()
        };
        let pack: Vec<u8> = (0..150)
            .flat_map(|i| [&item(i)[..], &[ITEM_END]].concat())
            .collect();
        let mut payload = frame(&pack, 0);
        let read = |payload: &[u8], cardinality, last_slot| {
            let archive = archive("x0d", &[(pack.len() as u64, payload)]);
            read_pack_through(&archive, BASE64, 0, 0, cardinality, last_slot)
        };
        for last_slot in [0, 40, 43, 44, 149] {
            let start = read(&payload, 150, last_slot).unwrap();
            assert_eq!(start.item(last_slot), Some(&item(last_slot as usize)[..]));
            assert!(start.n_items() <= last_slot as usize + 45, "{last_slot}");
            assert_eq!(start.is_start(), start.n_items() < 150);
        }
        for last_slot in [150, u32::MAX] {
            let whole = read(&payload, 150, last_slot).unwrap();
            assert_eq!((whole.n_items(), whole.is_start()), (150, false));
            assert_eq!(whole.bytes, pack);
        }
        // Read to its end it is checked, and not before.
        assert!(read(&payload, 149, 0).is_ok() && read(&payload, 149, 149).is_err());
        let marker = payload.pop();
        payload.pop();
        payload.extend(marker);
        assert!(read(&payload, 150, 0).is_ok() && read(&payload, 150, 149).is_err());
        assert!(read(&payload, 150, u32::MAX).is_err());
    }

    #[test]
    fn references_come_plain_compressed_or_in_tuples() {
        let symbols = [0, 1, 2, 3, 0, 1];
        let (plain, tuples) = (frame(&symbols, 0), frame(&tuple::pack(&symbols), 1));
        for part in [(0, &symbols[..]), (6, &plain), (6, &tuples)] {
            let archive = archive("xGr", &[part]);
            assert_eq!(read_reference(&archive, BASE64, 16).unwrap().to_codes(), symbols);
            assert_eq!(reference_len(&archive, BASE64, 16).unwrap(), 6);
        }
        let wrong_marker = frame(&symbols, 2);
        for part in [
            (0, &[][..]),
            (0, &[16]),
            (5, &plain),
            (7, &tuples),
            (6, &wrong_marker),
            (1 << 40, &tuples),
        ] {
            assert!(read_reference(&archive("xGr", &[part]), BASE64, 16).is_err());
        }
        for end in 0..tuples.len() {
            assert!(read_reference(&archive("xGr", &[(6, &tuples[..end])]), BASE64, 16).is_err());
        }
        assert!(read_reference(&archive("xGr", &[(0, &symbols), (0, &symbols)]), BASE64, 16).is_err());
    }
}
