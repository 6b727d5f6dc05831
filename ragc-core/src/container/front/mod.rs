//! The index in front of a streamable archive: what the footer tells, for whoever reads front to back.
//!
//! ```text
//! ┌──────────┬────────────────────────────────────┬────────────────────────────────────┬────────┐
//! │ header   │ part of `ragc.front-index`         │ all other parts, in the order in   │ footer │
//! │ no part  │ streams, parts with checksums, CRC │ which they are listed here         │        │
//! └──────────┴────────────────────────────────────┴────────────────────────────────────┴────────┘
//! ```
//!
//! `layout.rs` has the list of parts, from which the footer follows; `index.rs` the header, and the part as it is stored.
//!
//! A source that is still coming in is opened by this index; one that is complete, by its footer. The two are compared when the end is
//! there ([`check_end`]). An index that is damaged, or that a change in place has outdated, is none.
//!
//! # Source
//! FORMAT.md, "Streamable archives".

mod index;
mod layout;

pub use index::check_end;
#[cfg(feature = "compress")]
pub(crate) use index::note_len;
pub(crate) use index::{FrontIndex, read_as_it_comes};
pub(crate) use layout::{Layout, PlacedPart};
