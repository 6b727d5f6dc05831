//! New archives out of old ones.
//!
//! ```text
//! old archives ── existing ──▶ Plan: which samples and contigs stay, under which names
//!                                │
//!                 usage, groups  ▼  which items they need; groups and their numbers
//!                 recode         packs: copied, put together anew, or dropped
//!                 collection     names and segments under the new numbers
//!                 tracks         what the format cannot say
//!                                ▼
//!                 commit         the new archive, front to back
//! ```
//!
//! | part | keep | recode | drop |
//! |---|---|---|---|
//! | reference | its group is in use | | else |
//! | pack | no item up to its end is dropped | an item of it, or of one before, is dropped | no item is left |
//! | batch | its samples and all numbers stay | else | no sample is left |
//! | track | as each of them does | | |
//!
//! A command that changes an archive makes a `Plan` and nothing else (`change`). `append` does not drop anything and gets new samples while it
//! is written, so it goes on from [`Existing`] itself: copies what is full, and continues what is open.

mod bits;
mod change;
mod collection;
mod commit;
mod existing;
mod groups;
mod plan;
mod recode;
mod small_streams;
#[cfg(test)]
mod tests;
mod tracks;
mod usage;

pub(crate) use change::remove_told;
pub use change::{ContigName, Renames, remove, rename, repack, subset};
pub(crate) use collection::CollectionStreams;
pub use commit::Rewritten;
pub(crate) use existing::Existing;
pub(crate) use small_streams::{SmallStreams, lens_by_kind};
