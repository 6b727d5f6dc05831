//! One open archive with everything decoded from it so far.
//!
//! ```text
//! whole.rs      Store: the parts below, and what the first query of a sample reads together
//! repair.rs     how the lengths of a sample are coded
//! catalogue.rs  names and segments of contigs          items.rs    symbols of segments, and stretches of them
//! texts.rs      what files were beside sequences       needs.rs    what neighbouring samples need of them
//! frames.rs     the collection as it is stored         item.rs     one item as it is stored
//! shelf.rs      what was decoded, within one limit of bytes: cache.rs, latest.rs; key.rs: which value a key has
//! basis.rs      the container, and what it says about itself: opening.rs, what is read first
//! ```
//!
//! A file knows those below it. `demand.rs` collects what they will read, so that it comes together; `loaded.rs` and
//! `length_code.rs` are what a query gets of the catalogue.

mod basis;
mod bounds;
mod cache;
mod catalogue;
mod damage;
mod demand;
mod frames;
mod item;
mod items;
mod key;
mod latest;
mod length_code;
mod loaded;
mod needs;
mod opening;
mod overlays;
mod repair;
mod shelf;
mod spelling;
mod texts;
mod whole;

pub(crate) use catalogue::Catalogue;
pub(crate) use demand::{Demand, Upcoming};
pub(crate) use items::Items;
pub(crate) use length_code::LengthCode;
pub(crate) use loaded::{Batch, LoadedSample};
pub(crate) use needs::{Needs, ReferenceUses};
pub(crate) use overlays::{Overlays, SampleTexts};
pub use spelling::Spelling;
pub(crate) use whole::Store;
