//! Texts in streams: the length, then the bytes.

use crate::bytes::{Cursor, put_varint};
use crate::error::Result;

pub(super) fn read_text(cursor: &mut Cursor<'_>) -> Result<Vec<u8>> {
    let len = cursor.varint()?;
    Ok(cursor.take(len)?.to_vec())
}

pub(super) fn put_text(to: &mut Vec<u8>, text: &[u8]) {
    put_varint(to, text.len() as u64);
    to.extend_from_slice(text);
}
