//! A new archive, which takes its name when it is complete.

use std::io::{self, Write};
use std::path::Path;

use crate::archive_file::claim::ArchiveLock;
use crate::archive_file::read_back::read_back;
use crate::archive_file::unfinished::Unfinished;
use crate::error::{Error, Result};
use crate::folder::{folder_of, sync_folder};
use crate::observe::Observer;

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
        Self::create_with(ArchiveLock::take(path)?)
    }

    /// As [`Self::create`], of a name that is locked already.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_with(lock: ArchiveLock) -> Result<Self> {
        match lock.has_archive()? {
            true => Err(Error::bad_input("there is an archive of this name").in_file(lock.path())),
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

    /// Reads what was written back and decodes all of it, before it has its name. It is not synced for that: what a disk makes of it is not
    /// seen, but what memory or a bug has made of it is.
    ///
    /// # Errors
    /// What is damaged first, if anything is; `NoMemory`; `Cancelled`; `Io`.
    pub fn read_back(&self, n_threads: usize, observer: &dyn Observer) -> Result<()> {
        read_back(&self.file.path(), n_threads, observer).map_err(|error| error.in_file(self.lock.path()))
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
    use std::io::{Seek, SeekFrom};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::archive_file::test_folder::names_in;
    use crate::compress::{CreateOptions, Input};
    use crate::error::ErrorKind;
    use crate::extract::Archive;
    use crate::observe::Silent;

    fn write(file: &mut ArchiveFile, sequence: &str) {
        let input = Input::bytes("a", format!(">x\n{sequence}\n").into_bytes());
        CreateOptions::default()
            .create(&[input], file, Arc::new(Silent))
            .unwrap();
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
    fn the_name_of_a_journal_without_its_archive_is_not_given_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.agc");
        let journal = folder.path().join("x.agc.ragc-journal");
        fs::write(&journal, "ragc-journal-1 ").unwrap();
        for _ in 0..2 {
            let error = ArchiveFile::create(&path).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::BadInput(_)), "{error}");
            assert!(error.to_string().contains(journal.to_str().unwrap()), "{error}");
        }
        fs::remove_file(journal).unwrap();
        ArchiveFile::create(&path).unwrap();
    }

    #[test]
    fn what_does_not_read_back_is_told_before_it_has_the_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.agc");
        let mut file = ArchiveFile::create(&path).unwrap();
        write(&mut file, &"ACGTTGCA".repeat(100));
        file.read_back(2, &Silent).unwrap();
        let (end, damaged) = (file.file.as_file().stream_position().unwrap(), 3);
        file.file.as_file().seek(SeekFrom::Start(damaged)).unwrap();
        file.write_all(b"\xFF\xFF\xFF").unwrap();
        file.file.as_file().seek(SeekFrom::Start(end)).unwrap();
        let error = file.read_back(2, &Silent).unwrap_err();
        assert_eq!(error.location().path.as_deref(), Some(&*path));
        assert!(error.to_string().contains("would read back"), "{error}");
        assert_eq!(
            *file.read_back(2, &Unwanted).unwrap_err().kind(),
            ErrorKind::Cancelled
        );
        drop(file);
        assert!(names_in(folder.path()).is_empty());
    }

    /// Of work that nobody wants.
    struct Unwanted;

    impl Observer for Unwanted {
        fn is_cancelled(&self) -> bool {
            true
        }
    }

    /// Lets the other writer go, or does not want to wait any longer, when it is told to wait for the second time.
    struct Waiting {
        n_told: AtomicU32,
        other: Mutex<Option<ArchiveLock>>,
    }

    impl Waiting {
        fn for_writer(other: Option<ArchiveLock>) -> Self {
            Self {
                n_told: AtomicU32::new(0),
                other: Mutex::new(other),
            }
        }
    }

    impl Observer for Waiting {
        fn waits_for_writer(&self) {
            if self.n_told.fetch_add(1, Ordering::Relaxed) == 1 {
                drop(self.other.lock().unwrap().take());
            }
        }

        fn is_cancelled(&self) -> bool {
            self.n_told.load(Ordering::Relaxed) == 2
        }
    }

    #[test]
    #[cfg(unix)]
    fn who_waits_for_another_writer_is_heard_and_can_stop() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.agc");
        let other = ArchiveLock::take(&path).unwrap();
        let waiting = Waiting::for_writer(None);
        let error = ArchiveLock::take_observed(&path, &waiting).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Cancelled);
        drop(other);
        let nobody = Waiting::for_writer(None);
        let other = ArchiveLock::take_observed(&path, &nobody).unwrap();
        assert_eq!(nobody.n_told.into_inner(), 0);
        let until_free = UntilFree(Waiting::for_writer(Some(other)));
        ArchiveFile::create_with(ArchiveLock::take_observed(&path, &until_free).unwrap()).unwrap();
        assert_eq!(until_free.0.n_told.into_inner(), 2);
    }

    /// Waits for as long as it takes.
    struct UntilFree(Waiting);

    impl Observer for UntilFree {
        fn waits_for_writer(&self) {
            self.0.waits_for_writer();
        }
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
