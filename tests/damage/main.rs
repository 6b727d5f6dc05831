//! Damaged, odd and hostile archives and names, and systems that give little.

#[path = "../bench/mod.rs"]
mod bench;

mod any_bytes;
mod checksums;
mod damage;
mod flips;
mod hostile_names;
mod limits;
mod odd_archives;
mod silent_losses;
mod verify;
