//! The places that this run writes to: two of its outputs never are one file, whatever names lead there.
//!
//! The one that is complete last would replace the other, and the command succeed. Nor is any of them a list that the run reads.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::anyhow;
use ragc_core::internals::folder::folder_of;

use crate::exit::UsageError;
use crate::out::path::{descriptor, path_to_replace};

/// Endings of the indexes that samtools looks for beside a text: they are written or removed with it.
const INDEX_ENDINGS: [&str; 2] = ["fai", "gzi"];

/// A command that writes many files leaves many of them to be finished.
static TAKEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The files that lists of names, regions or inputs are read from.
static LISTS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

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
        if locked(&LISTS).contains(&place) {
            return Err(is_list(name.unwrap_or(&place)));
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

/// Notes that a list is read from this file, so that no output replaces it.
///
/// # Errors
/// When an output goes there.
pub(crate) fn read_from(list: &Path) -> anyhow::Result<()> {
    let Some(place) = place_of(Some(list))? else {
        return Ok(());
    };
    if locked(&TAKEN).contains(&place) {
        return Err(is_list(list));
    }
    locked(&LISTS).insert(place);
    Ok(())
}

fn is_list(name: &Path) -> anyhow::Error {
    anyhow!(
        "{}: this is a list that is read; write to another file",
        name.display()
    )
}

fn locked(places: &'static Mutex<BTreeSet<PathBuf>>) -> MutexGuard<'static, BTreeSet<PathBuf>> {
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
