//! Archives that become one, as if their samples had been appended in order.
//!
//! ```text
//! names ── samples ──▶ which samples stay, under which names; what is equal is taken once
//!                        │
//! groups of the first    ▼  go on, under their numbers
//! groups of the others   regroup
//!    equal reference ───────▶ joined: items are taken over as they are
//!    new reference ─────────▶ taken over under another number
//!    reference that others hold already, in part at least
//!                  ─────────▶ items placed anew, as if they were read
//!                        ▼
//!                        Plan ──▶ rewrite
//! ```
//!
//! Shards of a collection that were made with the same reference sample share its groups; what else they hold each has founded for itself,
//! often for the same sequence. Where archives share no parameters, `recompress` appends their samples.
//!
//! References are held, and the deltas of what was placed anew until they are written; packs of groups that go on are read when their turn comes.
//!
//! The bytes depend on the archives, their order and the options, and not on the number of threads.

mod item;
mod options;
mod recompress;
mod regroup;
mod run;
mod samples;
#[cfg(test)]
mod tests;

pub use options::{MergeOptions, Merged};
