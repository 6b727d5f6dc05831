//! Everything of a file that stands between its residues.
//!
//! ```text
//! file    LF LF  >chr1 LF  ACGTAC LF  GTACGT LF  AC LF
//!         before            lines of 6, ended by LF
//!         header
//! ```
//!
//! [`LayoutRecorder`] sees the bytes of a file and makes a [`RecordLayout`] of each record. `LayoutText` codes those of a
//! sample: lines of one width and one end, the usual case, are told once and then by nothing; anything else is told line
//! by line. `LayoutWriter` takes such a text and letters, and writes the file.
//!
//! ```text
//! text    packing · before the header · entry, entry, …
//! entry   01 after header, width, end     these lines from here on; another number follows
//!         04 header                       the header line is another than the name; another number follows
//!         00                              lines as told before
//!         02                              the same, without the last line end
//!         03 after header, (n, len, end)…, 00    n lines of len residues each
//! ```
//!
//! Before the first entry lines are those of `getset`: 80 residues, ended by LF. Entries that are missing at the end of the
//! text are `00`.

mod code;
mod lines;
mod pick;
mod reader;
mod recorder;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use code::LayoutText;
pub use lines::{Lines, RecordLayout};
pub(crate) use pick::{forget_headers, pick_layouts};
pub(crate) use reader::LayoutReader;
pub use recorder::LayoutRecorder;
pub(crate) use writer::LayoutWriter;
