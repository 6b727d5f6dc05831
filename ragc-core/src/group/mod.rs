//! Groups: similar segments stored together, and where each of them lies.
//!
//! ```text
//! raw group (0 to 15)     x0d  [7F FF ▪ item 1 FF ▪ … ▪ item B-1 FF] [item B FF ▪ …]
//!
//! delta group (16, …)     xGr  [reference = item 0]
//!                         xGd  [delta 1 FF ▪ … ▪ delta B FF] [delta B+1 FF ▪ …]
//! ```
//!
//! Items are numbered from 0 in their group. A raw group holds symbol strings, and its item 0 is a placeholder that no
//! contig uses. A delta group holds a reference, which is item 0, and deltas against it. B items share a *pack*, one
//! part of the stream; every item ends with the byte FF.
//!
//! [`place_of`] is the one place that turns an in-group id into a pack and a slot.

#[cfg(feature = "compress")]
mod held;
mod inventory;
pub mod key;
#[cfg(feature = "compress")]
pub mod pack;
#[cfg(feature = "compress")]
pub(crate) mod pad;
mod reader;
#[cfg(feature = "compress")]
mod repeats;
#[cfg(feature = "compress")]
pub mod writer;

pub(crate) use inventory::{Inventory, StreamsOfGroup, reference_bytes};
pub use reader::{
    Pack, PickedItems, peek_pack_len, read_pack, read_pack_through, read_reference, reference_len,
};

use crate::error::{Error, Result};

/// Groups below this number hold plain sequences, the others a reference and deltas.
pub const N_RAW_GROUPS: u32 = 16;
/// Ends every item of a pack.
pub const ITEM_END: u8 = 0xFF;
/// Item 0 of a raw group.
pub const PLACEHOLDER: u8 = 0x7F;

/// Whether a group holds plain sequences.
#[must_use]
pub const fn is_raw(group: u32) -> bool {
    group < N_RAW_GROUPS
}

/// Where an item of a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemPlace {
    /// It is the group's reference.
    Reference,
    /// It is in a pack: a sequence in a raw group, a delta in the others.
    Packed {
        /// Part of the group's delta stream.
        pack: u32,
        /// Place in the pack.
        slot: u32,
    },
}

/// Finds an item by its in-group id.
///
/// # Errors
/// `Corrupt` for item 0 of a raw group, which is only a placeholder.
pub fn place_of(group: u32, in_group_id: u32, pack_cardinality: u32) -> Result<ItemPlace> {
    let packed = |i: u32| ItemPlace::Packed {
        pack: i / pack_cardinality,
        slot: i % pack_cardinality,
    };
    match in_group_id {
        0 if is_raw(group) => Err(Error::corrupt(format!("item 0 of raw group {group} is used"))),
        0 => Ok(ItemPlace::Reference),
        id if is_raw(group) => Ok(packed(id)),
        id => Ok(packed(id - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_item_is_placeholder_or_reference() {
        assert!(place_of(15, 0, 50).is_err());
        assert_eq!(place_of(16, 0, 50).unwrap(), ItemPlace::Reference);
        assert_eq!(
            place_of(15, 50, 50).unwrap(),
            ItemPlace::Packed { pack: 1, slot: 0 }
        );
        assert_eq!(
            place_of(16, 50, 50).unwrap(),
            ItemPlace::Packed { pack: 0, slot: 49 }
        );
        assert_eq!(
            place_of(16, 51, 50).unwrap(),
            ItemPlace::Packed { pack: 1, slot: 0 }
        );
        assert_eq!(
            place_of(0, u32::MAX, 1).unwrap(),
            ItemPlace::Packed {
                pack: u32::MAX,
                slot: 0
            }
        );
    }
}
