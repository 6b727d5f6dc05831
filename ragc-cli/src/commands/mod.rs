//! One file per command: its `Args`, and `run`.

pub(crate) mod create;
pub(crate) mod faidx;
pub(crate) mod getcol;
pub(crate) mod getctg;
pub(crate) mod getset;
pub(crate) mod info;
pub(crate) mod listctg;
pub(crate) mod listref;
pub(crate) mod listset;
