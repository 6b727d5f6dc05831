//! What `create`, `append` and `merge` make of what they are given, what they say, and how runs end.

#[path = "../bench/mod.rs"]
mod bench;

mod append;
mod changes;
mod children;
mod containers;
mod create;
mod figures;
mod header_bytes;
mod in_place;
mod input_options;
mod inputs;
mod interrupted;
mod merge;
mod messages;
mod odd_text;
mod one_writer;
mod originals;
mod provenance;
mod refusals;
mod runs;
mod sheets;
mod streamable;
mod sync;
mod unnamed;
