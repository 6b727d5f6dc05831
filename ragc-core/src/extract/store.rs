//! One open archive with everything decoded from it so far.
//!
//! What there is to decode is told in files of its own: `catalogue.rs` for names and segments, `items.rs` for
//! symbols, `lengths.rs` for the lengths of segments, `originals.rs` for what files were beside their sequences. All of it goes through one cache with one limit.

use std::sync::{Arc, OnceLock};

use crate::archive::{ArchiveReader, names};
use crate::collection::{AllNames, BatchNames, ContigList, SampleNames, v2};
use crate::error::{ErrorKind, Result};
use crate::extract::bounds::Bounds;
use crate::extract::cache::Cache;
use crate::extract::catalogue::LoadedDetails;
use crate::extract::latest::Latest;
use crate::extract::lost_references::LostReferences;
use crate::extract::originals::TextsIndexes;
use crate::file_info::{FileInfo, FormatVersion};
use crate::group::Pack;
use crate::original::{ContigTexts, TextKind};
use crate::params::Params;
use crate::sequence::Sequence;

/// What is decoded at once may be this many times as large as the cache.
const UNITS_PER_CACHE: u64 = 4;

/// Names and segments that take more than one in so many bytes of the cache are kept beside it.
const LARGE_SHARE: u64 = 8;

/// One archive, and everything decoded from it so far.
#[derive(Debug)]
pub(crate) struct Store {
    pub(super) archive: ArchiveReader,
    pub(super) info: FileInfo,
    /// Decided here, once; matched wherever the versions differ.
    pub(super) version: FormatVersion,
    pub(super) params: Params,
    pub(super) samples: OnceLock<SampleNames>,
    pub(super) texts: TextsIndexes,
    /// Where the true names of contigs are damaged, those that the collection has stand for them: for whoever looks for damage.
    pub(super) takes_substitutes: bool,
    pub(super) cache: Cache<Key, Value>,
    latest: Latest,
    pub(super) lost_references: LostReferences,
    pub(super) bounds: Bounds,
    /// Names with line ends are let in, for whoever looks for damage.
    pub(super) takes_line_ends: bool,
}

/// What is cached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// Contig names of a batch, as they are stored.
    BatchNames(usize),
    /// Contig names of a whole collection of version 1.
    AllNames,
    /// Contig names of a sample.
    Contigs(usize),
    /// Segments of a batch.
    Details(usize),
    /// Names and numbers of segments of a whole collection of version 2.
    Main,
    /// Reference of a group.
    Reference(u32),
    /// A decompressed pack.
    Pack { group: u32, pack: u32 },
    /// A pack as far as the first query needed it.
    PackStart { group: u32, pack: u32 },
    /// A part of texts about original files.
    TextsPart(TextKind, u64),
    /// The text of a sample, cut into those of its contigs.
    Texts(TextKind, usize),
}

/// What can be cached, each kind of value under a kind of key of its own.
pub(super) trait Cached: Sized {
    /// Bytes held.
    fn mem_len(&self) -> usize;
    fn into_value(this: Arc<Self>) -> Value;
    fn of_value(value: Value) -> Option<Arc<Self>>;
}

macro_rules! cached {
    ($($kind:ident: $type:ty, $mem_len:expr;)*) => {
        /// A cached value.
        #[derive(Debug, Clone)]
        pub(super) enum Value {
            $($kind(Arc<$type>),)*
        }

        $(impl Cached for $type {
            fn mem_len(&self) -> usize {
                $mem_len(self)
            }

            fn into_value(this: Arc<Self>) -> Value {
                Value::$kind(this)
            }

            fn of_value(value: Value) -> Option<Arc<Self>> {
                match value {
                    Value::$kind(this) => Some(this),
                    _ => None,
                }
            }
        })*
    };
}

cached! {
    BatchNames: BatchNames, BatchNames::mem_len;
    AllNames: AllNames, AllNames::mem_len;
    Contigs: ContigList, ContigList::mem_len;
    Details: LoadedDetails, LoadedDetails::mem_len;
    Main: v2::Main, v2::Main::mem_len;
    Reference: Sequence, Sequence::cost;
    Pack: Pack, Pack::mem_len;
    TextsPart: Vec<u8>, Vec::capacity;
    Texts: ContigTexts, ContigTexts::mem_len;
}

impl Store {
    /// Reads the two small streams that everything depends on.
    pub(crate) fn open(mut archive: ArchiveReader, cache_limit: u64) -> Result<Self> {
        archive.allow_units(cache_limit.saturating_mul(UNITS_PER_CACHE));
        let len = archive.data_len();
        let part = match archive.read_only_part(names::FILE_INFO) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => {
                return Err(archive.explain(error));
            }
            part => part?,
        };
        let info =
            FileInfo::decode(part.metadata, part.payload()).map_err(|e| e.in_stream(names::FILE_INFO))?;
        let version = info.version().map_err(|e| e.in_stream(names::FILE_INFO))?;
        let part = archive.read_only_part(names::PARAMS)?;
        let params = Params::decode(part.payload(), version).map_err(|e| e.in_stream(names::PARAMS))?;
        Ok(Self {
            archive,
            info,
            version,
            params,
            samples: OnceLock::new(),
            texts: TextsIndexes::default(),
            takes_substitutes: false,
            cache: Cache::new(cache_limit),
            latest: Latest::default(),
            lost_references: LostReferences::default(),
            bounds: Bounds::new(len, cache_limit),
            takes_line_ends: false,
        })
    }

    /// The value of a key, which is made by `load` if it is not here.
    pub(super) fn cached<T: Cached>(&self, key: Key, load: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        if let Some(value) = self.latest.get(key).and_then(T::of_value) {
            return Ok(value);
        }
        let value = self.cache.get_or_load(key, || {
            let value = load()?;
            let len = value.mem_len() as u64;
            let value = T::into_value(Arc::new(value));
            if len > self.cache.limit() / LARGE_SHARE {
                self.latest.keep(key, &value);
            }
            Ok((value, len))
        })?;
        Ok(T::of_value(value).unwrap_or_else(|| unreachable!("a kind of key has one kind of values")))
    }

    /// The value of a key, if it is here.
    pub(super) fn cached_already<T: Cached>(&self, key: Key) -> Option<Arc<T>> {
        let value = self.latest.get(key).or_else(|| self.cache.get(key));
        value.and_then(T::of_value)
    }

    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    pub(crate) fn info(&self) -> &FileInfo {
        &self.info
    }

    pub(crate) fn version(&self) -> FormatVersion {
        self.version
    }

    pub(crate) fn archive(&self) -> &ArchiveReader {
        &self.archive
    }
}
