//! The open pack of a group: items that came since the last pack was written.

use crate::error::{Error, Result};
use crate::group::held::HeldItems;
use crate::group::writer::{EncodedPart, PartEncoder};
use crate::group::{ITEM_END, PLACEHOLDER, Pack};
use crate::sequence::Sequence;
use ahash::AHashMap;
use xxhash_rust::xxh3::xxh3_128;

/// A pack that is complete, and which one of its group it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedPack {
    /// Its place among the packs of the group, counted from 0.
    pub number: u32,
    /// The pack itself.
    pub part: EncodedPart,
}

/// The open pack of a raw group. Sequences are held at two bits a base until the pack is full. That equal ones share an item is
/// for placement to see, which knows what every open pack holds.
#[derive(Debug)]
pub struct RawPack {
    counter: Counter,
    /// What the pack holds before `items`: the placeholder, or the items of a pack that was opened again.
    head: Vec<u8>,
    items: Vec<Sequence>,
    /// Bytes that they take, and symbols in them.
    n_bytes: usize,
    n_symbols: usize,
    is_changed: bool,
}

impl RawPack {
    /// The first pack of a group: it holds the placeholder.
    #[must_use]
    pub fn new(cardinality: usize) -> Self {
        Self {
            counter: Counter {
                n_items: 1,
                ..Counter::new(cardinality)
            },
            head: vec![PLACEHOLDER, ITEM_END],
            items: Vec::new(),
            n_bytes: 0,
            n_symbols: 0,
            is_changed: true,
        }
    }

    /// The pack behind so many that are full, the first of which holds the placeholder.
    #[must_use]
    pub fn behind(cardinality: usize, n_full: u32) -> Self {
        Self {
            counter: Counter::behind(cardinality, n_full),
            head: Vec::new(),
            is_changed: false,
            ..Self::new(cardinality)
        }
    }

    /// The last pack of a group in an archive, to be continued; `number` counts from 0.
    #[must_use]
    pub fn reopen(cardinality: usize, number: u32, pack: Pack) -> Self {
        Self {
            counter: Counter {
                n_items: pack.n_items(),
                ..Counter::behind(cardinality, number)
            },
            head: pack.into_bytes(),
            items: Vec::new(),
            n_bytes: 0,
            n_symbols: 0,
            is_changed: false,
        }
    }

    /// Adds a sequence; gives its in-group id, and the pack before if it was full.
    ///
    /// # Errors
    /// Those of the encoder; `BadInput` when the group has no ids left.
    pub fn add(
        &mut self,
        sequence: Sequence,
        encoder: &mut PartEncoder,
    ) -> Result<(u32, Option<ClosedPack>)> {
        let full = match self.counter.is_full() {
            true => self.close(encoder)?,
            false => None,
        };
        let id = self.counter.id_of(self.counter.n_items)?;
        self.n_bytes += sequence.cost();
        self.n_symbols += sequence.len();
        self.items.push(sequence);
        self.counter.n_items += 1;
        self.is_changed = true;
        Ok((id, full))
    }

    /// Encodes what the pack holds and empties it; nothing if the archive that is continued has it already.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn close(&mut self, encoder: &mut PartEncoder) -> Result<Option<ClosedPack>> {
        let mut bytes = std::mem::take(&mut self.head);
        (self.n_bytes, self.n_symbols) = (0, 0);
        for sequence in self.items.drain(..) {
            sequence.unpack_into(0..sequence.len(), &mut bytes);
            bytes.push(ITEM_END);
        }
        let number = self.counter.close();
        match std::mem::take(&mut self.is_changed) {
            true => encoder
                .raw_pack(&bytes)
                .map(|part| Some(ClosedPack { number, part })),
            false => Ok(None),
        }
    }

    /// Bytes held.
    #[must_use]
    pub fn mem_len(&self) -> usize {
        self.head.capacity() + self.n_bytes
    }

    /// Whether what comes next opens another pack.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.counter.is_full()
    }

    /// Bytes of the pack as it is written, about.
    #[must_use]
    pub fn plain_len(&self) -> usize {
        self.head.len() + self.n_symbols
    }
}

/// The open pack of a delta group. Equal deltas share an item.
#[derive(Debug)]
pub struct DeltaPack {
    counter: Counter,
    items: HeldItems,
    /// Number of the item with this hash.
    by_hash: AHashMap<ItemHash, u32>,
    /// Ids of items of the pack before, which is closed, by their hashes.
    known: AHashMap<ItemHash, u32>,
    is_changed: bool,
}

impl DeltaPack {
    /// A pack without items. Item numbers begin at 1: 0 is the reference.
    #[must_use]
    pub fn new(cardinality: usize) -> Self {
        Self {
            counter: Counter::new(cardinality),
            items: HeldItems::default(),
            by_hash: AHashMap::new(),
            known: AHashMap::new(),
            is_changed: false,
        }
    }

    /// The pack behind so many that are full.
    #[must_use]
    pub fn behind(cardinality: usize, n_full: u32) -> Self {
        Self {
            counter: Counter::behind(cardinality, n_full),
            ..Self::new(cardinality)
        }
    }

    /// The pack behind the last one of a group in an archive, which is full or will be filled up; deltas that are in that are found there.
    #[must_use]
    pub fn behind_last(cardinality: usize, number: u32, last: &Pack) -> Self {
        let mut open = Self::behind(cardinality, number + 1);
        let before = Counter::behind(cardinality, number);
        for (place, delta) in last.iter().enumerate() {
            if let Ok(id) = before.id_of(place + 1) {
                open.known.entry(hash_of(delta)).or_insert(id);
            }
        }
        open
    }

    /// The last pack of a group in an archive, to be continued; `number` counts from 0.
    #[must_use]
    pub fn reopen(cardinality: usize, number: u32, pack: &Pack) -> Self {
        let mut open = Self::behind(cardinality, number);
        for delta in pack.iter() {
            open.by_hash
                .entry(hash_of(delta))
                .or_insert(open.counter.n_items as u32);
            open.items.push_plain(delta);
            open.counter.n_items += 1;
        }
        open
    }

    /// Adds a delta, or finds its equal in the open pack; gives its in-group id, and the pack before if it was full.
    ///
    /// # Errors
    /// Those of the encoder; `BadInput` when the group has no ids left.
    pub fn add(&mut self, delta: &[u8], encoder: &mut PartEncoder) -> Result<(u32, Option<ClosedPack>)> {
        let hash = hash_of(delta);
        if let Some(item) = self.by_hash.get(&hash) {
            return Ok((self.id(*item)?, None));
        }
        if let Some(id) = self.known.get(&hash) {
            return Ok((*id, None));
        }
        let full = match self.counter.is_full() {
            true => self.close(encoder)?,
            false => None,
        };
        let item = self.counter.n_items as u32;
        self.by_hash.insert(hash, item);
        self.items.push(delta, encoder)?;
        self.counter.n_items += 1;
        self.is_changed = true;
        Ok((self.id(item)?, full))
    }

    /// Encodes what the pack holds and empties it; nothing if it holds nothing, or if the archive that is continued has
    /// it already.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn close(&mut self, encoder: &mut PartEncoder) -> Result<Option<ClosedPack>> {
        let bytes = self.items.take()?;
        self.by_hash.clear();
        let number = self.counter.close();
        encode(number, &bytes, std::mem::take(&mut self.is_changed), encoder)
    }

    /// Bytes held.
    #[must_use]
    pub fn mem_len(&self) -> usize {
        let n_hashes = self.by_hash.capacity() + self.known.capacity();
        self.items.mem_len() + n_hashes * size_of::<(ItemHash, u32)>()
    }

    /// Whether what comes next, unless it is there already, opens another pack.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.counter.is_full()
    }

    /// Bytes of the pack as it is written.
    #[must_use]
    pub fn plain_len(&self) -> usize {
        self.items.plain_len()
    }

    fn id(&self, item: u32) -> Result<u32> {
        self.counter.id_of(item as usize + 1)
    }
}

/// As bytes, which lie closer together in a table than numbers of 128 bits. No two different items of any collection have one hash.
pub type ItemHash = [u8; 16];

/// Tells equal items.
#[must_use]
pub fn hash_of(item: &[u8]) -> ItemHash {
    xxh3_128(item).to_le_bytes()
}

/// Counts the items and the packs of a group.
#[derive(Debug)]
struct Counter {
    cardinality: usize,
    /// Packs before the open one; all of them are full.
    n_closed: u32,
    /// Items of the open pack, a placeholder counted.
    n_items: usize,
}

impl Counter {
    fn new(cardinality: usize) -> Self {
        Self::behind(cardinality, 0)
    }

    fn behind(cardinality: usize, n_closed: u32) -> Self {
        Self {
            cardinality,
            n_closed,
            n_items: 0,
        }
    }

    fn is_full(&self) -> bool {
        self.n_items == self.cardinality
    }

    /// Begins the next pack and gives the number of this one. An empty pack stays open.
    fn close(&mut self) -> u32 {
        let number = self.n_closed;
        if std::mem::take(&mut self.n_items) > 0 {
            self.n_closed += 1;
        }
        number
    }

    /// The in-group id that is `place` behind the items of all closed packs.
    fn id_of(&self, place: usize) -> Result<u32> {
        (self.n_closed as usize)
            .checked_mul(self.cardinality)
            .and_then(|before| before.checked_add(place))
            .and_then(|id| u32::try_from(id).ok())
            .ok_or_else(|| {
                Error::bad_input("a group holds more items than the 32 bits of the format can number")
            })
    }
}

fn encode(
    number: u32,
    bytes: &[u8],
    is_changed: bool,
    encoder: &mut PartEncoder,
) -> Result<Option<ClosedPack>> {
    match is_changed {
        true => encoder.pack(bytes).map(|part| Some(ClosedPack { number, part })),
        false => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(codes: &[u8]) -> Sequence {
        Sequence::from_codes(codes)
    }

    /// A pack too short to gain from zstd is stored as it is.
    fn plain(number: u32, payload: &[u8]) -> Option<ClosedPack> {
        let payload = payload.to_vec();
        Some(ClosedPack {
            number,
            part: EncodedPart { metadata: 0, payload },
        })
    }

    #[test]
    fn raw_items_count_the_placeholder_and_packs_are_exact() {
        let mut encoder = PartEncoder::new();
        let mut pack = RawPack::new(2);
        assert_eq!(pack.add(sequence(&[0, 1]), &mut encoder).unwrap(), (1, None));
        let full = plain(0, &[0x7F, 0xFF, 0, 1, 0xFF]);
        assert_eq!(pack.add(sequence(&[2]), &mut encoder).unwrap(), (2, full));
        assert_eq!(pack.close(&mut encoder).unwrap(), plain(1, &[2, 0xFF]));
    }

    #[test]
    fn a_pack_of_one_holds_the_placeholder_alone() {
        let mut encoder = PartEncoder::new();
        let mut pack = RawPack::new(1);
        let full = plain(0, &[0x7F, 0xFF]);
        assert_eq!(pack.add(sequence(&[3]), &mut encoder).unwrap(), (1, full));
        assert_eq!(pack.close(&mut encoder).unwrap(), plain(1, &[3, 0xFF]));
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
        assert_eq!(add(b"C"), (3, plain(0, b"A\xFF0.\xFF")));
        assert_eq!(add(b"A"), (4, None), "the pack with the first one is closed");
        assert_eq!(pack.close(&mut encoder).unwrap(), plain(1, b"C\xFFA\xFF"));
        assert_eq!(pack.close(&mut encoder).unwrap(), None);
    }

    #[test]
    fn a_pack_that_is_opened_again_goes_on_where_it_ended() {
        let mut encoder = PartEncoder::new();
        let stored = Pack::new(b"A\xFF0.\xFF".to_vec()).unwrap();
        let mut pack = DeltaPack::reopen(3, 4, &stored);
        assert_eq!(pack.add(b"0.", &mut encoder).unwrap(), (14, None));
        assert_eq!(pack.close(&mut encoder).unwrap(), None, "nothing is new");
        let mut pack = DeltaPack::reopen(3, 4, &stored);
        assert_eq!(pack.add(b"C", &mut encoder).unwrap(), (15, None));
        assert_eq!(
            pack.add(b"D", &mut encoder).unwrap(),
            (16, plain(4, b"A\xFF0.\xFFC\xFF"))
        );

        let stored = Pack::new(vec![0x7F, 0xFF, 2, 0xFF]).unwrap();
        assert_eq!(
            RawPack::reopen(3, 0, stored.clone()).close(&mut encoder).unwrap(),
            None
        );
        let mut pack = RawPack::reopen(3, 0, stored);
        assert_eq!(pack.add(sequence(&[1]), &mut encoder).unwrap(), (2, None));
        let full = plain(0, &[0x7F, 0xFF, 2, 0xFF, 1, 0xFF]);
        assert_eq!(pack.add(sequence(&[3]), &mut encoder).unwrap(), (3, full));
    }

    #[test]
    fn a_full_pack_that_is_opened_again_stays_as_it_is() {
        let mut encoder = PartEncoder::new();
        let stored = Pack::new(b"A\xFF0.\xFF".to_vec()).unwrap();
        let mut pack = DeltaPack::reopen(2, 1, &stored);
        assert_eq!(pack.add(b"A", &mut encoder).unwrap(), (3, None));
        assert_eq!(pack.add(b"C", &mut encoder).unwrap(), (5, None));
        assert_eq!(pack.close(&mut encoder).unwrap(), plain(2, b"C\xFF"));

        let stored = Pack::new(vec![2, 0xFF, 3, 0xFF]).unwrap();
        let mut pack = RawPack::reopen(2, 1, stored);
        assert_eq!(pack.add(sequence(&[1]), &mut encoder).unwrap(), (4, None));
        assert_eq!(pack.close(&mut encoder).unwrap(), plain(2, &[1, 0xFF]));
    }

    #[test]
    fn ids_beyond_32_bits_are_refused() {
        let mut encoder = PartEncoder::new();
        let stored = Pack::new(b"A\xFF".to_vec()).unwrap();
        let mut pack = DeltaPack::reopen(1 << 30, 4, &stored);
        assert!(pack.add(b"C", &mut encoder).is_err());
    }
}
