//! Tracks: what the AGC format cannot say of samples, each in a stream of its own that other programs ignore.
//!
//! ```text
//! create, append                                                      verify
//! record read ─▶ Listeners ─▶ Notes ─▶ Writers ─▶ stream ─▶ Verifiers ◀─ Notes ◀─ Listeners ◀─ contig decoded
//!                of a contig           of samples           compare with what a decoded contig is
//! ```
//!
//! | file | what is there |
//! |---|---|
//! | `list` | **all tracks**, and what is done with each of them |
//! | `traits` | what a track is: `Track`, its `Listener` and its `Verifier` |
//! | `sequence_sums`, `sums_verifier` | checksums of sequences |
//! | `digests` | refget and MD5 digests of contigs |
//! | `sources` | where samples came from |
//! | `example` | one that tests have, to copy from |
//! | `kept` | what is kept of samples when an archive is written anew |
//! | `texts` | odd residues, case, layout, true names: one kind of track, four times |
//!
//! A track hears each contig while it is read, or is told of its record; takes the samples in archive order and writes them; goes on
//! behind what an archive holds; says whether what it holds is of the contigs that there are; and compares it with contigs that are decoded.
//! Texts have nothing to be compared with: they are verified by putting them over letters as reading does (`extract/verify/texts.rs`).
//!
//! Checksums of parts (`ragc.sums`) are none of the tracks. They are of bytes of the file, not of samples, and the footer is among what
//! they are of: the container writes and checks them. Nor is `ragc.history`, which is of commands: `provenance` writes a part for each run.

mod digests;
#[cfg(test)]
mod example;
mod kept;
mod list;
mod sequence_sums;
mod sources;
mod stored_texts;
mod sums_verifier;
mod texts;
mod traits;

pub(crate) use digests::read_digests;
pub(crate) use kept::{KeptContigs, KeptSample, KeptSamples, NewName};
pub(crate) use list::{ContigNotes, Listeners, Verifiers, Writers, check, is_track};
pub(crate) use sequence_sums::read_sums;
pub(crate) use sources::read_sources;
pub(crate) use traits::{HeardStretch, Mismatch, Old, Wanted, WrittenContig};
