//! Ranges of an object that are on their way, each of which is waited for by itself.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;

use crate::block_cache::ObjectBlocks;
use crate::error::{Error, ErrorKind, Result};
use crate::pieces::AnswerPiece;
use crate::plan::{ServerAnswer, bytes_of, pieces, requests};
use crate::runtime::Pending;

/// A part of one range or of several that is here or on its way: a block where such are kept on the disk, else a piece that one request gives.
struct AwaitedPart {
    range: Range<u64>,
    bytes: LazyLock<Result<Bytes>, Box<dyn FnOnce() -> Result<Bytes> + Send>>,
}

impl AwaitedPart {
    fn new(range: Range<u64>, wait: impl FnOnce() -> Result<Bytes> + Send + 'static) -> Self {
        Self {
            range,
            bytes: LazyLock::new(Box::new(wait)),
        }
    }
}

/// A range, and what it is put together from.
pub(crate) struct Awaited {
    range: Range<u64>,
    /// Its parts in front of the end of the object, ascending.
    parts: Vec<Arc<AwaitedPart>>,
    /// The end of the object, which is here.
    end: ServerAnswer,
}

impl Awaited {
    /// Waits for its bytes.
    pub(crate) fn wait(&self) -> Result<Bytes> {
        let parts = self.parts.iter();
        let answers = parts.map(|part| Ok((part.range.clone(), (*part.bytes).clone()?)));
        let answers = answers.chain([Ok(self.end.clone())]);
        let answers: Result<Vec<ServerAnswer>> = answers.collect();
        bytes_of(&self.range, &answers?)
            .ok_or_else(|| Error::new(ErrorKind::Broken("an answer is too short".to_owned())))
    }
}

/// The parts of ranges that are wanted together.
pub(crate) struct AwaitedParts<'a> {
    blocks: Option<&'a ObjectBlocks>,
    end: &'a ServerAnswer,
    known: HashMap<Range<u64>, Arc<AwaitedPart>>,
    /// Those that are not here, in the order in which they are wanted.
    missing: Vec<AnswerPiece>,
}

impl<'a> AwaitedParts<'a> {
    /// None yet, of an object of which these blocks are kept, and whose end is here.
    pub(crate) fn new(blocks: Option<&'a ObjectBlocks>, end: &'a ServerAnswer) -> Self {
        Self {
            blocks,
            end,
            known: HashMap::new(),
            missing: Vec::new(),
        }
    }

    /// What a range is put together from.
    pub(crate) fn of(&mut self, range: &Range<u64>) -> Awaited {
        let (end_start, range) = (self.end.0.start, range.clone());
        Awaited {
            parts: self.in_front(&(range.start..range.end.min(end_start))),
            range,
            end: self.end.clone(),
        }
    }

    fn in_front(&mut self, range: &Range<u64>) -> Vec<Arc<AwaitedPart>> {
        match self.blocks {
            Some(blocks) => ObjectBlocks::numbers(range)
                .map(|number| self.block(blocks, number))
                .collect(),
            None => pieces(range)
                .map(|piece| self.known_or(piece, Self::piece))
                .collect(),
        }
    }

    fn block(&mut self, blocks: &ObjectBlocks, number: u64) -> Arc<AwaitedPart> {
        self.known_or(blocks.place(number), |parts, place| {
            if let Some(kept) = blocks.get(number) {
                return AwaitedPart::new(place, || Ok(kept));
            }
            let (pending, blocks) = (parts.ask_for(&place), blocks.clone());
            AwaitedPart::new(place.clone(), move || {
                let bytes = pending.wait();
                bytes.inspect(|bytes| blocks.keep(&place, bytes))
            })
        })
    }

    fn piece(&mut self, place: Range<u64>) -> AwaitedPart {
        let pending = self.ask_for(&place);
        AwaitedPart::new(place, || pending.wait())
    }

    fn ask_for(&mut self, place: &Range<u64>) -> Pending<Bytes> {
        let (piece, pending) = AnswerPiece::new(place.clone());
        self.missing.push(piece);
        pending
    }

    fn known_or(
        &mut self,
        place: Range<u64>,
        make: impl FnOnce(&mut Self, Range<u64>) -> AwaitedPart,
    ) -> Arc<AwaitedPart> {
        if let Some(part) = self.known.get(&place) {
            return Arc::clone(part);
        }
        let part = Arc::new(make(self, place.clone()));
        self.known.insert(place, Arc::clone(&part));
        part
    }

    /// What has to be asked for, by requests.
    pub(crate) fn into_requests(self) -> Vec<Vec<AnswerPiece>> {
        let ranges: Vec<Range<u64>> = self.missing.iter().map(AnswerPiece::range).collect();
        let mut missing: Vec<Option<AnswerPiece>> = self.missing.into_iter().map(Some).collect();
        let mut take = |number: usize| missing[number].take();
        let requests = requests(&ranges).into_iter();
        requests
            .map(|numbers| numbers.into_iter().filter_map(&mut take).collect())
            .collect()
    }
}
