//! The file of an archive that is written: it has its name when it is complete, and one writer at a time.
//!
//! ```text
//! ArchiveLock ──▶ ArchiveFile ── Write ──▶ finish: sync, check that the name is still ours, rename, sync the folder
//! `claim`          `file`
//! ```
//!
//! A new archive is written without a name where the system has such files (`nameless`), else under one that is not its own (`unfinished`,
//! `listed`). Until it is finished, what had the name stays as it was; an error or a panic leaves nothing. The name of an
//! archive is locked from the time its old content is read (`lock`). Who wants to be sure has it decoded before it has its name (`read_back`).
//!
//! # Example
//! ```no_run
//! use std::sync::Arc;
//! use ragc_core::archive_file::{ArchiveFile, ArchiveLock};
//! use ragc_core::compress::{AppendOptions, CreateOptions, Input};
//! use ragc_core::observe::Silent;
//! # fn main() -> ragc_core::Result<()> {
//! let mut file = ArchiveFile::create("yeast.agc")?;
//! CreateOptions::default().create(&[Input::file("S288C.fa")], &mut file, Arc::new(Silent))?;
//! file.finish()?;
//!
//! // The lock comes before the archive is opened: nobody changes it in between.
//! let lock = ArchiveLock::take("yeast.agc")?;
//! let old = ragc_core::Archive::open("yeast.agc")?;
//! let mut file = ArchiveFile::replace(lock)?;
//! AppendOptions::default().append(&old, &[Input::file("SK1.fa")], &mut file, Arc::new(Silent))?;
//! file.finish()
//! # }
//! ```

pub(crate) mod claim;
mod file;
pub(crate) mod listed;
pub(crate) mod lock;
mod nameless;
pub(crate) mod read_back;
#[cfg(test)]
mod test_folder;
pub(crate) mod unfinished;

pub use claim::ArchiveLock;
pub use file::ArchiveFile;
