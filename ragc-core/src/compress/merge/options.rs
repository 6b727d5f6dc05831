//! What is to be chosen, and what is told of it.

use std::collections::BTreeMap;

use crate::provenance::Provenance;
use crate::setters::setters;

/// What is to be chosen when archives are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MergeOptions {
    /// A sample whose name another one has, with another content, gets another name, instead of being an error.
    pub renames_duplicates: bool,
    /// Such a sample is left out, instead of being an error; it is not renamed then.
    pub skips_duplicates: bool,
    /// The samples of all archives but the first are decoded and compressed again: for archives that were made with other parameters.
    pub recompresses: bool,
    /// Bytes to take at most, about, which references at two bits a base and open packs have to fit in.
    pub memory: Option<usize>,
    /// What the new archive is to tell of this, behind what the old ones tell of themselves; of sources of samples it tells what they do, but of those
    /// that are compressed again.
    pub provenance: Option<Provenance>,
    /// Threads that work.
    pub n_threads: usize,
}

setters!(MergeOptions {
    with_renamed_duplicates: renames_duplicates: bool,
    with_skipped_duplicates: skips_duplicates: bool,
    with_recompression: recompresses: bool,
    with_memory: memory: Option<usize>,
    with_provenance: provenance: Option<Provenance>,
    with_threads: n_threads: usize,
});

impl Default for MergeOptions {
    fn default() -> Self {
        Self {
            renames_duplicates: false,
            skips_duplicates: false,
            recompresses: false,
            memory: None,
            provenance: None,
            n_threads: 1,
        }
    }
}

/// What became of archives that were merged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merged {
    /// Samples of the new archive.
    pub n_samples: usize,
    /// Its groups, the raw ones among them.
    pub n_groups: usize,
    /// Samples that were taken once, because one of the same name and content was there.
    pub n_same: usize,
    /// Samples that have another name now: the old one, and the new one.
    pub renamed: Vec<(Vec<u8>, Vec<u8>)>,
    /// Samples that were left out, because another one has their name.
    pub skipped: Vec<Vec<u8>>,
    /// Groups that were joined to one with an equal reference.
    pub n_groups_joined: u64,
    /// Groups that do not go on, because others hold their references.
    pub n_groups_dissolved: u64,
    /// Streams of the old archives that mean nothing to this program, and are left out.
    pub dropped_streams: Vec<String>,
    /// Bytes of the new archive by kind of stream.
    pub stream_lens: BTreeMap<String, u64>,
}
