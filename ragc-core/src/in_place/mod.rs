//! Archives that are changed in place: what is new goes behind the end of the file, and until it is complete the file counts as it was.
//!
//! A [`Change`] begins with a journal beside the archive and ends when what was written is synced and the journal gone. Until then
//! [`Archive::open`](crate::Archive::open) reads the old state. If the change fails, the file is cut back; if
//! whoever made it has died, whoever takes the lock of the archive next ([`ArchiveLock`](crate::archive_file::ArchiveLock)) cuts it back.
//!
//! One byte of the old state is written to: that in front of a streamable archive which says whether the index there is of the whole file.

mod change;
pub(crate) mod recovery;
#[cfg(test)]
mod tests;
#[cfg(feature = "unstable-internals")]
pub(crate) mod undo;

pub use change::Change;
