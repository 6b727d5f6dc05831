//! What files are packed in: gzip, BGZF, zstd, xz and bzip2, told by content and not by name.
//!
//! All of these are members one behind the other: members of gzip and blocks of BGZF, frames of zstd, streams of xz and
//! bzip2. [`Packed`] decodes one after the other, of whatever kind each is, and passes what programs leave between and
//! behind them:
//!
//! ```text
//! [skippable frame]  member  [skippable frame]  member  [zero bytes]  [other bytes]
//!  pzstd: lengths             indexes                    tapes         counted
//! ```
//!
//! Whatever ends inside a member is cut short. What comes behind the last member is no member of a known kind: if it begins
//! like one that is damaged, or is text, it is refused, since data would be lost; else it is counted, to be told. Reference
//! genomes are published so.

mod decoder;
mod errors;
mod kind;
mod lookahead;
mod members;
#[cfg(test)]
mod tests;
mod window;

pub(super) use kind::{MemberKind, START_LEN};
use lookahead::Peekable;
use members::Members;

use crate::original::Packing;
use std::io::{self, Read};

/// The text of an input.
pub(crate) type Text = Packed<Box<dyn Read + Send>>;

/// Memory that unpacking a file may take unless more is allowed: the limit of the program `zstd`, and twice what xz takes
/// at its highest level.
pub(crate) const UNPACK_MEMORY: u64 = 128 << 20;

/// A text that may be packed.
#[derive(Debug)]
pub(crate) struct Packed<R> {
    content: PackedContent<R>,
    packing: Packing,
}

#[derive(Debug)]
enum PackedContent<R> {
    Plain(Peekable<R>),
    Members(Box<Members<R>>),
}

impl<R: Read> Packed<R> {
    /// Looks at the first bytes. Unpacking may take so much memory.
    pub(super) fn new(input: R, memory: u64) -> io::Result<Self> {
        let mut input = Peekable::of_start(input, START_LEN);
        let start = input.peek(START_LEN)?;
        let (packing, is_packed) = match MemberKind::of(start) {
            Some(kind) => (kind.packing(), true),
            None => (Packing::Plain, false),
        };
        let content = match is_packed {
            true => PackedContent::Members(Box::new(Members::new(input.widened(), memory))),
            false => PackedContent::Plain(input),
        };
        Ok(Self { content, packing })
    }

    /// How the text is packed; what begins otherwise than it goes on is called after its beginning.
    pub(crate) fn packing(&self) -> Packing {
        self.packing
    }

    /// Bytes behind the last member that belong to none; known when everything has been read.
    pub(crate) fn n_trailing(&self) -> u64 {
        match &self.content {
            PackedContent::Plain(_) => 0,
            PackedContent::Members(members) => members.n_trailing(),
        }
    }
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.content {
            PackedContent::Plain(input) => input.read(buf),
            PackedContent::Members(members) => members.read(buf),
        }
    }
}
