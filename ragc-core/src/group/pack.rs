//! The open pack of a group: items that came since the last pack was written.

use crate::error::Result;
use crate::group::writer::{EncodedPart, PartEncoder};
use crate::group::{ITEM_END, PLACEHOLDER};
use crate::sequence::Sequence;
use ahash::{AHashMap, RandomState};

/// The open pack of a raw group. Sequences are held at two bits a base until the pack is full.
#[derive(Debug)]
pub struct RawPack {
    cardinality: usize,
    items: Vec<Sequence>,
    /// Items in the pack, the placeholder of the first one counted.
    n_items: usize,
    n_written: usize,
}

impl RawPack {
    /// The first pack of a group: it holds the placeholder.
    #[must_use]
    pub fn new(cardinality: usize) -> Self {
        Self {
            cardinality,
            items: Vec::new(),
            n_items: 1,
            n_written: 0,
        }
    }

    /// Adds a sequence; gives its in-group id, and the pack before if it was full.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn add(
        &mut self,
        sequence: Sequence,
        encoder: &mut PartEncoder,
    ) -> Result<(u32, Option<EncodedPart>)> {
        let full = if self.n_items == self.cardinality {
            Some(self.close(encoder)?)
        } else {
            None
        };
        let id = self.n_written + self.n_items;
        self.items.push(sequence);
        self.n_items += 1;
        Ok((id as u32, full))
    }

    /// Encodes what the pack holds and empties it. An empty pack cannot occur: the first holds the placeholder, and
    /// later ones are opened by an item.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn close(&mut self, encoder: &mut PartEncoder) -> Result<EncodedPart> {
        let mut bytes = Vec::new();
        if self.n_written == 0 {
            bytes.extend([PLACEHOLDER, ITEM_END]);
        }
        for sequence in self.items.drain(..) {
            sequence.unpack_into(0..sequence.len(), &mut bytes);
            bytes.push(ITEM_END);
        }
        self.n_written += std::mem::take(&mut self.n_items);
        encoder.pack(&bytes)
    }
}

/// The open pack of a delta group. Equal deltas share an item.
#[derive(Debug)]
pub struct DeltaPack {
    cardinality: usize,
    bytes: Vec<u8>,
    /// Where each item ends in `bytes`, its separator included.
    ends: Vec<usize>,
    /// First item with this hash.
    by_hash: AHashMap<u64, usize>,
    n_written: usize,
}

impl DeltaPack {
    /// A pack without items. Item numbers begin at 1: 0 is the reference.
    #[must_use]
    pub fn new(cardinality: usize) -> Self {
        Self {
            cardinality,
            bytes: Vec::new(),
            ends: Vec::new(),
            by_hash: AHashMap::new(),
            n_written: 0,
        }
    }

    /// Adds a delta, or finds its equal in the open pack; gives its in-group id, and the pack before if it was full.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn add(&mut self, delta: &[u8], encoder: &mut PartEncoder) -> Result<(u32, Option<EncodedPart>)> {
        let hash = RandomState::with_seeds(1, 2, 3, 4).hash_one(delta);
        if let Some(item) = self.by_hash.get(&hash)
            && self.item(*item) == delta
        {
            return Ok((self.id(*item), None));
        }
        let full = if self.ends.len() == self.cardinality {
            self.close(encoder)?
        } else {
            None
        };
        let item = self.ends.len();
        self.bytes.extend_from_slice(delta);
        self.bytes.push(ITEM_END);
        self.ends.push(self.bytes.len());
        self.by_hash.entry(hash).or_insert(item);
        Ok((self.id(item), full))
    }

    /// Encodes what the pack holds and empties it; nothing if it holds nothing.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn close(&mut self, encoder: &mut PartEncoder) -> Result<Option<EncodedPart>> {
        if self.ends.is_empty() {
            return Ok(None);
        }
        let bytes = std::mem::take(&mut self.bytes);
        self.n_written += std::mem::take(&mut self.ends).len();
        self.by_hash.clear();
        encoder.pack(&bytes).map(Some)
    }

    fn item(&self, item: usize) -> &[u8] {
        let start = item.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[item] - 1]
    }

    fn id(&self, item: usize) -> u32 {
        (self.n_written + item + 1) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(codes: &[u8]) -> Sequence {
        Sequence::from_codes(codes)
    }

    #[test]
    fn raw_items_count_the_placeholder_and_packs_are_exact() {
        let mut encoder = PartEncoder::new();
        let mut pack = RawPack::new(2);
        let (id, full) = pack.add(sequence(&[0, 1]), &mut encoder).unwrap();
        assert_eq!((id, full), (1, None));
        let (id, full) = pack.add(sequence(&[2]), &mut encoder).unwrap();
        assert_eq!(id, 2);
        // Too short to gain from zstd, so stored as it is.
        assert_eq!(
            full.unwrap(),
            EncodedPart {
                metadata: 0,
                payload: vec![0x7F, 0xFF, 0, 1, 0xFF]
            }
        );
        assert_eq!(pack.close(&mut encoder).unwrap().payload, [2, 0xFF]);
    }

    #[test]
    fn a_pack_of_one_holds_the_placeholder_alone() {
        let mut encoder = PartEncoder::new();
        let mut pack = RawPack::new(1);
        let (id, full) = pack.add(sequence(&[3]), &mut encoder).unwrap();
        assert_eq!(id, 1);
        assert_eq!(full.unwrap().payload, [0x7F, 0xFF]);
        assert_eq!(pack.close(&mut encoder).unwrap().payload, [3, 0xFF]);
    }

    #[test]
    fn equal_deltas_share_an_item_within_a_pack() {
        let mut encoder = PartEncoder::new();
        let mut pack = DeltaPack::new(2);
        let mut add = |delta: &[u8]| pack.add(delta, &mut encoder).unwrap();
        assert_eq!(add(b"A"), (1, None));
        assert_eq!(add(b"0."), (2, None));
        assert_eq!(add(b"A"), (1, None));
        assert_eq!(add(b"0."), (2, None));
        let (id, full) = add(b"C");
        assert_eq!(id, 3);
        assert_eq!(full.unwrap().payload, b"A\xFF0.\xFF");
        assert_eq!(add(b"A"), (4, None), "the pack with the first one is closed");
        assert_eq!(pack.close(&mut encoder).unwrap().unwrap().payload, b"C\xFFA\xFF");
        assert_eq!(pack.close(&mut encoder).unwrap(), None);
    }
}
