//! The places that this run writes to: two of its outputs never are one file, whatever names lead there.
//!
//! The one that is complete last would replace the other, and the command succeed. Nor is any of them a list that the run reads, or what it has as standard input.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::anyhow;
use ragc_core::internals::folder::folder_of;
use ragc_core::internals::identity::is_among;

use crate::exit::UsageError;
use crate::out::path::{descriptor, path_to_replace};
use crate::source::{STDIN_FILE, is_stdin};

/// Endings of the indexes that samtools looks for beside a text: they are written or removed with it.
const INDEX_ENDINGS: [&str; 2] = ["fai", "gzi"];

/// A command that writes many files leaves many of them to be finished.
static TAKEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Names of the files that lists, and what standard input gives, are read from.
static READ: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A place that is written to; dropped, it is free.
#[derive(Debug)]
pub(super) struct Taken(PathBuf);

impl Taken {
    /// Takes the place that a name leads to, or standard output; `None` for what is no file, which may be written to twice.
    ///
    /// # Errors
    /// When another output goes there, or beside it as its index.
    pub(super) fn take(name: Option<&Path>) -> anyhow::Result<Option<Self>> {
        let Some(place) = place_of(name)? else {
            return Ok(None);
        };
        if let Some(name) = name.filter(|name| descriptor(name).is_none()) {
            check_unread(name)?;
        }
        let mut taken = locked(&TAKEN);
        let is_taken = taken.contains(&place)
            || indexes_of(&place).any(|index| taken.contains(&index))
            || index_of(&place).is_some_and(|text| taken.contains(&text));
        if is_taken {
            let name = name.unwrap_or(Path::new("standard output")).display();
            return Err(UsageError(format!("{name}: two outputs cannot be one file")).into());
        }
        taken.insert(place.clone());
        Ok(Some(Self(place)))
    }

    /// Where that is.
    pub(super) fn place(&self) -> &Path {
        &self.0
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        locked(&TAKEN).remove(&self.0);
    }
}

/// Notes that a list, or what standard input gives, is read from this file, so that no output replaces it.
///
/// # Errors
/// When an output goes there.
pub(crate) fn reads_from(name: &Path) -> anyhow::Result<()> {
    let name = match is_stdin(name) {
        true => Path::new(STDIN_FILE),
        false => name,
    };
    // A terminal or a pipe can be both.
    if !name.metadata().is_ok_and(|found| found.is_file()) {
        return Ok(());
    }
    match is_among(name, locked(&TAKEN).iter().map(PathBuf::as_path))? {
        true => Err(is_read(name)),
        false => {
            locked(&READ).push(name.to_path_buf());
            Ok(())
        }
    }
}

/// Refuses a place that is read, or beside which an index would take the place of what is read.
fn check_unread(name: &Path) -> anyhow::Result<()> {
    let read = locked(&READ);
    if read.is_empty() {
        return Ok(());
    }
    for path in iter::once(name.to_path_buf()).chain(indexes_of(name)) {
        if is_among(&path, read.iter().map(PathBuf::as_path))? {
            return Err(is_read(&path));
        }
    }
    Ok(())
}

fn is_read(name: &Path) -> anyhow::Error {
    anyhow!(
        "{}: this file is read by the command; write to another file",
        name.display()
    )
}

fn locked<T>(places: &'static Mutex<T>) -> MutexGuard<'static, T> {
    places.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One name for all that lead to a file, which need not be there.
fn place_of(name: Option<&Path>) -> ragc_core::Result<Option<PathBuf>> {
    let Some(name) = name else {
        return Ok(Some(descriptor_place("1")));
    };
    if let Some(number) = descriptor(name) {
        return Ok(Some(descriptor_place(number)));
    }
    let path = path_to_replace(name)?;
    Ok(path.map(|path| {
        let folder = fs::canonicalize(folder_of(&path));
        match (folder, path.file_name()) {
            (Ok(folder), Some(file)) => folder.join(file),
            _ => path,
        }
    }))
}

fn descriptor_place(number: &str) -> PathBuf {
    Path::new("/dev/fd").join(number)
}

/// The indexes that a text may have.
pub(super) fn indexes_of(path: &Path) -> impl Iterator<Item = PathBuf> {
    INDEX_ENDINGS.into_iter().map(|ending| with_ending(path, ending))
}

/// The text that this would be an index of.
fn index_of(path: &Path) -> Option<PathBuf> {
    let ending = path.extension()?;
    let is_index = INDEX_ENDINGS.iter().any(|index| ending == *index);
    is_index.then(|| path.with_extension(""))
}

/// A path with something behind its last point.
pub(crate) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = OsString::from(path);
    path.push(".");
    path.push(ending);
    PathBuf::from(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_taken_once_whatever_name_leads_there() {
        let folder = tempfile::tempdir().unwrap();
        let take = |path: &Path| Taken::take(Some(path));
        let path = folder.path().join("x.fa");
        let taken = take(&path).unwrap();
        let names = ["x.fa", "./x.fa", "x.fa.fai", "x.fa.gzi"];
        assert!(names.iter().all(|name| take(&folder.path().join(name)).is_err()));
        let index = take(&folder.path().join("y.fa.fai")).unwrap();
        assert!(take(&folder.path().join("y.fa")).is_err());
        drop((taken, index));
        assert!(names.iter().all(|name| take(&folder.path().join(name)).is_ok()));
        let to_nowhere = [(); 2].map(|()| take(Path::new("/dev/null")).unwrap());
        assert!(to_nowhere.iter().all(Option::is_none));
    }
}
