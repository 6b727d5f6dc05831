//! `libragc`: the library of ragc for C and C++, and for whatever calls C.
//!
//! ```text
//! include/ragc.h        ffi/{error,archive,sequences,stream,records,write,verify}.rs ─┐
//! include/agc-api.h     ffi/agc.rs ───────────────────────────────────────────────────┤
//!                                                                                     ▼
//!          agc    sequences    records    progress    threads    write    verify      what is done, without pointers
//!                                     │
//!                                     ▼
//!          handles    guard    memory    failure    code       open things; errors, also of panics; what the caller gets
//! ```
//!
//! The headers are the documentation. Functions of `ffi` turn pointers into what the rest of the crate works with: there and in `memory`, and
//! nowhere else, is code `unsafe`. A handle is a number that is looked up and never a place in memory, so a closed one is an error and not a crash.

mod agc;
mod code;
mod failure;
mod ffi;
mod guard;
mod handles;
mod memory;
mod progress;
mod records;
mod sequences;
mod threads;
mod verify;
mod write;
