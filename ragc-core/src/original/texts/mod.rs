//! Texts of all samples, one behind the other in parts of a fixed length, and the index that finds them.
//!
//! ```text
//! texts   |  sample 0  | 1 |      3      |   4   |       …             2 has none
//! parts   |     0         |        1        |    2     | index
//! index   part length · length + 1 of each text, 0 where there is none
//! ```
//!
//! What is found twice within a part is stored once, so a part is as long as memory allows, unless texts share nothing
//! (`writer.rs`); to read one text its part is decoded, or its parts if it crosses borders. All parts but the last are full, so
//! appending goes on in the last.

mod index;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use index::TextsIndex;
pub(crate) use reader::{append_piece, read_text};
pub(crate) use writer::TextsWriter;
