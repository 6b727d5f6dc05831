//! What an argument names that may be on a server.
//!
//! | file | what |
//! |---|---|
//! | `place` | where an archive is that is read: a file, or a URL |

mod place;

pub(crate) use place::{ArchivePlace, archive_place, refuse_url};
