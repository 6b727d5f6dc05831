//! Packs that are filled up with empty items, so that what follows begins the next one.
//!
//! All packs of a group but the last have the same number of items. Where an archive is changed in place, adding to a long last pack would write
//! all of it again each time. So it is filled up once, with items that nobody uses, by a block at the end of its frame; nothing of it
//! is decoded or compressed.
//!
//! # Source
//! RFC 8878, 3.1.1 (frames) and 3.1.1.2 (blocks).

use crate::group::ITEM_END;
use crate::group::writer::EncodedPart;

/// First bytes of a frame.
const MAGIC: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();

/// Bits of the descriptor behind them: a checksum at the end; no window of its own; a dictionary.
const HAS_CHECKSUM: u8 = 1 << 2;
const IS_SINGLE: u8 = 1 << 5;
const HAS_DICTIONARY: u8 = 3;
/// The descriptor's number for sizes of eight bytes.
const SIZE_OF_EIGHT: u8 = 3 << 6;

/// Bytes of the head of a block, the most that a block decodes to, and its bits: the last one; its kind.
const HEAD_LEN: usize = 3;
const MAX_BLOCK_LEN: usize = 1 << 17;
const IS_LAST: u32 = 1;
const KIND: u32 = 3;
const KIND_RAW: u32 = 0;
const KIND_REPEATED: u32 = 1;
const KIND_COMPRESSED: u32 = 2;

/// A pack that is stored so, with `n` empty items more; `None` if its frame is none that this can be done to, or there are too many.
#[must_use]
pub(crate) fn padded(metadata: u64, payload: &[u8], n: usize) -> Option<EncodedPart> {
    if metadata == 0 {
        let payload = [payload, &vec![ITEM_END; n]].concat();
        return Some(EncodedPart { metadata: 0, payload });
    }
    let (marker, frame) = payload.split_last()?;
    let blocks = frame.strip_prefix(&MAGIC)?;
    let (descriptor, rest) = blocks.split_first()?;
    if descriptor & (HAS_CHECKSUM | HAS_DICTIONARY) != 0 {
        return None;
    }
    let (window, rest) = rest.split_at_checked(usize::from(descriptor & IS_SINGLE == 0))?;
    let blocks = rest.get(size_len(*descriptor)..)?;
    let last = last_block(blocks)?;
    // A block decodes to no more than the window, which for a frame without one is all of it.
    let window_len = window.first().map_or(u64::MAX, |window| window_len(*window));
    if n == 0 || n > MAX_BLOCK_LEN || n as u64 > window_len {
        return None;
    }
    let len = metadata.checked_add(n as u64)?;
    let mut padded = MAGIC.to_vec();
    padded.push(SIZE_OF_EIGHT | descriptor & IS_SINGLE);
    padded.extend_from_slice(window);
    padded.extend_from_slice(&len.to_le_bytes());
    let start = padded.len();
    padded.extend_from_slice(blocks);
    padded[start + last] &= !(IS_LAST as u8);
    let head = (n as u32) << 3 | KIND_REPEATED << 1 | IS_LAST;
    padded.extend_from_slice(&head.to_le_bytes()[..HEAD_LEN]);
    padded.extend([ITEM_END, *marker]);
    Some(EncodedPart {
        metadata: len,
        payload: padded,
    })
}

/// Bytes of the size that a frame declares.
fn size_len(descriptor: u8) -> usize {
    match descriptor >> 6 {
        0 => usize::from(descriptor & IS_SINGLE != 0),
        bits => 1 << bits,
    }
}

fn window_len(descriptor: u8) -> u64 {
    let base = 1 << (10 + (descriptor >> 3));
    base + base / 8 * u64::from(descriptor & 7)
}

/// Where the last block begins, if the bytes are blocks and nothing else.
fn last_block(blocks: &[u8]) -> Option<usize> {
    let mut start = 0;
    loop {
        let head = blocks.get(start..start + HEAD_LEN)?;
        let head = u32::from_le_bytes([head[0], head[1], head[2], 0]);
        let len = match head >> 1 & KIND {
            KIND_RAW | KIND_COMPRESSED => (head >> 3) as usize,
            KIND_REPEATED => 1,
            _ => return None,
        };
        let end = start + HEAD_LEN + len;
        if head & IS_LAST != 0 {
            return (end == blocks.len()).then_some(start);
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::writer::PartEncoder;
    use crate::zstd::{Compressor, decompress};
    use proptest::prelude::*;

    fn decoded(part: &EncodedPart) -> Vec<u8> {
        match part.metadata {
            0 => part.payload.clone(),
            len => decompress(&part.payload[..part.payload.len() - 1], len).unwrap(),
        }
    }

    proptest! {
        #[test]
        fn padded_packs_decode_to_their_items_and_empty_ones(
            items in proptest::collection::vec("[A-P0-9,.!]{0,60}", 1..200),
            repeats in 1usize..300,
            n in 1usize..5000,
            level in 1i32..20,
        ) {
            let plain: Vec<u8> = items.iter().flat_map(|item| [item.as_bytes(), &[ITEM_END]].concat()).collect();
            let plain = plain.repeat(repeats);
            let expected = [&plain[..], &vec![ITEM_END; n]].concat();
            let mut encoder = PartEncoder::new();
            let part = encoder.pack(&plain).unwrap();
            let once = padded(part.metadata, &part.payload, n).unwrap();
            prop_assert_eq!(decoded(&once), expected.clone());
            let twice = padded(once.metadata, &once.payload, 1).unwrap();
            prop_assert_eq!(decoded(&twice), [&expected[..], &[ITEM_END]].concat());
            let frame = Compressor::new().compress(&plain, level).unwrap().to_vec();
            let other = padded(plain.len() as u64, &[&frame[..], &[0]].concat(), n).unwrap();
            prop_assert_eq!(decoded(&other), expected);
        }

        #[test]
        fn any_bytes_are_padded_or_not(payload in proptest::collection::vec(any::<u8>(), 0..60), n in 0usize..300) {
            let _ = padded(7, &payload, n);
            let with_magic = [&MAGIC[..], &payload].concat();
            let _ = padded(7, &with_magic, n);
        }
    }

    #[test]
    fn what_cannot_be_padded_is_said() {
        let mut encoder = PartEncoder::new();
        let part = encoder.pack(&b"ACGT\xFF".repeat(100)).unwrap();
        assert!(padded(part.metadata, &part.payload, MAX_BLOCK_LEN).is_some());
        assert!(padded(part.metadata, &part.payload, MAX_BLOCK_LEN + 1).is_none());
        assert!(padded(part.metadata, &part.payload, 0).is_none());
        for end in 0..part.payload.len() {
            assert!(padded(part.metadata, &part.payload[..end], 5).is_none(), "{end}");
        }
    }
}
