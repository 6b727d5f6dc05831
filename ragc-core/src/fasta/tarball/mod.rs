//! Files in tar archives, each read like a file of its own without being unpacked to disk.
//!
//! [`Tarball::open`] lists the files of an archive once. Where the archive itself is not compressed a file is a stretch of it;
//! else it is a stretch of the text that decompressing gives, and whoever wants files in their order shares one [`Walk`]
//! through it:
//!
//! ```text
//! text of a.tar.gz  [header][file 1][header][file 2][header][file 3]
//!                            reader 1 ────▶  reader 2 waits, goes on from there
//! ```

mod file;
mod list;
mod start;
mod walk;

use super::span::Span;
use super::stored::Stored;
use crate::error::{Error, Result};
use crate::original::Packing;
pub(crate) use file::PassedOver;
use file::TarFile;
pub(super) use start::is_tarball;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walk::{Walks, open_text};

/// The list of the files in a tar archive, and the way to read them.
#[derive(Debug)]
pub(super) struct Tarball {
    /// What messages call it.
    label: PathBuf,
    files: Vec<TarFile>,
    passed_over: PassedOver,
    content: TarContent,
}

#[derive(Debug)]
enum TarContent {
    /// The archive, not compressed.
    Plain(Span),
    /// The text of a compressed one.
    Packed(Walks),
}

impl Tarball {
    /// Lists the files of an archive, which messages call so, and of which a copy is made if it cannot be read repeatedly. Decompressing it may
    /// take so much memory.
    ///
    /// # Errors
    /// `Io` when it cannot be read; `BadInput` when it is cut short, damaged or without files, or holds files with holes.
    pub(super) fn open(stored: &Stored, label: &Path, memory: u64) -> Result<Self> {
        let archive = stored.read_repeatedly()?;
        let mut text = open_text(&archive, memory)?;
        let is_packed = text.packing() != Packing::Plain;
        let list::TarListing { files, passed_over } = list::list(&mut text)?;
        if files.is_empty() {
            return Err(Error::bad_input("there is no file in this tar archive"));
        }
        let content = match archive.span()? {
            Some(span) if !is_packed => TarContent::Plain(span),
            _ => TarContent::Packed(Walks::new(archive, memory)),
        };
        Ok(Self {
            label: label.to_path_buf(),
            files,
            passed_over,
            content,
        })
    }

    pub(super) fn n_files(&self) -> usize {
        self.files.len()
    }

    /// What is not read of it.
    pub(super) fn passed_over(&self) -> &PassedOver {
        &self.passed_over
    }

    /// What messages call the archive.
    pub(super) fn label(&self) -> &Path {
        &self.label
    }

    /// Path of a file inside the archive.
    pub(super) fn path(&self, file: usize) -> &Path {
        &self.files[file].path
    }

    pub(super) fn len(&self, file: usize) -> u64 {
        self.files[file].len
    }

    /// The bytes of a file.
    pub(super) fn read(self: &Arc<Self>, file: usize) -> Result<Box<dyn Read + Send>> {
        let TarFile { offset, len, .. } = self.files[file];
        Ok(match &self.content {
            TarContent::Plain(archive) => Box::new(archive.stretch(offset, len).reader()),
            TarContent::Packed(walks) => Box::new(walks.read(offset, len)?),
        })
    }
}

/// Tarballs are compared by what they are.
impl PartialEq for Tarball {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Tarball {}
