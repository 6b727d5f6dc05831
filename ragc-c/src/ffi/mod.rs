//! The functions of the headers, and what turns their pointers into slices and results into memory of C. All code that is `unsafe` is here.
//!
//! ```text
//! error  archive  sequences  stream  records  write  verify     ragc.h
//! agc                                                           agc-api.h
//!   └─ pointers     what the caller gives
//!      callback     functions of the caller
//!      memory       what the caller gets
//! ```
//!
//! Each function of a header demands what C always does: that a pointer is NULL or leads to what the header says, for as long as the call
//! lasts. This is what `SAFETY` of the calls below `pointers` refers to as *the header*.

mod agc;
mod archive;
mod callback;
mod error;
mod memory;
mod pointers;
mod records;
mod sequences;
mod stream;
mod verify;
mod write;

pub(crate) use memory::{Room, Text};
