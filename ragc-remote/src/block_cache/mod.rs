//! What was read of objects, kept on the disk for the next time.
//!
//! ```text
//! FOLDER/ragc-blocks/OBJECT/BLOCK    64 KiB of an object, and their checksum
//! FOLDER/ragc-blocks/CACHEDIR.TAG    tells programs that make backups that it can be made again
//! ```
//!
//! | file | what |
//! |---|---|
//! | `cache` | the folder, and the blocks of an object |
//! | `block` | the bytes of a file |
//! | `key` | what tells an object from all others |
//! | `names` | names of folders and files, by which they are told from those of others |
//! | `evict` | what goes when there is too much |
//!
//! `OBJECT` stands for the URL without what signs it, the server that settings name, the ETag and the length, so that of an object that was replaced nothing is
//! found. `FOLDER` may hold anything else, which is left alone. Any number of programs may use a folder at
//! once: a block has its name when it is complete, and what is not what was written is left aside and read again. So what a crash leaves does no harm.

mod block;
mod cache;
mod evict;
mod key;
mod names;

pub use cache::BlockCache;
pub(crate) use cache::ObjectBlocks;
