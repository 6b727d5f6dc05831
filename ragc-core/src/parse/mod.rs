//! zstd frames of sequences, with matches that a search of our own finds.
//!
//! A raw pack is a text of four symbols in which nothing but long copies and what follows them is worth a match. zstd's best
//! search keeps a tree of all places and weighs every length of every match: one megabyte a second. Here a hash of 14 bases
//! finds where a copy may begin, and from there on a copy is a state that costs nothing to stay in ([`parser`]). A reference in tuple
//! form has fewer copies still, and what lies between is not weighed at all ([`tuples`]).
//! In deltas copies begin everywhere, and the longest matters: it is known for each place from the order of suffixes ([`deltas`]).
//! zstd's own coder then writes the frame ([`frame`]), so that any decoder reads it.
//!
//! # Source
//! RFC 8878 for sequences, repeated offsets and codes; figures are in docs/measurements.md, "Matches in raw packs", "Matches in packs of deltas" and "Matches in references".

mod blocks;
mod chains;
mod choices;
mod copies;
mod deltas;
mod frame;
mod index;
mod literals;
mod log2;
mod longest;
mod node;
mod parser;
mod prices;
mod repeats;
#[cfg(test)]
mod tests;
mod text;
mod tuples;
mod ways;

pub(crate) use frame::{DeltaCompressor, SymbolCompressor, TupleCompressor};

/// A run of literals and the match that follows it. At the end of a block there is no match: its length is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    /// Literals before the match.
    run: u32,
    /// Symbols of the match.
    len: u32,
    /// How far back it copies from.
    offset: u32,
}
