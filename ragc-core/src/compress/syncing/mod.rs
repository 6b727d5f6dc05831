//! Makes an archive hold what files hold, with as little work as possible.
//!
//! ```text
//! files ──▶ plan: of each sample, is it new, changed or as it was? ──▶ apply: remove what is changed or gone,
//!           │                                                                 append what is changed or new
//!           ├─ time stamps   the sizes and times that the archive tells, if they are trusted
//!           ├─ digests       the bytes of the files against the digests that it tells
//!           └─ content       what it holds, decoded: against the text of the files, or their contigs
//! ```
//!
//! A sample is known by its name. What the archive keeps of it has to be as the files have it: letters always, case and layout where they are
//! kept.

mod apply;
mod content;
mod plan;
mod same;

pub use apply::{Synced, append_to_rest};
pub use plan::{SampleChange, SyncPlan};
pub use same::Evidence;
