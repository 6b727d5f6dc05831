//! What an argument names that may be on a server.
//!
//! | file | what |
//! |---|---|
//! | `cache_folder` | where what is read is kept |
//! | `command_line` | what an archive may tell of a command line with URLs |
//! | `inputs` | FASTA files on servers |
//! | `output` | an archive that is written to a bucket |
//! | `place` | where an archive is that is read: a file, or a URL |

mod cache_folder;
mod command_line;
#[cfg(feature = "remote")]
mod inputs;
#[cfg(feature = "remote")]
mod output;
mod place;

pub(crate) use cache_folder::CacheFolder;
pub(crate) use command_line::without_secrets;
#[cfg(feature = "remote")]
pub(crate) use inputs::with_remote;
#[cfg(feature = "remote")]
pub(crate) use output::{Uploaded, check_free, give_up};
pub(crate) use place::{ArchivePlace, archive_place, is_url, printable, refuse_url};
