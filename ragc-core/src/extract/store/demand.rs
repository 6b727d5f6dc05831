//! Which parts a query will read: said before the first of them is, so that they come by one call of the source.
//!
//! ```text
//! lookup, sample    names and segments of a batch, where texts lie
//! region            what tells how lengths are coded, packs and references of all its segments, texts of its sample
//! stream, contig    packs and references of the next segments
//! ```
//!
//! Only what is neither decoded nor read yet is asked for, and only when something is missed: a query that finds all it needs
//! does not come here.

use ahash::AHashSet;

use crate::collection::SegmentDesc;
use crate::container::{ContainerReader, Fetch, StreamId};
use crate::extract::store::basis::Basis;
use crate::extract::store::needs::Needs;

/// Bytes of parts that are read ahead in one go, about: some tasks of streaming. They are held by each thread.
const MAX_FETCHED: u64 = 256 << 10;

/// Goes in which a source that is slow to answer reads all that had better be on its way: some are waited for while others come.
const GOES: u64 = 8;

/// What is known of the segments that will be read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Upcoming<'a> {
    /// Where packs come from, if not out of the cache.
    pub(crate) needs: Option<&'a Needs>,
    /// That which is read now, and those behind it.
    pub(crate) segments: &'a [SegmentDesc],
}

/// Parts to be fetched.
#[derive(Debug)]
pub(crate) struct Demand<'a> {
    container: &'a ContainerReader,
    parts: Vec<Fetch>,
    /// Those that were added, where much is read ahead.
    added: AHashSet<(StreamId, usize)>,
    len: u64,
    /// Bytes of one go, and those that are enough for what is demanded now.
    go_len: u64,
    most: u64,
}

impl<'a> Demand<'a> {
    pub(super) fn new(basis: &'a Basis) -> Self {
        let container = basis.container();
        let go_len = MAX_FETCHED.max(container.lookahead() / GOES);
        Self {
            container,
            parts: Vec::new(),
            added: AHashSet::new(),
            len: 0,
            go_len,
            most: go_len,
        }
    }

    /// Bytes of the parts.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn add(&mut self, stream: StreamId, part: usize) {
        // Where much is on its way, most of what comes up again is, or is in this go: segments of one reference follow one another.
        let is_far_ahead = self.go_len > MAX_FETCHED;
        if is_far_ahead && (!self.added.insert((stream, part)) || self.container.is_fetched(stream, part)) {
            return;
        }
        let parts = self.container.footer().parts(stream);
        self.len += parts.get(part).map_or(0, |part| part.len);
        self.parts.push(Fetch::Part(stream, part));
    }

    /// Adds a part of the stream of this name, if there is one.
    pub(super) fn add_named(&mut self, name: &str, part: usize) {
        if let Some(stream) = self.container.footer().find(name) {
            self.add(stream, part);
        }
    }

    /// Adds the number of the first part of the stream of this name, and no more of it.
    pub(super) fn add_number(&mut self, name: &str) {
        let stream = self.container.footer().find(name);
        self.parts.extend(stream.map(|stream| Fetch::Metadata(stream, 0)));
    }

    /// What is added from now on makes up another go, which comes together with those before.
    pub(crate) fn next_go(&mut self) {
        self.most = self.len + self.go_len;
    }

    /// Whether this is enough for one go.
    pub(crate) fn is_full(&self) -> bool {
        self.len >= self.most
    }

    /// Fetches all of it.
    pub(crate) fn fetch(self) {
        self.container.fetch(self.parts);
    }

    /// Begins to fetch all of it, for later.
    pub(crate) fn begin(self) {
        self.container.begin_to_fetch(&self.parts);
    }

    /// Fetches several parts. One is read as well by whoever misses it.
    pub(super) fn fetch_several(self) {
        if self.parts.len() > 1 {
            self.fetch();
        }
    }
}
