//! Changes of archives: each is a plan.

mod named;
mod remove;
mod rename;
mod reorder;
mod repack;
mod subset;

pub use rename::Renames;
pub(crate) use reorder::reorder;
