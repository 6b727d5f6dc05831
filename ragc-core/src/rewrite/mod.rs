//! New archives out of old ones.
//!
//! ```text
//! old archives ── existing ──▶ Plan: which samples and contigs stay, under which names
//!                                │
//!                 usage, groups  ▼  which items they need; groups and their numbers
//!                 recode         packs: copied, put together anew, or dropped
//!                 purge          groups without sequence of what is dropped
//!                 collection     names and segments under the new numbers
//!                 tracks         what the format cannot say
//!                 history        what was done
//!                                ▼
//!                 commit         the new archive, front to back
//!                 streamable     the same parts in another order, with an index in front
//! ```
//!
//! | part | keep | recode | drop |
//! |---|---|---|---|
//! | reference | its group is in use | | else |
//! | pack | no item up to its end is dropped | an item of it, or of one before, is dropped | no item is left |
//! | batch | its samples and all numbers stay | else | no sample is left |
//! | track | as each of them does | | |
//!
//! Purging gives groups whose reference is no item of a kept sample another one, and encodes all of their items anew.
//!
//! A command that changes an archive makes a `Plan` and nothing else (`change`; of several archives `compress`'s `merge`, which has to place). `append` does not drop anything and gets new samples while it
//! is written, so it goes on from `Existing` itself: copies what is full, and continues what is open.
//!
//! # Example
//! ```
//! use ragc_core::Archive;
//! use ragc_core::compress::{CreateOptions, Input};
//! use ragc_core::observe::Silent;
//! use ragc_core::rewrite::RewriteOptions;
//! # use std::sync::Arc;
//! # fn main() -> ragc_core::Result<()> {
//! # let inputs = [Input::bytes("one", b">c\nACGTACGTTG\n".to_vec()), Input::bytes("two", b">c\nACGTTCGTTG\n".to_vec())];
//! # let mut old = Vec::new();
//! # CreateOptions::default().create(&inputs, &mut old, Arc::new(Silent))?;
//! let archive = Archive::from_reader(old)?;
//! let options = RewriteOptions::default().with_purge(true);
//! let mut new = Vec::new();
//! let rewritten = options.remove(&archive, [b"one".as_slice()], &Silent, &mut new)?;
//! assert_eq!((rewritten.n_samples, rewritten.foreign_bases), (1, 0));
//! # Ok(())
//! # }
//! ```

mod bits;
mod change;
mod collection;
mod commit;
mod existing;
mod groups;
mod history;
mod options;
mod plan;
mod private_kmers;
mod purge;
mod recode;
mod recoded;
mod small_streams;
#[cfg(feature = "unstable-internals")]
pub(crate) mod streamable;
#[cfg(test)]
mod tests;
mod tracks;
mod usage;

pub use change::Renames;
pub(crate) use change::reorder;
pub(crate) use collection::CollectionStreams;
pub use commit::Rewritten;
pub(crate) use commit::commit;
pub(crate) use existing::Existing;
pub use options::RewriteOptions;
pub(crate) use plan::{GroupPlan, NewItem, Piece, PieceItem, Plan, Regrouped};
pub(crate) use small_streams::{SmallStreams, lens_by_kind};
