//! What `create` and `append` make of what they are given, what they say, and how runs end.

#[path = "../bench/mod.rs"]
mod bench;

mod append;
mod containers;
mod create;
mod header_bytes;
mod input_options;
mod interrupted;
mod messages;
mod odd_text;
mod one_writer;
mod originals;
mod provenance;
mod sheets;
mod sync;
