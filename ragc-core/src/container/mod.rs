//! The container: named streams of parts in one file.
//!
//! ```text
//! ┌──────────────────────────────────────────────┬─────────────────┬───────────┐
//! │ data area                                    │ footer          │ size of   │
//! │ [metadata ▪ payload][metadata ▪ payload] …   │ streams, parts  │ footer    │
//! └──────────────────────────────────────────────┴─────────────────┴───────────┘
//!        ▲ offset of a part                        container ints    u64, LE
//! ```
//!
//! A *stream* is a name and a list of *parts*; a part is a byte string with one number attached, its *metadata*. What
//! the number means depends on the stream, and is told where the stream is read. Parts lie anywhere in the data area;
//! only the footer knows where.
//!
//! [`ContainerReader`] opens by the footer alone and reads parts by position, from any number of threads. Parts that a query will need
//! can be fetched together before (`fetch.rs`), and wait until they are read (`ahead.rs`).
//!
//! [`ContainerWriter`] only ever appends, so it writes to pipes too. They share [`Footer`], whose `read` and `write` are
//! twins.
//!
//! An archive may end with checksums of all its parts and of the footer (`sums.rs`). Then each part is compared with its
//! own whenever it is read, and nothing is opened whose footer is damaged.
//!
//! A file may be changed in place: new parts and a new footer stand behind the old end, and what was there stays. Then it tells of the
//! state before (`previous.rs`).
//!
//! A file without a footer is told by its kind (`foreign.rs`): whoever names the wrong file hears which one it is.
//!
//! A streamable archive has its footer in front as well (`front/`), and is opened by that while it is still coming in. `arrange.rs` writes an
//! archive so, its parts in an order that is given.
//!
//! Nothing here knows what else is in a part.

mod ahead;
mod arrange;
#[cfg(test)]
mod changed;
mod fetch;
mod footer;
mod foreign;
mod front;
pub mod names;
mod neighbours;
mod previous;
mod reader;
#[cfg(feature = "compress")]
mod recognize;
mod replaced;
mod state;
mod sums;
mod tail;
mod writer;

pub(crate) use arrange::arrange;
#[cfg(test)]
pub(crate) use changed::changed;
pub use fetch::Fetch;
pub use footer::{Footer, PartMeta};
pub use front::check_end;
#[cfg(feature = "compress")]
pub(crate) use front::note_len;
pub use previous::state_before;
pub use reader::{ContainerReader, Part};
#[cfg(feature = "compress")]
pub use recognize::{is_archive, may_be_archive};
pub use state::State;
pub use writer::ContainerWriter;

/// A stream of one archive: its place in the footer, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(pub(crate) u32);

impl StreamId {
    /// The stream's place in the footer, counted from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
