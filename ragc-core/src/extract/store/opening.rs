//! What is read first of an archive, together.

use crate::container::{ContainerReader, Fetch, StreamId, names};
use crate::original::TextKind;

/// Streams of one part that are read when an archive is opened.
const OPENING: [&str; 2] = [names::FILE_INFO, names::PARAMS];

/// All parts of a batch.
const BATCH: [&str; 2] = [names::COLLECTION_CONTIGS, names::COLLECTION_DETAILS];

/// What comes along has no more bytes: a line of 100 MB/s brings them in a fifth of the 50 ms that a round takes there.
const FEW_BYTES: u64 = 1 << 20;

/// Fetches what opening reads, and what is read next by whoever looks a sample up: the list of samples and, where a source is slow to answer,
/// names and segments of all batches if they are few. Each would be a round of its own. Nothing where opening has all it needs.
pub(super) fn fetch(container: &ContainerReader) {
    let mut missing = MissingParts::of(container);
    missing.add(parts_of(container, &OPENING));
    if missing.parts.is_empty() {
        return;
    }
    missing.add(parts_of(container, &[names::COLLECTION_SAMPLES]));
    if container.lookahead() > 0 {
        missing.add(parts_of(container, &BATCH));
        missing.add(indexes_of(container));
    }
    container.fetch(missing.parts);
}

/// All parts of these streams.
fn parts_of(container: &ContainerReader, streams: &[&str]) -> impl Iterator<Item = (StreamId, usize)> {
    let streams = streams.iter().filter_map(|name| container.footer().find(name));
    streams.flat_map(|stream| (0..container.n_parts(stream)).map(move |part| (stream, part)))
}

/// What tells where texts lie.
fn indexes_of(container: &ContainerReader) -> impl Iterator<Item = (StreamId, usize)> {
    TextKind::ALL.into_iter().filter_map(|kind| {
        let stream = container.footer().find(kind.stream_name())?;
        Some((stream, container.n_parts(stream).checked_sub(1)?))
    })
}

/// Parts that are not here yet.
struct MissingParts<'a> {
    container: &'a ContainerReader,
    parts: Vec<Fetch>,
    len: u64,
}

impl<'a> MissingParts<'a> {
    fn of(container: &'a ContainerReader) -> Self {
        Self {
            container,
            parts: Vec::new(),
            len: 0,
        }
    }

    /// Adds those of these parts that are missing, unless that would be too much.
    fn add(&mut self, parts: impl Iterator<Item = (StreamId, usize)>) {
        let missing = parts.filter(|&(stream, part)| !self.container.is_fetched(stream, part));
        let missing: Vec<_> = missing.collect();
        let len_of = |&(stream, part): &(StreamId, usize)| self.container.footer().parts(stream)[part].len;
        let len = missing.iter().map(len_of).fold(self.len, u64::saturating_add);
        if len <= FEW_BYTES {
            self.len = len;
            let missing = missing.into_iter();
            self.parts
                .extend(missing.map(|(stream, part)| Fetch::Part(stream, part)));
        }
    }
}
