//! What is kept of what was decoded: kinds of keys, each with the type of its values.

use std::sync::Arc;

use crate::collection::{AllNames, BatchNames, ContigList, v2};
use crate::extract::store::cache::{CacheKey, KeyTable, Tables};
use crate::extract::store::loaded::LoadedDetails;
use crate::group;
use crate::original::{self, TextKind};
use crate::sequence::Sequence;

/// A key of something decoded.
pub(super) trait DecodedKey: CacheKey<Kinds, Value = Arc<Self::Of>> {
    /// What is decoded.
    type Of;
    /// Many queries have it in common, so that the last one is kept even where it is too large for the cache.
    const IS_COMMON: bool;

    /// Bytes of a value.
    fn mem_len(value: &Self::Of) -> usize;
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident($($part:ty),*) in $table:ident: $value:ty, $mem_len:expr, $is_common:literal;)*) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub(super) struct $kind($(pub(super) $part),*);

            impl CacheKey<Kinds> for $kind {
                type Value = Arc<$value>;

                fn table(tables: &Kinds) -> &KeyTable<Self, Arc<$value>> {
                    &tables.$table
                }

                fn table_mut(tables: &mut Kinds) -> &mut KeyTable<Self, Arc<$value>> {
                    &mut tables.$table
                }
            }

            impl DecodedKey for $kind {
                type Of = $value;
                const IS_COMMON: bool = $is_common;

                fn mem_len(value: &$value) -> usize {
                    $mem_len(value)
                }
            }

            impl From<$kind> for AnyKey {
                fn from(key: $kind) -> Self {
                    Self::$kind(key)
                }
            }
        )*

        /// A table for each kind.
        #[derive(Debug, Default)]
        pub(super) struct Kinds {
            $($table: KeyTable<$kind, Arc<$value>>,)*
        }

        /// A key of any kind.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum AnyKey {
            $($kind($kind),)*
        }

        impl Tables for Kinds {
            type AnyKey = AnyKey;

            fn used(&self, key: AnyKey) -> Option<u64> {
                match key {
                    $(AnyKey::$kind(key) => self.$table.used(key),)*
                }
            }

            fn remove(&mut self, key: AnyKey) -> u64 {
                match key {
                    $(AnyKey::$kind(key) => self.$table.remove(key),)*
                }
            }
        }
    };
}

kinds! {
    /// Contig names of a batch, as they are stored.
    NamesOfBatch(usize) in names_of_batches: BatchNames, BatchNames::mem_len, true;
    /// Contig names of a whole collection of version 1.
    NamesOfAll() in names_of_all: AllNames, AllNames::mem_len, true;
    /// Contig names of a sample.
    NamesOfSample(usize) in names_of_samples: ContigList, ContigList::mem_len, true;
    /// Segments of a batch.
    Details(usize) in details: LoadedDetails, LoadedDetails::mem_len, true;
    /// Names and numbers of segments of a whole collection of version 2.
    Main() in main: v2::Main, v2::Main::mem_len, true;
    /// Reference of a group.
    Reference(u32) in references: Sequence, Sequence::cost, false;
    /// A pack of a group.
    Pack(u32, u32) in packs: group::Pack, group::Pack::mem_len, false;
    /// A pack of a group as far as the first query needed it.
    PackStart(u32, u32) in pack_starts: group::Pack, group::Pack::mem_len, false;
    /// A part of texts about original files.
    TextsPart(TextKind, u64) in texts_parts: Vec<u8>, Vec::capacity, false;
    /// A part of texts about original files as far as the first query needed it.
    TextsPartStart(TextKind, u64) in texts_part_starts: Vec<u8>, Vec::capacity, false;
    /// The text of a sample, cut into those of its contigs.
    ContigTexts(TextKind, usize) in contig_texts: original::ContigTexts, original::ContigTexts::mem_len, false;
    /// The text of a sample as far as the first stretch of a contig needed it.
    ContigTextsStart(TextKind, usize) in contig_text_starts: original::ContigTexts, original::ContigTexts::mem_len, false;
}
