//! Reads texts out of the parts of a stream.

use crate::error::{Error, Result};
use crate::memory;
use crate::original::texts::TextsIndex;
use std::sync::Arc;

/// Puts together the text of a sample; `None` if it has none. `read_part` decodes a part of the stream by its number.
///
/// # Errors
/// `Corrupt` when a part is shorter than the index tells; those of `read_part`.
pub(crate) fn read_text(
    index: &TextsIndex,
    sample: usize,
    read_part: impl Fn(u64) -> Result<Arc<Vec<u8>>>,
) -> Result<Option<Vec<u8>>> {
    let Some(range) = index.range(sample) else {
        return Ok(None);
    };
    let mut text = Vec::new();
    let mut pos = range.start;
    while pos < range.end {
        let (part, start) = (pos / index.part_len, pos % index.part_len);
        let end = (range.end - pos).saturating_add(start).min(index.part_len);
        let bytes = read_part(part)?;
        let piece = bytes.get(start as usize..end as usize);
        let piece = piece.ok_or_else(|| Error::corrupt("a text ends past its part").in_part(part))?;
        memory::grow(&mut text, piece.len())?;
        text.extend_from_slice(piece);
        pos += end - start;
    }
    Ok(Some(text))
}
