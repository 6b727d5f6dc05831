//! A reference segment with the index that finds matches in it.

use super::cache::{CachedIndex, IndexCache};
use super::index::Index;
use crate::sequence::Sequence;
use std::sync::Arc;

/// Reference of a group: its symbols at two bits each, and a match index that is built when it is wanted.
///
/// Many references never meet a segment that differs from them, so most indexes would be built for nothing.
#[derive(Debug)]
pub struct Reference {
    sequence: Sequence,
    min_match: u32,
    grows: bool,
    index: Arc<CachedIndex>,
    cache: Arc<IndexCache>,
}

impl Reference {
    /// A reference for deltas whose matches have more than `min_match` symbols. Its index lives in `cache`.
    #[must_use]
    pub fn new(mut sequence: Sequence, min_match: u32, cache: &Arc<IndexCache>) -> Self {
        sequence.shrink();
        Self {
            sequence,
            min_match,
            grows: false,
            index: Arc::default(),
            cache: Arc::clone(cache),
        }
    }

    /// The beginning of a reference, to which more will be added: nothing that is told of it may depend on where it ends.
    #[must_use]
    pub fn growing(sequence: Sequence, min_match: u32, cache: &Arc<IndexCache>) -> Self {
        Self {
            grows: true,
            ..Self::new(sequence, min_match, cache)
        }
    }

    /// Whether `text` is the whole reference.
    #[must_use]
    pub fn is(&self, text: &Sequence) -> bool {
        !self.grows && *text == self.sequence
    }

    /// Whether the reference ends at `pos`, and always will.
    pub(super) fn ends_at(&self, pos: usize) -> bool {
        !self.grows && pos == self.sequence.len()
    }

    /// The symbols.
    #[must_use]
    pub fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// The length that the lengths of matches are written relative to.
    #[must_use]
    pub fn min_match(&self) -> u32 {
        self.min_match
    }

    pub(super) fn index(&self) -> Arc<Index> {
        self.cache
            .get(&self.index, || Index::new(&self.sequence, self.min_match))
    }
}
