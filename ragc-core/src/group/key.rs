//! Keys of groups: the splitters at both ends of a segment, and the strand that follows from them.
//!
//! A segment and its reverse complement have the same two splitters, so a key names them in ascending order, and
//! whoever meets the segment on either strand comes to the same key and the same stored strand.

use crate::kmer::{Kmer, NONE};

/// The splitters at the ends of the segments of a group, as stored in `segment-splitters`.
///
/// Both k-mers in ascending order; or one and [`NONE`], the k-mer in first place iff it is read as its canonical value at
/// the front of the stored sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u64, pub u64);

impl Key {
    /// The key of segments without splitters; it belongs to raw group 0.
    pub const NO_SPLITTER: Self = Self(NONE, NONE);
}

/// A key together with the strand on which a segment is stored under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrientedKey {
    /// The key.
    pub key: Key,
    /// Whether the stored sequence is the reverse complement of the segment.
    pub is_rev_comp: bool,
}

impl OrientedKey {
    /// Key of a segment whose ends are the splitters `front` and `back`.
    #[must_use]
    pub fn of_both(front: u64, back: u64) -> Self {
        Self {
            key: Key(front.min(back), front.max(back)),
            is_rev_comp: front >= back,
        }
    }

    /// Key of a segment that begins with the splitter `front` and ends without one.
    #[must_use]
    pub fn of_front(front: Kmer) -> Self {
        Self {
            key: Self::of_one(front),
            is_rev_comp: !front.is_direct,
        }
    }

    /// Key of a segment that ends with the splitter `back` and begins without one.
    #[must_use]
    pub fn of_back(back: Kmer, k: u32) -> Self {
        // Seen from the other strand the segment begins with it.
        let front = back.reversed(k);
        Self {
            key: Self::of_one(front),
            is_rev_comp: front.is_direct,
        }
    }

    fn of_one(front: Kmer) -> Key {
        if front.is_direct {
            Key(front.value, NONE)
        } else {
            Key(NONE, front.value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kmer::KmerWindow;

    const K: u32 = 5;

    fn kmer(codes: &[u8; 5]) -> Kmer {
        let mut window = KmerWindow::new(K);
        codes
            .iter()
            .filter_map(|code| window.push(*code))
            .next_back()
            .unwrap()
    }

    #[test]
    fn a_segment_and_its_reverse_complement_have_one_key_and_one_stored_strand() {
        let (front, back) = (kmer(&[3, 3, 1, 0, 2]), kmer(&[0, 1, 1, 0, 3]));
        let forward = OrientedKey::of_both(front.value, back.value);
        let reverse = OrientedKey::of_both(back.value, front.value);
        assert_eq!(forward.key, reverse.key);
        assert_ne!(forward.is_rev_comp, reverse.is_rev_comp);
    }

    #[test]
    fn one_splitter_gives_one_key_from_either_strand() {
        for codes in [[3, 3, 1, 0, 2], [0, 1, 1, 0, 3]] {
            let front = kmer(&codes);
            let forward = OrientedKey::of_front(front);
            let reverse = OrientedKey::of_back(front.reversed(K), K);
            assert_eq!(forward.key, reverse.key);
            assert_ne!(forward.is_rev_comp, reverse.is_rev_comp);
        }
    }

    #[test]
    fn front_and_back_of_a_segment_are_different_groups() {
        let kmer = kmer(&[0, 1, 1, 0, 3]);
        assert!(kmer.is_direct);
        assert_eq!(OrientedKey::of_front(kmer).key, Key(kmer.value, NONE));
        assert_eq!(OrientedKey::of_back(kmer, K).key, Key(NONE, kmer.value));
    }
}
