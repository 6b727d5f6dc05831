//! What archives give: the program and the library as readers.

#[path = "../bench/mod.rs"]
mod bench;

mod addresses;
mod digests;
mod faidx;
mod golden;
mod json;
mod lists;
mod outputs;
mod pipe;
mod readme;
mod reads;
mod selections;
