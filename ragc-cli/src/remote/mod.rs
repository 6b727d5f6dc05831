//! What an argument names that may be on a server.
//!
//! | file | what |
//! |---|---|
//! | `cache_folder` | where what is read is kept |
//! | `command_line` | what an archive may tell of a command line with URLs |
//! | `handing_over` | the program that has clients of servers takes the place of the one that has none |
//! | `inputs` | FASTA files on servers |
//! | `named` | whether a command line names what is on servers |
//! | `place` | where an archive is that is read: a file, or a URL |
//! | `servers` | what leads to servers |

mod cache_folder;
mod command_line;
mod handing_over;
mod inputs;
mod named;
mod place;
mod servers;

pub use cache_folder::CacheFolder;
pub(crate) use command_line::without_secrets;
pub(crate) use inputs::with_remote;
pub(crate) use named::provide_for;
pub(crate) use place::{ArchivePlace, archive_place, is_url, printable, refuse_url, url_of};
pub use servers::{ObjectInMaking, Servers};
pub(crate) use servers::{begin, give_up, servers};
