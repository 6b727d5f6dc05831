//! Pieces of an answer, which are given out while the rest of it is still coming.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::{Bytes, BytesMut};

use crate::error::Error;
use crate::runtime::{Answering, Pending, pending};

/// A range of an object that somebody waits for.
pub(crate) struct AnswerPiece {
    range: Range<u64>,
    bytes: BytesMut,
    answering: Answering<Bytes>,
}

impl AnswerPiece {
    /// A range that is not empty, and what waits for its bytes.
    pub(crate) fn new(range: Range<u64>) -> (Self, Pending<Bytes>) {
        let (answering, pending) = pending();
        let piece = Self {
            bytes: BytesMut::new(),
            range,
            answering,
        };
        (piece, pending)
    }

    pub(crate) fn range(&self) -> Range<u64> {
        self.range.clone()
    }

    fn len(&self) -> usize {
        (self.range.end - self.range.start) as usize
    }

    /// Takes what is of this piece of the bytes from `start` on, behind those that have come.
    fn take(&mut self, start: u64, bytes: &[u8]) {
        let end = start + bytes.len() as u64;
        let (from, to) = (self.range.start.max(start), self.range.end.min(end));
        if from < to {
            self.bytes.reserve(self.len() - self.bytes.len());
            self.bytes
                .extend_from_slice(&bytes[(from - start) as usize..(to - start) as usize]);
        }
    }
}

/// Those of one answer that are not complete.
pub(crate) struct AnswerPieces {
    /// Ascending by their beginnings.
    open: VecDeque<AnswerPiece>,
    /// Where the next bytes lie.
    next: u64,
    end: u64,
}

impl AnswerPieces {
    /// Pieces, ascending by their beginnings.
    pub(crate) fn new(pieces: Vec<AnswerPiece>) -> Self {
        Self {
            next: pieces.first().map_or(0, |piece| piece.range.start),
            end: pieces.iter().map(|piece| piece.range.end).max().unwrap_or(0),
            open: pieces.into(),
        }
    }

    /// What is asked for.
    pub(crate) fn range(&self) -> Range<u64> {
        self.next..self.end
    }

    /// Takes the next bytes of the answer.
    pub(crate) fn take(&mut self, chunk: &[u8]) {
        let start = self.next;
        self.next += chunk.len() as u64;
        let n_begun = self.open.partition_point(|piece| piece.range.start < self.next);
        let begun = self.open.drain(..n_begun).collect::<Vec<_>>();
        for mut piece in begun.into_iter().rev() {
            piece.take(start, chunk);
            match piece.bytes.len() == piece.len() {
                true => piece.answering.give(Ok(piece.bytes.freeze())),
                false => self.open.push_front(piece),
            }
        }
    }

    /// Nothing more comes.
    pub(crate) fn fail(self, error: &Error) {
        for piece in self.open {
            piece.answering.give(Err(error.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn each_piece_comes_with_its_last_byte() {
        let (pieces, pending): (Vec<AnswerPiece>, Vec<Pending<Bytes>>) = [10..14, 12..30, 13..15, 40..41]
            .map(AnswerPiece::new)
            .into_iter()
            .unzip();
        let mut pieces = AnswerPieces::new(pieces);
        assert_eq!(pieces.range(), 10..41);
        let bytes: Vec<u8> = (10..41).collect();
        let mut answers = pending.into_iter().map(Pending::wait);
        pieces.take(&bytes[..4]);
        assert_eq!(answers.next().unwrap().unwrap(), bytes[..4]);
        assert_eq!(pieces.open.len(), 3);
        pieces.take(&bytes[4..5]);
        assert_eq!(pieces.open.len(), 2);
        pieces.take(&bytes[5..30]);
        assert_eq!(answers.next().unwrap().unwrap(), bytes[2..20]);
        assert_eq!(answers.next().unwrap().unwrap(), bytes[3..5]);
        pieces.fail(&Error::new(ErrorKind::Broken("gone".to_owned())));
        assert!(answers.next().unwrap().unwrap_err().to_string().contains("gone"));
    }
}
