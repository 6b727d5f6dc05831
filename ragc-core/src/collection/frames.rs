//! How the texts of the collection are compressed.

use crate::zstd::Search;

/// Longer texts are compressed with smaller tables than the level has: those took 48 MB for the 3.3 MB of names of 600 drafts of
/// *S. pneumoniae*, a third of the memory of the run.
const LONG_TEXT: usize = 1 << 20;

/// The search of this level for a text of `len` bytes.
pub(super) fn search(level: i32, len: usize) -> Search {
    match len <= LONG_TEXT {
        true => Search::of_level(level),
        false => Search {
            hash_log: 18,
            chain_log: 20,
            looks_back: true,
            ..Search::of_level(level)
        },
    }
}
