//! Archives are made and changed: `create`, `append`, `sync` and `merge`, a file each. What callers may say is checked and told in `python/ragc/_writing.py`;
//! here it comes as a dictionary.
//!
//! ```text
//! inputs.rs      files, bytes and objects of Python to inputs      options.rs   words to options
//! output.rs      the file that is written, and its lock            summary.rs   what was done, as a dictionary
//! provenance.rs  what the archive tells of the run                 run.rs       what those that store samples have in common
//! behind.rs      what goes behind the end of a file                pipe.rs      files and pipes that are read
//! ```

pub(crate) mod append;
mod behind;
pub(crate) mod create;
mod inputs;
pub(crate) mod merge;
mod options;
mod output;
mod pipe;
mod provenance;
mod run;
mod summary;
pub(crate) mod sync;
