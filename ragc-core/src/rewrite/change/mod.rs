//! Changes of archives: each is a plan.

mod named;
mod remove;
mod rename;
mod reorder;
mod repack;
mod subset;

pub use remove::remove;
pub use rename::{ContigName, Renames, rename, rename_behind};
pub(crate) use reorder::reorder;
pub use repack::repack;
pub use subset::subset;
