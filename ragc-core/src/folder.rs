//! The folders of files: names in them last when they are synced, and some of them are of FASTA files.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::identity::looked_at;
use crate::name::has_suffix;

/// The folder that a file is in, or will be.
pub fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Files in a folder that are named as FASTA files are, in the order of their names. Hidden ones, and folders in it, are left alone.
///
/// # Errors
/// `Io` when the folder cannot be read; `BadInput` when there is no such file in it.
pub fn fasta_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let cannot_read = |error| Error::io("cannot read", error).in_file(folder);
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(cannot_read)? {
        let path = entry.map_err(cannot_read)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || !has_suffix(&name) {
            continue;
        }
        // A link can lead to nothing.
        if looked_at(&path)?.is_some_and(|found| found.is_file()) {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Error::bad_input("there is no FASTA file in this folder").in_file(folder));
    }
    files.sort();
    Ok(files)
}

/// Comes back when the names in a folder would survive a power cut. Not every file system can sync a folder, and a folder that cannot be
/// read cannot be opened.
///
/// What fails is tried once more. Unlike the pages of a file, which the system gives up after an error, a folder stays in the journal of
/// its file system until it is written, so that a second answer means what it says.
///
/// # Errors
/// What the system reports.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    let Ok(folder) = File::open(folder) else {
        return Ok(());
    };
    match folder.sync_all().or_else(|_| folder.sync_all()) {
        Err(error) if [io::ErrorKind::InvalidInput, io::ErrorKind::Unsupported].contains(&error.kind()) => {
            Ok(())
        }
        synced => synced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_alone_is_in_the_folder_where_one_is() {
        let folders = ["x", "./x", "/x", "a/b/x"].map(|path| folder_of(Path::new(path)));
        assert_eq!(folders, [".", ".", "/", "a/b"].map(Path::new));
        sync_folder(Path::new("no such folder")).unwrap();
    }

    #[test]
    fn fasta_files_of_a_folder_come_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let error = fasta_files(folder.path()).unwrap_err().to_string();
        assert!(error.contains("no FASTA file in this folder"), "{error}");
        for name in ["b.fa", "a.fna.gz", "notes.txt", ".c.fa", "x.agc"] {
            std::fs::write(at(name), "").unwrap();
        }
        std::fs::create_dir(at("d.fa")).unwrap();
        assert_eq!(fasta_files(folder.path()).unwrap(), [at("a.fna.gz"), at("b.fa")]);
        assert!(fasta_files(&at("absent")).is_err());
    }
}
