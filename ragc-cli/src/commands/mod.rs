//! One file per command: its `Args`, and `run`. `inputs` is what `create` and `append` share, `text` what those share that
//! write FASTA.

pub(crate) mod append;
pub(crate) mod create;
pub(crate) mod getcol;
pub(crate) mod getctg;
pub(crate) mod getset;
pub(crate) mod info;
mod inputs;
pub(crate) mod listctg;
pub(crate) mod listref;
pub(crate) mod listset;
mod text;
