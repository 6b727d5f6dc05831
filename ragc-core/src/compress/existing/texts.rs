//! What an archive keeps of its original files.

use super::Existing;
use crate::archive::ArchiveWriter;
use crate::error::Result;
use crate::original::texts::TextsWriter;
use crate::original::{Keep, TextKind};
use std::io::Write;
use std::sync::Arc;

impl Existing<'_> {
    /// What the archive keeps, of some sample at least.
    ///
    /// # Errors
    /// `Corrupt` when what it keeps is damaged.
    pub(in crate::compress) fn keep(&self) -> Result<Keep> {
        self.archive.keep()
    }

    /// Copies the full parts of texts, and gives a writer that goes on in the last one.
    ///
    /// # Errors
    /// `Corrupt` when they are damaged; `Io`.
    pub(in crate::compress) fn copy_texts<W: Write>(
        &self,
        kind: TextKind,
        to: &mut ArchiveWriter<W>,
    ) -> Result<TextsWriter> {
        self.archive.placed(|| {
            let Some((stream, index)) = self.archive.texts_index(kind)? else {
                return Ok(TextsWriter::new(kind));
            };
            let n_full = index.n_full_parts();
            let open = match index.len_of_part(n_full as u64) {
                0 => Arc::default(),
                _ => self.archive.texts_part(kind, n_full as u64)?,
            };
            let copy = to.register(kind.stream_name());
            self.copy_parts(*stream, n_full, to, copy)?;
            Ok(TextsWriter::behind(kind, index.clone(), open.to_vec()))
        })
    }
}
