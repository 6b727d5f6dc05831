//! The folders of files: names in them last when they are synced.

use std::fs::File;
use std::io;
use std::path::Path;

/// The folder that a file is in, or will be.
pub fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
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
}
