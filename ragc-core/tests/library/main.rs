//! The library as a whole.

mod append;
mod cancel;
mod cancel_reads;
mod create;
#[path = "../../../tests/bench/deadline.rs"]
#[allow(dead_code, reason = "other tests wait for more")]
mod deadline;
mod faults;
mod hostile;
mod records;
mod scan;
mod strands;
