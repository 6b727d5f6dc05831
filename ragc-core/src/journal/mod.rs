//! Journals: what an archive was before a change of its file that is not complete.
//!
//! ```text
//! journal written, synced ─▶ bytes behind the old end, synced ─▶ journal removed
//!        │                                                             │
//!        └──── whoever opens the archive reads the old state ──────────┘ the new one
//! ```
//!
//! Readers find the footer by the last bytes of a file, so half of what is added would make it unreadable. The journal beside it tells its
//! length before: with a journal, an archive is read no further ([`open_window`]).
//!
//! A journal holds for the file that it was written for: the checksum of the footer that ends at that length must be the one that it tells.

mod file;
mod window;

#[cfg(feature = "compress")]
pub use file::check_not_alone;
#[cfg(feature = "compress")]
pub(crate) use file::{begin, exists, remove};
pub(crate) use file::{is_of, state_before};
pub(crate) use window::{Window, open_window};
