//! `ragc`
fn main() {}
