//! Reads texts out of the parts of a stream.

use crate::error::{Error, Result};
use crate::memory;
use crate::original::texts::TextsIndex;
use std::ops::Range;
use std::sync::Arc;

/// Puts together the text of a sample; `None` if it has none. `read_part` decodes a part of the stream by its number, as far as it is told at
/// least.
///
/// # Errors
/// `Corrupt` when a part is shorter than the index tells; those of `read_part`.
pub(crate) fn read_text(
    index: &TextsIndex,
    sample: usize,
    read_part: impl Fn(u64, u64) -> Result<Arc<Vec<u8>>>,
) -> Result<Option<Vec<u8>>> {
    let Some(range) = index.range(sample) else {
        return Ok(None);
    };
    let mut text = Vec::new();
    for piece in index.pieces_of(range) {
        append_piece(&mut text, piece, &read_part)?;
    }
    Ok(Some(text))
}

/// Appends what a text has in one part.
///
/// # Errors
/// As [`read_text`].
pub(crate) fn append_piece(
    text: &mut Vec<u8>,
    (part, range): (u64, Range<u64>),
    read_part: impl Fn(u64, u64) -> Result<Arc<Vec<u8>>>,
) -> Result<()> {
    let bytes = read_part(part, range.end)?;
    let piece = bytes.get(range.start as usize..range.end as usize);
    let piece = piece.ok_or_else(|| Error::corrupt("a text ends past its part").in_part(part))?;
    memory::grow(text, piece.len())?;
    text.extend_from_slice(piece);
    Ok(())
}
