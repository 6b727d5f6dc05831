//! What was read of objects, kept on the disk for the next time.
//!
//! ```text
//! FOLDER/OBJECT/BLOCK    64 KiB of an object, and their checksum
//! ```
//!
//! | file | what |
//! |---|---|
//! | `cache` | the folder, and the blocks of an object |
//! | `block` | the bytes of a file |
//! | `evict` | what goes when there is too much |
//!
//! `OBJECT` stands for the URL, the ETag and the length, so that of an object that was replaced nothing is found. Any number of programs may use a folder at
//! once: a block has its name when it is complete, and what is not what was written is left aside and read again. So what a crash leaves does no harm.

mod block;
mod cache;
mod evict;

pub use cache::BlockCache;
pub(crate) use cache::ObjectBlocks;
