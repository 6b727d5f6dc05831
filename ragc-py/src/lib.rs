//! The native half of the Python module `ragc`; `python/ragc` has the other half.
//!
//! ```text
//! archive.rs   Archive: names, contigs, many regions at once      sample.rs    a sample of one
//! sequence.rs  Sequence: a stretch of a contig on a strand        records.rs   contigs that are pulled
//! fasta.rs     samples as FASTA text                              table.rs     listings as columns, for Arrow
//! verify.rs    what a verification found                          writing/     create, append, sync, merge
//!
//! region.rs    what callers name, resolved                        array.rs     memory that numpy shares
//! handle.rs    an open archive that survives fork and pickle      source.rs    where an archive is opened
//! watched.rs   long work, with progress and Ctrl-C                slice.rs     slices of Python to ranges
//! errors.rs    errors of the library to exceptions                names.rs     names that need not be UTF-8
//! stretch.rs   letters and codes of a stretch of a contig         threads.rs   how many threads
//! memory.rs    memory that there may not be                       numbers.rs   numbers that may be beyond all ranges
//! ```
//!
//! The lock of the interpreter is released whenever something is decoded, read or written. No thread of the library takes it, but one
//! that reads an input that is an object of Python.

mod archive;
mod array;
mod errors;
mod fasta;
mod handle;
mod memory;
mod names;
mod numbers;
mod records;
mod region;
mod sample;
mod sequence;
mod slice;
mod source;
mod stretch;
mod table;
mod threads;
mod verify;
mod watched;
mod writing;

/// `ragc._ragc`: what `ragc` has from Rust.
#[pyo3::pymodule(name = "_ragc")]
mod module {
    /// From here on memory may run out.
    #[pymodule_init]
    fn init(_module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        ragc_core::internals::allocator::keep_reserve();
        Ok(())
    }

    #[pymodule_export]
    use crate::archive::{Archive, reopen};
    #[pymodule_export]
    use crate::handle::forked;
    #[pymodule_export]
    use crate::records::Records;
    #[pymodule_export]
    use crate::sample::Sample;
    #[pymodule_export]
    use crate::sequence::Sequence;
    #[pymodule_export]
    use crate::table::Table;
    #[pymodule_export]
    use crate::writing::append::append;
    #[pymodule_export]
    use crate::writing::create::create;
    #[pymodule_export]
    use crate::writing::merge::merge;
    #[pymodule_export]
    use crate::writing::sync::sync;
}
