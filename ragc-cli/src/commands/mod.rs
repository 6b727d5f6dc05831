//! One file per command: its `Args`, and `run`. `inputs`, `sources`, `skipped`, `stats`, `store` and `warnings` are what `create`
//! and `append` share with `provenance` and `folders`, `planned` what `sync` prints, `salvage` an option of `getcol`.

pub(crate) mod append;
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
mod planned;
mod provenance;
mod salvage;
mod skipped;
mod sources;
mod stats;
mod store;
pub(crate) mod sync;
pub(crate) mod verify;
pub(crate) mod version;
mod warnings;
