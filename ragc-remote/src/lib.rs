//! Archives on the web and in buckets: `https://`, `http://`, `s3://`, `gs://` and `az://`.
//!
//! ```text
//! async_archive.rs  AsyncArchive: an archive whose queries are futures
//!   │
//!   ▼
//! object.rs     RemoteObject: an object that is read at any place, which an archive can be opened from
//! download.rs   Download: an object that is read front to back;  upload.rs: Upload, a new one
//!   │
//!   ▼
//! awaited.rs    ranges that are on their way             block_cache/  what was read, kept on the disk
//!   │
//!   ▼
//! fetch.rs      parts of one object from its server      plan.rs      which requests give several ranges
//!   │           pieces.rs     parts of an answer, as they come
//!   │           identity.rs   the object is still the same
//!   ▼
//! store.rs      servers      settings.rs    their settings out of the environment
//! address.rs    URLs      error.rs      what goes wrong      runtime.rs    the thread that waits for servers
//! ```
//!
//! The protocols are those of the crate `object_store`, and so are the variables of the environment that configure them: `AWS_…`, `GOOGLE_…`,
//! `AZURE_…`, and those of proxies. Threads are started when the first object is opened.
//!
//! # Example
//! ```no_run
//! use ragc_remote::{Address, RemoteObject};
//! let object = RemoteObject::open(&Address::parse("s3://bucket/yeast.agc")?)?;
//! let archive = ragc_core::Archive::from_reader(object)?;
//! println!("{} samples", archive.samples()?.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod async_archive;
mod awaited;
mod block_cache;
#[cfg(test)]
#[path = "../../tests/bench/deadline.rs"]
#[allow(dead_code, reason = "other tests wait for more")]
mod deadline;
mod download;
mod error;
mod fetch;
mod identity;
mod object;
mod pieces;
mod plan;
mod runtime;
mod settings;
mod store;
mod upload;

pub use address::Address;
pub use async_archive::AsyncArchive;
pub use block_cache::BlockCache;
pub use download::Download;
pub use error::{Error, ErrorKind, Result};
pub use identity::Identity;
pub use object::RemoteObject;
pub use upload::{Upload, abort_uploads};
