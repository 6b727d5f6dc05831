//! The functions of the headers, and what turns their pointers into slices. All code that is `unsafe` is here and in `memory`.
//!
//! ```text
//! error  archive  sequences  stream  records  write  verify     ragc.h
//! agc                                                           agc-api.h
//!   └─ pointers     what the caller gives
//!      callback     functions of the caller
//! ```
//!
//! Each function of a header demands what C always does: that a pointer is NULL or leads to what the header says, for as long as the call
//! lasts. This is what `SAFETY` of the calls below `pointers` refers to as *the header*.

mod agc;
mod archive;
mod callback;
mod error;
mod pointers;
mod records;
mod sequences;
mod stream;
mod verify;
mod write;
