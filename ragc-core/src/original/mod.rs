//! What the AGC format cannot say about the files that an archive was made of.
//!
//! An archive of AGC knows the sixteen nucleotide codes and header lines in ASCII. What else stands in a file is told in four
//! streams that other programs ignore:
//!
//! | stream | tells, for each sample | file |
//! |---|---|---|
//! | `ragc.odd` | residues that are no nucleotide code; sequences have `N` there | [`odd`] |
//! | `ragc.case` | which letters are lower case | [`case`] |
//! | `ragc.layout` | everything between the letters: line ends, blanks, headers as they were | [`layout`] |
//! | `ragc.names` | header lines with bytes that the collection cannot hold; it has others there | `names` |
//!
//! ```text
//! FASTA reader ─▶ Recorder ─▶ OriginalRecord ─▶ text of a sample ─▶ TextsWriter ─▶ parts, index
//!                 recorder.rs  of a record       sample.rs, names.rs   texts/
//!
//! parts, index ─▶ TextsIndex ─▶ text of a sample ─▶ Overlay on letters        overlay.rs, from bookmarks.rs on
//!                                               └─▶ LayoutWriter: the file    layout/
//! ```
//!
//! What is told of a sample is a *text*: the entries of its contigs one after the other, in contig coordinates, so that
//! samples with the same genes, masks or lines have nearly the same text. Texts of all samples follow one another in parts
//! of some megabytes, which zstd makes small by what they share.
//!
//! # Source
//! FORMAT.md, "Original files".

mod bookmarks;
pub mod case;
mod keep;
mod kind;
pub mod layout;
pub(crate) mod names;
pub mod odd;
mod overlay;
mod recorder;
mod runs;
mod sample;
pub(crate) mod texts;

pub use keep::{Keep, Packing};
pub(crate) use kind::TextKind;
pub(crate) use overlay::Overlay;
pub use recorder::{OriginalRecord, Recorder};
pub(crate) use runs::{ContigTexts, Runs};
pub(crate) use sample::{entries_text, layout_text};
