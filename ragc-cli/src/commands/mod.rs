//! One file per command: its `Args`, and `run`. `inputs`, `sources`, `skipped`, `stats`, `store` and `warnings` are what `create`
//! and `append` share with `provenance` and `folders`, `planned` what `sync` prints, `salvage` an option of `getcol`.

pub(crate) mod append;
mod change;
pub(crate) mod completions;
pub(crate) mod create;
pub(crate) mod digest;
pub(crate) mod faidx;
mod folders;
pub(crate) mod getcol;
pub(crate) mod getctg;
pub(crate) mod getset;
pub(crate) mod info;
mod inputs;
pub(crate) mod listctg;
pub(crate) mod listref;
pub(crate) mod listset;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod merge;
mod planned;
mod provenance;
pub(crate) mod recover;
pub(crate) mod remove;
pub(crate) mod rename;
pub(crate) mod repack;
pub(crate) mod replace;
mod salvage;
mod skipped;
mod sources;
mod stats;
mod store;
pub(crate) mod subset;
pub(crate) mod sync;
pub(crate) mod undo;
pub(crate) mod verify;
pub(crate) mod version;
mod warnings;
