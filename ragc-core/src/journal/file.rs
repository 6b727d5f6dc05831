//! The journal of a change.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::checksum::Checksum;
use crate::container::State;
#[cfg(feature = "compress")]
use crate::error::{Error, Result};
#[cfg(feature = "compress")]
use crate::folder::{folder_of, sync_folder};
#[cfg(feature = "compress")]
use crate::identity::{looked_at, named_itself};
use crate::read_at::ReadAt;

/// What follows the name of the archive in the name of its journal.
const SUFFIX: &str = ".ragc-journal";
/// The first word of a journal.
const TITLE: &str = "ragc-journal-1";
/// Bytes of the longest journal, and more.
const MAX_LEN: u64 = 256;

/// The name of the journal of an archive.
fn path_of(archive: &Path) -> PathBuf {
    // What a link leads to is what is changed.
    let archive = fs::canonicalize(archive).unwrap_or_else(|_| archive.to_path_buf());
    let mut path = OsString::from(archive);
    path.push(SUFFIX);
    path.into()
}

/// The text of a journal: one line, which ends with its own checksum.
fn text_of(state: State) -> String {
    let line = format!("{TITLE} {} {:08x}", state.len, state.footer_crc);
    let own = Checksum::of(line.as_bytes()).crc;
    format!("{line} {own:08x}\n")
}

fn parse(text: &str) -> Option<State> {
    let mut words = text.split_ascii_whitespace();
    let _title = words.next()?;
    let state = State {
        len: words.next()?.parse().ok()?,
        footer_crc: u32::from_str_radix(words.next()?, 16).ok()?,
    };
    (text == text_of(state)).then_some(state)
}

/// Writes the journal of an archive that has none; it is on the disk when this returns.
#[cfg(feature = "compress")]
pub(crate) fn begin(archive: &Path, state: State) -> io::Result<()> {
    let path = path_of(archive);
    let mut file = File::create_new(&path)?;
    let written = file
        .write_all(text_of(state).as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| sync_folder(folder_of(&path)));
    if written.is_err() {
        let _ = fs::remove_file(&path);
    }
    written
}

/// Removes the journal of an archive.
#[cfg(feature = "compress")]
pub(crate) fn remove(archive: &Path) -> io::Result<()> {
    let path = path_of(archive);
    fs::remove_file(&path)?;
    sync_folder(folder_of(&path))
}

/// Whether an archive has a journal, complete or not.
///
/// # Errors
/// `Io` when the system cannot tell: whoever went on without it would take a torn file for whole.
#[cfg(feature = "compress")]
pub(crate) fn exists(archive: &Path) -> Result<bool> {
    Ok(named_itself(&path_of(archive))?.is_some())
}

/// Refuses the name of an archive that is not there while its journal is. Whoever moved the archive away and brings it back needs that, so it neither
/// is removed nor becomes the journal of what is written under the name.
///
/// # Errors
/// `BadInput`, which tells what can be done; `Io` when the system cannot tell what is there.
#[cfg(feature = "compress")]
pub fn check_not_alone(archive: &Path) -> Result<()> {
    if looked_at(archive)?.is_some() || !exists(archive)? {
        return Ok(());
    }
    let journal = path_of(archive);
    Err(Error::bad_input(format!(
        "{} is left of a change that was not completed, and the archive is not there: move it back if it was moved, or remove this journal",
        journal.display()
    ))
    .in_file(archive))
}

/// The state before the change that the journal of an archive tells of, if it is the journal of this file.
pub(crate) fn state_before(archive: &Path, file: &File) -> io::Result<Option<State>> {
    let mut text = String::new();
    let read =
        File::open(path_of(archive)).and_then(|journal| journal.take(MAX_LEN).read_to_string(&mut text));
    match read {
        Err(error) if [io::ErrorKind::NotFound, io::ErrorKind::InvalidData].contains(&error.kind()) => {
            Ok(None)
        }
        Err(error) => Err(error),
        Ok(_) => Ok(parse(&text).filter(|state| is_of(*state, file))),
    }
}

/// Whether the file has had this state: a footer with this checksum ends there.
pub(crate) fn is_of(state: State, file: &impl ReadAt) -> bool {
    let mut size = [0; 8];
    let Some(size_start) = state.len.checked_sub(size.len() as u64) else {
        return false;
    };
    if file.read_exact_at(size_start, &mut size).is_err() {
        return false;
    }
    let Some(start) = size_start.checked_sub(u64::from_le_bytes(size)) else {
        return false;
    };
    sum_of(file, start, state.len).is_ok_and(|crc| crc == state.footer_crc)
}

/// The checksum of a stretch of a file.
fn sum_of(file: &impl ReadAt, mut start: u64, end: u64) -> io::Result<u32> {
    let mut sum = Checksum::default();
    let mut buffer = vec![0; 1 << 16];
    while start < end {
        let len = (end - start).min(buffer.len() as u64) as usize;
        file.read_exact_at(start, &mut buffer[..len])?;
        sum.add(&buffer[..len]);
        start += len as u64;
    }
    Ok(sum.crc)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: State = State {
        len: 1234,
        footer_crc: 0xAB,
    };

    #[test]
    fn a_journal_is_read_when_it_is_complete() {
        let text = text_of(STATE);
        assert!(text.starts_with("ragc-journal-1 1234 000000ab "), "{text}");
        assert_eq!(parse(&text), Some(STATE));
        for end in 0..text.len() {
            assert_eq!(parse(&text[..end]), None, "{end}");
        }
        assert_eq!(parse(&text.replace("1234", "1235")), None);
    }
}
