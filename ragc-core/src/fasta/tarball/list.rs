//! Which files there are in a tar archive, and where.

use super::file::{PassedOver, TarFile};
use crate::error::{Error, Result};
use crate::fasta::Text;
use crate::fasta::reader::read_error;
use crate::file_kind::{BLOCK_LEN, has_checksum};
use std::cell::Cell;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The kind of the rest of a file that begins in another volume, as GNU tar writes it.
const CONTINUED: u8 = b'M';

/// How files begin that macOS keeps beside others.
const APPLE_DOUBLE: &[u8] = &[0, 5, 0x16, 7];
const DS_STORE: &[u8] = b"\0\0\0\x01Bud1";

/// What a tar archive holds.
#[derive(Debug, Default)]
pub(super) struct TarListing {
    pub(super) files: Vec<TarFile>,
    pub(super) passed_over: PassedOver,
}

/// Lists the regular files of a text that is a tar archive, or several one behind the other. Folders, devices and what macOS keeps beside
/// files are passed over; links are counted, and bytes behind the end.
pub(super) fn list(text: &mut Text) -> Result<TarListing> {
    let mut listing = TarListing::default();
    let progress = Rc::<ReadProgress>::default();
    let mut text = ProgressReader {
        text,
        progress: Rc::clone(&progress),
    };
    let mut block = Vec::new();
    loop {
        let offset = progress.n_read.get() - block.len() as u64;
        list_one(
            io::Cursor::new(block).chain(&mut text),
            offset,
            &progress,
            &mut listing,
        )?;
        block = block_behind_zeros(&mut text)?;
        if block.len() < BLOCK_LEN || !has_checksum(&block) {
            break;
        }
    }
    let n_rest = io::copy(&mut text, &mut io::sink()).map_err(read_error)?;
    listing.passed_over.n_trailing = block.len() as u64 + n_rest + text.text.n_trailing();
    Ok(listing)
}

/// Lists an archive up to the zeros that end it, which begins at this place of the text.
fn list_one(text: impl Read, start: u64, progress: &ReadProgress, listing: &mut TarListing) -> Result<()> {
    let mut archive = ::tar::Archive::new(text);
    let tar_error = |error: io::Error| tar_error(error, progress);
    let mut end = start;
    for entry in archive.entries().map_err(tar_error)? {
        let mut entry = entry.map_err(tar_error)?;
        let (offset, len) = (start + entry.raw_file_position(), entry.size());
        let path = path_of(&entry.path_bytes());
        let kind = entry.header().entry_type();
        refuse_parts(&mut entry, &path).map_err(tar_error)??;
        end = offset.saturating_add(len.next_multiple_of(BLOCK_LEN as u64));
        let is_folder = entry.path_bytes().ends_with(b"/");
        if kind.is_hard_link() || kind.is_symlink() {
            listing.passed_over.add_link(path);
        } else if (kind.is_file() || kind.is_contiguous())
            && !is_folder
            && !is_of_macos(&path, &mut entry).map_err(tar_error)?
        {
            listing.files.push(TarFile { path, offset, len });
        }
    }
    // Without the zeros at its end it was cut between two files, perhaps.
    match progress.n_read.get() > end {
        true => Ok(()),
        false => Err(Error::bad_input(
            "the tar archive is cut short: the zeros that end it are missing",
        )),
    }
}

/// The first block that is not all zeros; an incomplete or empty one at the end of the text.
fn block_behind_zeros(text: &mut impl Read) -> Result<Vec<u8>> {
    loop {
        let mut block = Vec::with_capacity(BLOCK_LEN);
        let read = text.take(BLOCK_LEN as u64).read_to_end(&mut block);
        read.map_err(read_error)?;
        if block.is_empty() || block.iter().any(|byte| *byte != 0) {
            return Ok(block);
        }
    }
}

/// Refuses what is not there as a whole: a file with holes, and the rest of one that begins in another volume.
fn refuse_parts<R: Read>(entry: &mut ::tar::Entry<'_, R>, path: &Path) -> io::Result<Result<()>> {
    let kind = entry.header().entry_type();
    let what = if kind.is_gnu_sparse() || has_holes(entry)? {
        "a file with holes, which is not read from tar archives"
    } else if kind.as_byte() == CONTINUED {
        "the rest of a file that begins in another volume of the tar archive"
    } else {
        return Ok(Ok(()));
    };
    Ok(Err(Error::bad_input(format!("{}: {what}", path.display()))))
}

/// Whether a file holds what macOS keeps beside the file or the folder of its name: `._x` beside `x`, and `.DS_Store`.
fn is_of_macos(path: &Path, content: &mut impl Read) -> io::Result<bool> {
    let name = path.file_name().map_or(&b""[..], OsStr::as_encoded_bytes);
    let magic = if name.starts_with(b"._") {
        APPLE_DOUBLE
    } else if name == b".DS_Store" {
        DS_STORE
    } else {
        return Ok(false);
    };
    let mut start = Vec::new();
    content.take(magic.len() as u64).read_to_end(&mut start)?;
    Ok(start == magic)
}

/// Files with holes may also be told by records of pax.
fn has_holes<R: Read>(entry: &mut ::tar::Entry<'_, R>) -> io::Result<bool> {
    let Some(records) = entry.pax_extensions()? else {
        return Ok(false);
    };
    let mut records = records.flatten();
    Ok(records.any(|record| record.key_bytes().starts_with(b"GNU.sparse.")))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

fn tar_error(error: io::Error, progress: &ReadProgress) -> Error {
    match error.kind() {
        io::ErrorKind::Other if progress.is_at_end.get() => Error::io("the tar archive is cut short", error),
        io::ErrorKind::Other => Error::io("the tar archive is damaged", error),
        _ => read_error(error),
    }
}

/// How far a text has been read.
#[derive(Debug, Default)]
struct ReadProgress {
    n_read: Cell<u64>,
    is_at_end: Cell<bool>,
}

/// Tells how far it has been read.
struct ProgressReader<R> {
    text: R,
    progress: Rc<ReadProgress>,
}

impl<R: Read> Read for ProgressReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.text.read(buf)?;
        self.progress.n_read.update(|n_read| n_read + n as u64);
        self.progress.is_at_end.set(n == 0 && !buf.is_empty());
        Ok(n)
    }
}
