//! A new archive, which takes its name when it is complete.

use std::io::{self, Write};
use std::path::Path;

use crate::archive_file::claim::ArchiveLock;
use crate::archive_file::unfinished::Unfinished;
use crate::error::{Error, Result};
use crate::folder::{folder_of, sync_folder};

/// A file for an archive. Dropped without [`Self::finish`], it never appears, and what has its name stays as it was.
#[derive(Debug)]
pub struct ArchiveFile {
    file: Unfinished,
    lock: ArchiveLock,
}

impl ArchiveFile {
    /// Begins a new archive, once nobody else is writing one of this name.
    ///
    /// # Errors
    /// `BadInput` when an archive has this name, which nothing but [`Self::replace`] takes the place of; `Io`.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let lock = ArchiveLock::take(path)?;
        match lock.has_archive() {
            true => Err(Error::bad_input("there is an archive of this name").in_file(path)),
            false => Self::replace(lock),
        }
    }

    /// Begins an archive that will take the place of what has the name, be it an archive or not.
    ///
    /// # Errors
    /// `Io` when no file can be made beside it.
    pub fn replace(lock: ArchiveLock) -> Result<Self> {
        let file = Unfinished::beside(lock.path(), Ok(()));
        let file = file.map_err(|error| Error::io("cannot create", error).in_file(lock.path()))?;
        Ok(Self { file, lock })
    }

    /// Gives the archive its name. When this returns it survives a power cut.
    ///
    /// # Errors
    /// `BadInput` when another program has written a file of this name meanwhile; `Io`, whose text tells if the file is complete
    /// nevertheless.
    pub fn finish(self) -> Result<()> {
        let Self { mut file, lock } = self;
        let path = lock.path();
        let failed = |what| move |error| Error::io(what, error).in_file(path);
        file.sync(path).map_err(failed("cannot write"))?;
        lock.check()?;
        file.rename_to(path).map_err(failed("cannot write"))?;
        sync_folder(folder_of(path)).map_err(failed(
            "the file is complete and has its name, but a power cut may undo that: cannot sync its folder",
        ))
    }
}

impl Write for ArchiveFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use super::*;
    use crate::archive_file::test_folder::names_in;
    use crate::compress::{CreateOptions, Input, create};
    use crate::extract::Archive;
    use crate::observe::Silent;

    fn write(file: &mut ArchiveFile, sequence: &str) {
        let input = Input::bytes("a", format!(">x\n{sequence}\n").into_bytes());
        create(&[input], &CreateOptions::default(), file, Arc::new(Silent)).unwrap();
    }

    fn sequence_of(path: &Path) -> Vec<u8> {
        let archive = Archive::open(path).unwrap();
        let mut text = Vec::new();
        archive.write_sample("a", &mut text, 80).unwrap();
        text
    }

    #[test]
    fn an_archive_appears_when_it_is_complete_and_is_not_replaced_by_chance() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.agc");
        let mut file = ArchiveFile::create(&path).unwrap();
        write(&mut file, "ACGT");
        assert!(!path.exists());
        assert!(ArchiveLock::try_take(&path).unwrap().is_none());
        file.finish().unwrap();
        assert_eq!(sequence_of(&path), b">x\nACGT\n");
        assert_eq!(names_in(folder.path()), ["x.agc"]);

        let error = ArchiveFile::create(&path).unwrap_err();
        assert!(
            error.to_string().contains("there is an archive of this name"),
            "{error}"
        );
        let mut file = ArchiveFile::replace(ArchiveLock::take(&path).unwrap()).unwrap();
        write(&mut file, "CCCC");
        drop(file);
        assert_eq!(sequence_of(&path), b">x\nACGT\n");
        let mut file = ArchiveFile::replace(ArchiveLock::take(&path).unwrap()).unwrap();
        write(&mut file, "CCCC");
        file.finish().unwrap();
        assert_eq!(sequence_of(&path), b">x\nCCCC\n");
        assert_eq!(names_in(folder.path()), ["x.agc"]);
    }

    #[test]
    fn what_another_program_has_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.agc");
        let mut file = ArchiveFile::create(&path).unwrap();
        write(&mut file, "ACGT");
        fs::write(&path, "of another program").unwrap();
        let error = file.finish().unwrap_err();
        assert!(error.to_string().contains("nothing was written"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"of another program");
        // What is no archive has nothing to lose that its owner has not offered.
        let mut file = ArchiveFile::create(&path).unwrap();
        write(&mut file, "ACGT");
        file.finish().unwrap();
        assert_eq!(names_in(folder.path()), ["x.agc"]);
        ArchiveFile::create(folder.path()).unwrap_err();
    }
}
