//! The library as a whole.

mod append;
mod cancel;
mod cancel_reads;
mod create;
mod faults;
mod hostile;
mod records;
mod scan;
mod strands;
