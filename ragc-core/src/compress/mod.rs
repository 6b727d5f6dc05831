//! Compression: FASTA files in, an archive out.
//!
//! ```text
//! files ─▶ read ─▶ round ─▶ place, route ─▶ encode × n ─▶ write ─▶ archive
//!          cut     sorted   which group?    owners of     parts in a
//!          × m     input                    groups        fixed order
//! ```
//!
//! Stages are joined by channels bounded in bytes (`queue.rs`), and nothing grows with the collection except the
//! names, the references of groups and the open packs. [`CreateOptions::create`] and [`AppendOptions::append`] begin the same `run`, which starts and
//! joins the threads; what `append` goes on from is [`crate::rewrite`]'s `Existing`. Each stage is a file:
//!
//! * `read`: files to contigs to segments, a few files ahead;
//! * `round`: segments in input order, in rounds of some megabases; names are registered and checked (`registry`);
//! * `place`: decides on the group of each segment; comparisons run on all workers, decisions one by one;
//! * `route`: sends what is placed to the owner of its group;
//! * `encode`: the workers: deltas, packs, zstd;
//! * `write`: parts and descriptors to the archive, and what the format cannot say of the samples (`crate::track`).
//!
//! `merge` makes one archive of several: most of their groups go on as they are, the others are placed by `place`.
//!
//! Before a run, `choose` looks at the inputs, and `trial` compresses some of them in both ways; `reconsider` has that done again for an
//! archive that is appended to. `memory` divides what the run may take; each stage counts what it holds.
//!
//! `sheet` reads lists of input files. `sift` reads files to tell which of them can be stored, for whoever wants to go on without the others.
//!
//! An error ends the run: the stage drops its channels, its neighbours are cut off (`ended`), all threads are joined, and the
//! error that tells most is returned.

mod append;
mod batch;
mod choose;
mod continued;
mod create;
mod cut;
mod encode;
mod ended;
mod events;
mod excerpt;
mod headers;
mod input;
mod item;
mod last_packs;
mod memory;
mod merge;
mod messages;
pub(crate) mod notes;
mod open_pack;
mod options;
mod place;
mod placing;
mod pool;
mod read;
mod reconsider;
mod record;
pub(crate) mod registry;
mod rename;
pub(crate) mod round;
mod route;
mod run;
#[cfg(feature = "unstable-internals")]
pub(crate) mod sheet;
#[cfg(feature = "unstable-internals")]
pub(crate) mod sift;
pub(crate) mod substitute;
pub(crate) mod syncing;
mod trial;
mod write;

pub use input::Input;
pub use merge::{MergeOptions, Merged};
pub use options::{Access, AppendOptions, CreateOptions, InputRules, SamplesBy};
pub use rename::Renaming;
pub use route::Summary;
pub use syncing::{Evidence, SampleChange, SyncPlan, Synced};
