//! Which files there are in a tar archive, and where.

use super::TarFile;
use crate::error::{Error, Result};
use crate::fasta::reader::read_error;
use std::cell::Cell;
use std::io::{self, Read};
use std::path::PathBuf;
use std::rc::Rc;

/// Headers and contents begin at multiples of this.
pub(super) const BLOCK_LEN: usize = 512;

/// Lists the regular files of a text that is a tar archive. Folders, links and devices are passed over.
pub(super) fn list(text: impl Read) -> Result<Vec<TarFile>> {
    let progress = Rc::<Progress>::default();
    let mut archive = ::tar::Archive::new(Counted {
        text,
        progress: Rc::clone(&progress),
    });
    let tar_error = |error: io::Error| tar_error(error, &progress);
    let mut files = Vec::new();
    let mut end = 0;
    for entry in archive.entries().map_err(tar_error)? {
        let mut entry = entry.map_err(tar_error)?;
        let (offset, len) = (entry.raw_file_position(), entry.size());
        let path = path_of(&entry.path_bytes());
        let kind = entry.header().entry_type();
        if kind.is_gnu_sparse() || has_holes(&mut entry).map_err(tar_error)? {
            let why = format!(
                "{}: a file with holes, which is not read from tar archives",
                path.display()
            );
            return Err(Error::bad_input(why));
        }
        end = offset.saturating_add(len.next_multiple_of(BLOCK_LEN as u64));
        let is_folder = entry.path_bytes().ends_with(b"/");
        if (kind.is_file() || kind.is_contiguous()) && !is_folder {
            files.push(TarFile { path, offset, len });
        }
    }
    // Without the zeros at its end it was cut between two files, perhaps.
    match progress.n_read.get() > end {
        true => Ok(files),
        false => Err(Error::bad_input(
            "the tar archive is cut short: the zeros that end it are missing",
        )),
    }
}

/// Whether a header tells its checksum.
pub(super) fn has_checksum(block: &[u8]) -> bool {
    let field = &block[148..156];
    // Nearly all that is no tar archive ends here.
    if !field.iter().all(|byte| matches!(byte, b'0'..=b'7' | b' ' | 0)) {
        return false;
    }
    let header = ::tar::Header::from_byte_slice(block);
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let of_field: u32 = field.iter().map(|byte| u32::from(*byte)).sum();
    let is_named = block[0] != 0;
    is_named
        && header
            .cksum()
            .is_ok_and(|told| told == sum - of_field + 8 * u32::from(b' '))
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

fn tar_error(error: io::Error, progress: &Progress) -> Error {
    match error.kind() {
        io::ErrorKind::Other if progress.is_at_end.get() => Error::io("the tar archive is cut short", error),
        io::ErrorKind::Other => Error::io("the tar archive is damaged", error),
        _ => read_error(error),
    }
}

/// How far a text has been read.
#[derive(Debug, Default)]
struct Progress {
    n_read: Cell<u64>,
    is_at_end: Cell<bool>,
}

/// Tells how far it has been read.
struct Counted<R> {
    text: R,
    progress: Rc<Progress>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.text.read(buf)?;
        self.progress.n_read.update(|n_read| n_read + n as u64);
        self.progress.is_at_end.set(n == 0 && !buf.is_empty());
        Ok(n)
    }
}
